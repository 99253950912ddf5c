"""`python -m tests.bench [name…]`; without a name everything but `start`. Ends with 1 when a limit breaks.

Of the scale of the country, one part alone at 200 thousand reservations: `scale.book`, `scale.free_slots` and so on.
"""

import sys
from collections.abc import Callable, Iterator, Sequence

from backend.runner import assistant
from backend.runner.options import BUILD
from backend.runner.progress import say
from tests.bench import booking, chatting, mailing, reading, scale, start
from tests.bench.measure import HEAD, Result, keep, line
from tests.bench.office import Office, office

Scenario = Callable[[Office], Iterator[Result]]
SCENARIOS: dict[str, Scenario] = {
    "floor": reading.floor,
    "book": booking.book,
    "book.small": booking.small,
    "series": booking.series,
    "refuse": booking.refuse,
    "free_slots": reading.free_slots,
    "timeline": reading.timeline,
    "rack": reading.rack,
    "mail": mailing.mail,
    "chat": chatting.chat,
    "scale": scale.scale,  # last: from then on the lists of the office are long
}
ALONE: dict[str, Scenario] = {f"scale.{name}": part for name, part in scale.PARTS.items()}


def main(names: Sequence[str]) -> int:
    if list(names) == ["start"]:
        return start.main()
    if unknown := set(names) - {*SCENARIOS, *ALONE}:
        say(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join([*SCENARIOS, *ALONE])}, start.")
        return 2
    results = []
    say(HEAD)
    chosen = [name for name in SCENARIOS if not names or name in names] + [name for name in ALONE if name in names]
    for each in measured(chosen):
        results.append(each)
        say(line(each))
        keep([each], BUILD / "bench.jsonl")
    broken = [each.name for each in results if each.broken]
    say(f"Over the limit: {', '.join(broken)}" if broken else "All limits kept.")
    return 1 if broken else 0


def measured(names: list[str]) -> Iterator[Result]:
    talks = assistant.MODEL.exists() and assistant.PYTHON.exists()
    if "chat" in names and not talks:
        say("chat is left out: there is no trained assistant here (make run makes one)")
        names.remove("chat")
    with office(assistant="chat" in names) as place:
        for name in names:
            yield from {**SCENARIOS, **ALONE}[name](place)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
