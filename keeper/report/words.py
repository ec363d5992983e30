"""A report in words: for a terminal, as CSV, and as a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from keeper.pages import page
from keeper.pages.figures import Panel
from keeper.pages.page import Banner, Block, Card, Figures, Page
from keeper.pages.page import Table as Grid
from keeper.pages.palette import of_gain
from keeper.replay import charts
from keeper.replay.headlines import signed
from keeper.replay.types import PNL_NAMES
from keeper.report.causes import CAUSES
from keeper.report.figures import rows
from keeper.report.legs import NAMES
from tandem.terminal.common import eth, pairs, sized, table, told, usd
from tandem.units import WAD

SHOWN = 10
"""Of a hash: enough to find it by."""
CUT_SHORT = "cut short: every figure is of the part that was read"
VENUES_NOTE = (
    "What the account at each venue gained, margin that came and went apart. Carry adds up to funding; fees "
    "and impact to what orders cost, of which traders bore a part; revaluation is the hedge's part of delta."
)
_COLUMNS = (*(f"{name}_usd" for name in NAMES), "total_usd")

Found = Mapping[str, Any]


def lines(found: Found) -> Iterator[str]:
    """For a terminal."""
    span = f"{found['since']} to {found['until']}"
    yield from told("", f"{span}, blocks {found['first_block']} to {found['last_block']}")
    if not found["complete"]:
        yield from told("", CUT_SHORT)
    for note in found["notes"]:
        yield from told("note: ", note)
    yield ""
    if "pnl" in found:
        yield from pairs(_nav(found))
        yield ""
        yield from table([["profit by cause", "USD", "USD a share"], *_causes(found)])
        if "venues" in found:
            yield ""
            yield from table(_venues(found))
    else:
        yield from pairs(_paid(found))
    yield ""
    yield from pairs(_hedges(found))
    if found["days"]:
        yield ""
        yield from table(_days(found))
    if found["dearest_orders"]:
        yield ""
        yield from table(_orders(found))
    yield ""
    yield from _gas(found)


def as_csv(found: Found) -> str:
    """A head and a line for each day."""
    listed, out = rows(dict(found)), io.StringIO()
    if listed:
        writer = csv.DictWriter(out, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
    return out.getvalue()


def html(found: Found) -> str:
    """One page that asks for nothing from outside."""
    banners = [Banner("Note", note) for note in found["notes"]]
    if not found["complete"]:
        banners.append(Banner("Ended early", CUT_SHORT))
    blocks: list[Block] = []
    if "pnl" in found:
        panels = [Panel("By cause, USD", charts.waterfall(dict(found["pnl"])))]
        blocks.append(Figures("Profit", panels))
        meanings = [[name.replace("_", " "), said] for name, said in CAUSES.items()]
        blocks.append(Grid("What each cause is", ["cause", "what it is"], meanings))
    several = _venues(found) if "venues" in found else []
    tables = (
        ("By venue, USD", several, VENUES_NOTE), ("Days", _days(found), ""),
        ("Dearest orders", _orders(found), ""),
    )  # fmt: skip
    for title, listed, note in tables:
        if len(listed) > 1:
            head, *body = listed
            numbers = frozenset(range(1, len(head)))
            blocks.append(Grid(title, head, body, numbers=numbers, note=note))
    if found["gas"]:
        head, *body = _gas_rows(found)
        blocks.append(Grid("Gas of this keeper", head, body, numbers=frozenset((1, 2, 3))))
    subtitle = f"{found['since']} to {found['until']} · market {found['market']}"
    title = f"What LPs of options on {found['asset']} earned, and why"
    return page.render(Page(title, subtitle, blocks, cards=_cards(found), banners=banners))


def _cards(found: Found) -> list[Card]:
    hedges = found["hedges"]
    cost = Card(
        "Hedging", usd(hedges["cost_usd"]),
        f"{hedges['orders']:,} orders; traders bore {usd(hedges['borne_by_traders_usd'])}, "
        f"LPs {usd(hedges['borne_by_lps_usd'])}",
    )  # fmt: skip
    if "pnl" not in found:
        return [Card(name, value, "") for name, value in _paid(found)] + [cost]
    earned = round(sum(found["pnl"].values()), 2)
    share = found["share_end_usd"] - found["share_start_usd"]
    note = f"{found['share_start_usd']:.6f} to {found['share_end_usd']:.6f} USD"
    return [
        Card("Earned", signed(earned), "by all LPs, deposits and exits apart", of_gain(earned)),
        Card("A share", f"{share:+.6f} USD", note, of_gain(share)),
        cost,
        Card(
            "Trades", f"{found['trades']:,}", f"{found['liquidations']} liquidations by strangers"
        ),
    ]


def _nav(found: Found) -> Iterator[tuple[str, str]]:
    yield "NAV", f"{usd(found['nav_start_usd'])} to {usd(found['nav_end_usd'])}"
    yield "deposits less exits", usd(found["lp_flows_usd"])
    yield "a share", f"{found['share_start_usd']:.8f} to {found['share_end_usd']:.8f} USD"
    yield "trades", f"{found['trades']:,}"
    if found["liquidations"]:
        yield "liquidations by strangers", str(found["liquidations"])


def _causes(found: Found) -> Iterator[list[str]]:
    """The change of NAV by cause; by share there is one more, of who came and left."""
    pnl, by_share = found["pnl"], found["pnl_by_share"]
    for name in (*PNL_NAMES, *(name for name in by_share if name not in PNL_NAMES)):
        amount = f"{pnl[name]:+z,.2f}" if name in pnl else ""
        if pnl.get(name) or by_share[name]:
            yield [name.replace("_", " "), amount, f"{by_share[name]:+.8f}"]
    yield ["change", f"{sum(pnl.values()):+z,.2f}", f"{sum(by_share.values()):+.8f}"]


def _venues(found: Found) -> list[list[str]]:
    """What each account at a venue gained, by cause, and all of them."""
    head = ["by venue, USD", *(name.removesuffix("_usd") for name in _COLUMNS)]
    whole = {name: sum(of[name] for of in found["venues"]) for name in _COLUMNS}
    rows = [head]
    for of in (*found["venues"], {"venue": "all"} | whole):
        rows.append([str(of["venue"]), *(f"{of[name]:+z,.2f}" for name in _COLUMNS)])
    return rows


def _paid(found: Found) -> Iterator[tuple[str, str]]:
    """What logs alone say."""
    for name, value in found["paid"].items():
        is_money = name.endswith("_usd")
        label = name.removesuffix("_usd").replace("_", " ")
        yield label, usd(value) if is_money else f"{value:,}"
    for mark in found["marks"]:
        said = f"{mark['share_low_usd']:.6f} to {mark['share_high_usd']:.6f} USD"
        yield f"a share at block {mark['block']}", said


def _hedges(found: Found) -> Iterator[tuple[str, str]]:
    of = found["hedges"]
    yield "orders", f"{of['orders']:,}, {sized(of['traded'], found['asset'])}"
    yield "what they cost", usd(of["cost_usd"])
    yield "borne by traders", usd(of["borne_by_traders_usd"])
    bounties = f", of it bounties {usd(of['bounties_usd'])}" if of["bounties_usd"] else ""
    yield "borne by LPs", usd(of["borne_by_lps_usd"]) + bounties


def _days(found: Found) -> list[list[str]]:
    if "pnl" not in found:
        head = ["day", "premium", "fees", "payouts", "hedges cost LPs", "orders", "trades"]
        return [head, *(_paid_day(day) for day in found["days"])]
    head = ["day", "earned", "NAV", "a share", "hedges cost LPs", "orders", "trades"]
    return [head, *(_earned_day(day) for day in found["days"])]


def _earned_day(day: Found) -> list[str]:
    return [
        day["day"], f"{sum(day['pnl'].values()):+z,.2f}", f"{day['nav_end_usd']:z,.2f}",
        f"{day['share_end_usd']:.6f}", f"{day['hedges']['borne_by_lps_usd']:z,.2f}",
        f"{day['hedges']['orders']:,}", f"{day['trades']:,}",
    ]  # fmt: skip


def _paid_day(day: Found) -> list[str]:
    paid = day["paid"]
    money = ("premium_usd", "fees_usd", "payouts_usd", "hedge_cost_of_lps_usd")
    return [
        day["day"], *(f"{paid[name]:z,.2f}" for name in money),
        f"{day['hedges']['orders']:,}", f"{paid['trades']:,}",
    ]  # fmt: skip


def _orders(found: Found) -> list[list[str]]:
    head = ["dearest orders", "block", "size", "oracle", "cost", "traders bore", "LPs bore"]
    return [head, *([
        of["hash"][:SHOWN], str(of["block"]), *_sized(of), f"{of['cost']:z,.2f}",
        f"{of['by_traders']:z,.2f}", f"{of['by_lps']:z,.2f}",
    ] for of in found["dearest_orders"])]  # fmt: skip


def _sized(of: Mapping[str, Any]) -> tuple[str, str]:
    """What was bought or sold and the oracle's price; of what went from one venue to another how much."""
    if of["moved"]:
        return f"{of['moved']:.4f} moved", "–"
    return f"{of['size']:+.4f}", f"{of['price']:z,.2f}"


def _gas(found: Found) -> Iterator[str]:
    if found["gas"] is None:
        todo = "gas is left out (TANDEM_JOURNAL, TANDEM_KEY or --journal names one)"
        yield from told("", f"no journal is at hand: {todo}")
    elif found["gas"]:
        yield from table(_gas_rows(found))
    else:
        yield "this keeper's journal has no transaction of that span"


def _gas_rows(found: Found) -> list[list[str]]:
    head = ["gas of this keeper", "transactions", "gas", "ETH"]
    return [head, *(
        [each["kind"], f"{each['count']:,}", f"{each['gas_used']:,}", eth(each["paid"] / WAD)]
        for each in found["gas"]
    )]  # fmt: skip
