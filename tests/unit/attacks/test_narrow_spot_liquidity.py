"""R27, HG-17: depth in one place is no depth of a spot pool.

A chunk was a share of the depth where the pool stands. In a spot pool that takes a twentieth of a per
cent, not a tenth as the perpetual exchange does, anybody may lay twenty times what others have into the
one stretch where it stands: it counts as steady after three minutes, and in a pool of v4, which has no
memory, at once, up to its reference. He pushes the price to the stretch's far edge, less than ten points
away and for next to no fee, since he makes the stretch himself; all of the residual goes through what
others left behind the edge; and he sells there what he bought before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from makers import InPool, predator
from predators import left_over, lps
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import Depth, recipe
from tandem.venues._several import Several
from tandem.venues.aave import AaveRecipe
from tandem.venues.morpho4 import Morpho4, Morpho4Recipe

TIMES = 20
SHALLOW = 100_000
"""USD, of a pool of v4: a twentieth of its reference."""
INSIDE = 2e-5
"""How far from the stretch's edge he stops."""
PRICES = (2_499, 2_500, 2_501)


@pytest.fixture(scope="module", params=[100, 500])
def settled_once(request: pytest.FixtureRequest) -> World:
    """A hedge of 126 ETH of which nothing is owed any more, a pool of 2M and its fee, millionths."""
    return left_over(venue=AaveRecipe(fee=request.param))


@pytest.fixture(scope="module")
def shallow_once() -> World:
    """The same on a pool of v4 beside a reference that is twenty times as deep."""
    w = left_over(venue=Morpho4Recipe())
    assert isinstance(w.curie, Morpho4)
    for one in w.curie.v4.positions():
        w.curie.v4.take_back(one)
    w.curie.v4.add_liquidity(Depth(usd=SHALLOW))
    return w


@pytest.fixture
def settled(settled_once: World) -> Iterator[World]:
    with settled_once.undone():
        yield settled_once


@pytest.fixture
def shallow(shallow_once: World) -> Iterator[World]:
    with shallow_once.undone():
        yield shallow_once


def at(w: World, price: int) -> None:
    """Everything stands there."""
    w.push(price)
    w.curie.converge()
    w.rest()


def prey(
    w: World, seconds: int, others: float, times: int = TIMES, he: InPool | None = None
) -> tuple[int, int, int]:
    """What he gains and LPs lose, token units, and what of the residual went, WAD. seconds: for which his
    liquidity lies there before. others: liquidity of all others."""
    he = he or predator(w)
    here, residual = he.price(), w.tandem.snapshot().stance.residual
    before = he.worth(), lps(w)
    edge = he.ends()[1]
    he.lay(others * times)
    w.engine.advance(seconds)
    w.push_wad(w.spot)
    he.to(edge * (1 - INSIDE))
    with suppress(Reverted):
        w.tandem.rebalance(sender=w.stranger)
    he.to(here)
    he.take()
    went = w.tandem.snapshot().stance.residual - residual
    return he.worth() - before[0], before[1] - lps(w), went


def is_fair(w: World, gained: int, lost: int, went: int, fee: int) -> None:
    """He has no more than who makes a pool has of any order: its fee and two points; LPs lose that, and what
    moving the rest of the market costs. fee: hundredths of a basis point."""
    traded = went * w.spot // WAD // 10**12
    fair = traded * (fee + 200) // 10**6
    assert gained < fair
    assert lost < traded * (1_000 + 2 * 200) // 10**6 + fair


@pytest.mark.proves("HG-17")
@pytest.mark.parametrize("price", PRICES)
def test_r27_a_chunk_goes_by_what_it_meets(settled: World, price: int) -> None:
    """HG-17: "at most what the market fills, by its `curve`, while its price moves by a tenth more than a
    chunk moves it". Before, he gained 333, 462 and 377 USD at a fee of 5 bp and 366 at one of 1 bp, and LPs
    lost 643 to 832 and 422, where chunks cost them 187 and 61. Now he has no more than who makes a pool
    has of any order: its fee and two points."""
    w = settled
    at(w, price)
    gained, lost, went = prey(w, 181, Depth().liquidity(price))
    assert 0 < went < 30 * WAD
    is_fair(w, gained, lost, went, w.curie.spot.fee)  # type: ignore[attr-defined]


@pytest.mark.proves("HG-17", "LM-9")
@pytest.mark.parametrize("price", PRICES)
def test_r27_what_is_lent_to_a_pool_of_v4_for_a_moment_makes_no_chunk(
    shallow: World, price: int
) -> None:
    """LM-9: "what is lent to the pool for a moment counts up to the reference's and no further": before, that
    was twenty times what it has, 30 to 39 USD a minute to who lent it, for no capital, and 50 to 62 of LPs'
    where a chunk of 8 ETH costs 12."""
    w = shallow
    at(w, price)
    gained, lost, went = prey(w, 0, Depth(usd=SHALLOW).liquidity(price), TIMES - 1)
    assert 0 < went < 2 * WAD
    assert gained < 0
    assert lost < 5 * USD


@pytest.mark.proves("HG-17", "VS-3")
def test_r27_a_chunk_at_one_of_several_goes_by_what_it_meets_there() -> None:
    """Before, all 126 ETH went: he gained 283 to 401 USD, and LPs lost 585 to 763, where chunks cost 188."""
    w = left_over(venue=recipe("aave+morpho"))
    assert isinstance(w.curie, Several)
    whole, w.curie = w.curie, w.curie.members[0]
    he = predator(w)
    w.curie = whole
    gained, lost, went = prey(w, 181, Depth().liquidity(2_500), he=he)
    assert 0 < went < 40 * WAD
    is_fair(w, gained, lost, went, 500)


@pytest.mark.proves("HG-17")
def test_r27_what_a_minute_gave_is_spent_however_often_it_is_pushed_back(settled: World) -> None:
    """HG-17: "at most `chunk` in a minute"."""
    w = settled
    at(w, 2_500)
    other = Depth().liquidity(2_500)
    first, then = prey(w, 181, other)[2], w.engine.now()
    again = prey(w, 0, other)[2]
    assert 0 < again < first * (w.engine.now() - then + 5) // 60
