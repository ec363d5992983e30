"""PW-2: nobody can stop closing, settlement, redemption, exits or claims."""

from __future__ import annotations

from contextlib import suppress

import pytest
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.units import DAY


def set_at_once(w: World, name: str, amount: int) -> None:
    index = terms.FIELDS[name].index
    w.tandem.guardian.send("set_term", index, amount, sender=w.tandem.roles.deployer)
    assert w.terms()[name] == amount


TIGHTEST = {"max_trade": 10, "call_cap": 125}


@pytest.mark.proves("PW-2")
@pytest.mark.parametrize("name", [*TIGHTEST, "all"])
def test_no_tightening_stops_closes_settlement_or_redemption(world: World, name: str) -> None:
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


@pytest.mark.proves("PW-2")
@pytest.mark.parametrize(("name", "amount"), [("fill_band", 30), ("reserve", 3_000)])
def test_what_could_stop_closes_or_exits_waits_for_the_delay(
    world: World, name: str, amount: int
) -> None:
    """A band too narrow for the pool's lag stops closes; a reserve too high stops exits of LPs."""
    w, field, owner = world, terms.FIELDS[name], world.tandem.roles.deployer
    w.tandem.guardian.send("set_term", field.index, amount, sender=owner)
    assert w.terms()[name] == field.default
    w.engine.advance(2 * DAY - 10)
    with w.refuses("guardian: too early"):
        w.tandem.guardian.send("apply", field.index, sender=owner)


@pytest.mark.proves("PW-2", "AV-1")
@pytest.mark.parametrize("price", [2_300, 2_900])
def test_taking_the_signers_role_leaves_closes_possible(world: World, price: int) -> None:
    """PW-2: past the longest wait of an exit a close needs no fresh slice; it is bid at most what the option
    would be worth if spot hardly moved any more, and half of that at least."""
    w, series = world, world.call(2_500)
    w.mint(series, 2 * ETH)
    signer, owner = w.engine.accounts[4], w.tandem.roles.deployer
    w.tandem.guardian.send("revoke_role", 3, signer, sender=owner)
    w.move(price)
    w.engine.advance(1_000)
    with w.refuses("market: surface stale"):
        w.close(series, ETH)
    w.engine.advance(DAY)
    w.push_wad(w.spot)
    inner = max(price - 2_500, 0) * USD
    quote = w.tandem.quote(series, ETH, True)
    units, payout = w.close(series, ETH).returned
    assert units == ETH
    assert payout <= quote.premium <= inner + 5 * USD
    assert quote.premium >= inner // 2
    with w.refuses("market: surface stale"):
        w.mint(series, ETH)


def test_a_stranger_does_not_empty_an_idle_account_before_the_first_open(world: World) -> None:
    w = world
    with w.refuses("margin: no sweep due"):
        w.tandem.desk.send("sweep", sender=w.stranger)
    w.mint(w.call(2_500), ETH)
    with w.refuses("margin: no sweep due"):
        w.tandem.desk.send("sweep", sender=w.stranger)
