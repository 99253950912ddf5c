"""What an administrator does to one row: store, refuse, delete or take out of use; and what the trail tells of it."""

import pytest
from django.urls import reverse

from backend.accounts.models import Grant, Group, Person, Role, User
from backend.audit.models import Entry
from backend.reservations.models import Pool, Resource
from backend.units.models import Succession, Unit
from meetings.sites.models import Bridge, Room, Site
from tests.backend.desk.setup.conftest import signed_in
from tests.factories import make_level, make_person, make_room, make_unit, make_user

pytestmark = pytest.mark.django_db


def new(user, key: str, **values):
    return signed_in(user).post(reverse("setup-new", args=[key]), values)


def edit(user, key: str, row, **values):
    return signed_in(user).post(reverse("setup-edit", args=[key, row.pk]), values)


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return {field: list(texts) for field, texts in answer.context["form"].errors.items()}


def unit_data(unit: Unit, **values) -> dict:
    return {"name": unit.name, "short_name": unit.short_name, "kind": unit.kind, "level": unit.level_id,
            "parent": unit.parent_id or "", **values}  # fmt: skip


def test_a_unit_comes_below_what_one_administers(world):
    level = make_level("commune", 3)
    answer = new(world.owner, "units", name="Xã Mới", kind="area", level=level.pk, parent=world.province.pk)
    assert answer["Location"] == reverse("setup-list", args=["units"])
    unit = Unit.objects.get(name="Xã Mới")
    assert (unit.short_name, unit.path) == ("Xã Mới", [world.centre.pk, world.province.pk, unit.pk])
    assert list(Entry.objects.values_list("act", "subject_id", "unit")) == [("unit.create", unit.pk, unit.pk)]
    outside = new(world.owner, "units", name="Xã Lạ", kind="area", level=level.pk, parent=world.other.pk)
    assert list(errors(outside)) == ["parent"]


def test_a_unit_moves_with_all_below_it_and_never_below_itself(world):
    one = make_unit("Huyện Một", make_level("district", 2), world.province)
    below = make_unit("Xã Dưới", make_level("commune", 3), one)
    commune = world.localities[0]
    assert list(errors(edit(world.owner, "units", one, **unit_data(one, parent=below.pk)))) == ["parent"]
    edit(world.owner, "units", below, **unit_data(below, parent=world.department.pk))
    below.refresh_from_db()
    assert below.path == [world.centre.pk, world.province.pk, world.department.pk, below.pk]
    higher = errors(edit(world.owner, "units", one, **unit_data(one, parent=commune.pk)))
    assert higher == {"level": ["A unit cannot stand higher than the one it belongs to."]}


def test_the_top_of_ones_scope_keeps_its_place(world):
    edit(world.owner, "units", world.province, **unit_data(world.province, name="Tỉnh Lạng", parent=world.other.pk))
    world.province.refresh_from_db()
    assert (world.province.name, world.province.parent) == ("Tỉnh Lạng", world.centre)


def test_a_derived_successor_is_confirmed_corrected_or_taken_off(world):
    gone, heir = world.localities
    row = Succession.objects.create(predecessor=gone, successor=heir, effective="2025-07-01", derived=True)
    client = signed_in(world.owner)
    page = client.get(reverse("setup-edit", args=["units", gone.pk])).content.decode()
    assert "derived from the code lists" in page
    client.post(reverse("setup-successor-confirm", args=[gone.pk, row.pk]))
    row.refresh_from_db()
    assert row.derived is False
    other = {"successor": world.department.pk, "effective": "2025-07-01"}
    client.post(reverse("setup-successor", args=[gone.pk]), other)
    client.post(reverse("setup-successor-remove", args=[gone.pk, row.pk]))
    assert list(Succession.objects.values_list("successor", "derived")) == [(world.department.pk, False)]
    stranger = signed_in(world.stranger)
    assert stranger.post(reverse("setup-successor", args=[gone.pk]), other).status_code == 404


def test_a_person_is_reached_by_mail_or_phone(world):
    refused = new(world.owner, "people", name="Đàm Văn Mẫu", unit=world.department.pk)
    assert errors(refused) == {"email": ["Give an e-mail address or a phone number."]}
    assert 'value="Đàm Văn Mẫu"' in refused.content.decode()
    new(world.owner, "people", name="Đàm Văn Mẫu", unit=world.department.pk, phone="0912345678", active="on")
    assert Person.objects.get().phone == "0912345678"
    assert "0912345678" not in str(list(Entry.objects.values_list("after", flat=True)))


def test_who_looks_after_the_department_cannot_redirect_the_administrators_password(world):
    person = make_person("Đàm Văn Mẫu", world.department, email="mau@stp.example")
    User.objects.filter(pk=world.owner.pk).update(person=person)
    values = {"name": person.name, "unit": world.department.pk, "email": "toi@ke.example", "active": "on"}
    guarded = "This address belongs to the account “owner”, which another administrator manages."
    assert errors(edit(world.low, "people", person, **values)) == {"email": [guarded]}
    for name in ("setup-edit", "setup-remove"):
        assert signed_in(world.low).post(reverse(name, args=["accounts", world.owner.pk])).status_code == 404


def test_rights_are_given_inside_ones_own_scope_alone(world):
    values = {"username": "moi", "email": "moi@stp.example", "language": "vi", "role": "leader"}
    assert list(errors(new(world.low, "accounts", **values, unit=world.province.pk))) == ["unit"]
    new(world.low, "accounts", **values, unit=world.department.pk)
    account = User.objects.get(username="moi")
    right = reverse("setup-right", args=[account.pk])
    signed_in(world.low).post(right, {"role": "admin", "unit": world.province.pk})
    signed_in(world.low).post(right, {"role": "kitchen", "unit": world.department.pk})
    held = list(Grant.objects.filter(user=account).order_by("role").values_list("role", "unit"))
    assert held == [("kitchen", world.department.pk), ("leader", world.department.pk)]
    assert signed_in(world.stranger).post(right, {"role": "admin", "unit": world.other.pk}).status_code == 404
    grant = Grant.objects.get(user=account, role="leader")
    signed_in(world.owner).post(reverse("setup-right-remove", args=[account.pk, grant.pk]))
    assert list(Grant.objects.filter(user=account).values_list("role", flat=True)) == ["kitchen"]


def test_an_account_with_a_right_outside_is_another_administrators(world):
    Grant.objects.create(user=world.secretary, role=Role.KITCHEN, unit=world.other)
    url = reverse("setup-edit", args=["accounts", world.secretary.pk])
    assert signed_in(world.owner).get(url).status_code == 404
    assert signed_in(world.admin).get(url).status_code == 200


def test_an_account_name_is_taken_whatever_its_case(world):
    values = {"email": "x@stp.example", "language": "vi", "role": "leader", "unit": world.province.pk}
    taken = errors(new(world.owner, "accounts", username="Outsider", **values))
    assert taken == {"username": ["This account name is taken."]}


def test_a_room_brings_its_resource_and_stays_at_its_site(world):
    site = world.sites[2]
    new(world.owner, "rooms", site=site.pk, name="Hội trường", capacity=200, equipment="camera, loa", active="on")
    room = Room.objects.get(name="Hội trường")
    assert (room.resource.kind, room.resource.name, room.resource.unit) == ("room", "Hội trường", site.unit)
    edit(world.owner, "rooms", room, site=world.sites[1].pk, name="Hội trường A", capacity=150, active="on")
    room = Room.objects.get(pk=room.pk)
    assert (room.site, room.name, room.resource.name) == (site, "Hội trường A", "Hội trường A")
    twice = new(world.owner, "rooms", site=site.pk, name="Hội trường A", capacity=2, active="on")
    assert errors(twice) == {"name": ["This is taken already; choose another."]}
    none = new(world.owner, "rooms", site=site.pk, name="Hội trường B", capacity=0, active="on")
    assert errors(none) == {"capacity": ["A room has between 1 and 10000 seats."]}


def test_a_site_that_changes_hands_takes_its_rooms_along(world):
    site = world.sites[2]
    values = {"name": site.name, "code": site.code, "unit": world.department.pk, "active": "on"}
    edit(world.owner, "sites", site, **values, default_room=site.default_room_id)
    assert Resource.objects.get(meeting_room__site=site).unit == world.department
    foreign = edit(world.owner, "sites", site, **{**values, "unit": world.other.pk})
    assert list(errors(foreign)) == ["unit"]


def test_a_bridge_keeps_its_ports_in_its_pool(world):
    values = {"name": "MCU 2", "unit": world.province.pk, "platforms": ["sip", "webrtc"], "active": "on"}
    new(world.owner, "bridges", **values, ports=40)
    bridge = Bridge.objects.get(name="MCU 2")
    edit(world.owner, "bridges", bridge, **values, ports=60)
    assert list(Pool.objects.filter(bridge=bridge).values_list("name", "capacity")) == [("MCU 2", 60)]
    foreign = new(world.owner, "bridges", **{**values, "unit": world.other.pk}, ports=1)
    assert sorted(errors(foreign)) == ["name", "unit"]


def test_a_group_holds_exactly_whom_one_ticked(world):
    one, two = make_person("Đàm Văn Mẫu", world.department), make_person("Bùi Thị Thử", world.other)
    new(world.owner, "groups", name="Lãnh đạo", unit=world.province.pk, people=[one.pk])
    group = Group.objects.get()
    edit(world.owner, "groups", group, name="Lãnh đạo", unit=world.province.pk, people=[two.pk])
    assert list(group.people.all()) == [two]


def test_what_nothing_hangs_on_is_deleted_and_the_rest_taken_out_of_use(world):
    owner, room, site = signed_in(world.owner), make_room(world.sites[1], "Thừa"), world.sites[1]
    owner.post(reverse("setup-remove", args=["rooms", room.pk]))
    assert (Room.objects.filter(pk=room.pk).exists(), Resource.objects.filter(name="Thừa").exists()) == (False, False)
    owner.post(reverse("setup-remove", args=["sites", site.pk]))
    site = Site.objects.get(pk=site.pk)
    assert site.active is False
    answer = owner.post(reverse("setup-remove", args=["units", world.department.pk]))
    assert answer["Location"] == reverse("setup-edit", args=["units", world.department.pk])
    assert Unit.objects.filter(pk=world.department.pk).exists()
    assert list(Entry.objects.order_by("pk").values_list("act", flat=True)) == ["room.delete", "site.deactivate"]


def test_a_locked_account_is_logged_out_at_once(world):
    secretary = signed_in(world.secretary)
    assert secretary.get("/").status_code == 200
    values = {"username": "secretary", "email": "x@stp.example", "language": "vi"}
    edit(world.owner, "accounts", world.secretary, **values)
    assert secretary.get("/").status_code == 302


@pytest.mark.parametrize(("key", "queries"), [("units", 5), ("rooms", 5), ("groups", 5), ("accounts", 7)])
@pytest.mark.parametrize("many", [1, 3])
def test_a_list_asks_the_same_number_of_queries_for_one_and_for_three(
    world, key, queries, many, django_assert_num_queries
):
    for number in range(many):
        make_room(world.sites[1], f"Phòng {number}")
        Group.objects.create(name=f"Nhóm {number}", unit=world.province)
        make_user(f"user{number}", world.department, Role.LEADER)
        make_unit(f"Xã {number}", make_level("commune", 3), world.department)
    client = signed_in(world.owner)
    client.get(reverse("setup-list", args=[key]))
    with django_assert_num_queries(queries):
        assert client.get(reverse("setup-list", args=[key])).status_code == 200
