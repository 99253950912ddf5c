"""Each participant's own way in: it leads to the bridge, opens in time, and stops when they are no longer invited."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client

from backend.audit.models import Entry
from meetings.scheduling.bridge_models import JoinLink
from meetings.scheduling.models import Conference
from tests.meetings.scheduling.bridges.conftest import at, call_all

KEY = "khoa-ky-thu-nghiem-0123456789-abcdef"
OPEN = "2026-11-25T07:30:00+07:00"


def links(access, user, made) -> dict[str, str]:
    return {way["name"]: urlsplit(way["url"]).path for way in access(user, made)["links"]}


def visit(path: str):
    return Client().get(path)


def is_gone(path: str) -> bool:
    answer = visit(path)
    return answer.status_code == 404 and b"This link leads nowhere" in answer.content


def path(made, act=""):
    return f"/api/v1/conferences/{made['id']}/{act}"


def link_path(made, participant: int, act: str) -> str:
    return path(made, f"links/{participant}/{act}/")


def participants(api, user, made) -> dict[str, int]:
    return {p["name"]: p["id"] for p in api(user).get(path(made)).json()["participants"]}


@pytest.fixture
def jitsi(set_up):
    return set_up("jitsi", url="https://meet.langson.example", app_id="caunoi", key=KEY)


def test_everybody_has_a_link_of_their_own_and_sees_no_others(world, jitsi, book, access):
    made = book()
    found = links(access, world.leader, made)
    assert sorted(found) == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert len(set(found.values())) == 2
    own = access(world.an_user, made)
    assert urlsplit(own["join_url"]).path == found["Nguyễn Văn An"]
    assert own["links"] == []
    assert access(world.leader, made)["join_url"] == ""


def test_an_outsider_learns_nothing(api, world, jitsi, book):
    made = book()
    assert api(world.outsider).get(path(made, "access/")).status_code == 404


def test_it_leads_to_the_persons_own_way_in(clock, world, jitsi, book, access):
    made = book()
    at(clock, OPEN)
    answer = visit(links(access, world.leader, made)["Nguyễn Văn An"])
    assert (answer.status_code, answer["Cache-Control"], answer["Referrer-Policy"]) == (302, "no-store", "no-referrer")
    assert answer["Location"].startswith("https://meet.langson.example/hn-2026-")
    [token] = parse_qs(urlsplit(answer["Location"]).query)["jwt"]
    user = jwt.decode(token, KEY, algorithms=["HS256"], audience="caunoi")["context"]["user"]
    assert (user["name"], user["moderator"]) == ("Nguyễn Văn An", True)  # the chair


def test_it_leads_to_a_meeting_that_its_server_has_forgotten(clock, world, on_bbb, book, access):
    made = book()
    call_all()
    on_bbb.meetings.clear()  # the server was restarted
    at(clock, OPEN)
    answer = visit(links(access, world.leader, made)["Trần Thị Bình"])
    assert answer["Location"].startswith(f"{on_bbb.url}api/join?fullName=Tr%E1%BA%A7n")
    assert (len(on_bbb.meetings), on_bbb.names()) == (1, ["create", "create"])


def test_a_bridge_that_is_away_is_said_and_may_be_tried_again(clock, world, on_bbb, book, access):
    made = book()
    on_bbb.answers += [(500, "")]
    at(clock, OPEN)
    link = links(access, world.leader, made)["Nguyễn Văn An"]
    answer = visit(link)
    assert answer.status_code == 503
    assert b"The conference system does not answer" in answer.content
    assert visit(link).status_code == 302


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-11-25T06:59:00+07:00", 200),
        ("2026-11-25T07:00:00+07:00", 302),
        ("2026-11-25T10:59:00+07:00", 302),
        ("2026-11-25T11:00:00+07:00", 404),
    ],
)
def test_it_opens_an_hour_before_and_closes_an_hour_after(clock, world, jitsi, book, access, moment, status):
    link = links(access, world.leader, book())["Nguyễn Văn An"]
    at(clock, moment)
    answer = visit(link)
    assert answer.status_code == status
    if status == 200:
        assert b"This link opens at 07:00 25/11/2026" in answer.content


def test_looking_ahead_enters_nobody(clock, world, on_bbb, book, access):
    made = book()
    at(clock, OPEN)
    answer = Client().head(links(access, world.leader, made)["Nguyễn Văn An"])
    assert (answer.status_code, on_bbb.names()) == (200, [])


def test_where_one_dials_the_page_says_what(clock, world, set_up, book, access):
    set_up("dial", sip="mcu.langson.example", number="8001", pin="4321")
    made = book()
    call_all()
    at(clock, OPEN)
    text = visit(links(access, world.leader, made)["Nguyễn Văn An"]).content.decode()
    assert "8001@mcu.langson.example" in text
    assert "4321" in text


def test_a_removed_participants_link_stops_and_the_others_stay(clock, api, world, jitsi, book, access):
    made = book()
    before = links(access, world.leader, made)
    changed = api(world.leader).patch(path(made), {"participants": []}, format="json")
    assert changed.status_code == 200
    at(clock, OPEN)
    assert is_gone(before["Trần Thị Bình"])
    assert visit(before["Nguyễn Văn An"]).status_code == 302


def test_a_newcomer_gets_one_too(api, world, jitsi, book, access):
    made = book(participants=[])
    before = links(access, world.leader, made)
    api(world.leader).patch(path(made), {"participants": [{"person": world.binh.pk}]}, format="json")
    after = links(access, world.leader, made)
    assert (sorted(after), after["Nguyễn Văn An"]) == (["Nguyễn Văn An", "Trần Thị Bình"], before["Nguyễn Văn An"])


@pytest.mark.parametrize("act", ["cancel", "secret"])
def test_nobody_gets_into_what_is_cancelled_or_has_become_secret(clock, api, world, jitsi, book, access, act):
    made = book()
    found = links(access, world.leader, made)
    if act == "cancel":
        api(world.leader).post(path(made, "cancel/"), {"reason": "Hoãn"}, format="json")
    else:
        Conference.objects.filter(pk=made["id"]).update(secrecy="secret")
    at(clock, OPEN)
    assert [is_gone(link) for link in found.values()] == [True, True]


@pytest.mark.parametrize("token", ["x", "a" * 32, "%27%20OR%201=1", "n" * 400])
def test_an_unknown_link_tells_nothing(db, token):
    assert is_gone(f"/join/{token}/")


def test_the_office_stops_one_link_and_gives_a_new_one(clock, api, world, jitsi, book, access):
    made = book()
    pk, old = participants(api, world.leader, made)["Nguyễn Văn An"], links(access, world.leader, made)
    stopped = api(world.secretary).post(link_path(made, pk, "stop"))
    assert [way["url"] == "" for way in stopped.json()["links"]] == [True, False]
    again = api(world.secretary).post(link_path(made, pk, "stop"))
    assert (again.status_code, again.json()["code"]) == (409, "no_link")
    api(world.leader).patch(path(made), {"notes": "Mang theo tài liệu"}, format="json")
    assert links(access, world.leader, made)["Nguyễn Văn An"] == ""  # an edit does not bring it back
    assert api(world.secretary).post(link_path(made, pk, "renew")).status_code == 200
    new = links(access, world.leader, made)
    at(clock, OPEN)
    assert is_gone(old["Nguyễn Văn An"])
    assert visit(new["Nguyễn Văn An"]).status_code == 302
    assert visit(new["Trần Thị Bình"]).status_code == 302
    acts = list(Entry.objects.filter(act__startswith="conference.link").order_by("id").values_list("act", "after"))
    assert acts == [("conference.link_stop", {"participant": pk}), ("conference.link_renew", {"participant": pk})]


def test_only_the_convening_office_stops_links(api, world, jitsi, book):
    made = book()
    pk = participants(api, world.leader, made)["Nguyễn Văn An"]
    assert api(world.outsider).post(link_path(made, pk, "stop")).status_code == 404
    assert api(world.an_user).post(link_path(made, pk, "stop")).status_code == 403
    assert JoinLink.objects.filter(stopped_at=None).count() == 2


def test_no_link_is_renewed_for_what_is_over(api, world, jitsi, book):
    made = book()
    pk = participants(api, world.leader, made)["Nguyễn Văn An"]
    api(world.leader).post(path(made, "cancel/"), {"reason": "Hoãn"}, format="json")
    answer = api(world.leader).post(link_path(made, pk, "renew"))
    assert (answer.status_code, answer.json()["code"]) == (409, "no_meeting")
