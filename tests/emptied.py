"""A market hedged at a lender, of which a stranger borrows every dollar for one transaction."""

from __future__ import annotations

from collections.abc import Callable

from filling import mint
from lent import borrow
from worlds import ETH, FLAT, World, build

from tandem.protocol.bindings.structs import GateMark
from tandem.venues.aave import AaveRecipe


def hedged_on_a_lender() -> World:
    """Calls were sold, so that what a rise costs is what the hedge gains."""
    w = build(venue=AaveRecipe(), smile=FLAT)
    for _ in range(6):
        mint(w, w.call(2_500), 8 * ETH)
        w.curie.converge()
        pass_by(w, 60)
    return w


def pass_by(w: World, seconds: int) -> None:
    w.engine.advance(seconds)
    w.freshen()


def remark(w: World) -> GateMark:
    """By anybody."""
    w.tandem.stress.send("remark", sender=w.stranger)
    return w.tandem.snapshot().gate.mark


def take_all(w: World) -> Callable[[], object]:
    """The lender's dollars, all but a unit, borrowed on ether that is pledged for them. How they come
    back."""
    return borrow(w.curie, False, w.stranger, left=1)


def marked_empty(w: World) -> GateMark:
    """They are borrowed, the book is marked, and everything is put back."""
    back = take_all(w)
    found = remark(w)
    back()
    return found
