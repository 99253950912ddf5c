"""Sheets: good, bad and hostile ones. Nothing is written before somebody says so."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from backend.accounts.models import Grant, Group, Person, Role, User
from backend.audit.models import Entry
from backend.desk.setup.sheets import workbook
from backend.outbox.models import Message
from backend.units.models import Succession, Unit
from meetings.links.models import AllowedTarget, Link, Node
from meetings.sites.models import Platform, Room, Site
from tests.backend.desk.setup.conftest import signed_in
from tests.factories import World, make_level, make_person, make_unit, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    world.owner = make_user("owner", world.province, Role.ADMIN)
    world.stranger = make_user("stranger", world.other, Role.ADMIN)
    return world


def xlsx(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: Client, key: str, data: bytes):
    file = SimpleUploadedFile("danh-sach.xlsx", data)
    return client.post(reverse("setup-sheet", args=[key]), {"file": file})


def rows_of(page) -> list[tuple]:
    """(row number, status, {column: reasons}) of each row of a preview, in the order of the file."""
    lines = sorted((row["line"] for row in page.context["rows"]), key=lambda line: line.number)
    return [(line.number, str(line.status), line.errors) for line in lines]


def preview(client: Client, key: str, *rows):
    answer = upload(client, key, xlsx(*rows))
    assert answer.status_code == 302, answer.context["problem"].detail
    return client.get(answer["Location"])


def take(client: Client, page):
    return client.post(page.wsgi_request.path, {"fingerprint": page.context["fingerprint"]})


PEOPLE = ("Full name", "Position", "Unit", "E-mail", "Phone")


def test_people_are_shown_first_and_stored_when_somebody_says_so(world):
    client = signed_in(world.owner)
    known = make_person("Đàm Văn Mẫu", world.department, email="mau@stp.example", phone="")
    page = preview(
        client,
        "people",
        PEOPLE,
        ("Bùi Thị Thử", "Chuyên viên", "so tu phap", "thu@stp.example", ""),
        ("Đàm Văn Mẫu", "Giám đốc", "Sở Tư pháp", "mau@stp.example", ""),
    )
    assert rows_of(page) == [(2, "new", {}), (3, "changed", {})]
    assert Person.objects.count() == 1
    assert take(client, page)["Location"] == reverse("setup-list", args=["people"])
    known.refresh_from_db()
    assert known.position == "Giám đốc"
    assert list(Person.objects.order_by("pk").values_list("name", "unit__name", "email")) == [
        ("Đàm Văn Mẫu", "Sở Tư pháp", "mau@stp.example"),
        ("Bùi Thị Thử", "Sở Tư pháp", "thu@stp.example"),
    ]
    acts = list(Entry.objects.order_by("act").values_list("act", "after"))
    assert [act for act, _after in acts] == ["person.change", "person.create"]
    assert "thu@stp.example" not in str(acts)


def test_each_bad_cell_says_why_and_the_good_rows_can_be_taken(world):
    client = signed_in(world.owner)
    page = preview(
        client,
        "people",
        PEOPLE,
        ("", "", "Sở Tư pháp", "", "0912345678"),
        ("Bùi Thị Thử", "", "Sở Không Có", "thu@", "912345678"),
        ("Bùi Văn Không", "", "Sở Tư pháp", "", ""),
        ("Bùi Văn Được", "", "Sở Tư pháp", "", "0912345678"),
        ("Bùi Văn Được", "", "Sở Tư pháp", "", "0912345678"),
    )
    assert rows_of(page) == [
        (2, "bad", {"name": ["This must not be empty."]}),
        (3, "bad", {
            "unit": ["“Sở Không Có” is not among what you administer."],
            "phone": ["The zero in front is missing: format the cell as text."],
        }),
        (4, "bad", {"email": ["Give an e-mail address or a phone number."]}),
        (5, "new", {}),
        (6, "bad", {"name": ["The same as row 5."]}),
    ]  # fmt: skip
    answer = take(client, page)
    assert list(Person.objects.values_list("name", flat=True)) == ["Bùi Văn Được"]
    left = client.get(answer["Location"])
    assert [line[:2] for line in rows_of(left)] == [(2, "bad"), (3, "bad"), (4, "bad"), (6, "unchanged")]


def test_nothing_typed_is_lost_of_the_rows_that_are_not_taken(world):
    client = signed_in(world.owner)
    page = preview(client, "people", PEOPLE, ("Bùi Thị Thử", "=1+1", "Sở Không Có", "", "0912345678"))
    token = page.context["token"]
    answer = client.get(reverse("setup-not-taken", args=["people", token]))
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0] == (*PEOPLE, "What is wrong")
    assert rows[1][0] == "Bùi Thị Thử"
    assert rows[1][-1].endswith("Unit: “Sở Không Có” is not among what you administer.")


def test_a_sheet_that_was_downloaded_changes_nothing(world):
    client = signed_in(world.owner)
    make_person("=Bùi Thị Thử", world.department, phone="+84 912 345 678")
    make_person("Đàm Văn Mẫu", world.localities[0], email="mau@xa.example", phone="")
    group = Group.objects.create(name="Lãnh đạo", unit=world.province)
    group.people.set(Person.objects.all())
    node = Node.objects.create(kind="core", name="Lõi")
    Link.objects.create(
        code="ls-1", site=world.sites[1], a=Node.objects.create(kind="site", name="x", site=world.sites[1]), b=node,
        carrier="VNPT", network="tslcd2", capacity_mbps=50, probe_kind="sip", probe_host="127.0.0.1", probe_port=5060,
    )  # fmt: skip
    AllowedTarget.objects.create(unit=world.province, network="127.0.0.0/8")
    for key in ("units", "sites", "rooms", "lines", "people", "groups", "accounts"):
        sheet = client.get(reverse("setup-export", args=[key])).content
        page = client.get(upload(client, key, sheet)["Location"])
        assert page.context["page"].object_list, key
        assert {(key, status, str(errors)) for _n, status, errors in rows_of(page)} == {(key, "unchanged", "{}")}


def test_units_may_name_parents_of_the_same_sheet(world):
    client = signed_in(world.owner)
    make_level("district", 2)
    head = ("Name", "Level", "Belongs to", "Code")
    page = preview(
        client,
        "units",
        head,
        ("Xã Tân Thành", "commune", "Huyện Cao Lộc", "06184"),
        ("Huyện Cao Lộc", "district", "tinh lang son", "183"),
        ("Xã Không Cha", "commune", "Huyện Không Có", ""),
        ("Tỉnh Lạ", "provincial", "", ""),
        ("Vòng A", "commune", "Vòng B", ""),
        ("Vòng B", "commune", "Vòng A", ""),
        ("Xã Ngược", "central", "Huyện Cao Lộc", ""),
    )
    assert rows_of(page) == [
        (2, "new", {}),
        (3, "new", {}),
        (4, "bad", {"parent": ["“Huyện Không Có” is not among what you administer."]}),
        (5, "bad", {"parent": ["Say to which unit it belongs."]}),
        (6, "bad", {"parent": ["A unit cannot belong to a unit below itself."]}),
        (7, "bad", {"parent": ["Row 6, to which it belongs, is not taken."]}),
        (8, "bad", {"level": ["A unit cannot stand higher than the one it belongs to."]}),
    ]
    take(client, page)
    commune, district = Unit.objects.get(code="06184"), Unit.objects.get(code="183")
    assert commune.path == [world.centre.pk, world.province.pk, district.pk, commune.pk]


def test_a_name_of_two_units_lists_both_and_one_of_the_past_its_heirs(world):
    client, level = signed_in(world.owner), make_level("commune", 3)
    one = make_unit("Huyện Một", make_level("district", 2), world.province)
    two = make_unit("Huyện Hai", make_level("district", 2), world.province)
    for parent in (one, two):
        make_unit("Xã Tân Thành", level, parent)
    gone = make_unit("Xã Cũ", level, one, valid_to="2025-06-30")
    heir = make_unit("Xã Mới", level, world.province, valid_from="2025-07-01")
    Succession.objects.create(predecessor=gone, successor=heir, effective="2025-07-01")
    page = preview(
        client,
        "people",
        PEOPLE,
        ("A", "", "xã tân thành", "", "0912345678"),
        ("B", "", "Xa Tan Thanh (Huyen Hai)", "", "0912345678"),
        ("C", "", "Xã Cũ", "", "0912345678"),
    )
    listed = "“xã tân thành” may be: Xã Tân Thành (Huyện Một); Xã Tân Thành (Huyện Hai). Write one of these."
    assert rows_of(page) == [
        (2, "bad", {"unit": [listed]}),
        (3, "new", {}),
        (4, "bad", {"unit": ["“Xã Cũ” is no more; now: Xã Mới."]}),
    ]


def test_sites_rooms_and_lines_come_by_sheet(world):
    client = signed_in(world.owner)
    Node.objects.create(kind="core", name="Lõi tỉnh")
    AllowedTarget.objects.create(unit=world.province, network="10.0.0.0/8")
    page = preview(
        client, "sites", ("Name", "Unit", "Code"), ("Sở Tư pháp", "Sở Tư pháp", ""),
        ("Trùng", "Sở Tư pháp", world.sites[0].code),
    )  # fmt: skip
    assert rows_of(page)[1] == (3, "bad", {"code": [f"Another site has the code “{world.sites[0].code}”."]})
    take(client, page)
    site = Site.objects.get(code="so-tu-phap")
    page = preview(
        client, "rooms", ("Site", "Name", "Seats", "Equipment", "Platforms"),
        ("Sở Tư pháp", "Phòng họp 1", 20, "camera; loa", "sip, Hệ thống của VNPT, SIP"),
        ("Sở Tư pháp", "Phòng họp 2", 0, "", ""), ("Trung ương", "Phòng họp 3", 10, "", ""),
        ("Sở Tư pháp", "Phòng họp 4", 10, "", "điện tín"),
    )  # fmt: skip
    assert rows_of(page) == [
        (2, "new", {}),
        (3, "bad", {"capacity": ["Write a whole number between 1 and 10000."]}),
        (4, "bad", {"site": ["“Trung ương” is not among what you administer."]}),
        (5, "bad", {"platforms": [f"Write one of: {'; '.join(map(str, Platform.labels))}."]}),
    ]
    take(client, page)
    room, site = Room.objects.get(site=site), Site.objects.get(pk=site.pk)
    assert room.platforms == ["sip", "vnpt"]
    assert (room.equipment, room.resource.name, site.default_room) == (["camera", "loa"], "Phòng họp 1", room)
    head = (
        "Site",
        "Code",
        "Carrier",
        "Network",
        "Capacity, Mbit/s",
        "Ends at",
        "Kind of probe",
        "Probed address",
        "Probed port",
        "Role",
    )
    line = ("so-tu-phap", "stp-1", "VNPT", "tslcd2", 50, "Lõi tỉnh", "sip", "10.1.1.1", 5060, "")
    page = preview(
        client, "lines", head, line, (*line[:1], "stp-2", *line[2:]),
        (*line[:1], "stp-3", *line[2:7], "8.8.8.8", 53, "second"),
    )  # fmt: skip
    assert rows_of(page) == [
        (2, "new", {}),
        (3, "bad", {"role": ["This site has a primary line already: make one of them the second."]}),
        (4, "bad", {"probe_host": [
            "Probes may not talk to 8.8.8.8: first add the address to the list of allowed targets."
        ]}),
    ]  # fmt: skip
    take(client, page)
    assert list(Link.objects.values_list("code", "site__code", "a__name")) == [("stp-1", "so-tu-phap", "Sở Tư pháp")]


def test_groups_and_accounts_come_by_sheet(world):
    client = signed_in(world.owner)
    make_person("Đàm Văn Mẫu", world.department, email="mau@stp.example")
    page = preview(client, "groups", ("Group", "Unit", "Person"), ("Giám đốc sở", "Tỉnh Lạng Sơn", "dam van mau"),
                   ("Giám đốc sở", "Tỉnh Lạng Sơn", "Không Ai"))  # fmt: skip
    assert rows_of(page) == [(2, "new", {}), (3, "bad", {"person": ["“Không Ai” is not in the directory."]})]
    take(client, page)
    assert list(Group.objects.get().people.values_list("name", flat=True)) == ["Đàm Văn Mẫu"]
    page = preview(
        client, "accounts", ("Account name", "Person", "Rights", "E-mail"),
        ("mau", "Đàm Văn Mẫu", "secretariat: Sở Tư pháp; leader: Tỉnh Lạng Sơn", ""),
        ("cao", "", "admin: Trung ương", "cao@stp.example"),
        ("outsider", "", "kitchen: Sở Tư pháp", "x@stp.example"),
        ("owner", "", "secretariat: Tỉnh Lạng Sơn", ""),
    )  # fmt: skip
    assert rows_of(page) == [
        (2, "new", {}),
        (3, "bad", {"rights": ["“Trung ương” is not among what you administer."]}),
        (4, "bad", {"username": ["This account name is taken."]}),
        (5, "bad", {"username": ["Nobody locks out or clears their own account: ask another administrator."]}),
    ]
    take(client, page)
    account = User.objects.get(username="mau")
    assert set(Grant.objects.filter(user=account).values_list("role", "unit__name")) == {
        ("secretariat", "Sở Tư pháp"),
        ("leader", "Tỉnh Lạng Sơn"),
    }
    assert not account.has_usable_password()
    assert list(Message.objects.values_list("kind", "recipient", "unit")) == [
        ("account_invitation", "mau@stp.example", None)
    ]


def test_a_preview_belongs_to_who_brought_it(world):
    client = signed_in(world.owner)
    page = preview(client, "people", PEOPLE, ("Bùi Thị Thử", "", "Sở Tư pháp", "", "0912345678"))
    path = page.wsgi_request.path
    assert signed_in(world.stranger).get(path)["Location"] == reverse("setup-sheet", args=["people"])
    assert signed_in(world.secretary).get(path).status_code == 404
    other = signed_in(world.stranger).post(path, {"fingerprint": page.context["fingerprint"]})
    assert (other.status_code, Person.objects.count()) == (302, 0)


def test_what_changed_between_looking_and_taking_is_shown_first(world):
    client = signed_in(world.owner)
    page = preview(client, "people", PEOPLE, ("Bùi Thị Thử", "", "Sở Tư pháp", "", "0912345678"))
    make_person("Bùi Thị Thử", world.department, phone="0987654321")
    assert take(client, page).status_code == 409
    assert list(Person.objects.values_list("phone", flat=True)) == ["0987654321"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (90 * 1024 * 1024))
    return out.getvalue()


def with_entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(("a",)))) as good, zipfile.ZipFile(out, "w") as archive:
        for name in good.namelist():
            data = good.read(name)
            if name == "xl/workbook.xml":
                data = b'<?xml version="1.0"?><!--x--><!DOCTYPE a [<!ENTITY b "c">]>' + data
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_xlsx"),
        (b"name;unit\nx;y", "not_xlsx"),
        (b"PK\x03\x04 and then nothing", "not_xlsx"),
        (b"PK\x03\x04" + b"x" * (5 * 1024 * 1024), "too_large"),
        (bomb(), "too_large"),
        (with_entities(), "not_a_sheet"),
        (xlsx(), "empty"),
        (xlsx(("Full name", "Unit")), "empty"),
        (xlsx(("Họ", "Nơi"), ("a", "b")), "columns_missing"),
        (xlsx(("Full name", "Unit"), *[("a", "b")] * 5_001), "too_many_rows"),
    ],
    ids=["nothing", "csv", "torn", "large", "bomb", "entities", "blank", "no-rows", "other-columns", "many"],
)
def test_a_file_that_is_no_good_sheet_is_refused_with_a_word(world, data, code):
    answer = upload(signed_in(world.owner), "people", data)
    assert (answer.status_code, answer.context["problem"].code) == (422, code)


def test_a_formula_is_never_computed_nor_taken(world):
    client = signed_in(world.owner)
    page = preview(client, "people", PEOPLE, ('=HYPERLINK("http://x.example")', "", "Sở Tư pháp", "", "0912345678"))
    assert rows_of(page) == [(2, "bad", {"name": ["The cell holds a formula; paste its value instead."]})]


def test_what_looks_like_a_formula_leaves_as_text():
    rows = openpyxl.load_workbook(
        io.BytesIO(workbook.write("x", [("a", "", ())], [["=1+1"], ["+84"], ["-1"], ["@x"], ["thường"]]))
    ).active
    cells = [(cell.value, cell.data_type) for (cell,) in rows.iter_rows(min_row=2)]
    assert cells == [("'=1+1", "s"), ("'+84", "s"), ("'-1", "s"), ("'@x", "s"), ("thường", "s")]


def test_a_sheet_cannot_move_the_address_of_anothers_account(world):
    person = make_person("Đàm Văn Mẫu", world.department, email="mau@stp.example")
    User.objects.filter(pk=world.admin.pk).update(person=person)
    page = preview(
        signed_in(world.owner), "people", PEOPLE, ("Đàm Văn Mẫu", "", "Sở Tư pháp", "toi@ke.example", "0900000000")
    )
    guarded = "This address belongs to the account “admin”, which another administrator manages."
    assert rows_of(page) == [(2, "bad", {"email": [guarded]})]


@pytest.mark.parametrize("many", [1, 300])
def test_a_sheet_costs_the_same_queries_whatever_its_length(world, many, django_assert_max_num_queries):
    client = signed_in(world.owner)
    rows = [(f"Người {n}", "", "Sở Tư pháp", f"n{n}@stp.example", "") for n in range(many)]
    page = preview(client, "people", PEOPLE, *rows)
    with django_assert_max_num_queries(22):
        take(client, page)
    assert Person.objects.count() == many
