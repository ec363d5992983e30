"""A report on a market whose hedge lies at several venues, whose positions grow by interest: nobody's order,
and no liquidation."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from keeper.replay.types import PNL_NAMES
from keeper.report import session, words
from keeper.report.figures import figures
from keeper.report.legs import NAMES
from keeper.report.session import Told
from tandem.engine.node import Node
from tandem.venues import members

from .conftest import Lived, lived_on

pytestmark = pytest.mark.long

CENT = 0.005
FEE = 500e-6
"""Of either pool: what its takers leave of what they give."""


@pytest.fixture(scope="module")
def several() -> Iterator[Lived]:
    yield from lived_on(venue="aave+morpho")


@pytest.fixture(scope="module")
def told(several: Lived) -> Told:
    return session.tell(several.chain(), 0, several.span, marks=several.blocks[1:])


def said(told: Told) -> dict[str, Any]:
    return figures(told, "0x0", "ETH", None)


def of(found: dict[str, Any], name: str) -> dict[str, float]:
    """One cause, by venue."""
    return {each["venue"]: each[f"{name}_usd"] for each in found["venues"]}


def test_causes_are_those_of_the_replays_own_ledger_to_the_cent(several: Lived, told: Told) -> None:
    """Carry of both venues together is what nothing else explains of what lies at them."""
    assert told.account is not None
    assert told.account.whole is not None
    found, kept = told.account.whole.terms, several.result.rows[-1].pnl
    for name in PNL_NAMES:
        if name not in ("hedge_cost", "pool_lag"):
            assert getattr(found, name) == pytest.approx(getattr(kept, name), abs=CENT), name
    assert found.hedge_cost == pytest.approx(kept.hedge_cost + kept.pool_lag, abs=CENT)
    assert told.account.whole.liquidations == several.result.summary["liquidations"] == 0
    carry = several.result.summary["carry"]
    assert set(carry) == {"aave", "morpho"}
    assert all(carry.values())


def test_carry_of_each_venue_is_that_of_the_replays_own_ledger_to_the_cent(
    several: Lived, told: Told
) -> None:
    """Which asks the venue's own events for it. What is owed in ether is worth another at each price until it
    is booked: one puts that to carry, the other to the move of spot; less than a thousandth of carry."""
    kept, found = several.result.summary["carry"], of(said(told), "carry")
    assert found.keys() == kept.keys()
    for name, paid in kept.items():
        assert found[name] == pytest.approx(paid, abs=0.0101), name
    assert told.account is not None
    assert told.account.whole is not None
    own, named = told.account.whole.legs, told.account.venues
    legs = {named[adapter]: leg.carry for adapter, leg in own.items()}
    assert legs["aave"] > 1
    assert legs == pytest.approx(several.run.ledger.carry.total, rel=0.001, abs=0.001)


def test_each_day_of_a_table_has_each_venues_causes_which_add_up(told: Told) -> None:
    """`--csv`: what `--json` says of a day's venues, in the same line as the day's own causes."""
    found = said(told)
    days = list(csv.DictReader(io.StringIO(words.as_csv(found))))
    assert len(days) == len(found["days"]) > 0
    for row, day in zip(days, found["days"], strict=True):
        for leg in day["venues"]:
            for name in (*NAMES, "total"):
                assert float(row[f"{leg['venue']}_{name}_usd"]) == leg[f"{name}_usd"]
        carry = sum(float(row[f"{name}_carry_usd"]) for name in ("aave", "morpho"))
        assert carry == pytest.approx(float(row["funding"]), abs=CENT)


def test_what_orders_cost_at_each_venue_is_what_its_pool_says(several: Lived, told: Told) -> None:
    """By its own events of swaps with our adapter, at the price feed's answer of their blocks."""
    stage, span, node = several.run.stage, several.span, Node(several.url)
    latest = {"to": stage.exchange.feed.address, "data": "0x50d25bcd"}  # latestAnswer()
    cost, fees = defaultdict[str, float](float), defaultdict[str, float](float)
    found = said(told)
    there: list[tuple[Any, str]] = [*members(stage.exchange, stage.tandem.venue.address)]
    for member, account in there:
        asked = {"address": member.pool.address, "fromBlock": hex(span.first + 1)}
        is_first = int(member.weth.address, 16) < int(member.usdc.address, 16)
        for log in node.request("eth_getLogs", [asked | {"toBlock": hex(span.last)}]):
            if account[2:].lower() not in log["topics"][2]:
                continue  # another taker, or a maker
            first, second = (
                int.from_bytes(bytes.fromhex(log["data"][place : place + 64]), "big", signed=True)
                for place in (2, 66)
            )
            base, quote = (first, second) if is_first else (second, first)
            price = int(node.request("eth_call", [latest, log["blockNumber"]]), 16) / 1e8
            cost[member.recipe.name] += quote / 1e6 + base / 1e18 * price
            fees[member.recipe.name] += max(quote / 1e6, base / 1e18 * price) * FEE
    assert cost.keys() == {"aave", "morpho"}
    for name, paid in cost.items():
        lost = of(found, "fees")[name] + of(found, "impact")[name]
        assert lost == pytest.approx(-paid, abs=0.02), name
        assert of(found, "fees")[name] == pytest.approx(-fees[name], rel=0.01), name


def test_rows_by_venue_add_up_to_the_report_to_the_cent(told: Told) -> None:
    """Of the span and of each day: carry to funding, fees and impact to what orders cost."""
    found = said(told)
    for each in (found, *found["days"]):
        assert [row["venue"] for row in each["venues"]] == ["aave", "morpho"]
        sums = {name: round(sum(of(each, name).values()), 2) for name in (*NAMES, "total")}
        assert sums["carry"] == each["pnl"]["funding"]
        assert sums["fees"] + sums["impact"] == pytest.approx(-each["hedges"]["cost_usd"])
        assert sums["liquidations"] == 0
        assert sums["total"] == pytest.approx(sum(sums[name] for name in NAMES))
        borne = each["hedges"]["borne_by_traders_usd"] - each["hedges"]["bounties_usd"]
        cost = sums["fees"] + sums["impact"] + sums["liquidations"] + borne
        assert each["pnl"]["hedge_cost"] == pytest.approx(cost, abs=0.0151)
    json.dumps(found)


def test_rows_by_venue_are_what_its_account_gained_without_its_margin(
    several: Lived, told: Told
) -> None:
    """By the adapter's own account at both ends, and what went there and came home between."""
    chain, span = several.chain(), several.span
    gained = defaultdict[str, float](float)
    first, last = chain.state(span.first), chain.state(span.last)
    assert first
    assert last
    for adapter, name in chain.adapters.items():
        gained[name] += last.legs[adapter].equity - first.legs[adapter].equity
    for _, page in chain.events(span.first + 1, span.last):
        for each in page:
            if each.event.name in ("MarginToppedUp", "MarginSwept"):
                sign = -1 if each.event.name == "MarginToppedUp" else 1
                gained[chain.adapters[str(each.event["venue"])]] += (
                    sign * each.event["amount"] / 1e6
                )
    assert of(said(told), "total") == pytest.approx(dict(gained), abs=0.03)


def test_people_are_told_by_venue_in_words_and_on_the_page(told: Told) -> None:
    found = said(told)
    text, page = "\n".join(words.lines(found)), words.html(found)
    for each in found["venues"]:
        assert each["venue"] in text
        assert f"{each['carry_usd']:+,.2f}" in text
        assert f"{each['total_usd']:+,.2f}" in page
    assert "By venue, USD" in page
