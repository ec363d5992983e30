"""What the protocol does between the dismissal of its last signer and the arrival of the next."""

from __future__ import annotations

import pytest
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import DAY, HOUR, TO_WAD

SIGNER = 3  # the role


@pytest.mark.proves("PW-2")
def test_without_signers_closes_wait_for_the_delay_of_new_ones_and_settlement_does_not(
    world: World,
) -> None:
    w, guardian, owner = world, world.tandem.guardian, world.tandem.roles.deployer
    series, signer = w.call(2_500), w.engine.accounts[4]
    w.mint(series, 2 * ETH)
    guardian.send("revoke_role", SIGNER, signer, sender=owner)
    with pytest.raises(Reverted, match="surface: not a signer"):
        w.post()
    guardian.send("offer_role", SIGNER, signer, sender=owner)
    w.engine.advance(w.terms()["exit_wait"] - 120)
    w.push_wad(w.spot)
    with w.refuses("market: surface stale", series):
        w.close(series, ETH)
    w.engine.advance(DAY - w.terms()["exit_wait"] + 120)
    w.push_wad(w.spot)
    with w.refuses("guardian: too early"):
        guardian.send("accept_role", SIGNER, sender=signer)
    with w.undone():
        w.settle(w.near, 2_600)
        assert w.tandem.redeem(series, ETH).returned == 100 * 10**6
    w.engine.advance(DAY)
    guardian.send("accept_role", SIGNER, sender=signer)
    w.freshen()
    assert w.close(series, ETH).returned[0] == ETH


@pytest.mark.proves("PW-2", "AV-1", "SH-10")
def test_without_signers_lps_leave_before_anybody_else_may_sign(world: World) -> None:
    """SH-10: past the longest wait a stale expiry stops no exit, in a calm moment or after a longest wait for
    one. So no owner who dismisses the signers holds LPs back until his
    own may sign."""
    w, vault, lp = world, world.tandem.vault, world.tandem.lp
    guardian, owner = w.tandem.guardian, w.tandem.roles.deployer
    w.mint(w.call(2_500), 2 * ETH)
    w.mint(w.put(2_400, far=True), 2 * ETH)
    signer, wait = w.engine.accounts[4], w.terms()["exit_wait"]
    guardian.send("revoke_role", SIGNER, signer, sender=owner)
    guardian.send("offer_role", SIGNER, signer, sender=owner)
    shares = vault.call("balanceOf", lp) // 2
    vault.send("requestRedeem", shares, lp, lp, sender=lp)
    w.go_on(25 * 3_600)
    w.push_wad(w.spot)
    with w.undone():
        assert vault.send("process", 1, sender=w.stranger).returned > 0
    w.push(2_700)
    vault.send("poke", sender=w.stranger)
    w.go_on(wait - 60)
    w.push_wad(w.spot)
    with w.refuses("vault: not calm"):
        vault.send("process", 1, sender=w.stranger)
    w.engine.advance(60)
    with w.refuses("guardian: too early"):
        guardian.send("accept_role", SIGNER, sender=signer)
    account = w.tandem.router.call("account", w.spot, 0)
    owed = w.tandem.lens.mark_for(0, wait).liability_high // TO_WAD
    worth = vault.call("cash") + account[1] // TO_WAD - owed
    paid = vault.send("process", 1, sender=w.stranger).returned
    assert worth * 49 // 100 < paid <= worth // 2
    assert vault.send("redeem", shares, lp, lp, sender=lp).returned == paid


@pytest.mark.proves("SH-10")
@pytest.mark.parametrize("hours", [0, 1, 6, 18, 24 * 8])
def test_a_stale_slice_loses_a_point_an_hour_from_when_exits_no_longer_wait_for_it(
    world: World, hours: int
) -> None:
    """It counted at its maximum at once: who stayed had a third of 150,000 USD that left behind a jump, from
    silent signers."""
    w, lens = world, world.tandem.lens
    w.mint(w.put(2_400, far=True), 2 * ETH)
    wait, maximum = w.terms()["exit_wait"], w.tandem.market.liabilities().maxima * TO_WAD
    signed = w.engine.now()
    w.tandem.post({w.far: w.slices[w.far]})
    w.engine.set_time(signed + wait + HOUR * hours)
    w.push_wad(w.spot)
    stale, points = lens.mark_for(0, wait), (w.engine.now() - signed - wait) / HOUR
    w.post()
    fresh, vega = lens.mark_for(0, wait), lens.snapshot().stance.vega
    assert stale.stale
    assert not fresh.stale
    apart = vega * points / 100
    low, high = fresh.liability_low - apart, fresh.liability_high + apart
    assert stale.liability_low == pytest.approx(max(low, 0), rel=1e-4)
    assert stale.liability_high == pytest.approx(min(high, maximum), rel=1e-4)
    assert (low < 0) is (hours > 100)


@pytest.mark.proves("SH-10")
def test_both_sides_stay_inside_nothing_and_the_maximum(world: World) -> None:
    """Of a call that is nearly at its cap, after a week."""
    w, lens = world, world.tandem.lens
    w.mint(w.call(2_500, 2_600, far=True), 2 * ETH)
    wait, maximum = w.terms()["exit_wait"], w.tandem.market.liabilities().maxima * TO_WAD
    w.push(2_580)
    w.engine.advance(400 * HOUR)
    w.push_wad(w.spot)
    stale = lens.mark_for(0, wait)
    assert stale.stale
    assert 0 <= stale.liability_low < stale.liability_high <= maximum


@pytest.mark.proves("SH-10")
def test_what_falls_with_volatility_is_known_less_too(world: World) -> None:
    """A call that is past its cap: its vega is below nothing, and neither side is a price of that sign."""
    w, lens = world, world.tandem.lens
    w.mint(w.call(2_500, 2_600, far=True), 2 * ETH)
    wait, signed = w.terms()["exit_wait"], w.engine.now()
    w.tandem.post({w.far: w.slices[w.far]})
    w.push(2_800)
    w.engine.set_time(signed + wait + 6 * HOUR)
    w.push_wad(w.spot)
    stale = lens.mark_for(0, wait)
    w.post()
    fresh, vega = lens.mark_for(0, wait), lens.snapshot().stance.vega
    assert vega < 0
    assert stale.liability_low < fresh.liability_low + vega * 5 // 100
    assert stale.liability_high > fresh.liability_high - vega * 5 // 100


@pytest.mark.proves("SH-10")
def test_exits_wait_for_a_slice_to_the_second(world: World) -> None:
    w, lens = world, world.tandem.lens
    w.mint(w.put(2_400, far=True), 2 * ETH)
    wait, signed = w.terms()["exit_wait"], w.engine.now()
    w.tandem.post({w.far: w.slices[w.far]})
    w.engine.set_time(signed + wait - 9)
    w.push_wad(w.spot)
    w.engine.set_time(signed + wait)
    with w.refuses("market: surface stale"):
        lens.mark_for(0, wait)
    w.engine.advance(1)
    assert lens.mark_for(0, wait).stale


@pytest.mark.proves("SH-10")
def test_a_slice_that_is_stale_for_a_while_stops_exits(world: World) -> None:
    """Nobody is paid by anything else because a desk was late."""
    w, lens = world, world.tandem.lens
    w.mint(w.call(2_500), 2 * ETH)
    w.mint(w.put(2_400, far=True), 2 * ETH)
    wait = w.terms()["exit_wait"]
    w.engine.advance(wait - 200)
    w.push_wad(w.spot)
    with w.refuses("market: surface stale"):
        lens.mark_for(0, wait)
    w.tandem.post({w.near: w.slices[w.near]})
    w.engine.advance(260)
    stale = lens.mark_for(0, wait)
    with w.refuses("market: surface stale"):
        lens.mark_for(0, 0)
    w.tandem.post({w.far: w.slices[w.far]})
    fresh = lens.mark_for(0, wait)
    assert stale.stale
    assert not fresh.stale
    assert stale.maxima == fresh.maxima == w.tandem.market.liabilities().maxima
