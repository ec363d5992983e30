"""What came of a keeper that died and of a venue that was wiped, in words for a page and a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keeper.pages.page import Banner, Card, Table
from keeper.pages.palette import Tone
from keeper.replay.headlines import percent, signed

TITLE = "After the end of hedging"
NOTE = (
    "Published is L(j), what the gate said just before that an instant jump would cost, book and hedge; "
    "without the venue is the book alone and what lay there. Nothing is interpolated: the jump is the "
    "nearest of the grid. A jump is instant and its volatility is given; these are hours and days."
)
ROWS = {"first_hour": "farthest in the first hour", "largest_move": "farthest of all",
        "worst": "LPs' worst", "end": "end of the window"}  # fmt: skip

Summary = Mapping[str, Any]


def banners(summary: Summary) -> list[Banner]:
    """What ended, and when."""
    a = summary.get("aftermath")
    if not a:
        return []
    found = []
    if a["keeper_dead_from"]:
        text = (
            f"From {a['keeper_dead_from']} UTC nobody hedges, moves margin, marks or signs surfaces. "
            "Strangers settle and holders redeem; after the last price it stands until all is past."
        )
        found.append(Banner("The keeper is dead", text))
    if a["venue_wiped_from"]:
        text = (
            f"From {a['venue_wiped_from']} UTC its owner closes the hedge and empties the account, "
            f"and again after every top-up: {a['taken_usd']:,.2f} USD are lost so."
        )
        found.append(Banner("The venue is wiped", text))
    return found


def cards(summary: Summary) -> list[Card]:
    """Holders, then LPs."""
    a = summary.get("aftermath")
    if not a:
        return []
    least, unpaid, left = a["floor_least_usd"], a["unpaid_holdings"], a["left_open_eth"]
    worst, said = a["worst"], a["published"]
    whole = unpaid == 0 and left == 0
    paid = f"{a['paid_usd']:,.2f} of {a['owed_usd']:,.2f} USD owed"
    note = f"{paid}; {unpaid:,} holdings short, {left:g} ETH unsettled"
    beside = "" if said is None else (
        f"; published: {said['worst_usd']:,.0f} at worst ({said['worst_jump']:+d} %)"
    )  # fmt: skip
    share = 100 * worst["loss_usd"] / a["nav_usd"] if a["nav_usd"] else 0.0
    return [
        Card("Lowest floor since", signed(least).removeprefix("+"), "from the moment that hedging ended",
             Tone.GOOD if least >= 0 else Tone.BAD),
        Card("Holders paid", "in full" if whole else "NOT in full", note,
             Tone.GOOD if whole else Tone.BAD),
        Card("LPs lost since", f"${worst['loss_usd']:,.0f}", f"at most, {share:.2f} % of NAV{beside}",
             Tone.BAD if worst["loss_usd"] > 0 else Tone.PLAIN),
    ]  # fmt: skip


def tables(summary: Summary) -> list[Table]:
    """What LPs lost beside what was published."""
    a = summary.get("aftermath")
    if not a:
        return []
    head = (
        "",
        "time, UTC",
        "move",
        "LPs lost, USD",
        "jump",
        "published, USD",
        "without the venue, USD",
    )
    return [
        Table(TITLE, head, [_row(a, key) for key in ROWS], numbers=frozenset({2, 3, 4, 5, 6}), note=NOTE)
    ]  # fmt: skip


def _row(a: Summary, key: str) -> tuple[str, ...]:
    found = a[key]
    said = ("", "", "")
    if "jump" in found:
        said = (
            f"{found['jump']:+d} %",
            f"{found['published_usd']:,.2f}",
            f"{found['bare_usd']:,.2f}",
        )
    moved = percent(100 * found["move"], 1)
    return (ROWS[key], found["at"], moved, f"{found['loss_usd']:,.2f}", *said)
