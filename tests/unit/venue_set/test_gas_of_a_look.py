"""What a look takes where there is most to look at: 128 nodes in eight expiries, each with two slices, over
four venues."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import worlds
from several import build_set
from worlds import ETH, FLAT, World

from keeper.cycle import Keeper
from keeper.journal import State
from keeper.observer import Observer
from keeper.planner import Kind, PlannerSettings
from keeper.policy import create
from keeper.replay.outbox import LocalOutbox
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.handles import handles_of
from tandem.protocol.series import Series, next_expiry
from tandem.units import HOUR, USD

CALLS = ((2_500, 5_000), (2_540, 5_080), (2_580, 5_160), (2_620, 5_240), (2_660, 5_320))
PUTS = (2_480, 2_440, 2_400, 2_360, 2_320, 2_300)
DAYS = (8, 12, 15, 24, 29, 43)
"""Beside the two expiries of any world."""
ENOUGH = 5_000_000
"""`ENOUGH` of the Breaker."""


@pytest.fixture(scope="module")
def full_once() -> World:
    strikes = sorted({k for pair in CALLS for k in pair} | set(PUTS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "LADDER", tuple(strikes))
        w = build_set("curie+aave+morpho+morpho4")
    w.tandem.deposit(19_000_000 * USD)
    w.tandem.give(w.trader, 10**14)
    for days in DAYS:
        expiry = next_expiry(w.engine.now(), days)
        w.tandem.list_expiry(expiry, strikes)
        w.slices[expiry] = FLAT
    w.freshen()
    for expiry in w.slices:
        for series in (
            *(Series(expiry, False, k, cap) for k, cap in CALLS),
            *(Series(expiry, True, k, 0) for k in PUTS),
        ):
            w.mint(series, ETH // 2)
        w.freshen()
    assert sum(len([s for s in e.sizes if s]) for e in w.tandem.snapshot().expiries) == 128
    assert w.tandem.venue.call("position")
    return w


@pytest.fixture
def full(full_once: World) -> Iterator[World]:
    """The Vault was marked two hours ago."""
    with full_once.undone():
        full_once.engine.advance(2 * HOUR)
        full_once.push_wad(full_once.spot)
        full_once.post()
        yield full_once


def goes(w: World, contract: Contract, fn: str, gas: int) -> bool:
    with w.undone():
        try:
            w.engine.send(contract, fn, sender=w.stranger, gas=gas)
        except Reverted:
            return False
    return True


def one_waits(w: World) -> None:
    """The nearest expiry is past, and nobody has settled it."""
    nearest = min(w.slices)
    w.engine.set_time(nearest + 2 * HOUR)
    w.slices.pop(nearest)
    w.push_wad(w.spot)
    w.post()


def marked_by_a_keeper(w: World) -> list[tuple[State, str]]:
    """What came of the mark that a keeper sends where one is due."""
    settings = PlannerSettings(
        settle=False, rebalance=False, margin=False, exits=False, mark_seconds=0
    )
    observer = Observer(engine=w.engine, handles=handles_of(w.tandem), settings=settings)
    outbox = LocalOutbox(w.engine, w.tandem.keeper, lambda *_: None)
    done = Keeper(observer, create("threshold"), outbox).cycle()
    return [(d.result.state, d.result.note) for d in done if d.intent.kind is Kind.REMARK]


@pytest.mark.proves("BR-1")
def test_who_has_the_gas_that_a_look_asks_for_is_told_what_the_vault_is_worth(full: World) -> None:
    """BR-1: "as it is now". Half of what a look asks for is more than low NAV takes: 1,590,000, of which
    a third is what has to be left for a question to the last venue."""
    assert goes(full, full.tandem.vault, "low_nav", ENOUGH // 2)


@pytest.mark.proves("BR-1", "GT-4")
def test_a_keeper_marks_a_full_book_with_two_slices_each(full: World) -> None:
    """It was simulated with 4,000,000, where it takes 4,980,000: dropped, until a slice stood alone."""
    assert not goes(full, full.tandem.stress, "remark", 4_800_000)
    assert marked_by_a_keeper(full) == [(State.MINED, "")]


@pytest.mark.proves("BR-1", "GT-4")
def test_a_keeper_marks_while_an_expiry_waits_for_its_price(full: World) -> None:
    """Nothing tells low NAV then, and a look is only for who has gas to have been told it: 8,030,000 in all.
    That lasts three days and more where a feed ends (ST-6, ST-7)."""
    one_waits(full)
    with pytest.raises(Reverted, match="lens: settle first"):
        full.tandem.vault.call("low_nav")
    with pytest.raises(Reverted, match="breaker: too little gas"):
        full.tandem.stress.send("remark", sender=full.stranger, gas=7_800_000)
    assert marked_by_a_keeper(full) == [(State.MINED, "")]


@pytest.mark.proves("BR-1", "VS-5")
def test_a_keeper_marks_while_one_of_several_venues_is_down(full: World) -> None:
    """VS-5: "The others trade". Nothing tells low NAV then either, until somebody may leave."""
    full.tandem.guardian.send("take_down_one", 3, sender=full.tandem.roles.guardian)
    with pytest.raises(Reverted, match="lens: venue down"):
        full.tandem.vault.call("low_nav")
    assert marked_by_a_keeper(full) == [(State.MINED, "")]
