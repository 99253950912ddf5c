"""Somebody changes a meeting: who gets which mail with which numbers (pure)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meetings.invitations.facts import CANCEL, INVITE, MOVE, UPDATE, WITHDRAW
from meetings.invitations.rules import Seat, Step, Told, cancellation, next_stamp, plan
from tests.meetings.invitations.given import END, START, facts

AN = Seat(key="an@x.example", address="An@x.example", name="An")
BINH = Seat(key="binh@x.example", address="binh@x.example", name="Bình", place="Phòng 1, điểm cầu Xã Gia Cát")
NOW = datetime(2026, 11, 21, 3, 4, 5, 678, tzinfo=UTC)


def told(seat: Seat, *, sequence: int = 0, partstat: str = "ACCEPTED", live: bool = True) -> Told:
    return Told(seat=seat, sequence=sequence, partstat=partstat, live=live)


def test_everybody_is_invited_once():
    assert plan(old=None, new=facts(), told=[], wanted=[AN, BINH], floor=0) == [
        Step(INVITE, AN, 0, "NEEDS-ACTION"),
        Step(INVITE, BINH, 0, "NEEDS-ACTION"),
    ]


def test_who_knows_all_of_it_hears_nothing():
    later = facts(stamp=NOW, before=(START, END))
    assert plan(old=facts(), new=later, told=[told(AN), told(BINH)], wanted=[AN, BINH], floor=0) == []


@pytest.mark.parametrize("change", [{"start": START - timedelta(hours=1)}, {"end": END + timedelta(hours=1)}])
def test_another_hour_raises_the_sequence_and_asks_anew(change):
    steps = plan(old=facts(), new=facts(**change), told=[told(AN, sequence=4)], wanted=[AN], floor=1)
    assert steps == [Step(MOVE, AN, 5, "NEEDS-ACTION")]


def test_the_sequence_is_never_below_the_conferences_own():
    later = facts(end=END + timedelta(hours=1))
    assert plan(old=facts(), new=later, told=[told(AN)], wanted=[AN, BINH], floor=7) == [
        Step(MOVE, AN, 7, "NEEDS-ACTION"),
        Step(INVITE, BINH, 7, "NEEDS-ACTION"),
    ]


@pytest.mark.parametrize(
    "change", [{"title": "Khác"}, {"agenda": ()}, {"chair": "Khác"}, {"notes": ""}, {"secret": True}]
)
def test_other_words_keep_the_sequence_and_the_answer(change):
    steps = plan(old=facts(), new=facts(**change), told=[told(AN, sequence=2)], wanted=[AN], floor=2)
    assert steps == [Step(UPDATE, AN, 2, "ACCEPTED")]


def test_another_host_room_concerns_those_who_sit_there():
    later = facts(hosted_at="Hội trường, điểm cầu UBND tỉnh Lạng Sơn")
    steps = plan(old=facts(), new=later, told=[told(AN), told(BINH)], wanted=[AN, BINH], floor=0)
    assert steps == [Step(UPDATE, AN, 1, "ACCEPTED"), Step(UPDATE, BINH, 0, "ACCEPTED")]


def test_another_room_of_one_site_concerns_its_guests_alone():
    moved = replace(BINH, place="Phòng 2, điểm cầu Xã Gia Cát")
    steps = plan(old=facts(), new=facts(), told=[told(AN), told(BINH)], wanted=[AN, moved], floor=0)
    assert steps == [Step(UPDATE, moved, 1, "ACCEPTED")]


def test_the_same_person_entered_again_hears_nothing():
    again = replace(AN, participant=99, address="an@x.example")
    assert plan(old=facts(), new=facts(), told=[told(AN)], wanted=[again], floor=0) == []


def test_a_newcomer_alone_gets_a_mail():
    steps = plan(old=facts(), new=facts(), told=[told(AN)], wanted=[AN, BINH], floor=0)
    assert steps == [Step(INVITE, BINH, 0, "NEEDS-ACTION")]


def test_who_is_taken_off_alone_gets_a_cancellation():
    steps = plan(old=facts(), new=facts(), told=[told(AN), told(BINH, sequence=3)], wanted=[AN], floor=0)
    assert steps == [Step(WITHDRAW, BINH, 4, "ACCEPTED")]


def test_who_was_taken_off_hears_nothing_more_until_invited_again():
    off = told(BINH, sequence=4, live=False)
    assert plan(old=facts(), new=facts(title="Khác"), told=[off], wanted=[], floor=0) == []
    assert plan(old=facts(), new=facts(), told=[off], wanted=[BINH], floor=0) == [Step(INVITE, BINH, 5, "NEEDS-ACTION")]


def test_a_cancellation_reaches_everybody_who_still_believes_in_it():
    off = told(BINH, sequence=4, live=False)
    assert cancellation([told(AN, sequence=1), off], floor=2) == [Step(CANCEL, AN, 2, "ACCEPTED")]
    assert cancellation([told(AN, sequence=6)], floor=2) == [Step(CANCEL, AN, 7, "ACCEPTED")]


def test_the_stamp_rises_by_whole_seconds():
    second = NOW.replace(microsecond=0)
    assert next_stamp(None, NOW) == second
    assert next_stamp(second, NOW) == second + timedelta(seconds=1)
    assert next_stamp(second + timedelta(seconds=9), NOW) == second + timedelta(seconds=10)
    assert next_stamp(second - timedelta(days=1), NOW) == second
