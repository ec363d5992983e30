"""V4Pool: a pool of Uniswap v4 says what it is and trades what it says, and its reference says what was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from harnesses import harness
from morpho_bench import PRICE, Bench
from refusals import refuses
from v4_bench import speaker, traded

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import Depth
from tandem.venues._v4 import bound_of

SIDES = pytest.mark.parametrize("side", [1, -1], ids=["buys", "sells"])
MILLION = 10**6
TAKER = "unit/morpho_venue/V4Taker.vy"


def set_fee(bench: Bench, buys: int, sells: int) -> None:
    """The manager's own, millionths of what buyers and sellers of the base token bring."""
    pool = traded(bench)
    pool.manager.send("setProtocolFeeController", pool.owner, sender=pool.owner)
    first, other = (sells, buys) if pool.reference.base_first else (buys, sells)
    pool.manager.send("setProtocolFee", pool.key.words, first | other << 12, sender=pool.owner)


# ---------------------------------------------------------------- what is


@pytest.mark.proves("LM-9")
@SIDES
def test_it_says_what_the_manager_says_that_it_is(on_v4: Bench, side: int) -> None:
    """Price, tick, liquidity in range and fee after an order, as the manager's own event has them."""
    set_fee(on_v4, 900, 200)
    on_v4.fund(1_000_000)
    there = speaker(on_v4)
    for size in (side * 3 * WAD, side * 700 * WAD):
        (event,) = on_v4.trade(size).events("Swap")
        root, tick, latest, count = there.call("slot0")
        assert (root, tick) == (event["sqrtPriceX96"], event["tick"])
        assert there.call("liquidity") == event["liquidity"] > 0
        assert (latest, count) == (0, 0)
        assert (
            there.call("fee_of", (side > 0) != traded(on_v4).reference.base_first) == event["fee"]
        )
        both = [there.call("fee_of", way) for way in (True, False)]
        assert there.call("price_and_fee") == (root, max(both))
        assert both[0] != both[1]


@pytest.mark.proves("LM-9")
@pytest.mark.parametrize("low", [-887_270, -2_570, -10, 0, 30, 2_550, 196_300, 886_000])
def test_it_says_where_its_liquidity_changes(on_v4: Bench, low: int) -> None:
    """Both edges of what a maker adds, wherever they lie: the change, and the flags of their words."""
    there, high, liquidity = speaker(on_v4), low + 1_270, 10**12
    before = [there.call("ticks", tick)[1] for tick in (low, high)]
    pool = traded(on_v4)
    for token in (on_v4.morpho.weth, on_v4.morpho.usdc):
        pool.reference.stock(token, pool.maker, 2**100, pool.parts["makers"])
    pool.place(low, high, liquidity)
    after = [there.call("ticks", tick)[1] for tick in (low, high)]
    assert [new - old for new, old in zip(after, before, strict=True)] == [liquidity, -liquidity]
    assert there.call("ticks", low)[0] >= liquidity
    for tick in (low, high):
        word, bit = divmod(tick // pool.key.spacing, 256)
        assert there.call("tickBitmap", word) >> bit & 1
    assert there.call("ticks", low + 10) == (0, 0)


@pytest.mark.proves("LM-9")
def test_it_says_its_liquidity_to_the_unit(on_v4: Bench) -> None:
    """An odd amount around the price, twice: in range it is that much more each time, and at its edges it is
    all that there is."""
    there, liquidity, pool = speaker(on_v4), 10**12 + 1, traded(on_v4)
    for token in (on_v4.morpho.weth, on_v4.morpho.usdc):
        pool.reference.stock(token, pool.maker, 2**100, pool.parts["makers"])
    spacing = pool.key.spacing
    middle = there.call("slot0")[1] // spacing * spacing
    low, high = middle - 7 * spacing, middle + 7 * spacing
    before = there.call("liquidity")
    for times in (1, 2):
        pool.place(low, high, liquidity)
        assert there.call("liquidity") == before + times * liquidity
        assert [there.call("ticks", tick)[0] for tick in (low, high)] == [times * liquidity] * 2


@pytest.mark.proves("LM-9")
@SIDES
def test_its_fee_is_what_it_is_now_on_either_side(on_v4: Bench, side: int) -> None:
    """The manager's own fee comes on top of its makers', by direction, and goes again: an order's report, its
    curve, and what is said that fills follow it in the same second."""
    on_v4.fund(100_000)
    order = side * 5 * WAD
    assert on_v4.venue.call("quotation")[2] == 500 * WAD // MILLION
    for buys, sells in ((1_000, 0), (0, 400), (0, 0)):
        set_fee(on_v4, buys, sells)
        own = buys if side > 0 else sells
        whole = own + 500 - own * 500 // MILLION
        other = sells if side > 0 else buys
        assert on_v4.venue.call("curve", order)[1] == whole * WAD // MILLION
        dearest = max(whole, other + 500 - other * 500 // MILLION)
        assert on_v4.venue.call("quotation")[2] == dearest * WAD // MILLION
        bound = PRICE * (10_000 + side * 3) // 10_000
        fits = on_v4.most(side * 200 * WAD, bound)
        assert WAD < fits < 100 * WAD
        with on_v4.undone():
            on_v4.trade(side * fits, bound)
        with on_v4.undone(), refuses("morpho: past the bound"):
            on_v4.trade(side * fits * 21 // 20, bound)
        with on_v4.undone():
            before = on_v4.equity(PRICE)
            _, quote, fee = on_v4.trade(order).returned
            gross = abs(quote) if side < 0 else abs(quote) + fee
            assert fee == pytest.approx(gross * whole // MILLION, rel=1e-9)
            assert before - on_v4.equity(PRICE) == pytest.approx(
                fee - quote - order * PRICE // WAD, abs=WAD // 10**4
            )


@pytest.mark.proves("LM-9")
@SIDES
def test_makers_take_theirs_of_what_the_manager_left(on_v4: Bench, side: int) -> None:
    """In a pool of a fee so high that it shows, as the manager's own event has it."""
    pool = traded(on_v4)
    dear = replace(pool, key=replace(pool.key, fee=10_000, spacing=200))
    pool.manager.send("initialize", dear.key.words, pool.reference.root(PRICE), sender=pool.owner)
    pool.manager.send("setProtocolFeeController", pool.owner, sender=pool.owner)
    pool.manager.send("setProtocolFee", dear.key.words, 1_000 | 999 << 12, sender=pool.owner)
    (event,) = dear.swap(on_v4.stranger, side * WAD).events("Swap")
    there = speaker(on_v4, id=dear.key.id, fee=10_000, spacing=200)
    first = (side > 0) != pool.reference.base_first
    assert there.call("fee_of", first) == event["fee"] < 10_000 + (1_000 if first else 999)


def test_the_managers_owner_reaches_no_account(on_v4: Bench) -> None:
    """The most that he may do: a tenth of a percent of what goes in."""
    on_v4.fund(15_000)
    on_v4.trade(-5 * WAD)
    before = on_v4.account(PRICE)
    taken = on_v4.morpho.turn().take(on_v4.venue.address)
    assert (taken.amount, len(taken.receipts)) == (0.0, 4)
    assert on_v4.account(PRICE) == pytest.approx(before, abs=WAD // 1_000)
    assert on_v4.venue.call("curve", WAD)[1] == 1_500 * WAD // MILLION
    with pytest.raises(Reverted):
        set_fee(on_v4, 1_001, 0)
    on_v4.trade(5 * WAD)
    assert on_v4.position() == 0


# ---------------------------------------------------------------- what was


@pytest.mark.proves("LM-9")
@SIDES
def test_who_moves_the_pool_alone_moves_it_apart_from_its_past(on_v4: Bench, side: int) -> None:
    """Before a second has passed and for good: the past is the reference's, and a quotation spans both."""
    past = on_v4.venue.call("average", 60)[0]
    traded(on_v4).swap(on_v4.stranger, side * 120 * WAD)
    for wait in (0, 3_600):
        on_v4.engine.advance(wait)
        now = on_v4.venue.call("price")
        assert side * (now - PRICE) > PRICE * 30 // 10_000
        assert on_v4.venue.call("average", 60)[0] == past
        low, high, _ = on_v4.venue.call("quotation")
        assert (low, high) == ((past, now) if side > 0 else (now, past))


@pytest.mark.proves("LM-9")
@SIDES
def test_who_moves_the_reference_alone_moves_no_price_of_now(on_v4: Bench, side: int) -> None:
    """A moment of it is nothing; a minute of it widens what a quotation spans, and no order fills better."""
    on_v4.fund(20_000)
    with on_v4.undone():
        quote = on_v4.trade(side * WAD).returned[1]
    before = on_v4.venue.call("quotation")
    now = on_v4.venue.call("price")
    traded(on_v4).reference.swap(on_v4.stranger, side * 120 * WAD)
    assert on_v4.venue.call("quotation") == before
    on_v4.engine.advance(60)
    assert on_v4.venue.call("price") == now
    moved = on_v4.venue.call("average", 60)[0]
    assert side * (moved - PRICE) > PRICE * 30 // 10_000
    low, high, _ = on_v4.venue.call("quotation")
    assert (low, high) == (min(now, moved), max(now, moved))
    with on_v4.undone():
        assert on_v4.trade(side * WAD).returned[1] == quote


@pytest.mark.proves("LM-9")
def test_depth_that_is_lent_to_the_pool_is_steady_up_to_the_references_and_no_further(
    on_v4: Bench,
) -> None:
    """Ten times as much for a moment: there now, steady as before. Where either has less, that is steady."""
    _, now, steady = on_v4.venue.call("average", 180)
    assert now == pytest.approx(steady, rel=1e-6)
    traded(on_v4).add_liquidity(Depth(usd=20_000_000))
    _, lent, still = on_v4.venue.call("average", 180)
    assert lent == pytest.approx(11 * now, rel=1e-3)
    assert still == pytest.approx(steady, rel=1e-6)
    pool = traded(on_v4)
    with on_v4.undone():
        pool.reference.remove_liquidity()
        assert on_v4.venue.call("average", 180)[2] == 0
        assert on_v4.venue.call("average", 180)[1] == lent
    for position in pool.positions():
        pool.take_back(position)
    assert on_v4.venue.call("average", 180)[1:] == (0, 0)


# ---------------------------------------------------------------- who may what


@pytest.mark.proves("LM-5")
def test_the_manager_alone_calls_back(on_v4: Bench) -> None:
    for sender in (on_v4.stranger, on_v4.morpho.owner, on_v4.router):
        with refuses("pool: not the manager"):
            speaker(on_v4).send("unlockCallback", b"", sender=sender)


@pytest.mark.proves("LM-5")
@SIDES
def test_anybody_trades_there_and_pays_what_is_due(on_v4: Bench, side: int) -> None:
    """Exactly: a unit less or more, and all of it is undone. Nothing is ever held in between."""
    there, taker = speaker(on_v4), on_v4.engine.deploy(harness(TAKER))
    tokens = (on_v4.morpho.weth, on_v4.morpho.usdc)
    for token in tokens:
        token.send("mint", taker, 10**6 * WAD, sender=on_v4.morpho.owner)
    first, size = (side > 0) != traded(on_v4).reference.base_first, -side * WAD
    for over in (-1, 1):
        with refuses("CurrencyNotSettled"):
            taker.send("take", there, first, size, over, taker, sender=on_v4.stranger)
    paid, out = tokens[::-1] if side > 0 else tokens
    brought, had = paid.call("balanceOf", taker), out.call("balanceOf", on_v4.router)
    taker.send("take", there, first, size, 0, on_v4.router, sender=on_v4.stranger)
    moved = {
        paid: paid.call("balanceOf", taker) - brought,
        out: out.call("balanceOf", on_v4.router) - had,
    }
    assert moved[on_v4.morpho.weth] == side * WAD
    assert side * moved[on_v4.morpho.usdc] < 0
    base_first = traded(on_v4).reference.base_first
    spent = [moved[token] for token in (tokens if base_first else tokens[::-1])]
    assert [-taker.call("got", n) for n in (0, 1)] == spent
    assert taker.call("data") == b"as it was told"
    assert [token.call("balanceOf", there) for token in tokens] == [0, 0]
    told = (on_v4.stranger, first, size, bound_of(first), b"")
    with pytest.raises(Reverted):  # whoever is no contract cannot be called back
        there.send("swap", *told, sender=on_v4.stranger)


@pytest.mark.proves("LM-9")
def test_who_holds_the_manager_open_is_refused(on_v4: Bench) -> None:
    there, taker = speaker(on_v4), on_v4.engine.deploy(harness(TAKER))
    with refuses("AlreadyUnlocked"):
        taker.send("hold", there, WAD, sender=on_v4.stranger)
