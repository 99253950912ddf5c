"""A conference of the province, booked and approved."""

from dataclasses import replace
from datetime import datetime

from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.services import book
from tests.factories import NOW, World

START = datetime.fromisoformat("2026-11-25T08:00:00+07:00")
END = datetime.fromisoformat("2026-11-25T11:00:00+07:00")


def make_conference(world: World, actor=None, **values) -> Conference:
    request = Request(
        title="Hội nghị sơ kết quý",
        type="review",
        start=START,
        end=END,
        site_ids=(world.sites[1].pk,),
        chair=Guest(name="Chủ tịch UBND tỉnh"),
    )
    draft = values.pop("draft", False)
    return book(actor=actor or world.leader, request=replace(request, **values), draft=draft, now=NOW)
