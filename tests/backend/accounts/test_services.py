"""The directory, accounts and rights: an owner, a colleague without administration, an outsider."""

import pytest

from backend.accounts import services
from backend.accounts.models import Grant, Group, Person, Role, User
from backend.accounts.queries import accounts_managed_by
from backend.common.errors import Forbidden, Invalid
from tests.factories import World, make_person, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world()
    world.owner = make_user("owner", world.province, Role.ADMIN)
    world.stranger = make_user("stranger", world.other, Role.ADMIN)
    return world


def refused(act, **values) -> str:
    with pytest.raises((Forbidden, Invalid)) as caught:
        act(**values)
    return caught.value.code


def test_people_are_stored_by_who_administers_their_unit(world):
    def person() -> Person:
        return Person(name="Đàm Văn Mẫu", unit=world.department, phone="0912345678")

    assert refused(services.save_people, actor=world.secretary, people=[person()]) == "forbidden"
    assert refused(services.save_people, actor=world.stranger, people=[person()]) == "forbidden"
    services.save_people(actor=world.owner, people=[person()])
    assert Person.objects.count() == 1


def test_nobody_takes_a_person_over_from_another_administrator(world):
    person = make_person("Đàm Văn Mẫu", world.department)
    person.unit = world.other
    assert refused(services.save_people, actor=world.stranger, people=[person]) == "forbidden"
    assert refused(services.save_people, actor=world.owner, people=[person]) == "forbidden"


def test_a_group_is_its_units_and_takes_in_anybody(world):
    group = Group(name="Lãnh đạo", unit=world.province)
    assert refused(services.save_groups, actor=world.stranger, groups=[group]) == "forbidden"
    services.save_groups(actor=world.owner, groups=[group])
    person = make_person("Bùi Thị Thử", world.other)
    assert refused(services.add_members, actor=world.secretary, members={group: [person]}) == "forbidden"
    [change] = services.add_members(actor=world.owner, members={group: [person]})
    assert (change.after, services.add_members(actor=world.owner, members={group: [person]})) == (
        {"added": [person.pk]},
        [],
    )


def test_rights_come_and_go_inside_ones_own_scope_alone(world):
    inside, above = {("leader", world.department.pk)}, {("leader", world.centre.pk)}
    account = make_user("moi", world.department, Role.SECRETARIAT)
    assert refused(services.set_rights, actor=world.owner, rights={account: above}) == "grant_outside"
    assert refused(services.set_rights, actor=world.stranger, rights={account: inside}) == "grant_outside"
    assert refused(services.set_rights, actor=world.secretary, rights={account: inside}) == "grant_outside"
    unknown = {("king", world.department.pk)}
    assert refused(services.set_rights, actor=world.owner, rights={account: unknown}) == "bad_role"
    [change] = services.set_rights(actor=world.owner, rights={account: inside})
    assert change.before == {"rights": [f"secretariat@{world.department.pk}"]}
    assert set(Grant.objects.filter(user=account).values_list("role", "unit")) == inside


def test_nobody_locks_themselves_out(world):
    world.owner.is_active = False
    assert refused(services.save_accounts, actor=world.owner, accounts=[world.owner]) == "own_account"
    world.owner.is_active, world.owner.cleared = True, True
    assert refused(services.save_accounts, actor=world.owner, accounts=[world.owner]) == "own_account"
    kept = {("leader", world.province.pk)}
    assert refused(services.set_rights, actor=world.owner, rights={world.owner: kept}) == "own_rights"


def test_an_account_is_managed_when_all_of_it_lies_inside_the_scope(world):
    abroad = make_person("Bùi Thị Thử", world.other)
    inside = make_user("trong", world.department, Role.LEADER)
    make_user("ngoai", world.department, Role.LEADER, person=abroad)
    both = make_user("hai", world.department, Role.LEADER)
    Grant.objects.create(user=both, role=Role.LEADER, unit=world.other)
    User.objects.create(username="khong")
    names = set(accounts_managed_by(world.owner).values_list("username", flat=True))
    assert names == {"owner", "secretary", "leader", inside.username}
    assert set(accounts_managed_by(world.secretary)) == set()
    everybody = set(accounts_managed_by(world.admin).values_list("username", flat=True))
    assert everybody == names | {"stranger", "outsider", "admin", "ngoai", "hai", "khong"}


def test_one_person_has_one_account(world):
    person = make_person("Đàm Văn Mẫu", world.department, email="mau@stp.example")
    services.save_accounts(actor=world.owner, accounts=[User(username="mau", person=person)])
    second = [User(username="mau2", person=Person.objects.get())]
    assert refused(services.save_accounts, actor=world.owner, accounts=second) == "person_has_account"
    account = User.objects.get(username="mau")
    assert (account.first_name, account.has_usable_password()) == ("Đàm Văn Mẫu", False)
