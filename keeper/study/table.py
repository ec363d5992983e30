"""A study's rows, put together: what LPs earn along each axis, and where in the windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keeper.study.measures import Interval, break_even, interval
from keeper.study.runner import Row

Axis = tuple[float, float, float, str]


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
        axis = (row["trades_per_day"], row["vol_premium"], row["informed"], knowledge)
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

    trades, premium, informed, knowledge = axis
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
    )


def informed_break_even(found: Sequence[Line]) -> dict[tuple[float, float, str], float | None]:
    """(trades a day, premium, knowledge) -> the share of informed traders at which LPs earn nothing, on
    average over the windows that were run at each share."""
    shares: dict[tuple[float, float, str], float | None] = {}
    for key, group in by_informed(found).items():
        common = [w for w in group[0].windows if all(w in x.windows for x in group)]
        means = [sum(x.windows[w].mean for w in common) / max(len(common), 1) for x in group]
        shares[key] = break_even([x.informed for x in group], means)
    return shares


def verdicts(found: Sequence[Line]) -> list[str]:
    """What informed traders do to LPs, a sentence for each (trades a day, premium, knowledge)."""
    shares = informed_break_even(found)
    return [
        f"{key[0]:g} trades a day, premium {key[1]:g}, who knows {key[2]}: LPs "
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


def by_informed(found: Sequence[Line]) -> dict[tuple[float, float, str], list[Line]]:
    """Lines that differ in the share of informed traders alone, rising, where there are several; nobody
    is informed of either kind of knowledge alike."""
    kinds = sorted({x.knowledge for x in found if x.informed})
    groups: dict[tuple[float, float, str], list[Line]] = {}
    for line in sorted(found, key=lambda x: x.informed):
        for kind in [line.knowledge] if line.informed else kinds:
            groups.setdefault((line.trades_per_day, line.vol_premium, kind), []).append(line)
    return {key: group for key, group in groups.items() if len(group) > 1}


def _known(x: Line) -> str:
    return (
        f"{x.informed:.0%} ({x.knowledge})" if x.informed and x.knowledge else f"{x.informed:.0%}"
    )


HEAD = (
    "trades a day", "premium", "informed", "return a year", "90 %", "worst window", "drawdown",
    "worst day", "Sharpe", "hedging", "pool, left out",
)  # fmt: skip


def cells(found: Sequence[Line]) -> list[tuple[str, ...]]:
    """Rows of text under `HEAD`."""
    return [
        (
            f"{x.trades_per_day:g}",
            f"{x.vol_premium:.2f}",
            _known(x),
            percent(x.overall.mean),
            _range(x.overall),
            f"{percent(x.worst[1])} ({x.worst[0]})",
            percent(x.drawdown),
            percent(x.worst_day),
            f"{x.sharpe:.1f}",
            percent(x.hedge_cost),
            percent(x.pool_lag),
        )
        for x in found
    ]


def percent(share: float) -> str:
    return "–" if share != share else f"{share * 100:z.1f} %"


def _range(found: Interval) -> str:
    return "–" if found.count == 1 else f"{percent(found.low)} … {percent(found.high)}"


def markdown(found: Sequence[Line]) -> str:
    """The table for a page of documentation."""
    head = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in cells(found))]) + "\n"


def windows_markdown(found: Sequence[Line]) -> str:
    """Return a year of each window, with the seeds' interval."""
    names = list(dict.fromkeys(name for line in found for name in line.windows))
    head = ["trades a day", "premium", "informed", *names]
    rows = [[f"{x.trades_per_day:g}", f"{x.vol_premium:.2f}", _known(x),
             *(_window(x.windows.get(name)) for name in names)] for x in found]  # fmt: skip
    text = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*text, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def _window(found: Interval | None) -> str:
    if found is None:
        return "–"
    return percent(found.mean) if found.count == 1 else f"{percent(found.mean)} ({_range(found)})"
