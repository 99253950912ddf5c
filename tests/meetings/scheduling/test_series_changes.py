"""Changing one date of a series, this and the following, or all; and a conference once more."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.audit.models import Entry
from backend.reservations.models import Hold, Reservation
from meetings.scheduling.models import Conference, Series
from tests.factories import NOW, World, make_person, make_user, make_world
from tests.meetings.scheduling.test_series import FIRST, URL, WEEK, body, book_one

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def dates(api, world) -> list[int]:
    """The conferences of four Wednesdays, 08:00 to 10:00."""
    made = api(world.secretary).post(URL, body(world), format="json").json()
    return [row["conference"] for row in made["dates"]]


def post(client, pk: int, act: str, **values):
    return client.post(f"/api/v1/conferences/{pk}/{act}/", values, format="json")


def hours() -> list[tuple]:
    """Start and end of each conference, as local text, in the order of booking."""
    rows = Conference.objects.order_by("pk").values_list("start", "end")
    return [(f"{start + 7 * HOUR:%d/%m %H:%M}", f"{end + 7 * HOUR:%H:%M}") for start, end in rows]


def held() -> set[tuple]:
    return {(r.holder_id, r.during.lower, r.during.upper) for r in Reservation.objects.all()}


def standing() -> set[tuple]:
    return set(Conference.objects.filter(status="approved").values_list("pk", "start", "end"))


def rules_() -> list[tuple]:
    return [(s.rule, s.first_day, s.clock.isoformat("minutes")) for s in Series.objects.order_by("pk")]


def test_one_date_moves_by_itself(api, world, dates):
    moved = post(
        api(world.secretary), dates[1], "reschedule", start="2026-12-03T14:00:00+07:00", end="2026-12-03T15:00:00+07:00"
    )
    assert moved.status_code == 200, moved.json()
    assert moved.json()["occurrence"] == "2026-12-02T08:00:00+07:00"
    assert hours()[:3] == [("25/11 08:00", "10:00"), ("03/12 14:00", "15:00"), ("09/12 08:00", "10:00")]
    assert rules_() == [("FREQ=WEEKLY;COUNT=4", date(2026, 11, 25), "08:00")]


def test_all_dates_move_with_their_rule(api, world, dates):
    moved = post(
        api(world.secretary), dates[1], "reschedule", scope="all",
        start="2026-12-03T14:00:00+07:00", end="2026-12-03T15:00:00+07:00",
    )  # fmt: skip
    assert moved.status_code == 200, moved.json()
    assert (moved.json()["affected"], moved.json()["left_out"], moved.json()["sequence"]) == (dates, [], 1)
    assert hours() == [(f"{day} 14:00", "15:00") for day in ("26/11", "03/12", "10/12", "17/12")]
    assert rules_() == [("FREQ=WEEKLY;COUNT=4", date(2026, 11, 26), "14:00")]
    assert held() == standing()
    assert set(Conference.objects.values_list("version", flat=True)) == {2}
    moves = Entry.objects.filter(act="conference.reschedule").order_by("subject_id")
    assert [entry.before["start"] for entry in moves] == [(FIRST + n * WEEK).isoformat() for n in range(4)]


def test_this_and_the_following_become_a_series_of_their_own(api, world, dates):
    agenda = [{"start": "2026-12-09T08:00:00+07:00", "end": "2026-12-09T09:00:00+07:00", "title": "Khai mạc"}]
    client = api(world.secretary)
    assert client.patch(f"/api/v1/conferences/{dates[2]}/", {"agenda": agenda}, format="json").status_code == 200
    moved = post(
        client, dates[2], "reschedule", scope="following",
        start="2026-12-09T09:00:00+07:00", end="2026-12-09T09:30:00+07:00",
    )  # fmt: skip
    assert moved.json()["affected"] == dates[2:]
    assert hours() == [
        ("25/11 08:00", "10:00"),
        ("02/12 08:00", "10:00"),
        ("09/12 09:00", "09:30"),
        ("16/12 09:00", "09:30"),
    ]
    assert rules_() == [
        ("FREQ=WEEKLY;UNTIL=20261208T165959Z", date(2026, 11, 25), "08:00"),
        ("FREQ=WEEKLY;COUNT=2", date(2026, 12, 9), "09:00"),
    ]
    point = Conference.objects.get(pk=dates[2]).agenda.get()
    assert (point.start, point.end) == (FIRST + 2 * WEEK + HOUR, FIRST + 2 * WEEK + HOUR * 1.5)
    assert held() == standing()


def test_a_move_that_one_date_cannot_make_changes_nothing(api, world, dates):
    other = book_one(api(world.secretary), world, "2026-12-16T14:00:00+07:00", "2026-12-16T15:00:00+07:00")
    before = (hours(), held(), rules_())
    moved = post(
        api(world.secretary), dates[0], "reschedule", scope="all",
        start="2026-11-25T14:00:00+07:00", end="2026-11-25T16:00:00+07:00",
    )  # fmt: skip
    assert (moved.status_code, moved.json()["code"]) == (409, "conflict")
    assert [c["held_by"] for c in moved.json()["conflicts"]] == [f"{other['code']} · Tiếp công dân"]
    assert "Phòng họp Xã 1 (Xã 1) (16/12/2026)" in moved.json()["detail"]
    assert (hours(), held(), rules_()) == before


@pytest.mark.parametrize(
    ("rule", "times", "code", "field"),
    [
        ("FREQ=MONTHLY;BYDAY=4WE;COUNT=3", ("2026-11-26T08:00", "2026-11-26T10:00"), "rule_names_days", "start"),
        ("FREQ=WEEKLY;COUNT=3", ("2026-11-25T10:00", "2026-11-25T08:00"), "end_before_start", "end"),
        ("FREQ=DAILY;COUNT=3", ("2026-11-25T08:00", "2026-11-26T09:00"), "dates_overlap", "end"),
        ("FREQ=WEEKLY;COUNT=3", ("2026-11-18T08:00", "2026-11-18T09:00"), "in_the_past", "start"),
    ],
)
def test_a_move_that_is_none(api, world, rule, times, code, field):
    client = api(world.secretary)
    made = client.post(URL, body(world, rule=rule), format="json").json()
    before = (hours(), held(), rules_())
    start, end = (f"{text}:00+07:00" for text in times)
    moved = post(client, made["dates"][0]["conference"], "reschedule", scope="all", start=start, end=end)
    assert (moved.status_code, moved.json()["code"], list(moved.json()["errors"])) == (400, code, [field])
    assert (hours(), held(), rules_()) == before


def test_what_is_live_or_over_stays_and_is_named(api, world, dates):
    Conference.objects.filter(pk=dates[0]).update(status="ended")
    gone = post(api(world.secretary), dates[1], "cancel", scope="all", reason="Nghỉ")
    assert (gone.json()["affected"], gone.json()["left_out"]) == (dates[1:], [dates[0]])
    assert list(Conference.objects.order_by("pk").values_list("status", flat=True)) == ["ended"] + ["cancelled"] * 3
    assert {holder for holder, _start, _end in held()} == {dates[0]}
    again = post(api(world.secretary), dates[1], "cancel", scope="all", reason="Nghỉ")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


def test_a_whole_series_is_cancelled_at_its_own_address(api, world, dates):
    path = f"/api/v1/series/{Series.objects.get().pk}/cancel/"
    assert api(world.outsider).post(path, {"reason": "Nghỉ"}, format="json").status_code == 404
    gone = api(world.leader).post(path, {"reason": "Nghỉ"}, format="json")
    assert {row["status"] for row in gone.json()["conferences"]} == {"cancelled"}
    assert (Reservation.objects.count(), Hold.objects.count()) == (0, 0)


def test_a_series_above_the_secretariats_scope_is_approved_or_returned_at_once(api, world):
    wish = body(world, sites=[site.pk for site in world.sites])
    made = api(world.secretary).post(URL, wish, format="json").json()
    assert made["status"] == "submitted"
    first = made["dates"][0]["conference"]
    assert post(api(world.secretary), first, "approve", scope="all").status_code == 403
    assert post(api(world.outsider), first, "approve", scope="all").status_code == 404
    assert set(Reservation.objects.values_list("expires_at", flat=True)) == {NOW + 48 * HOUR}
    back = post(api(world.leader), first, "return", scope="all", reason="Thiếu nội dung")
    assert (len(back.json()["affected"]), Reservation.objects.count()) == (4, 0)
    assert post(api(world.secretary), first, "submit", scope="all").json()["status"] == "submitted"
    assert post(api(world.leader), first, "approve", scope="all").json()["status"] == "approved"
    assert set(Conference.objects.values_list("status", "hold_until")) == {("approved", None)}
    assert set(Reservation.objects.values_list("expires_at", flat=True)) == {None}
    assert Reservation.objects.count() == 16


def test_a_date_that_waits_keeps_its_own_expiry_when_all_move(api, world):
    made = api(world.secretary).post(URL, body(world, sites=[site.pk for site in world.sites]), format="json").json()
    first = made["dates"][0]["conference"]
    assert post(api(world.leader), first, "approve").status_code == 200
    moved = post(
        api(world.leader), first, "reschedule", scope="all",
        start="2026-11-25T09:00:00+07:00", end="2026-11-25T10:00:00+07:00",
    )  # fmt: skip
    assert moved.status_code == 200
    until = dict(Reservation.objects.values_list("holder_id", "expires_at"))
    assert [until[row["conference"]] for row in made["dates"]] == [None] + [NOW + 48 * HOUR] * 3


def test_title_people_and_places_of_this_and_the_following(api, world, dates):
    stays, comes = (make_person(name, world.province, f"{n}@so.example") for n, name in enumerate(("Bùi Cũ", "Lê Mới")))
    client = api(world.secretary)
    one = client.patch(
        f"/api/v1/conferences/{dates[2]}/", {"participants": [{"person": stays.pk}]}, format="json"
    ).json()
    row = one["participants"][0]["id"]
    changed = client.patch(
        f"/api/v1/conferences/{dates[1]}/",
        {
            "scope": "following",
            "title": "Giao ban tháng",
            "participants": [{"person": stays.pk}, {"person": comes.pk}],
            "sites": [world.sites[1].pk],
        },
        format="json",
    )
    assert changed.status_code == 200, changed.json()
    assert changed.json()["affected"] == dates[1:]
    assert (
        list(Conference.objects.order_by("pk").values_list("title", flat=True))
        == ["Giao ban tuần"] + ["Giao ban tháng"] * 3
    )
    third = Conference.objects.get(pk=dates[2])
    assert [p.name for p in third.participants.all()] == ["Bùi Cũ", "Lê Mới"]
    assert third.participants.first().pk == row  # and with it the invitation
    assert [place.site_id for place in third.places.all()] == [world.sites[1].pk]
    assert sorted(Reservation.objects.values_list("holder_id", flat=True)) == sorted([dates[0]] * 3 + dates[1:])
    assert list(Conference.objects.order_by("pk").values_list("sequence", flat=True)) == [0, 1, 1, 1]
    assert len(rules_()) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": "2026-12-02T09:00:00+07:00"}, "start"),
        ({"secrecy": "secret"}, "secrecy"),
        ({"sites": [999]}, "sites"),
    ],
)
def test_what_several_dates_cannot_change_at_once(api, world, dates, change, field):
    answer = api(world.secretary).patch(f"/api/v1/conferences/{dates[1]}/", {"scope": "all", **change}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert len(rules_()) == 1


def test_who_sees_a_series_but_does_not_book_changes_nothing(api, world, dates):
    client = api(make_user("kitchen", world.province, "kitchen"))
    assert client.get(f"/api/v1/conferences/{dates[0]}/").status_code == 200
    times = {"start": "2026-11-25T09:00:00+07:00", "end": "2026-11-25T10:00:00+07:00"}
    acts = {"cancel": {"reason": "Nghỉ"}, "return": {"reason": "Nghỉ"}, "approve": {}, "reschedule": times}
    Conference.objects.filter(pk=dates[3]).update(status="submitted", hold_until=NOW + HOUR)
    answers = [post(client, dates[0], act, scope="all", **values) for act, values in acts.items()]
    answers += [client.patch(f"/api/v1/conferences/{dates[0]}/", {"scope": "all", "title": "x"}, format="json")]
    answers += [post(client, dates[0], "duplicate", start="2026-11-27T15:00:00+07:00")]
    assert [answer.status_code for answer in answers] == [403] * 6
    assert set(Conference.objects.values_list("version", flat=True)) == {1}


@pytest.mark.parametrize("count", [1, 3])
def test_reading_a_series_asks_as_often_for_one_date_as_for_three(api, world, django_assert_num_queries, count):
    client = api(world.secretary)
    made = client.post(URL, body(world, rule=f"FREQ=WEEKLY;COUNT={count}"), format="json").json()
    with django_assert_num_queries(5):
        shown = client.get(f"/api/v1/series/{made['id']}/").json()
    assert len(shown["conferences"]) == count


def test_a_conference_without_a_series_has_no_scope(api, world):
    made = book_one(api(world.secretary), world, "2026-12-09T08:00:00+07:00", "2026-12-09T09:30:00+07:00")
    answer = post(api(world.secretary), made["id"], "cancel", scope="all", reason="Nghỉ")
    assert (answer.status_code, answer.json()["code"]) == (400, "no_series")
    answer = post(api(world.secretary), made["id"], "cancel", scope="some", reason="Nghỉ")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["scope"])


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("cancel", {"reason": "Nghỉ"}),
        ("approve", {}),
        ("return", {"reason": "Nghỉ"}),
        ("reschedule", {"start": "2026-11-25T09:00:00+07:00", "end": "2026-11-25T10:00:00+07:00"}),
    ],
)
def test_no_more_queries_for_more_dates(api, world, act, values):
    """Of a series that is not approved: what higher parts do for each conference is theirs to count."""
    client, counts = api(world.leader), []
    for count, day in ((2, "2026-11-25"), (30, "2026-11-26")):
        wish = body(world, rule=f"FREQ=WEEKLY;COUNT={count}", sites=[site.pk for site in world.sites])
        wish |= {"start": f"{day}T08:00:00+07:00", "end": f"{day}T10:00:00+07:00"}
        made = api(world.secretary).post(URL, wish, format="json").json()
        given = {key: value.replace("2026-11-25", day) for key, value in values.items()}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = post(client, made["dates"][0]["conference"], act, scope="all", **given)
        assert len(answer.json()["affected"]) == count
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_copy_at_another_hour(api, world, dates):
    client = api(world.secretary)
    agenda = [{"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T09:00:00+07:00", "title": "Khai mạc"}]
    client.patch(f"/api/v1/conferences/{dates[0]}/", {"agenda": agenda}, format="json")
    copied = post(client, dates[0], "duplicate", start="2026-11-27T14:00:00+07:00")
    assert copied.status_code == 201, copied.json()
    made = Conference.objects.get(pk=copied.json()["id"])
    assert (made.title, made.series_id, made.occurrence) == ("Giao ban tuần", None, None)
    assert (made.start, made.end) == (FIRST + timedelta(days=2, hours=6), FIRST + timedelta(days=2, hours=8))
    assert made.agenda.get().start == made.start
    assert made.places.count() == 3
    taken = post(client, dates[0], "duplicate", start="2026-11-27T15:00:00+07:00")
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    assert post(api(world.outsider), dates[0], "duplicate", start="2026-11-27T15:00:00+07:00").status_code == 404
