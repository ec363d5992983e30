"""A market whose LPs all leave, whose expiries are settled one after the other, and that ends: its keeper
pays who waits together and not by the cent, brings home what there is, and spends nothing after that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_distress import keeper_of
from worlds import ETH, World, build

from keeper.cycle import Done, Keeper
from keeper.journal import State
from keeper.planner import Kind
from tandem.units import DAY, HOUR, USD


@pytest.fixture(scope="module")
def sold() -> World:
    made = build()
    made.mint(made.call(), 2 * ETH)
    made.mint(made.put(far=True), 2 * ETH)
    return made


@pytest.fixture
def left(sold: World) -> Iterator[World]:
    """Its LP asked for everything; the options are still open."""
    with sold.undone():
        vault, lp = sold.tandem.vault, sold.tandem.lp
        vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
        yield sold


def live(w: World, keeper: Keeper, days: float) -> list[Done]:
    found = list[Done]()
    for _ in range(round(days * DAY / HOUR)):
        w.engine.advance(HOUR)
        w.push_wad(w.spot)
        found += keeper.cycle()
    return found


def test_who_waits_for_the_floor_is_not_paid_by_the_cent(left: World) -> None:
    """Past a day of patience each block had a transaction: 120 of them paid 0.45 USD of a million."""
    keeper, vault = keeper_of(left), left.tandem.vault
    live(left, keeper, 2.5)
    blocks = list[Done]()
    for _ in range(120):
        left.engine.advance(12)
        blocks += keeper.cycle()
    assert [done.intent.kind for done in blocks].count(Kind.PROCESS) == 0
    assert any("wait for others" in note for note in keeper.plan()[1].notes)
    before = left.tandem.snapshot().funds
    paid = [done for done in live(left, keeper, 2) if done.intent.kind is Kind.PROCESS]
    assert 1 <= len(paid) <= 6
    assert {done.result.state for done in paid} == {State.MINED}
    assert left.tandem.snapshot().funds.exits > before.exits + 10 * USD
    assert vault.call("totalSupply") > 0


def test_a_keeper_of_a_market_that_ended_spends_nothing(left: World) -> None:
    t, keeper = left.tandem, keeper_of(left)
    last = max(each.expiry for each in t.snapshot().expiries)
    done = live(left, keeper, (last - left.engine.now()) / DAY + 5)
    assert {each.intent.kind for each in done} >= {Kind.SETTLE, Kind.PROCESS, Kind.SWEEP}
    seen = t.snapshot()
    assert (seen.position, seen.funds.queued, t.vault.totalSupply()) == (0, 0, 0)
    assert live(left, keeper, 30) == []
