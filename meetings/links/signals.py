"""What lines tell the parts above, inside the transaction that measured it."""

from dataclasses import dataclass

from django.dispatch import Signal

from meetings.links.rules import State


@dataclass(frozen=True, slots=True)
class Change:
    """A line went from `before` to `after`. `site_id` is None for a trunk."""

    link_id: int
    site_id: int | None
    before: State
    after: State


line_changed = Signal()  # (changes: list[Change], now: datetime), once per round for all lines that changed in it
