"""What the venue account's change is put down to, where no order of ours explains it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from keeper.replay.books import Books
from keeper.replay.types import PnlTerms
from keeper.report.account import Account, Day
from keeper.report.reading import Found, State
from tandem.engine.base import Event
from tandem.units import USD, WAD

START = 1_700_000_000


def state(block: int, *, spot: float, position: float, equity: float, cash: float) -> State:
    snapshot: Any = SimpleNamespace(
        spot=round(spot * WAD),
        timestamp=START + block,
        position=round(position * WAD),
        claims=0,
        funds=SimpleNamespace(cash=round(cash * USD), exits=0),
        account=SimpleNamespace(equity=round(equity * WAD)),
    )
    return State(block, snapshot, {}, 10**12)


def after(second: State, *events: Event) -> Day:
    """A hedge of 10 ETH short at 2,000 with 50,000 USD there, and what came then."""
    account = Account(Books(0.0), 6)
    first = state(1, spot=2_000, position=-10, equity=50_000, cash=950_000)
    account.close(account.step_to(first))
    account.take([Found(2, n, "0x", event) for n, event in enumerate(events)])
    account.close(account.step_to(second))
    assert account.whole is not None
    return account.whole


def causes(terms: PnlTerms) -> dict[str, float]:
    """Those that are not nothing, in whole cents."""
    return {name: round(value, 2) for name, value in terms.as_dict().items() if abs(value) > 1e-3}


def test_what_waiting_takes_is_funding() -> None:
    day = after(state(2, spot=2_100, position=-10, equity=48_995, cash=950_000))
    assert causes(day.terms) == {"delta": -1_000, "funding": -5}
    assert day.liquidations == 0


def test_what_a_stranger_closed_is_a_cost_of_hedging_there() -> None:
    """Four of ten, 300 USD worse than the index, with nothing logged by our own contracts."""
    day = after(state(2, spot=2_100, position=-6, equity=48_700, cash=950_000))
    assert causes(day.terms) == {"delta": -1_000, "hedge_cost": -300}
    assert day.liquidations == 1


@pytest.mark.parametrize(
    ("hours", "eth", "strangers"),
    [(1, 0.0003, 0), (1, 0.0058, 1), (24, 0.08, 0), (24, 0.14, 1), (1, -0.0058, 1)],
)
def test_a_debt_that_grows_by_interest_was_changed_by_nobody(
    hours: int, eth: float, strangers: int
) -> None:
    """Three tenths of a per cent a day are 100 % a year; what passes the dearest rate that there is by far,
    a stranger did. Both take from the account: waiting, or hedging there."""
    end = state(1 + hours * 3_600, spot=2_000, position=-10 - eth, equity=49_990, cash=950_000)
    day = after(end)
    assert causes(day.terms) == {"hedge_cost" if strangers else "funding": -10}
    assert day.liquidations == strangers


def test_margin_that_moves_is_neither_gain_nor_loss() -> None:
    lent = Event("Lent", "0x", {"amount": 7_000 * USD})
    restored = Event("Restored", "0x", {"amount": 2_000 * USD})
    day = after(state(2, spot=2_000, position=-10, equity=55_000, cash=945_000), lent, restored)
    assert causes(day.terms) == {}


def test_an_order_costs_what_its_event_says_and_its_bounty() -> None:
    order: dict[str, Any] = {
        "order": -2 * WAD, "oracle_price": 2_000 * WAD, "cost": 12 * WAD, "trader_cost": 0,
        "residual_before": 2 * WAD, "residual_after": 0, "hard_band": WAD, "caller": "0xk",
    }  # fmt: skip
    paid = Event("BountyPaid", "0x", {"amount": 3 * USD})
    day = after(
        state(2, spot=2_000, position=-12, equity=49_988, cash=949_997),
        Event("Hedged", "0x", order), paid,
    )  # fmt: skip
    assert causes(day.terms) == {"hedge_cost": -15}
    assert (day.hedges.cost, day.hedges.bounties, day.hedges.by_lps) == (12, 3, 15)
