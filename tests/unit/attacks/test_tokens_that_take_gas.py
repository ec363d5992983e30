"""What tokens of strangers, lent in our name, take of an act's gas: Aave values all of them at each.

It stands (docs/weaknesses.md): a keeper disowns one a minute.
"""

from __future__ import annotations

from typing import Any

import under_way as acts
from choosing_gas import last_of, view_of
from strangers import list_token
from under_way import DUE, Act, under_way
from worlds import World

from tandem.engine.base import GAS_CAP
from tandem.units import USD

COUNT, MOST = 40, 128
"""Tokens that are lent here, and that one market of Aave's has at the most."""
WALK = 2_000_000
"""What one of several venues is given to say how far an order goes (Splitter.vy)."""
EACH: dict[Act, int] = {acts.sells: 9_500, acts.rebalances: 21_000, acts.sweeps: 33_000}
"""Gas for each of them, at the most."""


def used(w: World, act: Act) -> int:
    with w.undone():
        DUE.get(act, acts.nothing)(w)
        ran = last_of(w, act).ample
    assert ran.ok, ran.reason
    return ran.used


def walked(w: World) -> int:
    """How far a sale goes."""
    return view_of(w, w.tandem.venue, "max_order", -(10**18), 0).ample.used


def test_whatever_strangers_lend_an_order_goes_as_far_and_no_act_takes_more_than_a_chain_lets() -> (
    None
):
    w, _ = under_way("aave")
    market: Any = w.curie
    with w.undone():
        w.freshen()
        before, walk = {act: used(w, act) for act in EACH}, walked(w)
        for _ in range(COUNT):
            market.supply_for(w.stranger, w.tandem.venue, USD, list_token(market))
        w.freshen()
        for act, each in EACH.items():
            more = used(w, act) - before[act]
            assert each * 4 // 5 < more // COUNT < each, act.__name__
            assert before[act] + each * MOST < GAS_CAP // 3, act.__name__
        assert walk + (walked(w) - walk) * MOST // COUNT < WALK
