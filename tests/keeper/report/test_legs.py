"""What each of several accounts gained, by cause, where strangers, guardians and shifts have a hand in it."""

from __future__ import annotations

from dataclasses import asdict, replace
from types import SimpleNamespace
from typing import Any

import pytest

from keeper.replay.books import Books
from keeper.report import words
from keeper.report.account import Account, Day
from keeper.report.legs import NAMES, Leg, told
from keeper.report.reading import Found, Held, State
from tandem.engine.base import Event
from tandem.units import USD, WAD

ONE, OTHER = "0x01", "0x02"
START = 1_700_000_000
CASH = 900_000


def state(block: int, spot: float, *held: Held | None) -> State:
    """Both venues, None for one that a guardian took down."""
    legs = {name: each for name, each in zip((ONE, OTHER), held, strict=True) if each}
    snapshot: Any = SimpleNamespace(
        spot=round(spot * WAD),
        timestamp=START + block,
        position=round(sum(each.position for each in legs.values()) * WAD),
        claims=0,
        funds=SimpleNamespace(cash=CASH * USD, exits=0),
        account=SimpleNamespace(equity=round(sum(each.equity for each in legs.values()) * WAD)),
    )
    return State(block, snapshot, {}, 10**12, legs)


def lived(*states: State, events: tuple[Event, ...] = ()) -> Day:
    """From the first state to the last; what happened came before the second."""
    account = Account(Books(0.0), 6, {ONE: "one", OTHER: "other"})
    first, *rest = states
    account.close(account.step_to(first))
    account.take([Found(2, n, "0xaa", event) for n, event in enumerate(events)])
    for each in rest:
        account.close(account.step_to(each))
    assert account.whole
    return account.whole


def leg(venue: str, order: float, quote: float, fee: float) -> Event:
    amounts = {"order": order, "quote_delta": quote, "fee": fee}
    return Event(
        "LegFilled", "0x", {"venue": venue} | {k: round(v * WAD) for k, v in amounts.items()}
    )


def hedged(order: float, cost: float, price: float) -> Event:
    known = {"order": order, "cost": cost, "oracle_price": price, "trader_cost": 0.0}
    return Event("Hedged", "0x", {k: round(v * WAD) for k, v in known.items()} | REST)


REST = {"residual_before": 0, "residual_after": 0, "hard_band": 0, "caller": "0x"}


def causes(found: Leg) -> dict[str, float]:
    """Those that are not nothing, in whole cents."""
    named = {name: round(getattr(found, name), 2) for name in NAMES}
    return {name: value for name, value in named.items() if value}


def test_a_liquidation_at_one_venue_is_not_the_carry_of_the_other() -> None:
    """Ten short at each; strangers close four at the first, 300 USD worse than the index, while the second
    pays 5. In the sum the carry was part of what the liquidation took."""
    day = lived(
        state(1, 2_000, Held(-10, 50_000), Held(-10, 40_000)),
        state(2, 2_100, Held(-6, 48_700), Held(-10, 38_995)),
    )
    assert causes(day.legs[ONE]) == {"liquidations": -300, "revaluation": -1_000}
    assert causes(day.legs[OTHER]) == {"carry": -5, "revaluation": -1_000}
    assert day.terms.hedge_cost == pytest.approx(-300)
    assert day.terms.funding == pytest.approx(-5)
    assert day.terms.residual == pytest.approx(0, abs=1e-9)
    assert day.liquidations == 1


def test_legs_of_an_order_are_held_against_its_oracle_price_and_margin_is_nobodys_gain() -> None:
    """Three bought at 2,000 by the oracle: two at the first for 2,010 each and 4 USD, one at the second at
    2,020 and 3; 7,000 USD more lie at the second, and the price is 2,010 at the end."""
    margin = Event("MarginToppedUp", "0x", {"venue": OTHER, "amount": 7_000 * USD})
    lent = Event("Lent", "0x", {"amount": 7_000 * USD})
    trade = leg(ONE, 2, -4_020, 4), leg(OTHER, 1, -2_020, 3), hedged(3, 47, 2_000)
    day = lived(
        state(1, 2_000, Held(0, 50_000), Held(0, 40_000)),
        state(2, 2_010, Held(2, 49_996), Held(1, 46_987)),
        events=(margin, lent, *trade),
    )
    assert causes(day.legs[ONE]) == {"fees": -4, "impact": -20, "revaluation": 20}
    assert causes(day.legs[OTHER]) == {"fees": -3, "impact": -20, "revaluation": 10}
    assert day.hedges.cost == pytest.approx(47)


def test_a_shift_costs_both_venues_what_it_costs_together() -> None:
    """Four leave the first and go to the second, 12 USD worse in all, at no price that the log says."""
    shift = Event(
        "Shifted", "0x", {"source": ONE, "target": OTHER, "size": 4 * WAD, "received": -12 * WAD}
    )
    day = lived(
        state(1, 2_000, Held(10, 50_000), Held(0, 40_000)),
        state(2, 2_000, Held(6, 49_992), Held(4, 39_996)),
        events=(leg(ONE, -4, 7_993, 1), leg(OTHER, 4, -8_003, 1), shift),
    )
    assert causes(day.legs[ONE]) == {"fees": -1, "impact": -7}
    assert causes(day.legs[OTHER]) == {"fees": -1, "impact": -3}
    assert day.hedges.cost == pytest.approx(12)
    (told,) = day.hedges.dearest
    assert (told.size, told.moved) == (0.0, 4.0)
    assert words._sized(asdict(told)) == ("4.0000 moved", "–")


def test_a_venue_that_is_down_keeps_its_position_and_counts_for_nothing_until_it_is_back() -> None:
    """As the contracts have it: nobody has touched what lies there."""
    there = Held(-10, 40_000)
    day = lived(
        state(1, 2_000, Held(-10, 50_000), there),
        state(2, 2_000, Held(-10, 50_000), None),
        state(3, 2_000, Held(-10, 50_000), there),
    )
    assert causes(day.legs[OTHER]) == {}
    assert day.liquidations == 0


def test_what_is_written_off_follows_no_price() -> None:
    """Nor is it a part of the position that all hold (VS-5): what the price did to it was put down as what
    holding the others brought, 1,000 USD, and as much as what nothing explains. Back, it counts as it is."""
    one = Held(-10, 50_000)
    gone = frozenset({OTHER})
    away = (
        state(1, 2_000, one, Held(-10, 40_000)),
        state(2, 2_000, one, None),
        replace(state(3, 2_000, one, None), gone=gone),
        replace(state(4, 2_100, Held(-10, 49_000), None), gone=gone),
    )
    day = lived(*away)
    assert causes(day.legs[OTHER]) == {"carry": -40_000}
    assert day.terms.funding == pytest.approx(-40_000)
    assert day.terms.residual == pytest.approx(0, abs=1e-9)
    back = lived(*away, state(5, 2_150, Held(-10, 48_500), Held(-10, 38_500)))
    assert causes(back.legs[OTHER]) == {"carry": -1_500}
    assert back.terms.residual == pytest.approx(0, abs=1e-9)
    assert back.liquidations == 0


def test_cents_of_a_row_and_of_a_column_add_up() -> None:
    third = Leg(fees=-0.333, impact=-0.333, carry=0.333, revaluation=0.333)
    legs = {"one": third, "other": third, "third": third}
    rows = told(legs, 1.0, 2.0)
    assert sum(round(100 * float(row["carry_usd"])) for row in rows) == 100
    assert sum(round(100 * float(row["revaluation_usd"])) for row in rows) == 100
    cost = [float(row["fees_usd"]) + float(row["impact_usd"]) for row in rows]
    assert round(100 * sum(cost)) == -200
    for row in rows:
        whole = sum(float(row[f"{name}_usd"]) for name in NAMES)
        assert float(row["total_usd"]) == pytest.approx(whole, abs=1e-9)
