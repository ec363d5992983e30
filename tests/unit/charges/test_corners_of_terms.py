"""R40: at no corner of all bounds together does a close, an exit or a settlement stop.

The owner moves every term to one end of its bounds, through the delay. Whoever holds something then
still leaves: at a pool that lags the oracle by a tick, and with nobody rebalancing for him.
"""

from __future__ import annotations

from itertools import combinations, product
from random import Random

import pytest
from worlds import ETH, USD, World

from tandem.protocol import terms
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR

FIELDS = [name for name in terms.FIELDS if name != "flags"]
NIGHT = 1_000
Corner = tuple[int, ...]  # 0 or 1 for each field: its least or its most


def triples(corner: Corner) -> set[tuple[int, int, int, int]]:
    """Each three fields, and the ends at which this corner has them."""
    return {
        (a, b, c, corner[a] << 2 | corner[b] << 1 | corner[c])
        for a, b, c in combinations(range(len(corner)), 3)
    }


def covering() -> list[Corner]:
    """Corners that have every three fields at all eight combinations of their ends: the next is always
    the one of some random ones that has most of what is missing."""
    random, n = Random(1), len(FIELDS)
    corners: list[Corner] = [(0,) * n, (1,) * n]
    missing = {(*places, ends) for places in combinations(range(n), 3) for ends in range(8)}
    missing -= triples(corners[0]) | triples(corners[1])
    while missing:
        drawn = [tuple(random.getrandbits(1) for _ in range(n)) for _ in range(12)]
        a, b, c, ends = min(missing)
        drawn = [
            tuple(
                ends >> (2, 1, 0)[(a, b, c).index(i)] & 1 if i in (a, b, c) else x
                for i, x in enumerate(corner)
            )
            for corner in drawn
        ]
        corners.append(max(drawn, key=lambda corner: len(triples(corner) & missing)))
        missing -= triples(corners[-1])
    return corners


CORNERS = covering()


def at(corner: Corner) -> dict[str, int]:
    ends = [(terms.FIELDS[n].low, terms.FIELDS[n].high) for n in FIELDS]
    return {n: end[i] for n, end, i in zip(FIELDS, ends, corner, strict=True)}


def moved_to(w: World, wanted: dict[str, int]) -> None:
    """All terms at once: those that wait have waited. A lower age of slices, which holds others, is last."""
    guardian, owner = w.tandem.guardian, w.tandem.roles.deployer
    for name, amount in wanted.items():
        guardian.send("set_term", terms.FIELDS[name].index, amount, sender=owner)
    w.engine.advance(2 * DAY)
    for name, amount in sorted(wanted.items(), key=lambda each: each[0] == "surface_age"):
        if w.terms()[name] != amount:
            guardian.send("apply", terms.FIELDS[name].index, sender=owner)
    assert w.terms() | wanted == w.terms()


def fresh(w: World) -> None:
    """Prices and surfaces of now, and past any window in which two slices stand."""
    w.push_wad(w.spot)
    w.post()
    w.engine.advance(min(w.terms()["surface_window"] + 1, w.terms()["surface_age"] - 10))


def everybody_leaves(w: World, corner: Corner) -> None:
    """Closes, leaves, settles and redeems there."""
    vault, lp = w.tandem.vault, w.tandem.lp
    kept, sold = w.put(2_400, far=True), w.call(2_500)
    for series in (kept, sold):
        w.mint(series, 4 * ETH)
    moved_to(w, at(corner))
    fresh(w)
    w.push_wad(w.spot * 10_015 // 10_000)
    filled, paid = w.close(sold, 3 * ETH).returned
    assert filled == 3 * ETH
    assert paid > 0
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 4, lp, lp, sender=lp)
    w.engine.advance(DAY + 2 * HOUR)
    w.move(w.spot // 10**18)
    fresh(w)
    vault.send("process", 5, sender=w.stranger)
    if vault.call("maxWithdraw", lp) == 0:  # it may wait for a calm moment, and not longer
        w.engine.advance(w.terms()["exit_wait"] + HOUR)
        fresh(w)
        vault.send("process", 5, sender=w.stranger)
    assert vault.call("maxWithdraw", lp) > 100_000 * USD
    w.settle(w.near, 2_600)
    assert w.tandem.redeem(sold, ETH).returned == 100 * USD


@pytest.mark.proves("PW-2")
@pytest.mark.parametrize("place", range(len(CORNERS)))
def test_r40_at_a_corner_of_all_terms_everybody_leaves(world: World, place: int) -> None:
    """PW-2: "Nobody can ... stop settlement, redemption or claims. No parameter ... stops closes or
    exits". Any three terms stand at any of their ends in one of these corners."""
    everybody_leaves(world, CORNERS[place])


def series_of(w: World, words: str) -> Series:
    """As it is written there: kind, strike, cap or floor, and whether it is the farther expiry."""
    kind, strike, *more = words.split()
    far = "far" in more
    other = [int(each) for each in more if each.isdigit()]
    if kind == "put":
        return w.put(int(strike), *other, far=far)
    return w.call(int(strike), *other, far=far)


@pytest.mark.proves("PW-1", "PW-2")
def test_r40_at_each_corner_whatever_is_held_is_sold_back_for_something(world: World) -> None:
    """PW-2: of either kind, near and far, with the oracle a tick above the pool or below it. The highest
    prices with the lowest caps bid nothing for what is out of the money, and a narrow band refused what was
    a tick off."""
    w, held = (
        world,
        ("call 2500", "put 2400 far", "call 2750 3500", "put 2250", "call 3000 4500 far"),
    )
    for each in held:
        w.mint(series_of(w, each), 8 * ETH)
    w.top_up()
    w.engine.advance(10 * DAY)
    fresh(w)
    for corner in CORNERS:
        with w.undone():
            moved_to(w, at(corner))
            fresh(w)
            for tick, each in product((-15, 15), held):
                with w.undone():
                    w.push_wad(w.spot * (10_000 + tick) // 10_000)
                    filled, paid = w.close(series_of(w, each), 4 * ETH).returned
                    assert filled == 4 * ETH, (corner, tick, each)
                    assert paid > 0, (corner, tick, each)


@pytest.mark.long
def test_r40_at_a_thousand_corners_everybody_leaves(world: World) -> None:
    """PW-2: what more than three of them would have to do together."""
    random = Random(2)
    for _ in range(NIGHT):
        corner = tuple(random.getrandbits(1) for _ in FIELDS)
        with world.undone():
            everybody_leaves(world, corner)
