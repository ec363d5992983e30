"""The gate's marks: what they count, how long they are good for, and who may make them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gate_reference import book_losses, worst
from worlds import ETH, World, build

from tandem.errors import Reverted
from tandem.protocol.bindings.structs import Gate
from tandem.units import DAY, USD, WAD

STEP = 2**59 / WAD  # USD


def gate(w: World) -> Gate:
    """As the Lens shows it."""
    return w.tandem.snapshot().gate


def remark(w: World) -> int:
    return int(w.tandem.stress.send("remark", sender=w.stranger).returned)


def sell(w: World) -> None:
    """Calls and puts, near and far: sold nodes, bought ones, and one on which they meet."""
    w.mint(w.call(2_500, 3_000), 3 * ETH)
    w.mint(w.call(2_600, 3_000), 2 * ETH)
    w.mint(w.put(2_400, 1_500), 3 * ETH)
    w.mint(w.put(2_500, far=True), 2 * ETH)


def renew(w: World) -> None:
    w.push_wad(w.spot)
    w.post()
    w.engine.advance(61)


@pytest.mark.proves("GT-2", "GT-1")
def test_a_mark_is_exact_revaluation_and_never_less(world: World) -> None:
    sell(world)
    worst_loss = remark(world)
    shown, exact = gate(world), book_losses(world)
    for loss, true in zip(shown.losses, exact, strict=True):
        assert -1e-6 < loss / WAD - true < 0.01 * 10 * 2_500 + STEP  # ten options of 1 % of spot
    equity, purse = shown.mark.equity / USD + 0.04 * 2_500 * abs(world.position()) / WAD, 1e9
    # the word's own rounding: what the contract says of what it kept
    kept = [loss / WAD for loss in shown.losses]
    assert 0 <= worst_loss / WAD - worst(world, kept, equity, purse) < 4 * STEP
    assert shown.worst == worst_loss


@pytest.mark.proves("GT-2")
def test_a_flat_book_loses_nothing(world: World) -> None:
    assert 0 <= remark(world) <= 2**60
    assert gate(world).losses == (0,) * 8


def test_twice_as_many_of_an_option_lose_twice_as_much(world: World) -> None:
    """At one moment, to the rounding of what they are worth: a call that is sold with its cap bought, and a
    put without a floor."""
    for series in (world.call(2_500, 3_000), world.put(2_400)):
        sums = []
        for units in (ETH, 2 * ETH):
            with world.undone():
                world.mint(series, units)
                sums.append(world.tandem.stress.losses().sums)
        for one, both in zip(*sums, strict=True):
            assert abs(both - 2 * one) <= 10 * ETH  # WAD USD times 1e-6


def test_where_nothing_lies_at_the_venue_a_mark_says_nothing() -> None:
    empty = build(margin=False)
    (marked,) = empty.tandem.stress.send("remark", sender=empty.stranger).events("Remarked")
    assert marked["equity"] == gate(empty).mark.equity == 0


@pytest.mark.proves("GT-3")
def test_trades_are_followed_and_never_under_a_new_mark(world: World) -> None:
    """GT-3: "a trade adds what it changes, rounded up to 0.58 USD a jump"."""
    sell(world)
    for closed in (world.call(2_600, 3_000), world.put(2_400, 1_500)):
        world.close(closed, ETH)
    followed = gate(world).losses
    exact = [loss / 10**6 for loss in world.tandem.stress.losses().sums]
    for loss, true in zip(followed, exact, strict=True):
        assert 0 <= (loss - true) / WAD < 6 * 2 * STEP + 0.004 * 2 * 2_500


@pytest.mark.proves("GT-3")
def test_r17_who_buys_and_sells_back_leaves_the_gate_as_it_was(world: World) -> None:
    """No capacity can be rented: of 20 calls, which hold 16,000 USD of it, a thousandth is left."""
    world.set_terms(max_trade=1_000)
    world.top_up()
    series, before = world.call(2_500), gate(world).losses
    world.mint(series, 20 * ETH)
    held = gate(world).losses
    world.close(series, 20 * ETH)
    for old, most, now in zip(before, held, gate(world).losses, strict=True):
        assert 0 <= now - old < 60 * WAD
        assert now - old < max(abs(most - old) // 20, 60 * WAD)


@pytest.mark.proves("GT-4")
@pytest.mark.parametrize(("age", "good"), [(3_600, True), (3_601, False)])
def test_a_mark_is_good_for_an_hour(world: World, age: int, good: bool) -> None:
    remark(world)
    marked = gate(world).mark.time
    world.engine.set_time(marked + age - 100)
    renew(world)
    world.engine.set_time(marked + age - 1)  # a trade is in the second after it
    args = (world.call().id, ETH, 2**255, 2**255, world.trader)
    if good:
        world.tandem.market.send("mint", *args, sender=world.trader)
        return
    with world.refuses("gate: stale"):
        world.tandem.market.send("mint", *args, sender=world.trader)


@pytest.mark.proves("GT-4")
@pytest.mark.parametrize("sign", [1, -1])
def test_a_mark_is_good_within_a_fiftieth_of_spot(world: World, sign: int) -> None:
    remark(world)
    stress, spot = world.tandem.stress, world.spot
    edge = spot + sign * spot // 50
    assert stress.gate(edge, 10**12, 0).is_fresh
    assert not stress.gate(edge + sign * 10**12, 10**12, 0).is_fresh
    world.move((spot + sign * spot * 3 // 100) // WAD)
    renew(world)
    series = world.call(2_750) if sign > 0 else world.call()
    args = (series.id, ETH, 2**255, 2**255, world.trader)
    with world.refuses("gate: stale"):
        world.tandem.market.send("mint", *args, sender=world.trader)
    with world.refuses("gate: stale"):
        world.tandem.quote(series, ETH)
    remark(world)
    world.tandem.market.send("mint", *args, sender=world.trader)


@pytest.mark.proves("GT-4")
def test_a_mark_ends_with_the_next_expiry_of_its_book(world: World) -> None:
    world.mint(world.call(2_500), ETH)
    world.mint(world.call(2_500, far=True), ETH)
    world.engine.set_time(world.near - 200)
    renew(world)
    remark(world)
    assert gate(world).mark.until == world.near
    world.engine.set_time(world.near - 1)
    assert gate(world).is_fresh
    world.engine.set_time(world.near)
    world.push_wad(world.spot)
    assert not gate(world).is_fresh


@pytest.mark.proves("GT-2")
def test_an_expiry_that_waits_for_its_price_counts_at_its_maximum(world: World) -> None:
    series = world.call(2_500, 3_000)
    world.mint(series, 2 * ETH)
    world.engine.set_time(world.near + 60)
    renew(world)
    remark(world)
    mid = world.tandem.lens  # the mark of shares waits for the settlement; the gate does not
    with pytest.raises(Reverted, match="lens: settle first"):
        mid.call("mark")
    for loss in gate(world).losses:
        assert 0 < loss / WAD <= 1_000 + 2 * STEP
    world.tandem.settle(world.near, world.round_id())
    remark(world)
    assert gate(world).losses == (0,) * 8


@pytest.mark.proves("GT-2")
def test_of_two_slices_the_dearer_counts(world: World) -> None:
    world.mint(world.call(2_500), 2 * ETH)
    world.engine.advance(120)
    world.push_wad(world.spot)
    remark(world)
    alone = gate(world).losses
    old = world.slices[world.near]
    world.tandem.post({world.near: replace(old, a=old.a + 0.02)})
    remark(world)
    beside = gate(world).losses
    assert all(now >= before for now, before in zip(beside, alone, strict=True))
    assert beside[4] > alone[4]


@pytest.mark.proves("GT-4")
def test_anybody_marks_and_a_stale_input_is_named(world: World) -> None:
    stress = world.tandem.stress
    before = stress.send("remark", sender=world.stranger).returned
    assert stress.send("remark", sender=world.tandem.keeper).returned == before
    world.mint(world.call(), ETH)
    world.engine.advance(1_000)
    world.push_wad(world.spot)
    with pytest.raises(Reverted, match="market: surface stale"):
        stress.send("remark", sender=world.stranger)
    world.engine.advance(DAY)
    with pytest.raises(Reverted, match="spot: stale"):
        stress.send("remark", sender=world.stranger)
    renew(world)
    world.tandem.guardian.send("take_down", sender=world.tandem.roles.guardian)
    with pytest.raises(Reverted, match="market: venue down"):
        stress.send("remark", sender=world.stranger)


@pytest.mark.proves("GT-6")
def test_margin_that_was_moved_since_the_mark_counts(world: World) -> None:
    world.set_terms(max_trade=400)
    remark(world)
    before = gate(world).mark.equity
    sent = world.top_up()
    assert gate(world).mark.equity == before + sent
    world.set_terms(max_trade=100)
    remark(world)
    lies = gate(world).mark.equity
    home = int(world.tandem.desk.send("sweep", sender=world.stranger).returned)
    assert gate(world).mark.equity == lies - home
