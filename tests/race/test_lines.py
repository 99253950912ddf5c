"""The last of a trunk's bandwidth under a race, through the booking itself, beside a control with the guard off."""

from collections import Counter
from functools import partial

import pytest
from django.db.models import Sum

from backend.reservations import services as reservations
from backend.reservations.models import Hold, Reservation
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.services import book
from tests.factories import NOW, World, make_world
from tests.meetings.links.factories import make_core, make_line, make_pop, make_trunk
from tests.race.test_guesthouse import held_before_insert, outcomes

LOCALITIES = 6
START, END = NOW.replace(day=25), NOW.replace(day=25, hour=3)


@pytest.fixture
def world(transactional_db) -> World:
    """Six localities behind a trunk of 7 Mbit/s, which carries three streams of 2,048 kbit/s."""
    world = make_world(localities=LOCALITIES, ports=50)
    pop, hub = make_pop("POP Cao Lộc"), make_pop("POP tỉnh")
    for number, site in enumerate(world.sites[2:]):
        make_line(site, f"X-{number}", b=pop)
    make_line(world.sites[1], "LS-1", b=hub)
    make_trunk(world.province, "TRUC-XA", a=pop, b=hub, capacity_mbps=7)
    make_trunk(world.province, "TRUC-TINH", a=hub, b=make_core(), capacity_mbps=100)
    return world


def bookers(world: World) -> list:
    """Each books a site of its own: nothing but the bridge and the trunk is shared."""
    return [
        partial(
            book,
            actor=world.secretary,
            request=Request("Giao ban", "briefing", START, END, (site.pk,), chair=Guest(name="Nguyễn Văn Mẫu"),
                            bridge_id=world.bridge.pk),
            now=NOW,
        )
        for site in world.sites[2:]
    ]  # fmt: skip


def on_trunk() -> int:
    return Hold.objects.filter(pool__kind="trunk").aggregate(sum=Sum("amount"))["sum"]


def test_a_trunk_carries_no_more_than_it_has(world, at_once):
    assert outcomes(at_once(bookers(world))) == {"Conference": 3, "Conflict": 3}
    assert (on_trunk(), Reservation.objects.count()) == (3 * 2048, 3)


def test_control_without_the_lock_the_trunk_is_overrun(world, at_once, monkeypatch):
    monkeypatch.setattr(reservations, "_lock", lambda *args: None)
    acts = held_before_insert(bookers(world), "backend_reservations_hold")
    assert outcomes(at_once(acts)) == {"Conference": LOCALITIES}
    assert on_trunk() == LOCALITIES * 2048


def test_rooms_ports_and_lines_in_every_order_do_not_deadlock(world, at_once):
    """Each wants all sites, named in another order: one gets them, the others are told so."""
    sites = [site.pk for site in world.sites[2:5]]
    orders = [sites, sites[::-1], [sites[1], sites[0], sites[2]], [sites[2], sites[0], sites[1]]]
    acts = [
        partial(book, actor=world.secretary, now=NOW,
                request=Request("Giao ban", "briefing", START, END, tuple(order), chair=Guest(name="Trần Thị Thử")))
        for order in orders
    ]  # fmt: skip
    results = at_once(acts)
    assert outcomes(results) == Counter(Conference=1, Conflict=3)
    assert Hold.objects.count() == 5  # ports, three lines, the trunk
