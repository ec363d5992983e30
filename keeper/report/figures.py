"""A report as plain figures: what `--json` prints, and what the table and the page show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from keeper.journal_costs import Spent
from keeper.replay.pnl import cents
from keeper.replay.types import PNL_NAMES
from keeper.report.account import Day
from keeper.report.causes import ENTRIES
from keeper.report.legs import Leg
from keeper.report.legs import told as by_venue
from keeper.report.paid import Sums
from keeper.report.session import Told
from tandem.units import DAY

PLACES = 8
"""Decimals of USD by share: a share is worth about one."""


def figures(told: Told, market: str, asset: str, gas: Sequence[Spent] | None) -> dict[str, Any]:
    """Everything. Money in USD, gas in wei. gas: None where no journal is at hand."""
    account = told.account
    whole = account.whole if account else None
    sums = told.paid.whole
    return {
        "market": market,
        "asset": asset,
        "complete": told.complete,
        "since": utc(told.span.since),
        "until": utc(told.span.until),
        "first_block": told.span.first,
        "last_block": told.span.last,
        "by": "logs" if whole is None else "states",
        **(_of(whole, account.venues) if account and whole else {}),
        "paid": sums.as_dict(),
        "marks": [
            {"block": block, "share_low_usd": low, "share_high_usd": high}
            for block, low, high in told.paid.marks
        ],
        "hedges": sums.hedges.as_dict(),
        "dearest_orders": [
            {**asdict(each), "by_lps": each.by_lps}
            for each in sorted(sums.hedges.dearest, reverse=True)
        ],
        "days": _days(told),
        "events_filled": told.filled,
        "gas": None if gas is None else [asdict(each) for each in gas],
        "notes": told.notes,
    }  # fmt: skip


def utc(moment: int) -> str:
    """ISO 8601, to the second."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _of(day: Day, venues: Mapping[str, str]) -> dict[str, Any]:
    """The change of NAV and its causes, which add up to the cent; by share, to the last decimal. venues: the
    names of several, by their adapters, each of which has its own causes then."""
    start, end = round(day.start.state.nav, 2), round(day.end.state.nav, 2)
    flows = round(day.lp_flows, 2)
    first, last = round(day.start.share, PLACES), round(day.end.share, PLACES)
    entries, unit = round(day.entries, PLACES), 10**PLACES
    change = round((last - first) * unit) - round(entries * unit)
    pnl = cents(day.terms, round((end - start - flows) * 100))
    apart = {name: day.legs.get(adapter, Leg()) for adapter, name in venues.items()}
    cost = round(day.hedges.cost, 2)
    return {
        "nav_start_usd": start,
        "nav_end_usd": end,
        "lp_flows_usd": flows,
        "pnl": pnl,
        **({"venues": by_venue(apart, pnl["funding"], cost)} if apart else {}),
        "share_start_usd": first,
        "share_end_usd": last,
        "pnl_by_share": {**cents(day.shares, change, PLACES), ENTRIES: entries},
        "trades": day.trades,
        "liquidations": day.liquidations,
    }


def _days(told: Told) -> list[dict[str, Any]]:
    """Each day with something to tell, in order."""
    if told.account is not None:
        return [
            {"day": _date(number), **_of(day, told.account.venues), "hedges": day.hedges.as_dict()}
            for number, day in sorted(told.account.days.items())
        ]
    first = told.span.since // DAY
    return [{"day": _date(first + number), **_paid(sums)}
            for number, sums in sorted(told.paid.days.items())]  # fmt: skip


def _paid(sums: Sums) -> dict[str, Any]:
    return {"paid": sums.as_dict(), "hedges": sums.hedges.as_dict()}


def _date(number: int) -> str:
    return date.fromordinal(date(1970, 1, 1).toordinal() + number).isoformat()


def rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """A flat row for each day, all with the same columns, those of each of several venues by its name: what
    `--csv` prints."""
    out: list[dict[str, Any]] = []
    for day in found["days"]:
        row = {"day": day["day"]}
        if "pnl" in day:
            row |= {name: day[name] for name in ("nav_start_usd", "nav_end_usd", "lp_flows_usd")}
            row |= {name: day["pnl"][name] for name in PNL_NAMES}
            row |= {name: day[name] for name in ("share_start_usd", "share_end_usd", "trades")}
            for leg in day.get("venues", ()):
                row |= {f"{leg['venue']}_{name}": leg[name] for name in leg if name != "venue"}
        else:
            row |= day["paid"]
        out.append(row | day["hedges"])
    return out
