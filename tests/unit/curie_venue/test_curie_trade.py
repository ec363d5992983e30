"""trade: exact fills, the fee split out, the bound in fee-free prices, the router alone."""

from __future__ import annotations

from typing import Any

import pytest
from curie_bench import Bench, places

from tandem.engine.artifacts import compile_vyper
from tandem.errors import Reverted
from tandem.units import USD, WAD

ODD = 1_234_567_890_123_456_789


def _event(receipt: Any) -> dict[str, Any]:
    """The venue's own account of the fill."""
    (event,) = receipt.events("PositionChanged")
    return event.args


@pytest.mark.proves("HG-4")
@pytest.mark.parametrize("size", [ODD, -ODD, 10**15, -(10**15), 100 * WAD + 7, -(100 * WAD) - 7])
def test_fills_are_exact_to_the_wei(bench: Bench, size: int) -> None:
    bench.fund(100_000)
    after, _, _ = bench.trade(size).returned
    assert after == size
    assert bench.curie.position(bench.venue) == size


@pytest.mark.proves("HG-6")
def test_r21_a_flip_is_one_netted_order(bench: Bench) -> None:
    bench.fund(100_000)
    bench.trade(ODD)
    receipt = bench.trade(-3 * ODD)
    assert len(receipt.events("PositionChanged")) == 1
    assert receipt.returned[0] == -2 * ODD == bench.curie.position(bench.venue)


def test_a_position_closes_to_exactly_nothing(bench: Bench) -> None:
    bench.fund(100_000)
    for size in (ODD, -ODD):
        bench.trade(size)
        assert bench.trade(-size).returned[0] == 0
        assert bench.position() == 0
        assert bench.curie.account_balance.call("getBaseTokens", bench.venue) == ()


@pytest.mark.parametrize("size", [ODD, -ODD, 250 * WAD + 1, -250 * WAD - 1, 10**15, -(10**15)])
def test_quote_and_fee_are_the_venues_own_to_the_wei(bench: Bench, size: int) -> None:
    bench.fund(1_000_000)
    for part in (size, -size // 3, -size):
        receipt = bench.trade(part)
        event = _event(receipt)
        position, quote_delta, fee = receipt.returned
        assert position == bench.curie.position(bench.venue)
        assert quote_delta == event["exchangedPositionNotional"]
        assert fee == event["fee"] > 0
        assert (quote_delta < 0) == (part > 0)


def test_the_split_holds_when_the_order_crosses_many_ticks(bench: Bench) -> None:
    """The venue rounds its fee up at every step of the swap, so a formula would be wei off."""
    bench.fund(10_000_000)
    receipt = bench.trade(-1_000 * WAD)
    event = _event(receipt)
    assert receipt.returned[1:] == (event["exchangedPositionNotional"], event["fee"])


def test_a_fee_discount_is_split_out_too(bench: Bench) -> None:
    curie = bench.curie
    bench.fund(100_000)
    curie.market_registry.send("setFeeManager", curie.owner, True, sender=curie.owner)
    curie.market_registry.send("setFeeDiscountRatio", bench.venue, 400_000, sender=curie.owner)
    with bench.undone():
        receipt = bench.trade(WAD)
        notional, fee = -receipt.returned[1], receipt.returned[2]
        assert fee == _event(receipt)["fee"]
        assert fee == pytest.approx(notional * 0.0006 / 0.9994, rel=1e-9)
    bench.trade(WAD, notional)
    with pytest.raises(Reverted):
        bench.trade(WAD, notional)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_bound_is_on_the_fill_without_fee_to_the_wei(bench: Bench, sign: int) -> None:
    bench.fund(100_000)
    with bench.undone():
        fill = abs(bench.trade(sign * WAD).returned[1])
    with bench.undone():
        bench.trade(sign * WAD, fill)
    ours = "curie: bought above the bound" if sign > 0 else "curie: sold below the bound"
    for short in (1, 10**9):
        with pytest.raises(Reverted) as caught:
            bench.trade(sign * WAD, fill - sign * short)
        assert caught.value.reason == ours


def test_the_least_proceeds_of_a_sale_round_up(bench: Bench) -> None:
    size = 300_000_000_000_000_001
    bench.fund(100_000)
    with bench.undone():
        proceeds = bench.trade(-size).returned[1]
    price = proceeds * WAD // size
    assert (price + 1) * size // WAD == proceeds < (price + 1) * size / WAD
    with bench.undone():
        bench.trade(-size, price)
    with pytest.raises(Reverted, match="curie: sold below the bound"):
        bench.trade(-size, price + 1)


@pytest.mark.parametrize("size", [WAD, -WAD])
def test_a_venue_that_fills_something_else_is_refused(bench: Bench, size: int) -> None:
    engine = bench.engine
    liar = engine.deploy(compile_vyper("InexactCurie"))
    margins = places(bench.curie, bench.router)[3:]
    venue = engine.deploy(
        compile_vyper("CurieVenue"), bench.router, liar, bench.curie.base, *margins
    )
    bound = 2**255 if size > 0 else 0
    for error in (10, -10, size):
        liar.send("set_error", error, sender=bench.stranger)
        with pytest.raises(Reverted, match="curie: fill not exact"):
            venue.send("trade", size, bound, sender=bench.router)
    liar.send("set_error", 3, sender=bench.stranger)
    position = venue.send("trade", size, bound, sender=bench.router).returned[0]
    assert position == size + 3 == venue.call("position")


def test_a_purchase_at_a_bound_of_zero_is_not_unbounded(bench: Bench) -> None:
    bench.fund(100_000)
    with pytest.raises(Reverted):
        bench.trade(WAD, 0)


def test_no_bound_means_no_bound(bench: Bench) -> None:
    bench.fund(100_000)
    bench.trade(WAD, 2**256 - 1)
    bench.trade(WAD, 2**127)
    bench.trade(-WAD, 0)


def test_only_the_router_trades_or_moves_margin(bench: Bench) -> None:
    bench.fund(1_000)
    owner = bench.curie.owner
    for sender in (bench.stranger, bench.trader, owner):
        for call in (
            ("trade", WAD, 2**255),
            ("deposit", USD),
            ("withdraw", USD, sender),
        ):
            with pytest.raises(Reverted, match="curie: not the router"):
                bench.venue.send(*call, sender=sender)


def test_a_router_must_be_named(bench: Bench) -> None:
    nobody = places(bench.curie, "0x" + "00" * 20)
    with pytest.raises(Reverted, match="curie: no router"):
        bench.engine.deploy(compile_vyper("CurieVenue"), *nobody)


MAINTENANCE, INITIAL = WAD * 625 // 10_000, WAD // 10
"""What the venue liquidates at, and what it asks of a position that is opened."""
RISING = [
    (MAINTENANCE + 1, INITIAL + 1, INITIAL + 2),
    (WAD - 2, WAD - 1, WAD),
    (WAD * 12 // 100, WAD * 15 // 100, WAD),
]
HALF = WAD // 2
NOT_RISING = [
    (HALF, HALF, HALF + 1), (HALF + 1, HALF, HALF + 2), (HALF, HALF + 2, HALF + 2),
    (HALF, HALF + 2, HALF + 1), (WAD - 1, WAD, WAD + 1), (0, HALF, WAD),
    (MAINTENANCE, HALF, WAD), (MAINTENANCE + 1, INITIAL, WAD),
]  # fmt: skip


@pytest.mark.parametrize("margins", RISING)
def test_least_target_and_most_rise_up_to_one(bench: Bench, margins: tuple[int, int, int]) -> None:
    """The same for both signs, and whatever is open; over what the venue itself asks for."""
    ratios = [bench.curie.config.call(each) for each in ("getMmRatio", "getImRatio")]
    assert [each * WAD // 10**6 for each in ratios] == [MAINTENANCE, INITIAL]
    args = (*places(bench.curie, bench.router)[:3], *margins)
    with bench.undone():
        venue = bench.engine.deploy(compile_vyper("CurieVenue"), *args)
        for position in (0, WAD, -WAD):
            assert tuple(venue.call("bounds", position)) == margins


@pytest.mark.parametrize("margins", NOT_RISING)
def test_other_margins_are_refused(bench: Bench, margins: tuple[int, int, int]) -> None:
    """What is topped up no sooner than the venue liquidates it is liquidated before."""
    args = (*places(bench.curie, bench.router)[:3], *margins)
    with pytest.raises(Reverted, match="curie: margin bounds"):
        bench.engine.deploy(compile_vyper("CurieVenue"), *args)


def test_everything_else_is_asked_of_the_clearing_house(bench: Bench) -> None:
    curie = bench.curie
    asked = {
        "CLEARING_HOUSE": curie.clearing_house,
        "ACCOUNT_BALANCE": curie.account_balance,
        "EXCHANGE": curie.exchange,
        "VAULT": curie.vault,
        "REGISTRY": curie.market_registry,
        "CONFIG": curie.config,
        "BASE_TOKEN": curie.base,
        "QUOTE": curie.usdc,
    }
    assert {name: bench.venue.call(name) for name in asked} == {
        name: part.address for name, part in asked.items()
    }
    assert bench.venue.call("ROUTER") == bench.router


def test_a_replaced_approval_contract_is_survived(bench: Bench) -> None:
    from tandem.engine.artifacts import load_npm

    curie, engine = bench.curie, bench.engine
    bench.fund(10_000)
    fresh = engine.deploy(load_npm("@perp/curie-contract", "DelegateApproval"))
    fresh.send("initialize", sender=curie.owner)
    curie.clearing_house.send("setDelegateApproval", fresh, sender=curie.owner)
    with pytest.raises(Reverted, match="CH_SHNAOPT"):
        bench.trade(WAD)
    bench.venue.send("renew_approval", sender=bench.stranger)
    bench.trade(WAD)


def test_nobody_else_may_trade_for_the_adapter(bench: Bench) -> None:
    bench.fund(10_000)
    params = (bench.curie.base, False, False, WAD, 0, 2**255, 0, bytes(32))
    with pytest.raises(Reverted, match="CH_SHNAOPT"):
        bench.curie.clearing_house.send(
            "openPositionFor", bench.venue, params, sender=bench.stranger
        )


def test_the_lot_is_a_thousandth_of_an_ether_and_fills(bench: Bench) -> None:
    bench.fund(10)
    lot = bench.venue.call("lot")
    assert lot == 10**15
    assert bench.trade(lot).returned[0] == lot


def test_a_sale_may_not_bring_a_hair_less_than_its_bound(bench: Bench) -> None:
    """Where size times bound is the least part over a whole wei, the next whole wei is due."""
    bench.fund(100_000)
    for amount in range(3, 500, 2):
        with bench.undone():
            fill = bench.trade(-amount).returned[1]
        bound, rest = divmod(fill * WAD + 1, amount)
        if rest == 0:
            break
    assert amount * bound == fill * WAD + 1
    with pytest.raises(Reverted, match="curie: sold below the bound"):
        bench.trade(-amount, bound)
    assert bench.trade(-amount, bound - 1).returned[1] == fill
