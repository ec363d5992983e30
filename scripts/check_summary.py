"""Judge the summary of a replay, read from stdin: the laws that hold on any path of prices.

tandem replay --prices FILE --json | python scripts/check_summary.py
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

TOLERANCE = 0.0051  # half a cent, and the dust of adding doubles


def faults(summary: Mapping[str, Any]) -> list[str]:
    """What the summary breaks, in words; empty when it is sound."""
    found: list[str] = []
    pnl: Mapping[str, float] = summary["pnl"]
    change = summary["nav_end_usd"] - summary["nav_start_usd"] - summary["lp_flows_usd"]
    if abs(sum(pnl.values()) - change) > TOLERANCE:
        found.append(f"P&L adds up to {sum(pnl.values()):.2f}, NAV changed by {change:.2f}")
    size = sum(abs(term) for term in pnl.values())
    if abs(pnl["residual"]) > 0.05 * size:
        found.append(f"unexplained P&L {pnl['residual']:.2f} of {size:.2f}")
    if summary["floor_min_usd"] < 0:
        found.append(f"the floor was {summary['floor_min_usd']:.2f}")
    if summary["max_open_residual_over_band"] > 1:
        found.append(f"an open left {summary['max_open_residual_over_band']:.3f} of the hard band")
    if not summary["trades"] or not summary["hedges"]:
        found.append("nothing was traded or hedged")
    return found


def main() -> int:
    """0 when the summary is sound; prints it in a line either way."""
    summary = json.load(sys.stdin)
    print(
        f"trades {summary['trades']}, hedges {summary['hedges']}, floor at least "
        f"{summary['floor_min_over_nav']:.3f} of NAV, residual at most "
        f"{summary['max_residual_over_band']:.3f} of the band, P&L "
        f"{sum(summary['pnl'].values()):+,.2f} USD, {summary['wall_s']:.0f} s"
    )
    found = faults(summary)
    for fault in found:
        print(f"error: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
