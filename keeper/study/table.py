"""A study's rows, put together: what LPs earn along each axis, and where in the windows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, nan, sqrt
from typing import NamedTuple

from keeper.policy import DEFAULT
from keeper.study.measures import Interval, break_even, interval
from keeper.study.runner import Row

Axis = tuple[str, float, float, float, str, float]


class Group(NamedTuple):
    """Lines that differ in the share of informed traders alone."""

    policy: str
    trades_per_day: float
    vol_premium: float
    knowledge: str
    reservation: float = inf


@dataclass(frozen=True, slots=True)
class Line:
    """All windows and seeds at one point of the axes.

    overall: over the windows' own means, so that its width is that of the market's moods; window:
    over seeds alone, in which the recorded candles are the same.
    """

    trades_per_day: float
    vol_premium: float
    informed: float
    overall: Interval
    windows: dict[str, Interval]
    drawdown: float
    worst_day: float
    sharpe: float
    hedge_cost: float
    """Paid to venues less what traders were charged for it, share of NAV a year; below 0 where they
    were charged more, as for delta that needed no order."""
    pool_lag: float
    """What a lagging pool gave, left out of the return; share of NAV a year."""
    surfaces: tuple[str, ...]
    knowledge: str = ""
    """What the informed know; nothing where there are none."""
    policy: str = DEFAULT
    reservation: float = inf
    """The mean of what traders pay above the mark at most, as a share of it; endless for any price."""
    eth_day: float = nan
    """Traded at venues a day, ETH; like the next two not a number for rows of before it was kept."""
    paid_day: float = nan
    """What that costs with the pool at the index, venue fee and impact, USD a day."""
    error: float = nan
    """Tracking error of a day, share of the capital: the root of the mean of the rows' squares."""
    open_cost: float = nan
    """What traders paid above their options' mark, as a share of it; not a number for older rows."""
    opens: float = nan
    """Opens that were made, of all its replays; not a number where a row does not tell them from closes."""
    refused: dict[str, int] = field(default_factory=dict[str, int])
    """Opens that the chain refused, by reason."""
    replays: tuple[tuple[int, int], ...] = ()
    """Which it is of: start and seed of each, in order."""

    @property
    def worst(self) -> tuple[str, float]:
        """The window that earned least, and what it earned."""
        name = min(self.windows, key=lambda w: self.windows[w].mean)
        return name, self.windows[name].mean


def lines(rows: Sequence[Row]) -> list[Line]:
    """One line for each point of the axes, in order."""
    points: dict[Axis, list[Row]] = {}
    for row in rows:
        knowledge = row["knowledge"] if row["informed"] else ""
        policy = str(row.get("policy", DEFAULT))
        bound = row.get("reservation")
        axis = (
            policy, row["trades_per_day"], row["vol_premium"], row["informed"], knowledge,
            inf if bound is None else float(bound),
        )  # fmt: skip
        points.setdefault(axis, []).append(row)
    return [_line(axis, points[axis]) for axis in sorted(points)]


def _line(axis: Axis, rows: list[Row]) -> Line:
    by_window: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda r: r["start"]):
        by_window.setdefault(row["window"], []).append(row)
    windows = {
        name: interval([r["return_year"] for r in group]) for name, group in by_window.items()
    }

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    policy, trades, premium, informed, knowledge, reservation = axis
    return Line(
        trades,
        premium,
        informed,
        overall=interval([each.mean for each in windows.values()]),
        windows=windows,
        drawdown=max(r["drawdown"] for r in rows),
        worst_day=min(r["worst_day"] for r in rows),
        sharpe=mean([r["sharpe"] for r in rows]),
        hedge_cost=-mean([r["terms"]["hedge_cost"] for r in rows]),
        pool_lag=mean([r["terms"]["pool_lag"] for r in rows]),
        surfaces=tuple(sorted({str(r["surface"]) for r in rows})),
        knowledge=knowledge,
        policy=policy,
        reservation=reservation,
        eth_day=mean([r.get("eth_day", nan) for r in rows]),
        paid_day=mean([_paid(r) for r in rows]),
        error=sqrt(mean([r.get("error", nan) ** 2 for r in rows])),
        open_cost=mean([_open_cost(r) for r in rows]),
        opens=sum(r.get("opens", nan) for r in rows),
        refused=sum((Counter(r.get("opens_reverted", {})) for r in rows), Counter[str]()),
        replays=tuple(sorted((r["start"], r["seed"]) for r in rows)),
    )


def _paid(row: Row) -> float:
    """USD a day; nothing was traded where no order has a cost."""
    return float(row.get("eth_day", nan) * (row.get("hedge_cost_per_eth_pool_at_index_usd") or 0.0))


def _open_cost(row: Row) -> float:
    """Nobody who bought nothing paid anything."""
    found = row.get("open_cost_over_mark", nan)
    return 0.0 if found is None else float(found)


def name(x: Line) -> str:
    """The line in words."""
    return (
        f"{x.policy}, {x.trades_per_day:g} trades a day, premium {x.vol_premium:g}, {known(x)} "
        f"informed{_bounded(x.reservation)}"
    )


def informed_break_even(found: Sequence[Line]) -> dict[Group, float | None]:
    """The share of informed traders at which LPs earn nothing, on
    average over the windows that were run at each share."""
    shares: dict[Group, float | None] = {}
    for key, group in by_informed(found).items():
        common = [w for w in group[0].windows if all(w in x.windows for x in group)]
        means = [sum(x.windows[w].mean for w in common) / max(len(common), 1) for x in group]
        shares[key] = break_even([x.informed for x in group], means)
    return shares


def verdicts(found: Sequence[Line]) -> list[str]:
    """What informed traders do to LPs, a sentence for each group."""
    shares = informed_break_even(found)
    return [
        f"{key.policy}, {key.trades_per_day:g} trades a day, premium {key.vol_premium:g}"
        f"{_bounded(key.reservation)}, who knows {key.knowledge}: LPs "
        f"{_verdict(group, shares[key])}"
        for key, group in by_informed(found).items()
    ]


def _verdict(group: Sequence[Line], share: float | None) -> str:
    if share is not None:
        return f"break even at {share:.0%} informed"
    earned = sum(x.overall.mean > 0 for x in group)
    if earned == len(group):
        return "earn at every share of informed traders that was run"
    return f"lose at {len(group) - earned} of {len(group)} shares of informed traders"


def by_informed(found: Sequence[Line]) -> dict[Group, list[Line]]:
    """Lines that differ in the share of informed traders alone, rising, where there are several; nobody
    is informed of either kind of knowledge alike."""
    kinds = sorted({x.knowledge for x in found if x.informed})
    groups: dict[Group, list[Line]] = {}
    for line in sorted(found, key=lambda x: x.informed):
        for kind in [line.knowledge] if line.informed else kinds:
            key = Group(line.policy, line.trades_per_day, line.vol_premium, kind, line.reservation)
            groups.setdefault(key, []).append(line)
    return {key: group for key, group in groups.items() if len(group) > 1}


def bound(reservation: float | None) -> str:
    """The mean of what traders pay above the mark at most, in words."""
    return "any" if reservation is None or reservation == inf else f"{reservation:.0%}"


def _bounded(reservation: float) -> str:
    return "" if reservation == inf else f", reservation {bound(reservation)}"


def known(x: Line) -> str:
    """The share of informed traders, and what they know, in words."""
    return (
        f"{x.informed:.0%} ({x.knowledge})" if x.informed and x.knowledge else f"{x.informed:.0%}"
    )
