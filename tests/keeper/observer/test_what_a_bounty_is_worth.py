"""HG-14: what a keeper knows of the bounty, on a market whose residual is past the trigger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_what_can_be_due import observer_of
from worlds import ETH, World, build

from keeper.cycle import Keeper
from keeper.observer import Observer
from keeper.planner import Kind
from keeper.policy import Decision, MarketState
from keeper.prices import Prices
from keeper.replay.outbox import LocalOutbox
from tandem.engine.base import NOBODY
from tandem.units import USD, WAD

GWEI = 10**9


@pytest.fixture(scope="module")
def once() -> World:
    w = build(fees=True)
    assert w.fees is not None
    w.fees.send("say", GWEI * 10**6, sender=w.stranger)
    return past_the_trigger(w)


def past_the_trigger(w: World) -> World:
    """A book whose price has moved: its residual is worth a bounty."""
    for _ in range(4):
        w.mint(w.call(2_500), 7 * ETH)
        w.mint(w.put(2_500), 7 * ETH)
    w.move(2_600)
    w.rest()
    return w


@pytest.fixture
def moved(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def watching(w: World, gas_price: int = GWEI, base_fee: int = GWEI, data: int = 0) -> Observer:
    observer = observer_of(w.tandem)
    observer.prices = Prices(lambda: gas_price, lambda: base_fee, lambda _: data)
    return observer


def facts(observer: Observer, w: World) -> tuple[int, bool]:
    found = observer.observe(w.tandem.keeper)[1]
    return found.bounty, found.stamp


def test_a_stamp_is_not_worth_data_that_costs_more_than_the_risk(moved: World) -> None:
    """The bounty follows the price of data up to a tenth of what the residual risks in a day."""
    assert facts(watching(moved, data=GWEI * 10**4), moved) == (0, True)
    assert facts(watching(moved, data=GWEI * 10**8), moved) == (0, False)


def test_past_the_trigger_a_stamp_is_worth_its_gas_and_then_what_is_due_rises(moved: World) -> None:
    w = moved
    observer = watching(w)
    assert facts(observer, w) == (0, True)
    w.tandem.bounty.stamp().send(w.stranger)
    assert facts(observer, w) == (0, False)
    seen = []
    for _ in range(3):
        w.engine.advance(200)
        w.push_wad(w.spot)
        seen.append(facts(observer, w)[0])
    due = w.tandem.bounty.due(GWEI).amount
    assert seen[0] < seen[1] < seen[2] == pytest.approx(due - 100_000 * 2_600 / 10**9 * USD, abs=2)


@pytest.mark.parametrize(("gas_price", "base_fee"), [(GWEI, 0), (100 * GWEI, GWEI)])
def test_where_gas_is_not_paid_for_nobody_stamps(
    moved: World, gas_price: int, base_fee: int
) -> None:
    assert facts(watching(moved, gas_price, base_fee), moved) == (0, False)


def test_where_nothing_would_be_paid_nobody_is_called(moved: World) -> None:
    """HG-14: the least of four, "what is left of the day's budget" among them, and "what the Vault may lend
    and the next top-up does not need". A keeper paid for a stamp, each day, that nobody comes for."""
    w = moved
    assert facts(watching(w), w)[1]
    w.set_terms(bounty=0)
    assert facts(watching(w), w) == (0, False)


def test_where_only_data_costs_a_bounty_is_seen(moved: World) -> None:
    w = moved
    w.tandem.bounty.stamp().send(w.stranger)
    w.engine.advance(200)
    w.push_wad(w.spot)
    due = w.tandem.bounty.due(0).amount
    assert facts(watching(w, 0, 0), w) == (due, False)
    assert due > 0


def test_where_nothing_is_paid_for_the_bounty_is_not_asked(
    moved: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("keeper.bounties.offer", lambda _, base_fee: asked.append(base_fee))
    monkeypatch.setattr(type(moved.tandem.bounty), "DATA_FEES", lambda _: NOBODY)
    assert facts(watching(moved, GWEI, 0), moved) == (0, False)
    assert asked == []
    facts(watching(moved, GWEI, 1), moved)
    assert asked == [1]


def test_inside_the_trigger_or_without_a_price_nothing_is_asked(moved: World) -> None:
    w = moved
    w.engine.advance(5_000)
    assert facts(watching(w), w) == (0, False)
    w.push_wad(w.spot)
    w.move(2_505)
    w.rest()
    assert facts(watching(w), w) == (0, False)


class Waits:
    """A policy that hedges when it is told."""

    goes = False

    def decide(self, state: MarketState) -> Decision:
        return Decision(0.0 if self.goes else None, "told")


def test_a_keeper_stamps_while_it_waits_and_is_paid_when_it_hedges(moved: World) -> None:
    w, policy = moved, Waits()
    account = w.tandem.keeper
    keeper = Keeper(watching(w), policy, LocalOutbox(w.engine, account, lambda *_: None))
    first = [d.intent.kind for d in keeper.cycle()]
    assert Kind.STAMP in first
    assert Kind.REBALANCE not in first
    w.engine.advance(600)
    w.push_wad(w.spot)
    policy.goes = True
    before, residual = w.usdc(account), w.tandem.snapshot().stance.residual
    done = {d.intent.kind: d.result.state for d in keeper.cycle()}
    assert done[Kind.BOUNTY] == "mined"
    assert w.usdc(account) > before
    assert 0 < abs(w.tandem.snapshot().stance.residual) < abs(residual)
    assert abs(residual) / WAD > 1
