"""The only errors that services raise. `code` is stable and public; the text says what happened and what to do next."""

from typing import Any


class Problem(Exception):
    """An answer that is not a success. `errors` maps a field to its messages; `extra` joins the problem document."""

    status = 400

    def __init__(
        self, code: str, detail: Any, *, field: str | None = None, errors: dict | None = None, **extra: Any
    ) -> None:
        super().__init__(str(detail))
        self.code, self.detail, self.extra = code, detail, extra
        self.errors: dict[str, list] = errors or ({field: [detail]} if field else {})


class Invalid(Problem):
    status = 400


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    status = 404


class Conflict(Problem):
    """Something is taken.

    `conflicts`: [{kind, resource, name, start, end, held_by}]; `alternatives`: [{start, end}]. Of a conference
    also `rooms`: [{room, name, instead_of}] and `bridges`: [{bridge, name}], free at the same hour.
    """

    status = 409


class Stale(Problem):
    """The caller saw an older version than the one that stands."""

    status = 412
