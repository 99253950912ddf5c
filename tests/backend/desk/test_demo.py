"""Filling a database: both demos, the empty office, and that a second run changes nothing."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import Count

from backend.accounts.models import Grant, Group, Person, User
from backend.desk.demo.planting import Planted, plant
from backend.outbox.models import Message
from backend.reservations.models import Hold, Pool, Reservation, Resource
from backend.units.models import Figure, Level, Succession, Unit
from backend.units.queries import units_matching, with_successors
from guesthouse.catering.models import Kitchen, MealService
from guesthouse.stays.models import Delegation, GuestRoom, House, Member, Stay
from meetings.links.models import AllowedTarget, Link, Node, SimulatedLine
from meetings.links.queries import jobs
from meetings.scheduling.gate_models import GateRule
from meetings.scheduling.models import Conference, ConferenceSecret
from meetings.sites.models import Bridge, Endpoint, Room, Site, Technician
from meetings.sites.queries import matching

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)  # a Tuesday, 09:00 in Viet Nam
ROWS = (
    Level, Unit, Succession, Figure, Person, Group, User, Grant, Site, Room, Bridge, Resource, Pool, Reservation, Hold,
    Node, Link, AllowedTarget, SimulatedLine, Conference, ConferenceSecret, GateRule, Message,
    House, GuestRoom, Kitchen, Delegation, Member, Stay, MealService,
)  # fmt: skip


only_2020 = pytest.mark.parametrize("demo", ["2020"], indirect=True)
only_2025 = pytest.mark.parametrize("demo", ["2025"], indirect=True)


@pytest.fixture(scope="module", params=["2020", "2025"])
def demo(request, django_db_setup, django_db_blocker):
    """Planted once for all tests that look at it; what a test writes is rolled back."""
    with django_db_blocker.unblock():
        plant(demo=request.param, admin_password="demo", now=NOW)
        yield request.param
        call_command("flush", interactive=False, verbosity=0)


def found(text):
    return sorted(with_successors(units_matching(text)).values_list("name", flat=True))


def found_sites(text):
    return sorted(matching(Site.objects.all(), text).values_list("name", flat=True))


@only_2020
def test_2020_has_the_old_tree(demo):
    levels = Unit.objects.filter(kind="area").values_list("level__code").annotate(Count("pk"))
    assert dict(levels) == {"provincial": 63, "district": 11, "commune": 22}
    assert Unit.objects.exclude(valid_to=None).count() == Succession.objects.count() == 0
    assert Counter(Site.objects.values_list("unit__level__code", flat=True)) == {
        "central": 1,
        "provincial": 2,
        "district": 11,
        "commune": 22,
    }


@only_2025
def test_2025_has_the_new_tree_and_remembers_the_old(demo):
    today = Unit.objects.filter(kind="area", valid_to=None).values_list("level__code").annotate(Count("pk"))
    past = Unit.objects.exclude(valid_to=None).values_list("level__code").annotate(Count("pk"))
    assert dict(today) == {"provincial": 34, "commune": 65}
    assert dict(past) == {"provincial": 52, "district": 11, "commune": 194}
    assert dict(Succession.objects.values_list("derived").annotate(Count("pk"))) == {True: 52, False: 265}
    assert Counter(Site.objects.values_list("unit__level__code", flat=True)) == {
        "central": 1,
        "provincial": 2,
        "commune": 65,
    }


def test_paths_lead_from_the_centre_down(demo):
    lost = [
        unit
        for unit in Unit.objects.all()
        if unit.path[-2:] != [*([unit.parent_id] if unit.parent_id else []), unit.pk]
    ]
    assert lost == []
    assert Unit.objects.filter(path__0=Unit.objects.get(code="TW").pk).count() == Unit.objects.count()


@only_2020
@pytest.mark.parametrize("text", ["huyện Cao Lộc", "HUYEN CAO LOC"])
def test_in_2020_a_district_is_found(demo, text):
    assert found(text) == ["Huyện Cao Lộc"]
    assert found_sites(text) == ["Cao Lộc"]


@only_2020
def test_in_2020_a_bare_name_finds_the_district_and_its_town(demo):
    assert found("cao loc") == ["Huyện Cao Lộc", "Thị trấn Cao Lộc"]
    assert found_sites("cao loc") == ["Cao Lộc", "Thị trấn Cao Lộc"]
    assert found("tinh bac kan") == ["Tỉnh Bắc Kạn"]


HEIRS_OF_CAO_LOC = [
    "Phường Kỳ Lừa",
    "Phường Đông Kinh",
    "Xã Ba Sơn",
    "Xã Cao Lộc",
    "Xã Công Sơn",
    "Xã Khánh Khê",
    "Xã Tân Đoàn",
    "Xã Đồng Đăng",
]


@only_2025
def test_in_2025_an_old_name_leads_to_the_heirs(demo):
    assert found("huyện Cao Lộc") == ["Huyện Cao Lộc", *HEIRS_OF_CAO_LOC]
    assert found("cao loc") == ["Huyện Cao Lộc", *HEIRS_OF_CAO_LOC[:2], "Thị trấn Cao Lộc", *HEIRS_OF_CAO_LOC[2:]]
    assert found("tinh bac kan") == ["Tỉnh Bắc Kạn", "Tỉnh Thái Nguyên"]
    assert found_sites("huyện Cao Lộc") == sorted(name.split(" ", 1)[1] for name in HEIRS_OF_CAO_LOC)


def test_every_site_has_a_room_with_a_resource_of_its_own(demo):
    assert Site.objects.filter(default_room=None).count() == 0
    assert Room.objects.values("site").distinct().count() == Site.objects.count()
    assert Resource.objects.filter(kind="room").count() == Room.objects.count()
    assert Room.objects.filter(site__code="ubnd-tinh").count() == 6
    assert Site.objects.values("name").distinct().count() == Site.objects.count()


def test_one_bridge_joins_a_hundred_and_another_carries_over(demo):
    own, carriers = Bridge.objects.order_by("pk")
    assert (own.pool.capacity, own.unit.code, own.setup.adapter) == (100, "20", "dial")
    assert (carriers.gateway, carriers.platforms, carriers.setup.adapter) == (True, ["vnpt", "sip"], "manual")
    assert Room.objects.filter(platforms=["vnpt"]).count() >= 1


def test_rooms_with_a_codec_have_an_endpoint_and_localities_a_technician(demo):
    fixed = set(Endpoint.objects.exclude(room=None).values_list("room", flat=True))
    assert fixed == set(Room.objects.filter(equipment__contains=["thiết bị hội nghị"]).values_list("pk", flat=True))
    assert list(Endpoint.objects.filter(room=None).values_list("site__code", flat=True)) == ["ubnd-tinh"]
    technicians = dict(Technician.objects.values_list("site__code").annotate(Count("pk")))
    assert technicians.pop("ubnd-tinh") == 4
    assert set(technicians.values()) == {1}
    assert len(technicians) == Site.objects.count() - 3  # not the centre, nor the guesthouse
    assert Resource.objects.filter(kind="endpoint").count() == Endpoint.objects.count()


def test_every_line_has_its_bandwidth_as_a_pool(demo):
    assert [k.code for k in Link.objects.select_related("pool") if k.pool.capacity != k.capacity_mbps * 1000] == []


def test_every_site_has_a_primary_line_and_some_a_second_of_another_carrier(demo):
    primary = Link.objects.filter(role="primary", site__isnull=False)
    second = Link.objects.filter(role="second").select_related("site")
    assert primary.count() == Site.objects.count()
    assert 12 <= second.count() < primary.count()
    assert [line for line in second if line.carrier == primary.get(site=line.site).carrier] == []


def test_every_line_is_probed_at_an_address_of_its_own_that_is_allowed(demo):
    work = jobs(NOW)
    assert len({job.host for job in work}) == len(work) == Link.objects.count() == SimulatedLine.objects.count()
    assert {job.kind for job in work} == {"sip"}
    from ipaddress import ip_address

    assert all(any(entry.permits(ip_address(job.host), job.port) for entry in job.allowed) for job in work)


def test_the_network_leads_to_the_core(demo):
    ends = {node.pk: node for node in Node.objects.all()}
    up = {link.a_id: link.b_id for link in Link.objects.filter(role="primary")}
    for site in (node for node in ends.values() if node.kind == "site"):
        node, steps = site.pk, 0
        while node in up and steps < 5:
            node, steps = up[node], steps + 1
        assert ends[node].kind == "core", site


def test_the_guesthouse_has_forty_rooms_on_four_floors_a_hall_and_a_kitchen(demo):
    house = House.objects.get()
    assert dict(house.rooms.values_list("floor").annotate(Count("pk"))) == {1: 10, 2: 10, 3: 10, 4: 10}
    assert Resource.objects.filter(kind="guest_room").count() == 40
    assert house.site.default_room.name == "Hội trường Nhà khách"
    assert house.kitchens.get().pool.capacity == 250


def test_the_directory_holds_people_and_groups(demo):
    everybody = Person.objects.count()
    assert everybody >= 60
    assert Person.objects.filter(email="").count() == everybody // 8
    assert Person.objects.exclude(email="").exclude(email__endswith=".example").count() == 0
    assert Person.objects.values("name").distinct().count() == everybody
    sizes = dict(Group.objects.annotate(size=Count("people")).values_list("name", "size"))
    places = Site.objects.count() - 3
    assert sizes == {
        "Lãnh đạo UBND tỉnh": 3,
        "Thủ trưởng các sở, ngành": 6,
        "Chủ tịch UBND các địa phương": places,
        "Cán bộ kỹ thuật các điểm cầu": places,
    }


def test_the_eight_logins_have_their_rights(demo):
    rights = Grant.objects.values_list("user__username", "role", "unit__short_name").order_by("user__username")
    assert list(rights) == [
        ("admin", "admin", "Chính phủ"),
        ("bep", "kitchen", "Lạng Sơn"),
        ("donvikhac", "secretariat", "Sở Công Thương"),
        ("kythuat", "technician", "Lộc Bình"),
        ("lanhdao", "leader", "Lạng Sơn"),
        ("nhakhach", "guesthouse", "Lạng Sơn"),
        ("thuky", "secretariat", "Lạng Sơn"),
        ("truc", "duty_engineer", "Lạng Sơn"),
    ]
    technician = Grant.objects.get(user__username="kythuat").unit
    assert Site.objects.filter(unit__path__contains=[technician.pk]).count() == 1


@only_2020
@pytest.mark.parametrize(("mode", "let_in"), [(True, True), (False, False)])
def test_the_well_known_password_opens_a_demo_alone(demo, settings, mode, let_in):
    settings.DEMO_MODE = mode
    assert [authenticate(username=name, password="demo") is not None for name in ("admin", "thuky")] == [let_in] * 2


def test_conferences_wait_from_today_on(demo):
    seen = Conference.objects.values_list("created_by__username", "status", "secrecy", "start").order_by("start", "pk")
    day = timedelta(days=1)
    assert list(seen) == [
        ("thuky", "approved", "none", datetime(2026, 3, 10, 1, tzinfo=UTC)),
        ("thuky", "approved", "none", datetime(2026, 3, 10, 2, 30, tzinfo=UTC)),
        ("thuky", "approved", "none", datetime(2026, 3, 10, 7, tzinfo=UTC)),
        ("lanhdao", "approved", "secret", datetime(2026, 3, 10, 1, tzinfo=UTC) + day),
        ("thuky", "submitted", "none", datetime(2026, 3, 10, 7, tzinfo=UTC) + day),
        ("donvikhac", "submitted", "none", datetime(2026, 3, 10, 1, tzinfo=UTC) + 2 * day),
        ("thuky", "approved", "none", datetime(2026, 3, 10, 1, tzinfo=UTC) + 2 * day),
    ]
    assert ConferenceSecret.objects.get().title != ConferenceSecret.objects.get().conference.title


def test_one_delegation_is_in_the_house_and_one_comes_today(demo):
    seen = Delegation.objects.annotate(size=Count("members")).values_list("name", "size", "arrival", "departure")
    assert list(seen.order_by("arrival")) == [
        (
            "Đoàn công tác tỉnh Cao Bằng",
            9,
            datetime(2026, 3, 9, 8, tzinfo=UTC),
            datetime(2026, 3, 12, 3, 30, tzinfo=UTC),
        ),
        (
            "Đoàn khảo sát của Văn phòng Chính phủ",
            4,
            datetime(2026, 3, 10, 8, 30, tzinfo=UTC),
            datetime(2026, 3, 11, 9, tzinfo=UTC),
        ),
    ]
    assert Member.objects.filter(stays__status="booked").count() == 13
    here = Stay.objects.filter(start__lte=NOW, end__gt=NOW).values_list("guest_room__number", flat=True)
    assert sorted(here) == ["301", "302", "303", "304", "401"]
    today = MealService.objects.filter(start__date="2026-03-10").order_by("start", "pk")
    assert list(today.values_list("kind", "servings")) == [
        ("breakfast", 9),
        ("lunch", 9),
        ("tea_break", 30),
        ("dinner", 9),
        ("dinner", 4),
    ]


def test_a_second_run_changes_nothing(demo):
    before = {model: list(model.objects.order_by("pk").values()) for model in ROWS}
    planted = plant(demo=demo, admin_password="other", now=NOW + timedelta(hours=5))
    assert planted == Planted(admin=False, demo=False)
    assert {model: list(model.objects.order_by("pk").values()) for model in ROWS} == before


@only_2020
def test_a_later_day_gets_its_own_conferences(demo):
    planted = plant(demo="2020", admin_password="demo", now=NOW + timedelta(days=7))
    assert planted == Planted(admin=False, demo=False, conferences=7, delegations=2)
    assert (Conference.objects.count(), Delegation.objects.count()) == (14, 4)
