"""Cancelling a conference, and moving it to another time."""

from typing import Any, Optional

from bot.assistant.actions.api import Refused
from bot.assistant.actions.clock import Period, moment, now
from bot.assistant.actions.conferences import AHEAD, STANDING, conferences, nothing_found, remember, url, which
from bot.assistant.actions.forms import Form, Stop, Turned
from bot.assistant.actions.rooms import ask_which_time
from bot.assistant.actions.say import button
from bot.assistant.actions.times import Said, Wish, minutes, times


class ChangeForm(Form):
    """A form about one conference that stands, and that the user may see. `role`: the time that tells which one."""

    role: Optional[str] = None

    async def find(self, turn: Turned) -> None:
        """Exactly one, or asked back. What the summary showed is what will be changed, or nothing is."""
        dialogue = turn.dialogue
        within = Period(now(), now() + AHEAD)
        found = await conferences(dialogue, self.intent, statuses=STANDING, role=self.role, within=within)
        rows = [row for row in found.rows if Period.of(row).end > now() and row["status"] in STANDING]
        turn.asked = turn.asked or found.asked_back
        if len(rows) == 1:
            turn.draft["target"] = _target(rows[0])
            remember(dialogue, rows[0])
        elif rows:
            which(dialogue, rows, self.intent, **self.kept(turn))
            turn.asked = True
        elif not found.asked_back:
            nothing_found(dialogue, found)
            raise Stop

    def kept(self, turn: Turned) -> "dict[str, str]":
        """What the buttons that ask back must not lose."""
        return {}

    def names(self, turn: Turned) -> bool:
        """Whether this turn names a conference."""
        said = turn.said
        return bool(said.code or said.all("session") or said.chosen("conference"))


class CancelForm(ChangeForm):
    prefix = "cancel_"
    intent = "cancel_booking"
    slots = ("target", "reason", "confirmed")
    free_text = frozenset({"reason"})

    def name(self) -> str:
        return "validate_cancel_form"

    async def understand(self, turn: Turned) -> None:
        if turn.said.chosen("reason"):
            turn.draft["reason"] = turn.said.chosen("reason")[0]
        elif turn.requested == "reason" and turn.is_text:
            turn.draft["reason"] = turn.said.text
        elif turn.draft["target"] is None or self.names(turn):
            await self.find(turn)

    async def ask(self, turn: Turned) -> None:
        say, target = turn.dialogue.say, turn.draft["target"]
        if turn.wanted == "target":
            say("ask_cancel_target")
        elif turn.wanted == "reason":
            texts = [say.text(f"reason_{n}") for n in (1, 2, 3)]
            offers = [button(text, self.intent, choice=f"reason:{text}") for text in texts]
            say("ask_cancel_reason", offers, title=target["title"], when=say.when(Period.of(target)))
        else:
            values = {"code": target["code"], "title": target["title"], "when": say.when(Period.of(target))}
            invited = say.text("cancel_invited") if target["status"] in ("approved", "live") else ""
            text = say.text("cancel_summary", reason=turn.draft["reason"], **values)
            say.lines([text, invited, say.text("summary_question")], say.yes_no(mark=self.mark(turn.draft)))

    async def write(self, turn: Turned, *, key: str) -> None:
        target, body = turn.draft["target"], {"reason": turn.draft["reason"]}
        await turn.dialogue.api.post(f"conferences/{target['id']}/cancel/", body, version=target["version"])
        say = turn.dialogue.say
        values = {"code": target["code"], "title": target["title"], "when": say.when(Period.of(target))}
        say("cancelled", data={"url": url(target)}, **values)


class MoveForm(ChangeForm):
    prefix = "move_"
    intent = "reschedule_booking"
    slots = ("target", "start", "end", "confirmed")
    keeps = ("run", "offers")
    role = "from"

    def name(self) -> str:
        return "validate_move_form"

    async def understand(self, turn: Turned) -> None:
        if turn.draft["target"] is None or self.names(turn):
            await self.find(turn)
        if turn.draft["target"] is not None and not turn.asked:
            self._time(turn)

    def _time(self, turn: Turned) -> None:
        """The new time: an hour alone keeps the day, a day alone keeps the hours, the length stays."""
        wish = old = _wish(turn.draft)
        for each in _new_times(turn):
            if each.alternatives:
                ask_which_time(turn.dialogue, each, self.intent)
                turn.asked = True
                return
            if each.kind != "set":
                wish = wish.with_said(each, asked_end=turn.requested == "end")
        wish = wish.with_minutes(minutes(turn.said))
        if wish != old or (wish.period and turn.draft["start"] is None and _new_times(turn)):
            turn.draft["offers"] = None
            turn.draft["start"] = wish.start.isoformat() if wish.start else None
            turn.draft["end"] = wish.end.isoformat() if wish.end else None

    def kept(self, turn: Turned) -> "dict[str, str]":
        said = [each for each in _new_times(turn) if not each.alternatives and each.kind != "set"]
        return dict([said[0].choice.split(":", 1)]) if said and turn.said.all("time", "to") else {}

    async def check(self, turn: Turned) -> None:
        draft, target, say = turn.draft, turn.draft["target"], turn.dialogue.say
        if not draft["start"] or not draft["end"]:
            return
        wanted = Period(moment(draft["start"]), moment(draft["end"]))
        if wanted.start < now():
            say("in_the_past", when=say.clock(wanted.start))
        elif wanted.end <= wanted.start:
            say("end_before_start")
        elif wanted == Period.of(target):
            say("same_time", when=say.when(wanted))
        else:
            return
        draft["start"] = draft["end"] = None

    async def ask(self, turn: Turned) -> None:
        say, target = turn.dialogue.say, turn.draft["target"]
        if turn.wanted == "target":
            say("ask_move_target")
        elif turn.wanted in ("start", "end"):
            offers = [_offer(turn, choice) for choice in turn.draft["offers"] or []]
            say("ask_move_time", offers, title=target["title"], when=say.when(Period.of(target)))
        else:
            new = Period(moment(turn.draft["start"]), moment(turn.draft["end"]))
            values = {"code": target["code"], "title": target["title"], "old": say.when(Period.of(target))}
            text = say.text("move_summary", new=say.when(new), **values)
            say.lines([text, say.text("summary_question")], say.yes_no(mark=self.mark(turn.draft)))

    async def write(self, turn: Turned, *, key: str) -> None:
        target, say = turn.draft["target"], turn.dialogue.say
        body = {"start": turn.draft["start"], "end": turn.draft["end"]}
        path = f"conferences/{target['id']}/reschedule/"
        made = await turn.dialogue.api.post(path, body, version=target["version"])
        say("moved", data={"url": url(made)}, code=made["code"], title=made["title"], when=say.when(Period.of(made)))

    async def refused(self, turn: Turned, refusal: Refused) -> None:
        if refusal.code != "conflict":
            turn.dialogue.refuse(refusal)
            raise Stop
        say, draft = turn.dialogue.say, turn.draft
        offers = [Period.of(row) for row in refusal.problem.get("alternatives") or []]
        draft["offers"] = [Said("interval", start=o.start, end=o.end).choice for o in offers]
        draft["start"] = draft["end"] = None
        buttons = [_offer(turn, choice) for choice in draft["offers"]]
        text = say.text("refused_conflict", detail=refusal.detail)
        say.lines([text, say.text("other_hours" if offers else "no_other_hours")], buttons)
        turn.asked = True


def _new_times(turn: Turned) -> "list[Said]":
    """What was said of the new time: what has the role, a button, or, once it is known which one, any time."""
    marked = times(turn.said, "to")
    return marked or [each for each in times(turn.said) if each not in times(turn.said, "from")]


def _wish(draft: "dict[str, Any]") -> Wish:
    """What stands, or what was said since."""
    period = Period.of(draft["target"])
    start = moment(draft["start"]) if draft["start"] else period.start
    end = moment(draft["end"]) if draft["end"] else start + period.length
    return Wish(start.date(), end.date(), start, end)


def _offer(turn: Turned, choice: str) -> dict:
    period = Period(*map(moment, choice.split(":", 1)[1].split("/")))
    return button(turn.dialogue.say.when(period), MoveForm.intent, choice=choice)


def _target(row: dict) -> dict:
    return {name: row[name] for name in ("id", "code", "title", "start", "end", "status", "version")}
