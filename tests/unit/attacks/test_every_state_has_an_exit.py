"""ST-5, PW-2: what nobody may bring about, by a role, a parameter or a lie, for good or at once."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress

import pytest
from worlds import ETH, LADDER, LOT, USD, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import next_expiry
from tandem.units import DAY, WAD
from tandem.venues.curie import Depth

EIGHT = 8 * 3_600


# ---------------------------------------------------------------- slots


def test_r17_no_lister_keeps_a_slot_from_others_for_good(world: World) -> None:
    """The role can be taken from him; what he listed cannot."""
    now = world.engine.now()
    for ahead in (91, 400, 10_000):
        with world.refuses("market: too far ahead"):
            world.tandem.list_expiry((now // DAY + ahead) * DAY + EIGHT, [2_500, 5_000])
    for days in range(83, 89):
        world.tandem.list_expiry(next_expiry(now, days), [1])
    world.engine.advance(91 * DAY)
    for days in range(10, 18):
        world.tandem.list_expiry(next_expiry(world.engine.now(), days), LADDER)


# ---------------------------------------------------------------- terms


@pytest.mark.proves("PW-2")
def test_r24_no_age_and_window_keep_the_surface_stale(world: World) -> None:
    """The shortest age beside the longest window."""
    w = world
    w.mint(w.call(2_500), 2 * ETH)
    w.set_terms(surface_age=60, surface_window=900)
    w.push_wad(w.spot)
    w.post()
    assert w.close(w.call(2_500), ETH).returned[0] == ETH


@contextmanager
def no_capital(w: World) -> Generator[None]:
    """The last mark says that LPs have nothing left."""
    vault, evm = w.tandem.vault, w.engine._evm  # pyright: ignore[reportAttributeAccessIssue]
    low, time = vault.call("last_mark")
    supply = vault.call("totalSupply")
    word = supply | low << 112 | time << 224
    (slot,) = (i for i in range(100) if evm.storage(vault.address, i) == word)
    evm.insert_account_storage(vault.address, slot, supply | time << 224)
    try:
        yield
    finally:
        evm.insert_account_storage(vault.address, slot, word)


@pytest.mark.proves("AV-1")
def test_a_holder_can_sell_back_though_lps_have_nothing_left(world: World) -> None:
    world.mint(world.call(2_500), 2 * ETH)
    with no_capital(world):
        assert world.tandem.vault.call("totalAssets") == 0
        with pytest.raises(Reverted, match=r"limits: size over cap"):
            world.mint(world.call(2_500), ETH)
        filled, paid = world.close(world.call(2_500), ETH).returned
        assert filled == ETH
        assert paid > 0


# ---------------------------------------------------------------- views


@pytest.mark.parametrize("answer", [0, -1, 10**40])
def test_r07_an_answer_without_sense_does_not_blind_the_keeper(world: World, answer: int) -> None:
    world.mint(world.call(2_500), 2 * ETH)
    plain = world.tandem.snapshot()
    world.curie.feed.send("push", answer, sender=world.curie.owner)
    shown = world.tandem.snapshot()
    assert not shown.spot_fresh
    for name in ("position", "gross", "maxima", "claims"):
        assert getattr(shown, name) == getattr(plain, name)
    assert shown.floor == plain.floor == world.floor()


@pytest.mark.proves("SH-5")
def test_r07_views_that_never_revert_answer_whatever_the_feed_says(world: World) -> None:
    world.mint(world.call(2_500), 2 * ETH)
    vault, lp = world.tandem.vault, world.tandem.lp
    world.curie.feed.send("push", 0, sender=world.curie.owner)
    world.engine.advance(10 * DAY)
    for fn in ("maxDeposit", "maxMint", "maxWithdraw", "maxRedeem"):
        assert vault.call(fn, lp) == 0
    assert vault.call("totalAssets") > 0
    assert vault.call("convertToAssets", vault.call("balanceOf", lp)) > 0
    assert vault.call("convertToShares", USD) > 0


# ---------------------------------------------------------------- the last LP


def test_the_last_lp_leaves_though_somebody_left_a_hedge_below_the_lot(world: World) -> None:
    """Anybody may choose a rebalance's target: one that is too small to be traded away."""
    w, t, vault, lp = world, world.tandem, world.tandem.vault, world.tandem.lp
    w.mint(w.call(2_500), 6 * ETH)
    w.settle(w.near, 2_500)
    t.rebalance(LOT - 1, sender=w.stranger)
    assert 0 < abs(w.position()) < LOT
    with w.refuses("hedge: inside trigger"):
        t.rebalance()
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.engine.advance(25 * 3_600)
    w.push_wad(w.spot)
    for _ in range(4):
        with suppress(Reverted):
            t.desk.send("sweep", sender=w.stranger)
        vault.send("process", 1, sender=w.stranger)
    left = w.tandem.router.call("account", w.spot, 0)[1]
    assert left < LOT * w.spot // WAD
    assert vault.call("maxWithdraw", lp) > vault.call("cash") - USD


def test_r18_no_share_is_burnt_for_nothing_however_often_the_queue_is_processed() -> None:
    w = build(settings=DeploySettings(exit_delay=0))
    t, vault, lp = w.tandem, w.tandem.vault, w.tandem.lp
    w.mint(w.call(2_500), 6 * ETH)
    w.settle(w.near, 2_500)
    t.rebalance(LOT - 1, sender=w.stranger)
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.engine.advance(3_601)
    w.push_wad(w.spot)
    for _ in range(12):
        burned = -vault.call("totalSupply")
        paid = vault.send("process", 1, sender=w.stranger).returned
        burned += vault.call("totalSupply")
        assert (paid == 0) == (burned == 0)


# ---------------------------------------------------------------- a hedge far behind


@pytest.mark.proves("AV-1", "HG-3")
def test_a_holder_sells_back_a_little_though_the_hedge_fell_far_behind() -> None:
    wide = {"max_trade": 1_000, "vega_cap": 1_000, "gamma_cap": 2_000, "reserve": 500}
    w = build(depth=Depth(600_000), settings=DeploySettings(terms=wide))
    for _ in range(11):
        with suppress(Reverted):
            w.top_up()
        w.mint(w.call(2_500), 10 * ETH)
    w.move(2_300)
    w.freshen()
    w.close(w.call(2_500), ETH // 100)
