"""The keeper in distress: it lowers the hedge a chunk a minute, and tries nothing that margin refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from distress import SHORT, falls, ratio, squeezed
from worlds import USD, World

from keeper.cycle import Done, Keeper
from keeper.journal import State
from keeper.observer import Observer
from keeper.planner import Kind, PlannerSettings
from keeper.policy import create
from keeper.prices import Prices
from keeper.replay.outbox import LocalOutbox
from tandem.client.bounty import trigger
from tandem.client.margin import distress
from tandem.protocol.handles import handles_of
from tandem.protocol.reverts import explain


@pytest.fixture(scope="module")
def squeezed_once() -> World:
    return squeezed()


@pytest.fixture
def short(squeezed_once: World) -> Iterator[World]:
    with squeezed_once.undone():
        falls(squeezed_once, SHORT)
        yield squeezed_once


def keeper_of(w: World) -> Keeper:
    t = w.tandem
    on = handles_of(t)
    observer = Observer(t.engine, on, PlannerSettings())
    return Keeper(observer, create("threshold"), LocalOutbox(t.engine, t.keeper, lambda *_: None))


@pytest.mark.proves("HG-20", "HG-21")
def test_it_lowers_the_hedge_and_sends_nothing_that_is_refused(short: World) -> None:
    keeper = keeper_of(short)
    done = [d for _ in range(4) for d in _minute(short, keeper)]
    assert {d.intent.kind for d in done} >= {Kind.DELEVER}
    assert [d for d in done if d.result.state is not State.MINED] == []
    assert not [d for d in done if d.intent.kind in (Kind.TOP_UP, Kind.REBALANCE)]
    assert ratio(short) >= 0.12
    assert any("margin carries none" in note for note in keeper.plan()[1].notes)


@pytest.mark.proves("HG-20")
def test_where_the_vault_may_lend_it_tops_up_instead(short: World) -> None:
    short.tandem.deposit(20_000 * USD, lp=short.engine.accounts[6])
    first = next(iter(_minute(short, keeper_of(short))))
    assert first.intent.kind is Kind.TOP_UP
    assert Kind.DELEVER not in {d.intent.kind for d in _minute(short, keeper_of(short))}


def _minute(w: World, keeper: Keeper) -> list[Done]:
    w.engine.advance(60)
    w.push_wad(w.spot)
    return keeper.cycle()


@pytest.mark.proves("HG-14")
def test_it_calls_nobody_for_a_bounty_that_the_floor_does_not_pay(short: World) -> None:
    """HG-14: "what the Vault may lend and the next top-up does not need". It paid 350,000 gas for a stamp."""
    observer = keeper_of(short).observer
    observer.prices = Prices(gas=lambda: 10**9, base_fee=lambda: 10**9)
    short.engine.advance(60)
    short.push_wad(short.spot)
    snapshot, facts = observer.observe(short.tandem.keeper)
    assert abs(snapshot.stance.residual) > trigger(snapshot.stance)
    assert not facts.stamp


@pytest.mark.proves("FL-10")
def test_people_are_told_what_is_unhedged(short: World, squeezed_once: World) -> None:
    """FL-10: "the unhedged delta is published"."""
    vault, s = short.tandem.vault, short.tandem.snapshot()
    said = distress(s, vault.would_lend(short.tandem.venue.address))
    assert f"{abs(s.stance.residual) / 10**18:.4f} ETH of delta are unhedged" in said
    short.tandem.deposit(50_000 * USD, lp=short.engine.accounts[6])
    s = short.tandem.snapshot()
    assert distress(s, vault.would_lend(short.tandem.venue.address)) == ""
    assert s.floor > s.account.top_up > 0
    assert "0.00 may be lent" in distress(s, 0)  # as while the venue's losses are past their cap


def test_each_refusal_says_what_to_do() -> None:
    for reason in ("no delever due", "top up instead", "not lowered"):
        assert explain(f"margin: {reason}").todo
