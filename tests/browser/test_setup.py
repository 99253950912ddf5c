"""The set-up as people see it: readable for all, on a phone and a desk, and a sheet taken in by hand."""

import io

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from backend.accounts.models import Person, Role
from tests.browser.helpers import look, sign_in
from tests.factories import World, make_person, make_user, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(context: BrowserContext, live_server) -> World:
    world = make_world()
    world.owner = make_user("owner", world.province, Role.ADMIN)
    make_person("Đàm Văn Mẫu", world.department, email="mau@stp.example")
    sign_in(context, live_server.url, world.owner)
    return world


@pytest.mark.parametrize("key", ["", "people/", "units/new/", "lines/new/", "groups/new/", "people/sheet/"])
def test_a_page_of_the_setup_is_readable_for_all(world, live_server, page: Page, key):
    page.goto(f"{live_server.url}/setup/{key}")
    look(page)


def test_the_pages_with_parts_below_their_form_are_readable_for_all(world, live_server, page: Page):
    rows = (("units", world.department), ("sites", world.sites[1]), ("accounts", world.secretary))
    for key, row in rows:
        page.goto(live_server.url + reverse("setup-edit", args=[key, row.pk]))
        look(page)


def test_somebody_takes_the_good_rows_of_a_sheet_and_sees_the_bad_one(world, live_server, page: Page):
    page.goto(f"{live_server.url}/setup/people/sheet/")
    page.set_input_files("#file", {"name": "can-bo.xlsx", "mimeType": "application/octet-stream", "buffer": sheet()})
    page.click("form[enctype] button[type=submit]")
    expect(page.locator("tbody tr")).to_have_count(2)
    look(page)
    page.click("input[name=fingerprint] ~ button")
    expect(page.locator("tbody tr.is-bad")).to_have_count(1)
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Bùi Thị Thử", "Đàm Văn Mẫu"]


def sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Full name", "Unit", "E-mail"])
    book.active.append(["Bùi Thị Thử", "so tu phap", "thu@stp.example"])
    book.active.append(["Vi Văn Sai", "Sở Không Có", "sai@stp.example"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_list_narrows_while_one_types(world, live_server, page: Page):
    make_person("Bùi Thị Thử", world.department)
    page.goto(f"{live_server.url}/setup/people/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.fill("#setup-search", "bui thi")
    expect(page.locator("tbody tr")).to_have_count(1)
