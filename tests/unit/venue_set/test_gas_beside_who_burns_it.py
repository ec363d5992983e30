"""VS-8: "It is asked with a bound on gas, by whoever has that much": beside a member that burns all that it
is given, or takes long, nobody chooses by his limit who takes part, or what is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from choosing_gas import last_of, wrong
from several import BURNS, TOILS, members, splitter, tell
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.units import HOUR

Act = Callable[[World], object]


def mints(w: World) -> object:
    return w.mint(w.call(2_500), 15 * ETH)


def closes(w: World) -> object:
    return w.close(w.call(2_500), 5 * ETH)


def comes_home(w: World) -> object:
    return w.tandem.rebalance(sender=w.stranger)


def notes(w: World) -> object:
    return w.tandem.venue.send("note", sender=w.stranger)


def notes_one(w: World) -> object:
    """What holding cost there, asked of the Splitter itself."""
    return splitter(w).send("note", [members(w)[1]], sender=w.stranger)


VIEWS = ("funding_since", "position", "curve", "max_order", "average")
PAIRS = [
    (view, kind) if kind == BURNS else pytest.param(view, kind, marks=pytest.mark.long)
    for view in VIEWS
    for kind in (BURNS, TOILS)
]


@pytest.mark.sampled(2)
@pytest.mark.proves("VS-8")
@pytest.mark.parametrize(("view", "kind"), PAIRS)
def test_no_gas_chooses_who_takes_part_beside_who_takes_it(
    faced: World, face: Contract, view: str, kind: int
) -> None:
    tell(faced, face, (view, kind, 0, 0))
    for act in (mints, closes, comes_home):
        one = last_of(faced, act)
        assert one.ample.ok, f"{act.__name__}: {one.ample.reason}"
        assert wrong(one) == [], act.__name__
    faced.engine.advance(2 * HOUR)
    for act in (notes, notes_one):
        assert wrong(last_of(faced, act)) == [], act.__name__
