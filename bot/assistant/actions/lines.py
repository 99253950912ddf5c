"""How the lines are, with the time of their measurement. What was not measured lately is “not known”, never “down”."""

from collections import Counter

from bot.assistant.actions.base import Answer, Dialogue
from bot.assistant.actions.clock import Period, moment
from bot.assistant.actions.conferences import conferences, full, nothing_found, which
from bot.assistant.actions.places import ask_which, places
from bot.assistant.actions.say import SHOWN

MOST_SITES = 5


class LineStatus(Answer):
    def name(self) -> str:
        return "action_ask_line_status"

    async def answer(self, dialogue: Dialogue) -> None:
        found = await places(dialogue, many=True)
        sites = [*found.sites, *({"id": r["site"], "name": r["site_name"]} for r in found.rooms)]
        if found.unclear:
            ask_which(dialogue, found, "ask_line_status")
        elif found.unknown:
            dialogue.say("unknown_site", name=found.unknown[0], data={"url": "/lines/"})
        elif len(sites) > MOST_SITES or not sites:
            await overview(dialogue, {site["id"] for site in sites})
        else:
            for site in {site["id"]: site for site in sites}.values():
                await self._site(dialogue, site)

    async def _site(self, dialogue: Dialogue, site: dict) -> None:
        say, links = dialogue.say, await dialogue.api.rows("links/", site=site["id"])
        if not links:
            say("no_line", site=site["name"], data={"url": "/lines/"})
            return
        lines = [say.text("line_head", site=site["name"], state=say.text(f"state_{best(links)}"))]
        lines += [line(dialogue, link) for link in links]
        measured = [link["measured_at"] for link in links if link["measured_at"]]
        data = {"url": f"/lines/{site['id']}/"}
        say.lines(lines, data={**data, "measured_at": max(measured)} if measured else data)


def best(links: "list[dict]") -> str:
    """A site is as good as the best of its lines."""
    order = ("up", "degraded", "unknown", "down")
    return min((link["state"] for link in links), key=order.index)


def line(dialogue: Dialogue, link: dict) -> str:
    """One line: whose, how, loss and delay, when measured, since when."""
    say = dialogue.say
    name = say.text("line_name", carrier=link["carrier"], network=say.text(f"network_{link['network']}"))
    state = say.text(f"state_{link['state']}")
    if not link["measured_at"]:
        return say.text("line_never", line=name)
    measured = say.clock(moment(link["measured_at"]))
    if link["state"] == "unknown":
        return say.text("line_stale", line=name, measured=measured)
    loss = say.number(100 * (link["loss"] or 0))
    since = say.text("since", when=say.clock(moment(link["since"]))) if link["since"] else ""
    if link["rtt_ms"] is None:
        return say.text("line_dead", line=name, state=state, loss=loss, measured=measured, since=since)
    rtt = say.number(round(link["rtt_ms"]))
    return say.text("line", line=name, state=state, loss=loss, rtt=rtt, measured=measured, since=since)


class OfflineSites(Answer):
    def name(self) -> str:
        return "action_ask_offline_sites"

    async def answer(self, dialogue: Dialogue) -> None:
        wanted: "set[int]" = set()
        if dialogue.turn.all("session") or dialogue.turn.code or dialogue.turn.chosen("conference"):
            found = await conferences(dialogue, "ask_offline_sites")
            if found.asked_back:
                return
            if len(found.rows) > 1:
                which(dialogue, found.rows, "ask_offline_sites")
                return
            if not found.rows:
                nothing_found(dialogue, found)
                return
            conference = await full(dialogue, found.rows[0])
            wanted = {place["site"] for place in conference["sites"]}
            when = dialogue.say.when(Period.of(conference))
            dialogue.say("offline_of_session", title=conference["title"], when=when)
        await overview(dialogue, wanted)


async def overview(dialogue: Dialogue, wanted: "set[int]") -> None:
    """How many sites are well, and the names of those that are not."""
    say, rows = dialogue.say, await dialogue.api.rows("site-states/")
    rows = [row for row in rows if not wanted or row["site"] in wanted]
    if not rows:
        say("no_lines_visible")
        return
    count = Counter(row["state"] for row in rows)
    lines = [_summary(dialogue, count)]
    for state in ("down", "degraded", "unknown"):
        names = [row["site_name"] for row in rows if row["state"] == state]
        if names:
            lines.append(say.text(f"sites_{state}", count=len(names), names=say.join(names, SHOWN)))
    measured = [row["measured_at"] for row in rows if row["measured_at"]]
    data = {"url": "/lines/"}
    if measured:
        lines.append(say.text("measured_latest", measured=say.clock(moment(max(measured)))))
        data["measured_at"] = max(measured)
    say.lines(lines, data=data)


def _summary(dialogue: Dialogue, count: "Counter[str]") -> str:
    """Of those that were measured: what nobody knows is not counted as down."""
    well, known = count["up"] + count["degraded"], sum(count.values()) - count["unknown"]
    if not known:
        return dialogue.say.text("nothing_measured")
    return dialogue.say.text("sites_well" if not count["unknown"] else "sites_well_known", well=well, total=known)
