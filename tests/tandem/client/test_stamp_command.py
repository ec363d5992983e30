"""`tandem stamp`, and what `tandem status` and `risk` say of the bounty, beside a node (HG-14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from worlds import ETH, World

from tandem.cli import risk
from tandem.client import bounty
from tandem.client.errors import ClientError
from tandem.protocol.bindings.structs import Due, Snapshot
from tandem.protocol.deployment import handles
from tandem.protocol.waits import snapshot_of
from tandem.units import USD, WAD


@pytest.fixture
def moved(beside: World) -> Iterator[World]:
    """Straddles at the money, and a price that went on: the residual is past the trigger."""
    w = beside
    with w.undone():
        for series in (w.call(2_500), w.put(2_500)):
            w.mint(series, 7 * ETH)
        w.move(2_625)
        w.rest()
        yield w


@pytest.mark.proves("HG-14")
def test_it_notes_what_status_and_risk_then_show(
    moved: World, ask: Callable[..., Any], trader: Any
) -> None:
    assert ask("status")["bounty"]["time"] == 0
    shown = ask("stamp", "--dry-run")["preview"]
    assert shown["stamped"] is None
    assert trader.bounty().stamped is None
    ask("stamp", "--yes")
    moved.engine.advance(600)
    moved.push_wad(moved.spot)
    found = ask("risk")["bounty"]
    assert found["stamped"] >= 600
    assert found["due"] == min(found[f"by_{what}"] for what in ("gas", "risk", "day", "floor"))
    assert abs(trader.bounty().residual) > 1
    with pytest.raises(ClientError, match="first note counts"):
        trader.prepare_stamp()


def test_inside_the_trigger_it_says_so(trader: Any) -> None:
    with pytest.raises(ClientError, match="too small to be worth a rebalance") as refused:
        trader.prepare_stamp()
    assert "`tandem status`" in refused.value.hint


def market_now(market: Any) -> Snapshot:
    return snapshot_of(handles(market.engine, market.deployment))


def test_status_and_its_bounty_name_one_trigger(
    beside: World, tandem: Callable[..., Any], market: Any
) -> None:
    """HG-9. `status` said "past the trigger of 0.5750" and "none: the residual is inside": the one went by
    what lets a part go home, the other by what lets all of it."""
    w = beside
    with w.undone():
        w.mint(w.call(2_500), 7 * ETH)
        w.mint(w.put(2_500), 7 * ETH)
        w.move(2_531)
        w.rest()
        stance = market_now(market).stance
        assert stance.trigger < abs(stance.residual) < stance.width
        shown = " ".join(tandem("status").stdout.split())  # lines are as wide as a terminal
    named = f"inside the trigger of {stance.width / WAD:.4f}"
    assert shown.count(named) == 2
    assert "past the trigger" not in shown
    assert f"from {stance.trigger / WAD:.4f} on a part may go home" in shown


def test_risk_is_of_one_block(
    moved: World, ask: Callable[..., Any], market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody stamps between two of its reads: it said "stamped -1 s ago"."""
    block = market.engine.block()

    def slowly(h: Any) -> Any:
        seen = snapshot_of(h)
        moved.engine.advance(1)
        ask("stamp", "--yes")
        return seen

    monkeypatch.setattr(risk, "snapshot_of", slowly)
    shown = ask("risk")
    assert shown["block"] == block
    assert shown["bounty"]["stamped"] is None


NONE = Due(0, 0, 0, WAD, 0, 0, 0, 0, 0, 0)
OFFER = Due(1_000, -WAD, -WAD, WAD, WAD // 2, 9 * USD, 5 * USD, 7 * USD, 8 * USD, 5 * USD)


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (None, "none while nobody may rebalance"),
        (NONE, "none: the residual is inside"),
        (Due(0, 0, -2 * WAD, WAD, 0, 0, 0, 0, 0, 0), "`tandem stamp`"),
        (OFFER, "5.00 USD for 1.0000 ETH, by a tenth of the risk; stamped 600 s ago"),
        (replace(OFFER, by_gas=USD, amount=USD), "by its gas by the time"),
        (replace(OFFER, by_day=USD, amount=USD), "by the day's budget"),
        (replace(OFFER, by_floor=0, amount=0), "by what the Vault may lend"),
    ],
)
def test_one_line_says_what_is_due_and_what_bounds_it(due: Due | None, says: str) -> None:
    assert says in bounty.line(due, 1_600)
