"""Timing, and the table of what was timed."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Result:
    """One line of the table. `size`: how much one act takes in.

    `limit`: of the ratio, none where it only informs; `slack_ms` more are allowed. `limit_ms`: of the median itself.
    """

    name: str
    n: int
    size: int
    p50_ms: float
    p95_ms: float
    baseline_p50_ms: float | None = None
    ratio: float | None = None
    limit: float | None = None
    slack_ms: float = 0.0
    limit_ms: float | None = None

    @property
    def broken(self) -> bool:
        if self.limit_ms is not None and self.p50_ms > self.limit_ms:
            return True
        if self.limit is None or self.ratio is None:
            return False
        slack = self.slack_ms / self.baseline_p50_ms if self.baseline_p50_ms else 0
        return self.ratio > self.limit + slack


def milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def compare(
    name: str,
    ours: Callable[[int], Callable[[], object]],
    bare: Callable[[int], Callable[[], object]] | None = None,
    *,
    n: int,
    size: int,
    limit: float | None = None,
    warm: int = 5,
) -> Result:
    """`ours(i)` and `bare(i)` prepare the i-th act and answer what is timed. They take turns, so that both meet the
    same load; who begins changes each time."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(-warm, n):
        for who in (True, False) if number % 2 else (False, True):
            prepare = ours if who else bare
            if prepare:
                took = milliseconds(prepare(number + warm))
                if number >= 0:
                    times[who].append(took)
    return result(name, times[True], times[False], size=size, limit=limit)


def result(
    name: str, ours: Sequence[float], bare: Sequence[float] = (), *, size: int, limit: float | None = None
) -> Result:
    p50 = statistics.median(ours)
    base = statistics.median(bare) if bare else None
    return Result(
        name=name,
        n=len(ours),
        size=size,
        p50_ms=round(p50, 2),
        p95_ms=round(_p95(ours), 2),
        baseline_p50_ms=round(base, 2) if base else None,
        ratio=round(p50 / base, 2) if base else None,
        limit=limit,
    )


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[min(len(times) - 1, round(0.95 * len(times)))]


HEAD = f"{'name':<22}{'n':>5}{'size':>6}{'p50 ms':>10}{'p95 ms':>10}{'bare p50':>10}{'ratio':>8}{'limit':>8}"


def line(each: Result) -> str:
    def shown(value: float | None, width: int) -> str:
        return f"{'–' if value is None else f'{value:.2f}':>{width}}"

    return (
        f"{each.name:<22}{each.n:>5}{each.size:>6}{shown(each.p50_ms, 10)}{shown(each.p95_ms, 10)}"
        f"{shown(each.baseline_p50_ms, 10)}{shown(each.ratio, 8)}{shown(each.limit, 8)}"
        f"{f'  + {each.slack_ms:.0f} ms' if each.slack_ms else ''}"
        f"{f'  at most {each.limit_ms:.0f} ms' if each.limit_ms else ''}"
        f"{'  BROKEN' if each.broken else ''}"
    )


def keep(results: Sequence[Result], path: Path) -> None:
    """As JSON lines; a name that was measured before is written anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = {each.name for each in results}
    old = path.read_text().splitlines() if path.exists() else []
    kept = [row for row in old if json.loads(row)["name"] not in new]
    path.write_text("\n".join([*kept, *(json.dumps(vars(each)) for each in results)]) + "\n")
