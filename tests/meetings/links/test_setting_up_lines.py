"""The office enters its network: an administrator of the unit may; a colleague and an outsider may not."""

import pytest

from backend.accounts.models import Role
from backend.audit.models import Entry
from backend.common.errors import Forbidden, Invalid
from meetings.links.models import AllowedTarget, Link, Node
from meetings.links.queries import jobs
from meetings.links.services import allow_target, forbid_target, save_link, save_node, simulate
from meetings.links.simulator import Behaviour, demo_target
from tests.factories import make_site, make_user, make_world
from tests.meetings.links.factories import GOOD, NOW, allow, line, make_figures, make_line, make_trunk, measured

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    make_figures()
    return make_world()


@pytest.fixture
def site(world):
    return world.sites[2]


@pytest.fixture
def strangers(world):
    return [world.secretary, make_user("elsewhere", world.other, Role.ADMIN)]


def test_an_administrator_adds_a_line_to_a_site(world, site):
    allow(world.province)
    link = save_link(actor=world.admin, link=line(site), now=NOW)
    assert (link.a.site, link.a.kind, link.a.name) == (site, "site", "Xã 1")
    assert (link.state, link.measured_at) == ("unknown", None)
    entry = Entry.objects.get()
    assert (entry.act, entry.subject_id, entry.unit_id, entry.before) == ("link.create", link.pk, site.unit_id, {})
    assert (entry.after["code"], entry.after["probe_host"]) == ("LS-01", "127.77.0.1")


def test_a_second_line_starts_at_the_same_node(world, site):
    allow(world.province)
    first = save_link(actor=world.admin, link=line(site), now=NOW)
    second = save_link(actor=world.admin, link=line(site, "LS-02", role="second"), now=NOW)
    assert first.a == second.a


def test_a_changed_line_keeps_what_was_measured_in_the_meantime(world, site):
    allow(world.province)
    link = save_link(actor=world.admin, link=line(site), now=NOW)
    opened = Link.objects.get(pk=link.pk)
    measured(link, GOOD)
    opened.carrier = "Viettel"
    save_link(actor=world.admin, link=opened, now=NOW)
    link.refresh_from_db()
    assert (link.carrier, link.state, link.rtt_ms) == ("Viettel", "up", 20.4)
    entry = Entry.objects.get(act="link.change")
    assert (entry.before["carrier"], entry.after["carrier"]) == ("VNPT", "Viettel")


def test_others_may_not_change_the_network(world, site, strangers):
    allow(world.province)
    entry = AllowedTarget.objects.get()
    for actor in strangers:
        with pytest.raises(Forbidden):
            save_link(actor=actor, link=line(site), now=NOW)
        with pytest.raises(Forbidden):
            allow_target(actor=actor, unit=world.province, network="10.0.0.0/8", now=NOW)
        with pytest.raises(Forbidden):
            forbid_target(actor=actor, entry=entry, now=NOW)
    with pytest.raises(Forbidden):
        save_node(actor=world.secretary, node=Node(kind="pop", name="POP Cao Lộc"), now=NOW)
    assert (Link.objects.count(), AllowedTarget.objects.count(), Entry.objects.count()) == (0, 1, 0)


def test_nobody_takes_a_line_of_another_unit_over(world, site, strangers):
    allow(world.other)
    link = make_line(site)
    link.site, link.a = make_site(world.other, "tn"), None
    with pytest.raises(Forbidden):
        save_link(actor=strangers[1], link=link, now=NOW)
    assert Link.objects.get().site == site


def test_a_line_of_nobody_is_refused(world):
    trunk = make_trunk(world.province)
    trunk.unit = None
    with pytest.raises(Forbidden):
        save_link(actor=world.admin, link=trunk, now=NOW)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"probe_port": 0}, ["body"]),
        ({"probe_port": 70_000}, ["probe_port"]),
        ({"probe_kind": "icmp"}, ["body"]),
        ({"probe_kind": "ftp"}, ["probe_kind"]),
        ({"probe_host": "http://10.0.0.1/"}, ["probe_host"]),
        ({"probe_host": "user@10.0.0.1"}, ["probe_host"]),
        ({"probe_host": ""}, ["probe_host"]),
        ({"capacity_mbps": 0}, ["capacity_mbps"]),
        ({"interval_s": 0}, ["interval_s"]),
        ({"network": "pigeon"}, ["network"]),
        ({"code": "A" * 41}, ["code"]),
        ({"code": "TAKEN"}, ["code"]),
        ({"carrier": ""}, ["carrier"]),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_field(world, site, values, fields):
    allow(world.province)
    make_trunk(world.province, "TAKEN")
    with pytest.raises(Invalid) as refused:
        save_link(actor=world.admin, link=line(site, **values), now=NOW)
    assert (refused.value.code, sorted(refused.value.errors)) == ("bad_link", fields)
    assert Link.objects.count() == 1


def test_a_site_has_one_primary_line(world, site):
    allow(world.province)
    make_line(site)
    with pytest.raises(Invalid) as refused:
        save_link(actor=world.admin, link=line(site, "LS-02"), now=NOW)
    assert refused.value.errors == {"body": ["This site has a primary line already: make one of them the second."]}


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "127.78.0.1"])
def test_a_line_to_an_address_that_is_not_listed_is_refused(world, site, host):
    allow(world.province)
    with pytest.raises(Invalid) as refused:
        save_link(actor=world.admin, link=line(site, probe_host=host), now=NOW)
    assert (refused.value.code, list(refused.value.errors)) == ("target_not_allowed", ["probe_host"])


def test_a_list_serves_its_unit_and_those_below_it_alone(world, site):
    allow(world.localities[1])
    with pytest.raises(Invalid) as refused:
        save_link(actor=world.admin, link=line(site), now=NOW)
    assert refused.value.code == "target_not_allowed"
    allow(world.centre)
    assert save_link(actor=world.admin, link=line(site), now=NOW).pk


def test_the_prober_gets_each_line_with_its_own_list(world, site):
    here, below = allow(world.province, "10.0.0.0/8", 1, 9), allow(world.localities[0], "10.9.0.0/16")
    allow(world.other, "10.7.0.0/16")
    first, trunk = make_line(site), make_trunk(world.province)
    make_line(world.sites[3], "OFF", active=False)
    found = {job.link_id: job for job in jobs(NOW)}
    assert set(found) == {first.pk, trunk.pk}
    assert found[first.pk].allowed == (here.allowance(), below.allowance())
    assert found[trunk.pk].allowed == (here.allowance(),)
    assert (found[first.pk].interval_s, found[first.pk].packets) == (30, 5)


@pytest.mark.parametrize("lines", [1, 3])
def test_the_work_is_read_in_three_queries(world, lines, django_assert_num_queries):
    for number in range(lines):
        make_trunk(world.province, f"T{number}")
        allow(world.province, f"10.{number}.0.0/16")
    with django_assert_num_queries(3):
        assert len(jobs(NOW)) == lines


def test_targets_are_allowed_and_forbidden(world):
    entry = allow_target(actor=world.admin, unit=world.province, network=" 10.1.2.3 ", last_port=5061, now=NOW)
    assert str(entry) == "10.1.2.3/32:1-5061"
    forbid_target(actor=world.admin, entry=entry, now=NOW)
    assert AllowedTarget.objects.count() == 0
    acts = list(Entry.objects.order_by("id").values_list("act", "after"))
    assert acts == [(act, {"target": "10.1.2.3/32:1-5061"}) for act in ("target.allow", "target.forbid")]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"network": "everything"}, "bad_network", "network"),
        ({"network": "10.0.0.1/8"}, "bad_network", "network"),
        ({"network": "example.org"}, "bad_network", "network"),
        ({"first_port": 0}, "bad_target", "body"),
        ({"first_port": 9, "last_port": 8}, "bad_target", "body"),
        ({"last_port": 65_536}, "bad_target", "body"),
    ],
)
def test_a_target_that_cannot_be_is_refused(world, values, code, field):
    with pytest.raises(Invalid) as refused:
        allow_target(**{"actor": world.admin, "unit": world.province, "network": "10.0.0.0/8", "now": NOW} | values)
    assert (refused.value.code, list(refused.value.errors)) == (code, [field])


def test_a_node_between_the_sites_is_stored(world):
    node = save_node(actor=world.admin, node=Node(kind="pop", name="POP Cao Lộc"), now=NOW)
    assert list(Node.objects.values_list("pk", "kind", "name", "site")) == [(node.pk, "pop", "POP Cao Lộc", None)]
    with pytest.raises(Invalid) as refused:
        save_node(actor=world.admin, node=Node(kind="pop", name="POP Cao Lộc"), now=NOW)
    assert refused.value.code == "bad_node"


def test_nothing_is_played_on_a_real_line(site):
    with pytest.raises(Invalid) as refused:
        simulate(link=make_line(site, probe_host="10.1.2.3"), behaviour=Behaviour(silent=True))
    assert refused.value.code == "not_simulated"


def test_demo_addresses_are_all_different_and_on_loopback():
    targets = [demo_target(index, ".run") for index in range(3_400)]
    assert len(set(targets)) == 3_400
    assert targets[0][0] == "127.20.0.1"
    assert targets[3_399][0] == "127.20.13.150"
    assert {port for _, port in targets} == {targets[0][1]}
    assert demo_target(0, "other") != demo_target(0, ".run")
