"""Markets in which a hedge is left of which nothing is owed any more."""

from __future__ import annotations

from test_sandwich import WIDE
from worlds import ETH, USD, World, build

from tandem.protocol.deploy import DeploySettings


def left_over() -> World:
    """10M, 2M of depth by one maker, a hedge of 126 ETH, and a predator with 20M at the venue."""
    w = build(capital=10_000_000 * USD, settings=DeploySettings(terms=WIDE))
    crowd = w.engine.accounts[6]
    w.tandem.give(crowd, 10**13)
    for _ in range(9):
        w.mint(w.put(2_400), 40 * ETH, trader=crowd)
    w.settle(w.near, 2_500)
    w.curie.converge()
    w.rest()
    w.top_up()
    w.curie.deposit(w.trader, 20_000_000 * USD)
    return w
