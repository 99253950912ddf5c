"""Decision 45 on plain values: which rule holds, what breaks it, what the remark says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.units.days import WorkingDays
from meetings.scheduling.gate import Gate, Remark, Rule, blocks
from meetings.scheduling.gate_checks import Facts
from meetings.scheduling.gate_defaults import DEFAULTS

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 08:00 in Viet Nam; the Tuesday is a public holiday
ROOT, PROVINCE, COMMUNE = 1, 2, 3


def shipped(row: dict, unit: int = ROOT, **values) -> Rule:
    row = {"severity": "warning", "types": (), "amount": None, **row, **values}
    return Rule(
        row["check_code"], unit, row["effective_from"], row["severity"], row["article"], row["amount"],
        frozenset(row["types"]),
    )  # fmt: skip


def gate(*more: Rule, own: dict | None = None) -> Gate:
    return Gate((ROOT, PROVINCE), [*map(shipped, DEFAULTS), *more], WorkingDays(own or {}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def facts(type_: str = "working", start: str = "2026-11-30T08:00", end: str = "2026-11-30T10:00", **values) -> Facts:
    return Facts(type=type_, start=at(start), end=at(end), **values)


def codes(remarks: list[Remark]) -> list[str]:
    return [remark.code for remark in remarks]


def test_a_whole_request_has_no_remark():
    assert gate().remarks(facts(), NOW) == []


def test_a_bare_request_is_told_everything_it_lacks():
    bare = facts("review", attendees=False, agenda=False, requirements=False, contact=False, chair=False)
    assert codes(gate().remarks(bare, NOW)) == ["papers", "chair", "attendees", "agenda", "requirements", "contact"]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-11-25", ["notice"]),  # Monday, then a holiday: one working day
        ("2026-11-26", ["notice"]),
        ("2026-11-27", []),  # Monday, Wednesday, Thursday
    ],
)
def test_notice_counts_working_days_before_the_day(day, found):
    assert codes(gate().remarks(facts(start=f"{day}T08:00", end=f"{day}T10:00"), NOW)) == found


def test_a_remark_names_the_article_the_last_day_and_the_first_day_that_keeps_the_rule():
    remark = gate().remarks(facts(start="2026-11-25T08:00", end="2026-11-25T10:00"), NOW)[0]
    assert (remark.code, remark.severity, remark.field) == ("notice", "warning", "start")
    assert remark.article == "Quy định về giấy mời họp, Quyết định 45/2018/QĐ-TTg"
    assert remark.text == (
        "Invitations leave at least 3 working days before, so by 19/11/2026 here. First day that keeps this: "
        "27/11/2026. An unscheduled conference needs no notice, but the name of who decided on it."
    )


def test_a_swapped_day_of_the_office_moves_the_notice():
    early = facts(start="2026-11-26T08:00", end="2026-11-26T10:00")
    assert codes(gate(own={date(2026, 11, 24): True}).remarks(early, NOW)) == []
    late = facts(start="2026-11-27T08:00", end="2026-11-27T10:00")
    assert codes(gate(own={date(2026, 11, 25): False}).remarks(late, NOW)) == ["notice"]


def test_what_was_announced_in_time_stays_in_time():
    soon = facts(start="2026-11-25T08:00", end="2026-11-25T10:00", announced=date(2026, 11, 19))
    assert gate().remarks(soon, NOW) == []
    assert codes(gate().remarks(replace(soon, announced=date(2026, 11, 20)), NOW)) == ["notice"]


def test_an_unscheduled_one_needs_no_notice_but_a_named_decider():
    soon = facts("briefing", "2026-11-24T08:00", "2026-11-24T10:00", unscheduled=True)
    remarks = gate().remarks(soon, NOW)
    assert [(r.code, r.severity, r.field) for r in remarks] == [("decider", "block", "decided_by")]
    assert gate().remarks(replace(soon, decided_by=True), NOW) == []


@pytest.mark.parametrize("type_", ["committee_session", "reception", "press", "international"])
def test_an_exempt_type_is_told_nothing(type_):
    bare = facts(type_, "2026-11-24T08:00", "2026-11-29T18:00", agenda=False, unscheduled=True)
    assert gate().remarks(bare, NOW) == []


@pytest.mark.parametrize(
    ("type_", "start", "end", "found"),
    [
        ("briefing", "2026-11-30T07:30", "2026-11-30T11:30", []),
        ("briefing", "2026-11-30T07:30", "2026-11-30T11:31", ["longest"]),
        ("coordination", "2026-11-30T08:00", "2026-11-30T14:00", ["longest"]),
        ("thematic", "2026-11-30T07:00", "2026-11-30T17:30", []),  # a midday break does not count
        ("thematic", "2026-11-30T08:00", "2026-12-01T09:00", ["longest"]),
        ("training", "2026-11-30T08:00", "2026-12-01T17:00", []),
        ("training", "2026-11-30T08:00", "2026-12-02T10:00", ["longest"]),
        ("ceremony", "2026-11-30T08:00", "2026-12-05T10:00", []),
    ],
)
def test_the_longest_time_depends_on_the_type(type_, start, end, found):
    assert codes(gate().remarks(facts(type_, start, end, papers_on=date(2026, 11, 20)), NOW)) == found


def test_a_day_off_is_named_with_the_next_working_day():
    remark = gate().remarks(facts(start="2027-02-05T08:00", end="2027-02-05T10:00"), NOW)[0]
    assert (remark.code, remark.text) == ("day_off", "05/02/2027 is no working day; the next one is 11/02/2027.")


@pytest.mark.parametrize(
    ("papers_on", "found"),
    [(None, ["papers"]), (date(2026, 11, 25), []), (date(2026, 11, 26), ["papers"])],
)
def test_papers_of_a_periodic_meeting_are_sent_in_time(papers_on, found):
    assert codes(gate().remarks(facts("briefing", papers_on=papers_on), NOW)) == found
    assert codes(gate().remarks(facts("briefing", papers_on=papers_on, secret=True), NOW)) == []
    assert codes(gate().remarks(facts("working", papers_on=papers_on), NOW)) == []


def rule(amount: int, unit: int = ROOT, since: str = "2018-12-25", severity: str = "warning", *types: str) -> Rule:
    return Rule("notice", unit, date.fromisoformat(since), severity, "Điều", amount, frozenset(types))


@pytest.mark.parametrize(
    ("rules", "amount"),
    [
        ([rule(3)], 3),
        ([rule(3), rule(4, since="2026-11-30")], 4),
        ([rule(3), rule(4, since="2026-12-01")], 3),  # not yet
        ([rule(4, since="2026-01-01"), rule(5, ROOT, "2018-12-25", "warning", "working")], 5),  # names the type
        ([rule(4, since="2026-01-01"), rule(5, ROOT, "2018-12-25", "warning", "training")], 4),
        ([rule(5, ROOT, "2026-01-01", "warning", "working"), rule(2, PROVINCE)], 2),  # the nearest unit
        ([rule(3), rule(2, COMMUNE)], 3),  # another unit's
        ([rule(3), rule(3, PROVINCE, severity="off")], None),
    ],
)
def test_the_nearest_the_most_precise_the_youngest_rule_holds(rules, amount):
    for order in (rules, rules[::-1]):
        held = Gate((ROOT, PROVINCE), order, WorkingDays()).in_force("working", date(2026, 11, 30)).get("notice")
        assert (held.amount if held else None) == amount


def test_blocks_come_first_and_those_that_stood_are_let_through():
    strict = gate(rule(3, PROVINCE, severity="block"))
    remarks = strict.remarks(facts(start="2026-11-25T08:00", end="2026-11-25T14:00", agenda=False), NOW)
    assert codes(remarks) == ["notice", "longest", "agenda"]
    assert codes(blocks(remarks)) == ["notice"]
    assert blocks(remarks, besides=remarks) == []


@pytest.mark.parametrize(
    ("type_", "end", "due"),
    [
        ("working", "2026-11-20T11:00", date(2026, 11, 30)),  # a Friday; the 24th is a holiday
        ("working", "2026-02-12T17:00", date(2026, 2, 26)),  # across Tết
        ("working", "2026-08-20T17:00", date(2026, 8, 26)),  # a Saturday that is worked counts
        ("training", "2026-11-20T11:00", None),
        ("committee_session", "2026-11-20T11:00", None),
        ("working", "2018-12-20T11:00", None),  # before the Decision
    ],
)
def test_the_conclusion_is_due_five_working_days_after_the_end(type_, end, due):
    assert gate().conclusion_due(type_, at(end)) == due


@given(days=st.integers(0, 60), amount=st.integers(1, 15), own=st.dictionaries(
    st.dates(date(2026, 11, 1), date(2027, 3, 1)), st.booleans(), max_size=15))  # fmt: skip
def test_the_offered_first_day_keeps_the_rule_and_no_earlier_working_day_does(days, amount, own):
    """Against a plain count of the working days from today to the day before."""
    calendar, today = WorkingDays(own), date(2026, 11, 23)
    held = Gate((ROOT,), [rule(amount)], calendar)
    day = today + timedelta(days=days)
    counted = sum(calendar.works(today + timedelta(days=i)) for i in range(days))
    found = held.remarks(facts(start=f"{day}T08:00", end=f"{day}T10:00"), NOW)
    assert bool(found) == (counted < amount)
    if found:
        number, month, year = found[0].text.split("keeps this: ")[1][:10].split("/")
        first = date(int(year), int(month), int(number))
        assert calendar.works(first)
        assert held.remarks(facts(start=f"{first}T08:00", end=f"{first}T10:00"), NOW) == []
