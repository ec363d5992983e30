"""PW-2: nobody can stop closing, settlement, redemption, exits or claims."""

from __future__ import annotations

from contextlib import suppress

import pytest
from worlds import ETH, USD, World

from keeper.errors import Reverted
from keeper.protocol import terms
from keeper.protocol.series import DAY
from keeper.venues.curie import WAD

AT_ONCE = (
    "the owner may do this at once because it counts as tightening, and it stops {what} until he "
    "undoes it through the delay: narrower bounds, or a delay for this direction, would keep PW-2"
)


def set_at_once(w: World, name: str, amount: int) -> None:
    index = terms.FIELDS[name].index
    w.tandem.guardian.send("set_term", index, amount, sender=w.tandem.roles.deployer)
    assert w.terms()[name] == amount


TIGHTEST: dict[str, int] = {
    "spread_slope": 1_000, "max_trade": 10, "gamma_cap": 50, "vega_cap": 10, "surface_age": 60,
    "surface_move": 100, "surface_window": 900, "call_cap": 125,
}  # fmt: skip


@pytest.mark.parametrize("name", [*TIGHTEST, "all"])
def test_pw2_no_tightening_stops_closes_settlement_or_redemption(world: World, name: str) -> None:
    """Fill band and reserve have tests of their own below."""
    w, series = world, world.call(2_500)
    w.mint(series, 2 * ETH)
    w.tandem.guardian.send("pause", sender=w.tandem.roles.guardian)
    for field in TIGHTEST if name == "all" else [name]:
        set_at_once(w, field, TIGHTEST[field])
    w.engine.advance(61)
    w.push_wad(w.spot)
    with suppress(Reverted):  # inside a longer window the last slice still stands
        w.post()
    assert w.close(series, ETH).returned[0] == ETH
    w.settle(w.near, 2_600)
    assert w.tandem.redeem(series, ETH).returned == 100 * USD


@pytest.mark.xfail(strict=True, raises=Reverted, reason=AT_ONCE.format(what="closes"))
def test_pw2_a_narrower_fill_band_leaves_closes_possible(world: World) -> None:
    """The pool lags the feed by less than the feed's own deviation threshold."""
    w = world
    w.mint(w.call(2_500), 2 * ETH)
    set_at_once(w, "fill_band", terms.FIELDS["fill_band"].low)
    w.push(2_505)
    w.close(w.call(2_500), ETH)


@pytest.mark.xfail(strict=True, reason=AT_ONCE.format(what="exits of LPs"))
def test_pw2_a_higher_reserve_leaves_exits_possible(world: World) -> None:
    """What was there to be paid out before is paid out still."""
    w, vault, lp = world, world.tandem.vault, world.tandem.lp
    for _ in range(10):
        w.mint(w.put(2_500), 7 * ETH)
        if w.tandem.router.call("account", w.spot, 20_000 * WAD)[4]:
            w.top_up()
    for percent in (78, 100):
        shares = vault.call("balanceOf", lp) * percent // 100
        vault.send("requestRedeem", shares, lp, lp, sender=lp)
        w.engine.advance(25 * 3_600)
        w.freshen()
        with w.undone():
            due = vault.send("process", 4, sender=lp).returned
        assert due > 10_000 * USD
        if percent == 100:
            set_at_once(w, "reserve", terms.FIELDS["reserve"].high)
        assert vault.send("process", 4, sender=lp).returned == pytest.approx(due, rel=0.01)


@pytest.mark.xfail(strict=True, raises=Reverted, reason=AT_ONCE.format(what="closes and exits"))
def test_pw2_taking_the_signers_role_leaves_closes_possible(world: World) -> None:
    w = world
    w.mint(w.call(2_500), 2 * ETH)
    signer, owner = w.engine.accounts[4], w.tandem.roles.deployer
    w.tandem.guardian.send("revoke_role", 3, signer, sender=owner)
    w.engine.advance(DAY)
    w.push_wad(w.spot)
    w.close(w.call(2_500), ETH)


def test_a_stranger_does_not_empty_an_idle_account_before_the_first_open(world: World) -> None:
    w = world
    with w.refuses("router: no sweep due"):
        w.tandem.router.send("sweep", sender=w.stranger)
    w.mint(w.call(2_500), ETH)
    with w.refuses("router: no sweep due"):
        w.tandem.router.send("sweep", sender=w.stranger)
