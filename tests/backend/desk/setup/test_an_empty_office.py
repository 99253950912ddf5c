"""From an empty office to its first conference, by the pages alone."""

import re
from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.urls import reverse

from backend.accounts.models import User
from backend.desk.demo.planting import plant
from backend.outbox import registry
from backend.outbox.models import Message
from backend.units.models import Level, Unit
from meetings.links.models import Link, Node
from meetings.scheduling.models import Conference
from meetings.sites.models import Room, Site
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "mat-khau-dau-tien", "Mot-mat-khau-dai-2026"


@pytest.fixture
def admin() -> Client:
    plant(demo="0", admin_password=PASSWORD, now=NOW)
    client = Client()
    client.post("/accounts/login/", {"username": "admin", "password": PASSWORD})
    return client


def next_url(client: Client) -> str:
    return client.get(reverse("setup")).context["next"].url


def store(client: Client, key: str, **values):
    """Store one row by its form; the first steps led there."""
    answer = client.post(reverse("setup-new", args=[key]), values)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer


def test_an_empty_office_is_led_from_the_login_to_its_first_conference(admin):
    steps = []

    def step(key: str, **values) -> None:
        steps.append(next_url(admin))
        store(admin, key, **values)

    root, level = Unit.objects.get(), Level.objects.get(code="provincial")
    step("units", name="Tỉnh Lạng Sơn", kind="area", level=level.pk, parent=root.pk)
    province = Unit.objects.get(name="Tỉnh Lạng Sơn")
    step("sites", name="UBND tỉnh Lạng Sơn", code="ubnd-tinh", unit=province.pk, active="on")
    site = Site.objects.get()
    step("rooms", site=site.pk, name="Phòng họp Kỳ Cùng", capacity=30, equipment="camera, loa", active="on")
    step("nodes", name="Trung tâm tỉnh", kind="core")
    step("targets", unit=province.pk, network="10.20.0.0/16", first_port=1, last_port=65535)
    step(
        "lines", code="ubnd-1", role="primary", site=site.pk, b=Node.objects.get(kind="core").pk, carrier="VNPT",
        network="tslcd2", capacity_mbps=50, probe_kind="icmp", probe_host="10.20.0.5", probe_port="0", active="on",
    )  # fmt: skip
    step("people", name="Đàm Văn Mẫu", unit=province.pk, email="mau@langson.example", active="on")
    person = province.people.get()
    step("accounts", username="thuky", person=person.pk, language="vi", role="secretariat", unit=province.pk)
    keys = ("units", "sites", "rooms", "nodes", "targets", "lines", "people", "accounts")
    assert steps == [reverse("setup-new", args=[key]) for key in keys]
    assert next_url(admin) == reverse("conferences")
    assert (Room.objects.get().site, Site.objects.get().default_room, Link.objects.get().a.site) == (
        site,
        Room.objects.get(),
        site,
    )

    secretary = Client()
    link = link_in(Message.objects.get())
    answer = secretary.post(secretary.get(link)["Location"], {"new_password1": NEW, "new_password2": NEW})
    assert answer.status_code == 302
    assert secretary.login(username="thuky", password=NEW)
    booked = secretary.post(
        reverse("conference-new"),
        {
            "title": "Hội nghị đầu tiên", "type": "working", "secrecy": "none", "day": "2026-11-25",
            "start_time": "08:00", "end_time": "10:00", "convening_unit": province.pk,
            "chair_name": "Chủ tịch UBND tỉnh", "sites": [site.pk], "people": [person.pk],
        },
    )  # fmt: skip
    assert booked.status_code == 302, booked.context["form"].errors
    assert Conference.objects.get().status == "approved"
    assert admin.get(reverse("setup")).context["next"] is None


def link_in(message: Message) -> str:
    mail = message_from_bytes(registry.render(message).as_bytes(policy=policy.SMTP), policy=policy.default)
    assert mail["Subject"] == message.subject
    return re.search(r"https?://[^/]+(/\S+)", mail.get_content()).group(1)


def test_the_first_account_cannot_lock_itself_out(admin):
    account = User.objects.get()
    url = reverse("setup-edit", args=["accounts", account.pk])
    answer = admin.post(url, {"username": "admin", "language": "vi"})
    assert answer.status_code == 422
    grant = account.grants.get()
    admin.post(reverse("setup-right-remove", args=[account.pk, grant.pk]))
    admin.post(reverse("setup-remove", args=["accounts", account.pk]))
    account.refresh_from_db()
    assert (account.is_active, account.grants.count()) == (True, 1)
