"""What LPs would have earned: from the rows that `tandem study` left, which take hours to make."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from bench.registry import ROOT, Row, benchmark
from keeper.study import session, table
from tandem.errors import ConfigError

ROWS = ROOT / "out" / "study"
BASE = (24.0, 1.0, 0.0, inf)
"""Trades a day, premium, share of informed traders, and what traders pay above the mark at most."""


@benchmark("study")
def earned() -> Iterable[Row]:
    """Return a year at the base, over the windows' means; nothing where there are no rows."""
    try:
        lines = table.lines(session.kept(ROWS))
    except ConfigError:
        return
    for line in lines:
        if (line.trades_per_day, line.vol_premium, line.informed, line.reservation) != BASE:
            continue
        (name, worst), several = line.worst, line.overall.count > 1
        yield Row(
            f"LPs' return a year at premium 1.00, 24 trades a day, {len(line.windows)} windows",
            100 * line.overall.mean,
            "%",
            low=100 * line.overall.low if several else None,
            high=100 * line.overall.high if several else None,
            details={"windows": len(line.windows), "drawdown": line.drawdown},
        )
        yield Row(f"the worst of them ({name})", 100 * worst, "%")
