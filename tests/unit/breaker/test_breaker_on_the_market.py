"""BR-2, BR-3 on a whole market: what stops when the router's mark finds a reason, and what goes on."""

from __future__ import annotations

from contextlib import suppress

import pytest
from distress import falls, squeezed
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.units import DAY, HOUR, WAD

DISTRESSED = 2


@pytest.mark.proves("BR-2")
def test_tripped_opens_and_deposits_stop_and_everything_that_lowers_risk_goes_on(
    world: World,
) -> None:
    w = world
    series = w.call(2_500)
    w.mint(series, 4 * ETH)
    w.engine.advance(HOUR)
    w.move(2_700)
    w.curie.converge()
    w.push(2_700)
    w.post()
    w.engine.advance(120)
    w.tandem.stress.send("remark", sender=w.stranger)
    assert w.tandem.breaker.state().reasons == 1
    vault, lp = w.tandem.vault, w.tandem.lp
    with pytest.raises(Reverted, match="market: paused"):
        w.tandem.mint(series, ETH)
    with pytest.raises(Reverted, match="vault: paused"):
        vault.send("deposit", USD, lp, sender=lp)
    assert vault.call("maxDeposit", lp) == 0
    w.tandem.close(series, ETH)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 4, lp, lp, sender=lp)
    w.engine.advance(DAY + HOUR)
    w.bring_home()
    w.freshen()
    assert vault.send("process", 1, sender=w.stranger).returned


@pytest.mark.proves("BR-3")
def test_a_wild_market_widens_the_band_and_shrinks_sizes(world: World) -> None:
    """Hours of 3.3 % either way are a volatility of three: a third of a trade, three times the band."""
    w = world
    for hour in range(24):
        w.move(2_500 if hour % 2 else 2_582)
        w.curie.converge()
        w.engine.advance(HOUR - 900)
        w.push_wad(w.spot)
        w.post()
        w.engine.advance(61)
        w.tandem.stress.send("remark", sender=w.stranger)
    state = w.tandem.breaker.state()
    assert (state.reasons, state.wildness) == (0, 16)
    most = 8 * ETH // 3  # 2 % of a million at 2,500, by three
    w.tandem.quote(w.call(2_500), most - ETH // 10)
    with w.refuses("limits: size over cap"):
        w.tandem.quote(w.call(2_500), most + ETH // 10)
    values = w.tandem.snapshot().parameters
    assert (terms.fill_band(values), terms.max_trade(values)) == (150, 66)


@pytest.mark.proves("BR-1")
def test_a_vault_that_lends_nothing_is_distress_once_margin_lacks_something() -> None:
    """To the unit: nothing to lend where nothing lacks stops nobody, and a look says so again and again."""
    w = squeezed()
    for price, is_distress in ((2_500, False), (2_450, False), (2_400, True)):
        falls(w, price)
        w.freshen()
        assert w.tandem.vault.call("would_lend", w.tandem.venue) == 0
        room = w.tandem.vault.funds().nav * 10**12 * w.terms()["max_trade"] // 10_000
        assert (w.tandem.router.account(w.spot, room).top_up > 0) is is_distress
        w.tandem.stress.send("remark", sender=w.stranger)
        assert bool(w.tandem.breaker.state().reasons & DISTRESSED) is is_distress


@pytest.mark.proves("BR-1", "BR-2", "SH-5")
def test_when_the_last_lp_has_left_the_next_one_may_come(world: World) -> None:
    """He left at his price, and nobody lost anything; a mark for the gate, by anybody, then stopped deposits
    and opens for a day, and again whenever the Vault was empty."""
    w = world
    vault = w.tandem.vault
    vault.send("requestRedeem", vault.call("balanceOf", w.tandem.lp), w.tandem.lp, w.tandem.lp,
               sender=w.tandem.lp)  # fmt: skip
    w.engine.advance(DAY + HOUR)
    w.freshen()
    w.tandem.desk.send("sweep", sender=w.stranger)
    vault.send("process", 5, sender=w.stranger)
    assert vault.call("totalSupply") == 0
    w.tandem.stress.send("remark", sender=w.stranger)
    assert w.tandem.breaker.state().reasons == 0
    w.tandem.deposit(1_000_000 * USD, lp=w.engine.accounts[7])
    w.engine.advance(61)
    w.tandem.stress.send("remark", sender=w.stranger)
    assert w.tandem.breaker.state().reasons == 0
    assert vault.call("maxDeposit", w.stranger) > 0


def fallen(w: World, passed: int) -> int:
    """A share that fell by over 1 % since the Vault was marked, so many seconds ago. What was known then."""
    w.set_terms(share_fall=100, jump=10_000)
    for _ in range(6):
        w.mint(w.call(2_500), 7 * ETH)
        with suppress(Reverted):
            w.top_up()
        w.curie.converge()
        w.engine.advance(61)
        w.freshen()
    w.tandem.vault.send("process", 1, sender=w.stranger)
    w.tandem.stress.send("remark", sender=w.stranger)
    known = w.tandem.vault.funds().nav
    w.engine.advance(passed - 120)
    w.move(3_400)
    w.curie.converge()
    w.push(3_400)
    w.post()
    w.engine.advance(61)
    assert w.tandem.vault.funds().nav == known
    assert w.tandem.vault.call("low_nav") < known * 99 // 100
    return known


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("passed", [HOUR // 2, 2 * HOUR])
def test_a_share_that_fell_while_nobody_marked_the_vault_is_seen(world: World, passed: int) -> None:
    """BR-1: "where a share is more than `share_fall` under its highest price within a day". With the keeper
    dead it read what had been marked last, whoever marked the gate. Within an hour of a mark that counts."""
    fallen(world, passed)
    world.tandem.stress.send("remark", sender=world.stranger)
    assert bool(world.tandem.breaker.state().reasons & 8) is (passed > HOUR)


@pytest.mark.proves("BR-1")
def test_who_pushes_the_pool_while_the_breaker_looks_hides_no_share_that_fell(world: World) -> None:
    """BR-1: "Who looks changes none of it". Beside a residual a pool that is off the oracle stops deposits;
    with their mark it took the answer from the look as well, and what had been known last stood for it."""
    fallen(world, 2 * HOUR)
    world.deposit_for_venue(10**12, account=world.stranger)
    world.curie.open(world.stranger, -100 * WAD)
    with pytest.raises(Reverted, match="lens: venue off oracle"):
        world.tandem.vault.call("previewDeposit", USD)
    world.tandem.stress.send("remark", sender=world.stranger)
    assert world.tandem.breaker.state().reasons & 8


@pytest.mark.proves("BR-1")
def test_who_marks_with_little_gas_hides_no_share_that_fell(world: World) -> None:
    """BR-1: "Who looks changes none of it". Spot refuses who has too little gas for a feed's answer, which is
    more than the rest of a mark takes: between 432,000 and 556,000 the look went by what was known last."""
    w = world
    fallen(w, 2 * HOUR)
    seen = set[int]()
    for gas in range(300_000, 900_000, 20_000):
        with w.undone(), suppress(Reverted):
            w.tandem.stress.send("remark", sender=w.stranger, gas=gas)
            seen.add(w.tandem.breaker.state().reasons)
    assert seen == {8}


@pytest.mark.proves("BR-1", "GT-4")
def test_while_an_expiry_waits_for_its_price_a_mark_goes_by_what_was_known_last(
    world: World,
) -> None:
    """Nothing tells low NAV then, and whoever has gas enough to have been told marks all the same."""
    w = world
    w.mint(w.call(2_500), 4 * ETH)
    w.engine.set_time(w.near + 2 * HOUR)
    w.freshen()
    with pytest.raises(Reverted, match="lens: settle first"):
        w.tandem.vault.call("low_nav")
    with pytest.raises(Reverted, match="breaker: too little gas"):
        w.tandem.stress.send("remark", sender=w.stranger, gas=4_900_000)
    w.tandem.stress.send("remark", sender=w.stranger, gas=6_000_000)
    assert w.tandem.breaker.state().time == w.engine.now()
