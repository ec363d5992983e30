"""A study's lines as rows of text, for a terminal, a page and the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from keeper.study.measures import Interval
from keeper.study.table import Line, bound, known

CONDITIONS = ("policy", "trades a day", "premium", "informed", "reservation")
"""Of every table, what a line was run at."""
HEAD = (
    *CONDITIONS, "return a year", "90 %", "worst window", "drawdown", "worst day", "Sharpe",
    "above mark", "refused", "hedging", "pool, left out",
)  # fmt: skip


def _conditions(x: Line) -> tuple[str, ...]:
    """Under `CONDITIONS`."""
    return (
        x.policy,
        f"{x.trades_per_day:g}",
        f"{x.vol_premium:.2f}",
        known(x),
        bound(x.reservation),
    )


def cells(found: Sequence[Line]) -> list[tuple[str, ...]]:
    """Rows of text under `HEAD`."""
    return [
        (
            *_conditions(x),
            percent(x.overall.mean),
            _range(x.overall),
            f"{percent(x.worst[1])} ({x.worst[0]})",
            percent(x.drawdown),
            percent(x.worst_day),
            f"{x.sharpe:.1f}",
            percent(x.open_cost),
            percent(refused(x)),
            percent(x.hedge_cost),
            percent(x.pool_lag),
        )
        for x in found
    ]


HEDGED_HEAD = (*CONDITIONS, "ETH a day", "paid, USD a day", "error of a day, bp of NAV")


def hedged(found: Sequence[Line]) -> list[tuple[str, ...]]:
    """Rows of text under `HEDGED_HEAD`; none for lines of before it was kept."""
    return [
        (
            *_conditions(x),
            f"{x.eth_day:.1f}",
            f"{x.paid_day:.1f}",
            f"{x.error * 1e4:.2f}",
        )
        for x in found
        if not isnan(x.eth_day)
    ]


def refused(x: Line) -> float:
    """Opens that the chain refused, as a share of those it was asked for; not a number for older rows."""
    count = sum(x.refused.values())
    return count / asked if (asked := x.opens + count) else 0.0


REFUSED_HEAD = (*CONDITIONS, "reason", "of the opens asked for")


def reasons(found: Sequence[Line]) -> list[tuple[str, ...]]:
    """Rows of text under `REFUSED_HEAD`, of each line the most frequent first."""
    return [
        (
            *_conditions(x),
            reason,
            percent(count / (x.opens + sum(x.refused.values()))),
        )
        for x in found
        for reason, count in sorted(x.refused.items(), key=lambda each: (-each[1], each[0]))
        if not isnan(x.opens)
    ]


def percent(share: float) -> str:
    return "–" if share != share else f"{share * 100:z.1f} %"


def _range(found: Interval) -> str:
    return "–" if found.count == 1 else f"{percent(found.low)} … {percent(found.high)}"


def markdown(found: Sequence[Line]) -> str:
    """The tables for a page of documentation."""
    return "\n".join(
        _markdown(head, rows)
        for head, rows in (
            (HEAD, cells(found)),
            (HEDGED_HEAD, hedged(found)),
            (REFUSED_HEAD, reasons(found)),
        )
        if rows
    )


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def windows_markdown(found: Sequence[Line]) -> str:
    """Return a year of each window, with the seeds' interval."""
    names = list(dict.fromkeys(name for line in found for name in line.windows))
    rows = [[*_conditions(x), *(_window(x.windows.get(name)) for name in names)] for x in found]
    return _markdown([*CONDITIONS, *names], rows)


def _window(found: Interval | None) -> str:
    if found is None:
        return "–"
    return percent(found.mean) if found.count == 1 else f"{percent(found.mean)} ({_range(found)})"
