"""Who moves the venue's pool around an order of the LPs', and what he and they have."""

from __future__ import annotations

from contextlib import suppress

from distress import account
from worlds import ETH, USD, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import TO_WAD, WAD
from tandem.venues import Depth, VenueRecipe

PURSE = 20_000_000 * USD
CROWD = 6


def left_over(depth: Depth = Depth(), venue: VenueRecipe | None = None) -> World:
    """10M, a hedge of some 126 ETH of which nothing is owed any more, and a predator with 20M at the venue.
    depth: by one maker. venue: another one than the perpetual exchange, where nobody keeps an account with
    predators."""
    terms = WIDE | {"reserve": 500}
    settings = DeploySettings(terms=terms)
    w = build(capital=10_000_000 * USD, settings=settings, depth=depth, venue=venue)
    crowd = w.engine.accounts[CROWD]
    w.tandem.give(crowd, 10**13)
    for _ in range(9):
        w.mint(w.put(2_400), 40 * ETH, trader=crowd)
        w.curie.converge()
        w.freshen()
        with suppress(Reverted):
            w.top_up()
    w.settle(w.near, 2_500)
    w.curie.converge()
    w.rest()
    with suppress(Reverted):
        w.top_up()
    if venue is None:
        w.curie.deposit(w.trader, PURSE)
    w.freshen()
    assert -w.tandem.snapshot().stance.residual > 100 * WAD
    return w


def purse(w: World, who: str | None = None) -> int:
    """The predator's cash, who is the trader where nobody is named, and what he may take from the venue,
    token units."""
    person = who or w.trader
    return w.usdc(person) + int(w.curie.vault.call("getFreeCollateral", person))


def lps(w: World) -> int:
    """Cash and the venue account at the price that margin goes by, token units."""
    return int(w.tandem.vault.call("cash")) + account(w).equity // TO_WAD
