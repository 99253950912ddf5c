"""From the booking over every site to its cancellation, in browsers, by mail and by chat, on both maps of the land."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from backend.common.periods import VIETNAM
from backend.runner import assistant
from backend.runner.python310 import find_python
from tests.service import Client, Service, running, wait_until
from tests.story.cast import Cast, cast
from tests.story.mailbox import Mailbox, Told, mailbox

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(600)]

TITLE = "Hội nghị trực tuyến quý IV"
TAKEN_BY = "Hội nghị trực tuyến của Chính phủ với tỉnh về giải ngân vốn đầu tư công"  # of the demo; tomorrow afternoon
GROUP = "Lãnh đạo UBND tỉnh"
GUESTS = 30
DELEGATION = 24
PROBE_ROUND_S = 5  # of the line that is watched closely; the office measures each half minute
OTHERS = (
    "Hoàng Thử Nghiệm; thu.nghiem@bo.example; Vụ trưởng",
    "Lý Ví Dụ; vi.du@bo.example; Chuyên viên chính",
    "Nông Văn Mẫu; van.mau@bo.example",
)


@dataclass
class Story:
    """What has been told so far. `client` asks the API as the secretariat."""

    service: Service
    cast: Cast
    mails: Mailbox
    client: Client
    conference: int = 0
    delegation: int = 0

    @property
    def path(self) -> str:
        return f"/conferences/{self.conference}/"

    def facts(self) -> dict:
        """The conference as the API tells it."""
        facts: dict = self.client.get(f"/api/v1{self.path}").json()
        return facts


@pytest.mark.parametrize("demo", ["2020", "2025"])
def test_the_story(demo: str, browser: Browser) -> None:
    missing = what_the_assistant_lacks()
    if missing and os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(missing)
    with told(demo, browser, talks=not missing) as story:
        line = {} if missing else watch_a_line_closely(story)
        sites = story.client.all("/api/v1/sites/")
        book_over_every_site(story, sites)
        approve(story)
        first = everybody_is_invited(story)
        receive_the_delegation(story)
        if not missing:
            the_assistant_knows_a_cut_line(story, line)
        moved = move(story, first)
        call_it_off(story, moved)
        everything_is_free_again(story, [first[0].start, moved[0].start])
    if missing:
        pytest.skip(f"told without the assistant: {missing}")


def what_the_assistant_lacks() -> str:
    if assistant.PYTHON.exists() or find_python(download=False):
        return ""
    return "there is neither .venv-bot nor a Python 3.10 to make it with"


@contextmanager
def told(demo: str, browser: Browser, *, talks: bool) -> Iterator[Story]:
    with mailbox() as mails:
        environment = {"DEMO": demo, "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}", "ASSISTANT": "1" if talks else "0"}
        with running(**environment) as service, cast(browser, service.address, demo) as players:
            client = service.log_in("thuky")
            wait_until(lambda: len(mails.came) >= 1, 60)  # the demo's own conferences have sent theirs
            settled(service)
            mails.came.clear()
            yield Story(service, players, mails, client)


def settled(service: Service) -> None:
    """Until no mail waits."""
    waiting = "SELECT count(*) FROM backend_outbox_message WHERE state IN ('pending', 'sending')"
    with psycopg.connect(service.place.databases.app, autocommit=True) as database:
        wait_until(lambda: database.execute(waiting).fetchone() == (0,), 60)


# --- the conference


def book_over_every_site(story: Story, sites: list[dict]) -> None:
    """At an hour that is taken; then, by one click, at an hour that is offered."""
    taken = next(row for row in story.client.all("/api/v1/conferences/") if row["title"] == TAKEN_BY)
    begins = local(taken["start"])
    page = story.cast.go("thuky", "/conferences/new/")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_type").select_option("review")
    page.locator("#id_day").fill(f"{begins:%Y-%m-%d}")
    page.locator("#id_start_time").fill(f"{begins:%H:%M}")
    page.locator("#id_end_time").fill(f"{begins + timedelta(hours=2):%H:%M}")
    for button in page.locator("[data-all]").all():  # the centre, the province, every locality
        button.click()
    expect(page.locator("[data-count=sites]")).to_have_text(str(len(sites)))
    invite(story, page)
    page.locator("button[name=book]").click()

    refusal = page.locator("[role=alert]")
    expect(refusal).to_contain_text(TAKEN_BY)
    expect(page.locator("#id_title")).to_have_value(TITLE)
    expect(page.locator("[data-count=sites]")).to_have_text(str(len(sites)))
    offer = page.locator("[data-hour]").first
    hour = offer.get_attribute("data-start")
    offer.click()
    expect(page.locator("#id_start_time")).to_have_value(str(hour))
    page.locator("button[name=book]").click()

    page.wait_for_url(re.compile(r"/conferences/\d+/$"))
    story.conference = int(page.url.rstrip("/").rpartition("/")[2])
    facts = story.facts()
    assert (facts["status"], facts["sequence"], len(facts["rooms"])) == ("submitted", 0, len(sites))
    assert {place["site"] for place in facts["sites"]} == {site["id"] for site in sites}
    assert story.mails.came == []


def invite(story: Story, page: Page) -> None:
    """A group, some of the directory, and three who are not in it: thirty who can be reached by mail."""
    people = {person["id"]: person for person in story.client.all("/api/v1/people/") if person["email"]}
    group = next(group for group in story.client.all("/api/v1/groups/") if group["name"] == GROUP)
    assert set(group["people"]) <= set(people)
    page.get_by_label(group["name"]).check()
    free = [person for person in people if person not in group["people"]]
    chosen = free[: GUESTS - len(group["people"]) - len(OTHERS)]
    page.locator("#find-person").fill(people[chosen[0]]["name"])
    page.locator(f"#person-{chosen[0]}").check()
    page.locator("#find-person").fill("")
    for person in chosen[1:]:
        page.locator(f"#person-{person}").check()
    page.locator("#id_others").fill("\n".join(OTHERS))
    page.locator("#id_chair").select_option(str(group["people"][0]))


def approve(story: Story) -> None:
    page = story.cast.go("lanhdao", "/")
    page.locator(f"a[href='{story.path}']").first.click()
    page.locator("form[action$='/approve/'] button").click()
    expect(page.locator("form[action$='/approve/']")).to_have_count(0)
    assert story.facts()["status"] == "approved"


def everybody_is_invited(story: Story) -> list[Told]:
    facts, told = story.facts(), story.mails.take(GUESTS)
    assert {mail.recipient for mail in told} == {person["email"] for person in facts["participants"]}
    assert len({mail.recipient for mail in told}) == GUESTS
    start = datetime.fromisoformat(facts["start"]).astimezone(UTC)
    assert {(mail.method, mail.sequence, mail.start, mail.status) for mail in told} == {
        ("REQUEST", 0, start, "CONFIRMED")
    }
    assert len({mail.uid for mail in told}) == 1
    assert all(mail.attendees == (mail.recipient,) for mail in told)  # nobody reads another's address
    return told


def move(story: Story, first: list[Told]) -> list[Told]:
    start = first[0].start.astimezone(VIETNAM).replace(hour=9, minute=0) + timedelta(days=7)
    page = story.cast.go("thuky", story.path)
    page.locator("[data-dialog='#move-dialog']").click()
    page.locator("#move-day").fill(f"{start:%Y-%m-%d}")
    page.locator("#move-start").fill("09:00")
    page.locator("#move-end").fill("11:00")
    page.locator("#move-dialog button[type=submit]").click()
    expect(page.locator("#move-dialog")).to_be_hidden()
    told = story.mails.take(GUESTS)
    assert {(mail.method, mail.sequence, mail.uid, mail.start) for mail in told} == {
        ("REQUEST", 1, first[0].uid, start.astimezone(UTC))
    }
    assert {mail.recipient for mail in told} == {mail.recipient for mail in first}
    return told


def call_it_off(story: Story, moved: list[Told]) -> None:
    page = story.cast.go("lanhdao", story.path)
    page.locator("[data-dialog='#cancel-dialog']").click()
    page.locator("#cancel-dialog-reason").fill("Hoãn để tập trung ứng phó mưa lũ")
    page.locator("#cancel-dialog button[type=submit]").click()
    expect(page.locator("[data-dialog='#cancel-dialog']")).to_have_count(0)
    told = story.mails.take(GUESTS)
    assert {(mail.method, mail.sequence, mail.uid, mail.status) for mail in told} == {
        ("CANCEL", 2, moved[0].uid, "CANCELLED")
    }
    assert {mail.recipient for mail in told} == {mail.recipient for mail in moved}
    assert story.facts()["status"] == "cancelled"


def everything_is_free_again(story: Story, starts: list[datetime]) -> None:
    for start in starts:
        day = story.client.get(f"/api/v1/availability/?date={start.astimezone(VIETNAM):%Y-%m-%d}").json()["results"]
        assert [row for room in day for row in room["busy"] if row["conference"] == story.conference] == []
    with psycopg.connect(story.service.place.databases.app) as database:
        for table in ("reservation", "hold"):
            kept = (
                f"SELECT count(*) FROM backend_reservations_{table} WHERE holder_kind = 'conference' AND holder_id = %s"
            )
            assert database.execute(kept, [story.conference]).fetchone() == (0,)


# --- the guests


def receive_the_delegation(story: Story) -> None:
    """Twenty-four guests of the conference: rooms for all of them for one night, and a dinner."""
    day = local(story.facts()["start"])
    page = story.cast.go("nhakhach", "/delegations/new/")
    page.locator("#id_name").fill("Đoàn đại biểu các địa phương")
    page.locator("#id_conference").select_option(str(story.conference))
    page.locator("#id_arrival").fill(f"{day:%Y-%m-%d}T15:00")
    page.locator("#id_departure").fill(f"{day + timedelta(days=1):%Y-%m-%d}T11:00")
    page.locator("#id_members").fill(
        "\n".join(f"Khách Ví Dụ {number}; Đại biểu" for number in range(1, DELEGATION + 1))
    )
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/delegations/\d+/$"))
    story.delegation = int(page.url.rstrip("/").rpartition("/")[2])

    rooms = page.locator("form[action$='/rooms/']")
    for room in beds_for(story, DELEGATION):
        rooms.locator(f"#guest-room-{room}").check()
    rooms.locator("button[type=submit]").click()
    expect(page.locator("form[action$='/rooms/']")).to_have_count(0)  # nobody is left without a room
    meal = page.locator("form[action$='/meals/']")
    expect(meal.locator("#id_servings")).to_have_value(str(DELEGATION))
    meal.locator("#id_kind").select_option("dinner")
    meal.locator("button[type=submit]").click()
    expect(page.locator("form[action^='/meals/'][action$='/cancel/']")).to_have_count(1)

    nhakhach = story.service.log_in("nhakhach")
    stays = [s for s in nhakhach.all("/api/v1/stays/") if s["delegation"] == story.delegation]
    assert sum(len(stay["members"]) for stay in stays) == DELEGATION
    [dinner] = [m for m in nhakhach.all("/api/v1/meal-services/") if m["delegation"] == story.delegation]
    assert (dinner["kind"], dinner["servings"]) == ("dinner", DELEGATION)
    assert local(dinner["start"]).strftime("%Y-%m-%d %H:%M") == f"{day:%Y-%m-%d} 18:00"


def beds_for(story: Story, guests: int) -> list[int]:
    """Vacant rooms, largest first, until everybody has a bed."""
    first = local(story.facts()["start"]).date()
    asked = f"/api/v1/guest-rooms/?from={first}&to={first + timedelta(days=1)}&free=true"
    chosen: list[int] = []
    for room in sorted(story.service.log_in("nhakhach").all(asked), key=lambda room: -room["beds"]):
        if guests > 0:
            chosen.append(room["id"])
            guests -= room["beds"]
    return chosen


# --- the lines


def watch_a_line_closely(story: Story) -> dict:
    """The only line of a locality, and well; from now on it is measured every few seconds."""
    wait_until(lambda: good_single_lines(story) != [], 60)
    line = next(line for line in good_single_lines(story) if goes_by_one_name(story, line["site_name"]))
    page = story.cast.go("admin", f"/setup/lines/{line['id']}/")
    page.locator("#id_interval_s").fill(str(PROBE_ROUND_S))
    page.locator("#id_interval_s").press("Enter")
    page.wait_for_url(re.compile(r"/setup/lines/$"))
    return line


def good_single_lines(story: Story) -> list[dict]:
    by_site: dict[int, list[dict]] = {}
    for line in story.client.all("/api/v1/links/"):
        if line["site"]:
            by_site.setdefault(line["site"], []).append(line)
    return [lines[0] for lines in by_site.values() if len(lines) == 1 and lines[0]["state"] == "up"]


def goes_by_one_name(story: Story, name: str) -> bool:
    """Whether no other site was ever called so: then the assistant need not ask which one is meant."""
    return len(story.client.get(f"/api/v1/sites/?search={quote(name)}").json()["results"]) == 1


def the_assistant_knows_a_cut_line(story: Story, line: dict) -> None:
    """Within two rounds of probes it says that the line is down, and when that was measured."""
    story.service.wait_for_assistant()
    page = story.cast.go("truc", "/lines/")
    page.locator(".chat-open").click()
    expect(page.locator("#chat")).to_have_attribute("data-state", "ready")
    story.service.manage("cut_line", line["code"])
    cut_at = datetime.now(UTC)
    wait_until(lambda: state_of(story, line)["state"] == "down", 2 * PROBE_ROUND_S + 10)
    page.locator("#chat-text").fill(f"đường truyền điểm cầu {line['site_name']} thế nào")
    page.locator("#chat-text").press("Enter")
    answer = page.locator(".chat__message--theirs").last
    expect(answer).to_contain_text("mất kết nối", timeout=20_000)
    expect(answer).to_contain_text(line["site_name"])
    measured = datetime.fromisoformat(state_of(story, line)["measured_at"])
    assert timedelta(0) <= measured - cut_at <= timedelta(seconds=2 * PROBE_ROUND_S + 5)
    expect(answer.locator(".chat__measured")).to_contain_text(f"{measured.astimezone(VIETNAM):%d/%m}")


def state_of(story: Story, line: dict) -> dict:
    state: dict = story.client.get(f"/api/v1/links/{line['id']}/").json()
    return state


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(VIETNAM)
