"""Identity numbers: sealed at rest, masked on the way out, every full reading written down."""

import logging

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.db import connection

from backend.accounts.models import Role
from backend.audit.models import Entry
from backend.common import sealing
from guesthouse.stays.models import Member
from tests.factories import make_user
from tests.guesthouse.houses import ARRIVAL, DEPARTURE, make_delegation, make_stay

pytestmark = pytest.mark.django_db
URL = "/api/v1/delegations/"
NUMBER = "020095001234"


@pytest.fixture
def member(api, place) -> Member:
    people = [{"name": "Nguyễn Văn Mẫu", "identity_number": NUMBER}]
    body = {"name": "Đoàn Mẫu", "arrival": ARRIVAL, "departure": DEPARTURE, "members": people}
    answer = api(place.clerk).post(URL, body, format="json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 201, answer.json()
    return Member.objects.get()


def address(member: Member) -> str:
    return f"{URL}{member.delegation_id}/members/{member.pk}/identity/"


def every_cell() -> str:
    """Everything that the database of this test holds, as text."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            found += [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT encode(identity_sealed, 'escape') FROM guesthouse_stays_member")
        found += [str(row[0]) for row in cursor.fetchall()]
    return "\n".join(found)


def test_it_is_in_clear_nowhere(api, place, member, caplog):
    caplog.set_level(logging.DEBUG)
    client, url = api(place.clerk), f"{URL}{member.delegation_id}/"
    shown = [client.get(url), client.get(URL), client.patch(url, {"notes": "x"}, format="json")]
    client.post(address(member))
    assert shown[0].json()["members"][0]["identity_number"] == "•••••••••234"
    assert NUMBER not in "".join(answer.content.decode() for answer in shown)
    cells = every_cell()
    assert "Nguyễn Văn Mẫu" in cells
    assert (NUMBER in cells, NUMBER.encode().hex() in cells) == (False, False)
    assert NUMBER not in caplog.text
    assert NUMBER not in repr(place.clerk) + repr(member) + str(Entry.objects.values_list("before", "after"))


def test_reading_it_is_written_down(api, place, member):
    answer = api(place.clerk).post(address(member))
    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (
        200,
        {"identity_number": NUMBER},
        "no-store",
    )
    entry = Entry.objects.get(act="member.read_identity")
    assert (entry.actor, entry.subject_kind, entry.subject_id, entry.unit_id, entry.after) == (
        place.clerk,
        "member",
        member.pk,
        place.world.province.pk,
        {"delegation": member.delegation_id},
    )


def test_only_who_needs_it_reads_it(api, place, member):
    answers = {
        user.username: api(user).post(address(member)).status_code
        for user in (place.clerk, place.colleague, place.world.leader, place.world.admin, place.outsider, place.cook)
    }
    assert answers == {"clerk": 200, "secretary": 200, "leader": 403, "admin": 403, "outsider": 404, "cook": 404}
    assert api(place.clerk).get(address(member)).status_code == 405
    assert Entry.objects.filter(act="member.read_identity").count() == 2


def test_the_house_reads_it_of_a_delegation_that_stays_there(api, place):
    office = place.world.localities[0]
    host = make_user("commune", office, Role.SECRETARIAT)
    make_user("inside", place.house.unit, Role.GUESTHOUSE)
    delegation = make_delegation(place, actor=host, members=1)
    make_stay(place, delegation)
    assert api(place.clerk).post(address(delegation.members.get())).json()["code"] == "no_identity_number"


def test_a_masked_number_that_comes_back_leaves_what_stands(api, place, member):
    url, client = f"{URL}{member.delegation_id}/", api(place.clerk)
    members = client.get(url).json()["members"]
    assert client.patch(url, {"members": members}, format="json").status_code == 200
    assert client.post(address(member)).json() == {"identity_number": NUMBER}
    new = client.patch(url, {"members": [*members, {"name": "Mẫu", "identity_number": "•••••••••234"}]}, format="json")
    assert (new.status_code, list(new.json()["errors"])) == (400, ["members.1.identity_number"])


def test_it_is_changed_and_erased(api, place, member):
    url, client = f"{URL}{member.delegation_id}/", api(place.clerk)
    change = {"members": [{"id": member.pk, "identity_number": "B 123.4567"}]}
    assert client.patch(url, change, format="json").json()["members"][0]["identity_number"] == "•••••••••567"
    assert client.post(address(member)).json() == {"identity_number": "B1234567"}
    erase = {"members": [{"id": member.pk, "identity_number": ""}]}
    assert client.patch(url, erase, format="json").json()["members"][0]["identity_number"] == ""
    assert client.post(address(member)).status_code == 404
    row = Member.objects.values_list("identity_sealed", "identity_tail").get()
    assert row == (None, "")


@pytest.mark.parametrize("number", ["12345", "02009500123", "0200950012345", "ABCDEFG", "02009500123a", "٠٢٠٠٩٥٠٠١٢٣٤"])
def test_a_wrong_form_is_refused_without_repeating_it(api, place, number):
    people = [{"name": "Mẫu", "identity_number": number}]
    body = {"name": "Đoàn Mẫu", "arrival": ARRIVAL, "departure": DEPARTURE, "members": people}
    answer = api(place.clerk).post(URL, body, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["members.0.identity_number"])
    assert number not in answer.content.decode()


def test_the_same_number_twice_in_one_delegation_is_refused(api, place):
    people = [
        {"name": "Mẫu Một", "identity_number": NUMBER},
        {"name": "Mẫu Hai", "identity_number": NUMBER[:6] + " 001234"},
    ]
    body = {"name": "Đoàn Mẫu", "arrival": ARRIVAL, "departure": DEPARTURE, "members": people}
    answer = api(place.clerk).post(URL, body, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["members.1.identity_number"])
    assert Member.objects.count() == 0


def test_an_old_key_still_opens_and_the_new_one_seals(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEY = old
    token = sealing.seal(NUMBER)
    settings.FIELD_KEY = f"{new},{old}"
    assert sealing.unseal(token) == NUMBER
    assert Fernet(new).decrypt(sealing.seal(NUMBER)).decode() == NUMBER
