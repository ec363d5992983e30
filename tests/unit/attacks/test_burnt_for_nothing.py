"""SH-4: where the low NAV is next to nothing beside the high one an exit waits, and is not burnt for it: with
the Lens's own mark, behind a jump on the venue's own bytecode."""

from __future__ import annotations

from contextlib import suppress

import pytest
from worlds import ETH, FLAT, USD, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, HOUR

TERMS = WIDE | {"reserve": 500, "gate": 4_000}
PATIENCE = 6 * HOUR


def sold() -> World:
    """360 puts, whose maximum is nine tenths of all cash, and their hedge, which is short."""
    w = build(smile=FLAT, settings=DeploySettings(terms=TERMS))
    for _ in range(18):
        w.mint(w.put(2_400), 20 * ETH)
        w.curie.converge()
        w.freshen()
        with suppress(Reverted):
            w.top_up()
    w.bring_home()
    return w


def jumps(w: World) -> None:
    """To where the puts are worth nothing and the hedge has lost its margin: nobody answers in time."""
    w.move(2_650)
    w.top_up()
    w.move(5_000)
    while w.curie.liquidatable(w.tandem.venue):
        w.curie.liquidate(w.tandem.venue)
    assert w.position() == 0


def sides(w: World) -> tuple[int, int]:
    """Low and high NAV of who leaves, token units, with what is stale at its maximum; and something could
    leave: the floor has more than the next top-up needs."""
    funds = w.tandem.vault.funds()
    mark = w.tandem.lens.mark_for(funds.nav, PATIENCE)
    assert mark.stale
    assert w.floor() - mark.top_up > 10_000 * USD
    own = (funds.cash - funds.exits) * 10**12
    low = own + mark.equity_low - mark.liability_high - mark.rehedge_cost
    high = own + mark.equity_high - mark.liability_low + mark.rehedge_gain
    return low // 10**12, high // 10**12


@pytest.mark.proves("SH-4", "SH-10")
def test_nobody_is_burnt_for_the_floor_while_the_book_counts_at_its_maximum() -> None:
    """Nobody signs any more: what LPs have for certain is a fortieth of what they have. A stranger who
    processes then burns nothing, and the leaver gets his part of all once the puts have ended."""
    w = sold()
    vault, lp = w.tandem.vault, w.tandem.lp
    vault.requestRedeem(vault.balanceOf(lp) * 9 // 10, lp, lp).send(lp)
    w.engine.advance(DAY + HOUR)
    w.freshen()
    assert vault.process(5).send(w.stranger).returned > 0
    pending, supply = vault.pendingRedeemRequest(0, lp), vault.totalSupply()
    assert pending > supply // 2  # more did not fit
    jumps(w)
    w.set_terms(max_trade=10)  # no margin is held back for large orders
    w.engine.advance(5 * PATIENCE)
    high = 0
    for _ in range(3):
        w.engine.advance(HOUR)
        w.push_wad(w.spot)
        w.curie.converge()
        low, high = sides(w)
        assert low < high // 40
        assert vault.process(5).send(w.stranger).returned == 0
        assert (vault.pendingRedeemRequest(0, lp), vault.totalSupply()) == (pending, supply)
    w.settle(w.near, 5_000)
    w.curie.converge()
    w.rest()
    paid = vault.process(5).send(w.stranger).returned
    burned = supply - vault.totalSupply()
    assert vault.pendingRedeemRequest(0, lp) == pending - burned == 0
    assert paid >= high * burned // supply * 99 // 100
