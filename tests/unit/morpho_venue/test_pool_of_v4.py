"""V4Pool: a pool of Uniswap v4 says what it is and trades what it says, and its reference says what was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from harnesses import harness
from morpho_bench import PRICE, Bench, built, places
from refusals import refuses

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY, Contract
from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues import Depth
from tandem.venues._v4 import Key, PoolOfV4
from tandem.venues.morpho import MorphoRecipe
from tandem.venues.morpho4 import Morpho4

SIDES = pytest.mark.parametrize("side", [1, -1], ids=["buys", "sells"])
MILLION = 10**6
TAKER = "unit/morpho_venue/V4Taker.vy"


@pytest.fixture(params=[True, False], ids=["base first", "quote first"])
def on_v4(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The adapter on a pool of v4, each time as it was."""
    found = built("v4", base_first=request.param)
    with found.undone():
        yield found


def traded(bench: Bench) -> PoolOfV4:
    found = bench.traded
    assert isinstance(found, PoolOfV4)
    return found


def speaker(bench: Bench, **others: object) -> Contract:
    """Another contract that speaks for the pool, or for what `others` make of it."""
    pool = traded(bench)
    told: dict[str, object] = {
        "manager": pool.manager.address,
        "id": pool.key.id,
        "one": bench.morpho.weth.address,
        "other": bench.morpho.usdc.address,
        "fee": pool.key.fee,
        "spacing": pool.key.spacing,
    }
    return bench.engine.deploy(compile_vyper("V4Pool"), *(told | others).values())


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
        assert there.call("fee_of", (side > 0) != traded(on_v4).reference.base_first) == event["fee"]


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
    """Ten times as much for a moment: there now, and steady as before. Where either has less, that is steady."""
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
            taker.send("take", there, first, size, over, sender=on_v4.stranger)
    before = [token.call("balanceOf", taker) for token in tokens]
    taker.send("take", there, first, size, 0, sender=on_v4.stranger)
    moved = [token.call("balanceOf", taker) - was for token, was in zip(tokens, before, strict=True)]
    assert moved[0] == side * WAD
    assert side * moved[1] < 0
    got = taker.call("got", 0), taker.call("got", 1)
    assert [-amount for amount in got] == (moved if traded(on_v4).reference.base_first else moved[::-1])
    assert taker.call("data") == b"as it was told"
    assert [token.call("balanceOf", there) for token in tokens] == [0, 0]
    with pytest.raises(Reverted):  # whoever is no contract cannot be called back
        there.send("swap", on_v4.stranger, first, size, 4295128740, b"", sender=on_v4.stranger)


@pytest.mark.proves("LM-9")
def test_who_holds_the_manager_open_is_refused(on_v4: Bench) -> None:
    there, taker = speaker(on_v4), on_v4.engine.deploy(harness(TAKER))
    with refuses("AlreadyUnlocked"):
        taker.send("hold", there, WAD, sender=on_v4.stranger)


# ---------------------------------------------------------------- what it is built on


@pytest.mark.proves("LM-9")
def test_a_pool_with_hooks_or_of_another_key_is_refused(on_v4: Bench) -> None:
    pool = traded(on_v4)
    hooked = replace(pool.key, hooks="0x" + "00" * 18 + "0080")
    native = Key.of(NOBODY, on_v4.morpho.usdc.address, 500, 10)
    for others in (
        {"id": hooked.id},
        {"id": native.id},
        {"fee": 3_000},
        {"spacing": 60},
        {"other": on_v4.stranger},
    ):
        with refuses("pool: another key, or hooks"):
            speaker(on_v4, **others)


@pytest.mark.proves("LM-9")
@pytest.mark.parametrize("place", ["one", "other"])
def test_native_ether_is_refused(on_v4: Bench, place: str) -> None:
    with refuses("pool: native ether"):
        speaker(on_v4, **{place: NOBODY})


@pytest.mark.proves("LM-9")
def test_a_pool_that_nobody_initialised_is_refused(on_v4: Bench) -> None:
    """One whose fee is a hook's among them: without hooks nobody can initialise it."""
    pool = traded(on_v4)
    for fee in (777, 2**23):
        key = replace(pool.key, fee=fee)
        with refuses("pool: not initialised"):
            speaker(on_v4, id=key.id, fee=fee)
    with pytest.raises(Reverted):
        pool.manager.send("initialize", key.words, 2**96, sender=pool.owner)


@pytest.mark.proves("LM-9")
def test_a_reference_of_other_tokens_or_of_a_short_memory_is_refused(on_v4: Bench) -> None:
    morpho, factory = on_v4.morpho, on_v4.morpho.spot.factory
    other = on_v4.engine.deploy(compile_vyper("USDC"), sender=morpho.owner)
    for token, fee, reason in (
        (other, 500, "spot: not their pool"),
        (morpho.usdc, 3_000, "spot: too few observations"),
    ):
        factory.send("createPool", morpho.weth, token, fee, sender=morpho.owner)
        where = factory.call("getPool", morpho.weth, token, fee)
        good = places(morpho, on_v4.router)
        with refuses(reason):
            on_v4.new(*(where if each == morpho.spot.pool.address else each for each in good))


@pytest.mark.proves("LM-9", "VS-1")
def test_two_that_speak_for_one_pool_are_one_market_and_its_reference_is_another(
    on_v4: Bench,
) -> None:
    """By manager and id; a set refuses the one, and takes the other."""
    engine, morpho = on_v4.engine, on_v4.morpho
    assert isinstance(morpho, Morpho4)
    ours = on_v4.venue
    assert ours.call("POOL") == speaker(on_v4).call("MARKET")
    assert ours.call("POOL") not in (ours.call("SPOKEN"), morpho.spot.pool.address)
    assert ours.call("REFERENCE") == morpho.spot.pool.address
    second = replace(morpho.v4.key, fee=3_000, spacing=60)
    morpho.v4.manager.send("initialize", second.words, 2**96, sender=morpho.owner)
    assert speaker(on_v4, id=second.id, fee=3_000, spacing=60).call("MARKET") != ours.call("POOL")
    old = replace(morpho, recipe=MorphoRecipe())
    with refuses("venues: one pool twice"):
        set_of(on_v4, places(morpho, set_place(on_v4)))
    there = set_of(on_v4, places(old, set_place(on_v4), pool=morpho.spot.pool.address))
    assert engine.at(compile_vyper("VenueSet"), there).call("venues")[1] != ours.address


def set_place(bench: Bench) -> str:
    """Where a set will stand whose two members its deployer deploys before it."""
    return bench.engine.next_address(bench.engine.accounts[5], 2)


def set_of(bench: Bench, other: tuple[object, ...]) -> str:
    """A set of an adapter on the pool of v4, and of one that is constructed with these."""
    engine, who = bench.engine, bench.engine.accounts[5]
    morpho, nobody = bench.morpho, bench.stranger
    place = set_place(bench)
    own = places(morpho, place)
    kind = "MorphoV4Venue" if len(other) == len(own) else "MorphoVenue"
    members = [
        engine.deploy(compile_vyper(name), *args, sender=who)
        for name, args in (("MorphoV4Venue", own), (kind, other))
    ]
    told = (nobody, nobody, nobody, nobody, members)
    found = engine.deploy(compile_vyper("VenueSet"), *told, sender=who)
    assert found.address == place
    return place
