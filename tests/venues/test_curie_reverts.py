"""Every revert that the documents name, produced on the venue's own bytecode, and explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from curie_bench import PRICE, Bench, build
from refusals import VENUES, refuses

from tandem.engine import open_engine
from tandem.errors import Reverted
from tandem.protocol.reasons import REASONS
from tandem.protocol.reverts import explain
from tandem.units import USD, WAD
from tandem.venues.curie import Depth

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"


def test_an_index_gap_over_a_tenth_refuses_only_what_widens_it(bench: Bench) -> None:
    bench.fund(100_000)
    bench.curie.set_index(PRICE * 88 // 100)
    with refuses("EX_OPB"):
        bench.trade(WAD)
    bench.trade(-WAD)


def test_without_liquidity_nothing_fills() -> None:
    """Its makers have left; a pool that never had any is no venue (test_curie_history.py)."""
    bench = build(open_engine("pyrevm"))
    bench.curie.remove_liquidity()
    bench.fund(100_000)
    for size in (WAD, -WAD):
        with pytest.raises(Reverted) as caught:
            bench.trade(size)
        assert caught.value.reason in ("CH_F0S", "UB_UOA")
        assert explain(caught.value).known


def test_an_order_past_the_last_liquidity_is_unfillable() -> None:
    bench = build(open_engine("pyrevm"), depth=Depth(usd=50_000.0, within=0.02, tail=0.0))
    bench.fund(10_000_000)
    with refuses("UB_UOA"):
        bench.trade(100 * WAD)


def test_an_order_past_the_tick_limit_is_refused(bench: Bench) -> None:
    bench.fund(10_000_000)
    bench.curie.set_index(PRICE * 85 // 100)
    with refuses("EX_OPLAS"):
        bench.trade(-1_600 * WAD)


def test_opening_without_margin_is_refused(bench: Bench) -> None:
    bench.fund(290)
    with refuses("CH_NEFCI"):
        bench.trade(WAD)


def test_even_a_reducing_trade_is_refused_under_maintenance(bench: Bench) -> None:
    bench.fall(7)
    with refuses("CH_NEFCM"):
        bench.trade(-WAD)
    assert bench.venue.call("max_order", -(10**27), 0) == 0
    bench.fund(2_000)
    assert bench.venue.call("max_order", -(10**27), 0) > 10 * WAD
    bench.trade(-WAD)


def test_a_paused_market_refuses(bench: Bench) -> None:
    bench.fund(10_000)
    bench.trade(WAD)
    bench.curie.base.send("pause", sender=bench.curie.owner)
    with refuses("CH_MNO"):
        bench.trade(-WAD)
    assert bench.venue.call("max_order", -(10**27), 0) == 0
    assert bench.position() == WAD
    assert bench.equity() > 0


def test_a_stopped_market_and_a_paused_venue_refuse(bench: Bench) -> None:
    bench.fund(10_000)
    curie = bench.curie
    with bench.undone():
        curie.exchange.send("setMaxTickCrossedWithinBlock", curie.base, 0, sender=curie.owner)
        with refuses("EX_MIP"):
            bench.trade(WAD)
        assert bench.venue.call("max_order", 10**27, 2**255) == 0
    curie.clearing_house.send("pause", sender=curie.owner)
    with refuses("Pausable: paused"):
        bench.trade(WAD)
    assert bench.venue.call("max_order", 10**27, 2**255) == 0


def test_a_missed_price_bound_is_refused_both_ways(bench: Bench) -> None:
    bench.fund(10_000)
    with refuses("curie: bought above the bound"):
        bench.trade(WAD, PRICE)
    with refuses("curie: sold below the bound"):
        bench.trade(-WAD, PRICE)


def test_an_order_of_nothing_is_refused(bench: Bench) -> None:
    bench.fund(10_000)
    with refuses("AS"):
        bench.trade(0)


def test_a_passed_price_limit_is_refused(bench: Bench) -> None:
    curie = bench.curie
    root = curie.pool.call("slot0")[0]
    params = (curie.base, True, True, WAD, 0, 2**255, root + 1, bytes(32))
    with refuses("SPL"):
        curie.clearing_house.send("openPosition", params, sender=curie.arbitrageur)


def test_a_passed_deadline_is_refused(bench: Bench) -> None:
    with refuses("CH_TE"):
        bench.curie.open(bench.curie.arbitrageur, WAD, deadline=bench.engine.now())


def test_withdrawing_more_than_is_free_is_refused(bench: Bench) -> None:
    bench.fund(1_000)
    bench.trade(WAD)
    free = bench.venue.call("free_collateral")
    with refuses("V_NEFC"):
        bench.venue.send("withdraw", free + USD, bench.router, sender=bench.router)
    bench.venue.send("withdraw", free - USD, bench.router, sender=bench.router)


def test_a_deposit_of_nothing_is_refused(bench: Bench) -> None:
    with refuses("V_ZA"):
        bench.venue.send("deposit", 0, sender=bench.router)


def test_closing_nothing_is_refused(bench: Bench) -> None:
    curie = bench.curie
    with refuses("CH_PSZ"):
        curie.clearing_house.send(
            "closePosition", (curie.base, 0, 0, 2**255, bytes(32)), sender=curie.arbitrageur
        )


def test_an_empty_insurance_fund_refuses_to_liquidate_below_water() -> None:
    poor = build_poor()
    with refuses("CH_IIC"):
        poor.curie.liquidate(poor.trader)
    poor.curie.fund_insurance(10_000 * USD)
    poor.curie.liquidate(poor.trader)
    assert poor.curie.position(poor.trader) == 0


def build_poor() -> Bench:
    """A long account under water, and nothing in the insurance fund."""
    bench = build(open_engine("pyrevm"), insurance=0)
    bench.curie.deposit(bench.trader, 3_100 * USD)
    bench.curie.open(bench.trader, 10 * WAD)
    bench.curie.set_index(PRICE * 85 // 100)
    bench.curie.converge()
    bench.engine.advance(1_800)
    return bench


def test_a_pool_that_remembers_less_than_the_average_is_long_refuses() -> None:
    """HG-16: "more observations than there are seconds in the average that its trades rest on", so a
    trade in each of 510 seconds, which erased an average kept in 500, erases nothing. Only the venue's
    owner can ask for an average from before the pool's first observation."""
    bench = build(open_engine("pyrevm"))
    bench.fund(100_000)
    bench.curie.deposit(bench.trader, 10_000_000 * USD)
    for turn in range(510):
        bench.curie.open(bench.trader, (-1) ** turn * 100 * WAD)
    bench.trade(2 * WAD)
    covered, needed = bench.venue.call("history")
    assert covered >= needed
    config, owner = bench.curie.config, bench.curie.owner
    config.send("setMarkPriceMarketTwapInterval", covered + 60, sender=owner)
    for size, bound in ((WAD, 2**255), (-WAD, 0)):
        with refuses("OLD"):
            bench.trade(size)
        assert bench.venue.call("max_order", size, bound) == 0
    bench.trade(-2 * WAD)  # what leaves no position needs no average
    assert bench.position() == 0


def test_every_reason_of_our_contracts_is_explained_and_no_other() -> None:
    sources = [path for path in CONTRACTS.rglob("*.vy") if path.parent.name != "mocks"]
    ours, adapters = set[str](), set[str]()
    for path in sources:
        found = adapters if path.parent.name == "venues" else ours
        found.update(re.findall(r'"([a-z]+: [^"]+)"', path.read_text()))
    assert len(ours | adapters) > 150
    assert ours == set(REASONS)
    own = {reason for reason in VENUES if re.match("[a-z]+: ", reason)}
    assert adapters == {reason for reason in own if not reason.startswith("panic: ")}


def test_an_unknown_code_is_shown_and_marked() -> None:
    told = explain("XX_YY")
    assert not told.known
    assert "[XX_YY]" in str(told)


@pytest.mark.parametrize("code", sorted(VENUES | set(REASONS)))
def test_an_explanation_is_two_sentences(code: str) -> None:
    told = explain(code)
    assert told.what.endswith(".")
    assert told.todo.endswith(".")
    assert len(str(told)) < 250
