"""The assistant's words: they stand in the domain's files, in Vietnamese and in English."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from bot.assistant.actions.clock import Period, now

RESPONSES = Path(__file__).resolve().parents[1] / "domain" / "responses"
WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
SHOWN = 12  # rows of a list; the rest is a number and a page


@lru_cache(maxsize=1)
def texts() -> "dict[str, dict[str, str]]":
    """Name → language → text. A variant with `channel: en` is the English one."""
    found: dict = {}
    for path in sorted(RESPONSES.glob("*.yml")):
        for name, variants in YAML(typ="safe").load(path)["responses"].items():
            found[name] = {variant.get("channel", "vi"): variant["text"].rstrip() for variant in variants}
    return found


def button(title: str, intent: str, **entities: Any) -> dict:
    """A button that says `intent`, with `entities` chosen."""
    return {"title": title, "payload": f"/{intent}{json.dumps(entities, ensure_ascii=False) if entities else ''}"}


class Say:
    """Speaks `language` into one reply."""

    def __init__(self, dispatcher: CollectingDispatcher, language: str) -> None:
        self.dispatcher, self.language = dispatcher, language

    def __call__(self, name: str, /, buttons: Iterable[dict] = (), data: Optional[dict] = None, **values: Any) -> None:
        self.lines([self.text(name, **values)], buttons, data)

    def lines(self, lines: Iterable[str], buttons: Iterable[dict] = (), data: Optional[dict] = None) -> None:
        text = "\n".join(line for line in lines if line)
        self.dispatcher.utter_message(text=text, buttons=list(buttons) or None, json_message=data)

    def text(self, name: str, /, **values: Any) -> str:
        return texts()[f"say_{name}"][self.language].format(**values)

    def knows(self, name: str) -> bool:
        return f"say_{name}" in texts()

    def yes_no(self, intent: str = "affirm", mark: str = "") -> "list[dict]":
        """“Agree” with the mark of what is agreed to, so that an old button agrees to nothing new."""
        return [button(self.text("yes"), intent, choice=f"confirm:{mark}"), button(self.text("no"), "deny")]

    def day(self, day: date) -> str:
        year = "" if day.year == now().year else f"/{day.year}"
        return f"{WEEKDAYS[self.language][day.weekday()]} {day.day}/{day.month}{year}"

    def hours(self, period: Period) -> str:
        """08:00–10:00; a day that ends at midnight ends at 24:00."""
        end = "24:00" if period.end.strftime("%H:%M") == "00:00" else f"{period.end:%H:%M}"
        return f"{period.start:%H:%M}–{end}"

    def when(self, period: Period) -> str:
        """thứ Tư 25/11, 08:00–10:00"""
        last = period.end if period.end.strftime("%H:%M") != "00:00" else period.start
        if period.start.date() == last.date():
            return f"{self.day(period.start.date())}, {self.hours(period)}"
        return (
            f"{period.start:%H:%M} {self.day(period.start.date())} – {period.end:%H:%M} {self.day(period.end.date())}"
        )

    def clock(self, moment: datetime) -> str:
        """07:42, or with its day when that is not today."""
        return f"{moment:%H:%M}" if moment.date() == now().date() else f"{moment:%H:%M} {self.day(moment.date())}"

    def number(self, value: float) -> str:
        """At most one decimal, written as the language writes it."""
        shown = f"{value:.1f}".rstrip("0").rstrip(".")
        return shown.replace(".", ",") if self.language == "vi" else shown

    def join(self, names: Iterable[str], most: int = SHOWN) -> str:
        """A, B, C and how many more."""
        known = list(names)
        more = self.text("and_more", n=len(known) - most) if len(known) > most else ""
        return ", ".join(known[:most]) + more
