"""HG-14: gas counts at ether's price. In a market on something else that is ether's feed, and where it says
none nothing is paid; the hedge goes home as it would."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bounty_stage import RAMP, USUAL, bring, costs, due, market, most_by_gas, paid, stamp, stamped
from harnesses import harness
from worlds import ETH, World, build

from tandem.engine.artifacts import Artifact, compile_vyper
from tandem.engine.base import Contract
from tandem.units import WAD

ETHER = 800
"""USD, of an asset at 2,500 and more."""
AGE = 4_000


@pytest.fixture(scope="module")
def on_bitcoin_once() -> World:
    return market(ether=ETHER, uptime=True)


@pytest.fixture
def on_bitcoin(on_bitcoin_once: World) -> Iterator[World]:
    with on_bitcoin_once.undone():
        yield on_bitcoin_once


@pytest.fixture(scope="module")
def turning_once() -> World:
    def feed_of(name: str) -> Artifact:
        return harness("unit/bounty/TurningFeed.vy") if name == "PriceFeed" else compile_vyper(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("worlds.compile_vyper", feed_of)
        return market(ether=ETHER)


@pytest.fixture
def turning(turning_once: World) -> Iterator[World]:
    with turning_once.undone():
        yield turning_once


def feed(w: World) -> Contract:
    assert w.ether is not None
    return w.ether


def costs_now(w: World, usd: int) -> None:
    feed(w).send("push", usd * 10**8, sender=w.curie.owner)


def stamped_long_ago(w: World) -> int:
    """Until nothing more is due by time; ether's price is of now."""
    residual = stamped(w)
    costs_now(w, ETHER)
    return residual


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("usd", [100, ETHER, 3_000, 100_000])
def test_r5_gas_counts_at_ethers_price_and_not_at_the_assets(on_bitcoin: World, usd: int) -> None:
    w = on_bitcoin
    costs(w, 1)
    stamped_long_ago(w)
    costs_now(w, usd)
    assert due(w).by_gas == most_by_gas(w, 1, usd) != most_by_gas(w, 1)
    assert w.tandem.bounty.due(10**9).by_gas == 2 * most_by_gas(w, 1, usd)
    shown = due(w).amount
    assert shown == min(due(w).by_gas, due(w).by_risk, due(w).by_day, due(w).by_floor) > 0
    brought = paid(bring(w))
    assert brought == shown if shown == most_by_gas(w, 1, usd) else 0 < brought <= shown


Act = Callable[[World], object]
SILENT: dict[str, Act] = {
    "stale": lambda w: w.engine.advance(AGE + 1),
    "nothing": lambda w: costs_now(w, 0),
    "under nothing": lambda w: costs_now(w, -ETHER),
    "a cent too little": lambda w: feed(w).send("push", 100 * 10**8 - 1, sender=w.curie.owner),
    "a cent too much": lambda w: feed(w).send("push", 10**13 + 1, sender=w.curie.owner),
    "more than a word": lambda w: feed(w).send("push", 2**255 - 1, sender=w.curie.owner),
    "of tomorrow": lambda w: feed(w).send(
        "push_at", ETHER * 10**8, w.engine.now() + 86_400, sender=w.curie.owner
    ),
    "carried over": lambda w: carried_over(w),
    "reverts": lambda w: feed(w).send("next_phase", sender=w.curie.owner),
}
TURNED = {"burns its gas": 1, "says too little": 2}


def carried_over(w: World) -> None:
    """A round that an earlier one answered."""
    now, last = w.engine.now(), int(feed(w).call("latest_id"))
    feed(w).send("set_round", last, ETHER * 10**8, now, now, last - 1, sender=w.curie.owner)


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("how", SILENT)
def test_r5_without_ethers_price_nothing_is_paid_and_the_hedge_goes_home(
    on_bitcoin: World, how: str
) -> None:
    w = on_bitcoin
    residual = stamped_long_ago(w)
    assert due(w).amount > 0
    SILENT[how](w)
    w.push_wad(w.spot)
    assert (due(w).by_gas, due(w).amount) == (0, 0)
    assert paid(bring(w)) == 0
    assert abs(w.tandem.snapshot().stance.residual) < abs(residual)
    with w.refuses("bounty: under least"):
        bring(w, least=1)


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("how", TURNED)
def test_r5_a_feed_that_turns_holds_no_hedge_up(turning: World, how: str) -> None:
    w = turning
    residual = stamped_long_ago(w)
    assert due(w).by_gas == most_by_gas(w, USUAL, ETHER)
    feed(w).send("turn", TURNED[how], sender=w.stranger)
    assert (due(w).by_gas, due(w).amount) == (0, 0)
    assert paid(bring(w)) == 0
    assert abs(w.tandem.snapshot().stance.residual) < abs(residual)


@pytest.mark.proves("HG-14")
def test_a_price_as_old_as_it_may_be_is_believed(on_bitcoin: World) -> None:
    w = on_bitcoin
    stamped_long_ago(w)
    w.engine.set_time(w.engine.now() + AGE - 2)
    w.push_wad(w.spot)
    before = due(w).by_gas
    w.engine.advance(AGE)
    w.push_wad(w.spot)
    assert (before > 0, due(w).by_gas) == (True, 0)


@pytest.mark.proves("HG-14", "AV-2")
def test_while_the_sequencer_is_down_nobody_is_paid_by_a_price_of_before(on_bitcoin: World) -> None:
    """It is asked with the asset's spot, before anything is rebalanced."""
    w = on_bitcoin
    stamped_long_ago(w)
    assert w.uptime is not None
    w.uptime.send("push", 1, sender=w.curie.owner)
    for act in (lambda: bring(w), lambda: due(w), lambda: w.tandem.rebalance(sender=w.stranger)):
        with w.refuses("spot: sequencer down"):
            act()


@pytest.mark.proves("HG-14")
def test_no_trade_and_no_pool_moves_what_gas_counts_at(on_bitcoin: World) -> None:
    """The asset's price follows its feed, and the venue's pool whoever trades there: neither is ether's."""
    w = on_bitcoin
    stamped_long_ago(w)
    before = due(w).by_gas
    w.push_wad(w.spot * 102 // 100)
    assert due(w).by_gas == before
    w.curie.converge(w.spot * 101 // 100)
    assert due(w).by_gas == before


@pytest.mark.proves("HG-14")
def test_in_a_market_on_ether_the_source_is_its_own_spot(straddles: World) -> None:
    w = straddles
    assert w.tandem.bounty.ETHER_SPOT() == w.tandem.spot.address == w.tandem.ether.address
    stamped(w)
    assert due(w).by_gas == most_by_gas(w, USUAL)


@pytest.mark.proves("HG-14", "AV-2")
def test_in_a_market_on_ether_what_values_the_residual_values_the_gas() -> None:
    """Also where no feed is left and that is the venue's index: the source is asked once."""
    w = build(fees=True, apart=True)
    for _ in range(5):
        w.mint(w.call(2_500), 7 * ETH)
        w.mint(w.put(2_500), 7 * ETH)
    costs(w, 1)
    w.engine.advance(3 * 86_400 + 1)
    w.curie.set_index(2_600 * WAD)
    w.curie.converge()
    w.engine.advance(600)
    stamp(w)
    w.engine.advance(RAMP)
    with w.refuses("spot: stale"):
        w.tandem.spot.spot()
    assert due(w).by_gas == most_by_gas(w, 1) > 0
    assert due(w).amount == paid(bring(w)) > 0


def test_what_it_asks_is_told_of_by_its_address(on_bitcoin: World) -> None:
    t = on_bitcoin.tandem
    assert t.bounty.ETHER_SPOT() == t.ether.address != t.spot.address
    assert (t.ether.FEED(), t.ether.MAX_AGE()) == (feed(on_bitcoin).address, AGE)
    costs_now(on_bitcoin, ETHER)
    answer = t.ether.peek()
    assert (answer.price, answer.time, answer.fresh) == (ETHER * WAD, on_bitcoin.engine.now(), True)
