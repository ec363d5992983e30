"""An order over several markets: exact, inside every room, and as cheap as a convex problem's solution.

The cost of a part is convex in it, so parts between which nothing can be moved at a gain are the best there
are: that is the measure of the twin, and the twin's cost is the measure of the contract's parts."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations

import pytest
from pools import MARKETS, NONE, drawn, library, paid, words

from tandem.model.split import Curve, Stretch, split
from tandem.units import WAD

CASES = 1_000


def poured(
    size: float, buys: bool, curves: list[Curve], rooms: list[float]
) -> tuple[list[float], float]:
    """The contract's parts, ETH, and the level."""
    padded = curves + [NONE] * (MARKETS - len(curves))
    asked = [int(min(room, 1e12) * WAD) for room in rooms] + [0] * (MARKETS - len(rooms))
    parts, level = library().call(
        "poured", int(size * WAD), buys, [words(c) for c in padded], asked, 1
    )
    assert not any(parts[len(curves) :])
    return [part / WAD for part in parts[: len(curves)]], level / WAD


@pytest.mark.parametrize("buys", [True, False])
def test_nothing_can_be_moved_between_the_twins_parts_at_a_gain(buys: bool) -> None:
    rng = random.Random(5)
    for _ in range(300):
        size, curves, rooms = drawn(rng, buys)
        parts = split(size, buys, curves, rooms)
        assert sum(parts) == pytest.approx(size, rel=1e-9)
        best = paid(buys, curves, parts)
        for one, other in permutations(range(len(curves)), 2):
            step = min(parts[one], size * 1e-3)
            reach = sum(s.reach for s in curves[other].stretches)
            if step > 0 and parts[other] + step <= min(rooms[other], reach):
                moved = list(parts)
                moved[one] -= step
                moved[other] += step
                assert paid(buys, curves, moved) >= best - 1e-12 * abs(best)


@pytest.mark.parametrize("buys", [True, False])
def test_parts_are_the_order_and_save_what_the_best_parts_save(buys: bool) -> None:
    """Over 1,000 draws: exact to the wei, inside every room, never dearer than any one market alone, and
    what it saves against the best one is 99 % of what a convex solver saves."""
    rng = random.Random(7)
    split_at_all = 0
    for _ in range(CASES):
        size, curves, rooms = drawn(rng, buys)
        padded = curves + [NONE] * (MARKETS - len(curves))
        asked = [int(room * WAD) for room in rooms] + [0] * (MARKETS - len(rooms))
        whole = int(size * WAD)
        raw, _ = library().call("poured", whole, buys, [words(c) for c in padded], asked, 1)
        assert sum(raw) == whole
        assert all(part <= room for part, room in zip(raw, asked, strict=True))
        parts = [part / WAD for part in raw[: len(curves)]]
        ours, best = paid(buys, curves, parts), paid(buys, curves, split(size, buys, curves, rooms))
        dust = 1e-9 * abs(best)
        alone = [
            paid(buys, curves, [size if i == j else 0.0 for j in range(len(curves))])
            for i, (curve, room) in enumerate(zip(curves, rooms, strict=True))
            if size <= min(room, sum(s.reach for s in curve.stretches))
        ]
        assert ours <= best + max(dust, 0.01 * (min(alone) - best) if alone else 0.0)
        if alone:
            assert ours <= min(alone) + dust
        split_at_all += sum(part > size * 1e-6 for part in parts) > 1
    assert split_at_all > CASES // 2


@pytest.mark.parametrize("buys", [True, False])
def test_what_no_market_has_room_for_is_left(buys: bool) -> None:
    curves = [
        Curve(2_500.0, 0.001, (Stretch(1_000.0, 50.0),)),
        Curve(2_501.0, 0.0005, (Stretch(800.0, 20.0),)),
    ]
    parts, _ = poured(100.0, buys, curves, [10.0, 5.0])
    assert parts == [10.0, 5.0]
    assert poured(1.0, buys, curves, [0.0, 0.0])[0] == [0.0, 0.0]
    assert poured(0.0, buys, curves, [10.0, 5.0])[0] == [0.0, 0.0]


@pytest.mark.proves("VS-1", "LM-10")
@pytest.mark.parametrize("buys", [True, False])
@pytest.mark.parametrize("grain", [10, 10**10, 10**15])
def test_parts_are_multiples_of_the_grain_and_else_what_they_were(grain: int, buys: bool) -> None:
    """What of the order is finer is nobody's; what of a part is finer goes to the largest that has room."""
    rng = random.Random(13)
    for _ in range(CASES // 3):
        size, curves, rooms = drawn(rng, buys)
        asked = [int(room * WAD) for room in rooms] + [0] * (MARKETS - len(rooms))
        if min(int(size * WAD), *(room for room in asked if room)) < 10_000 * grain:
            continue
        told = [words(c) for c in curves + [NONE] * (MARKETS - len(curves))]
        whole = int(size * WAD)
        fine, level = library().call("poured", whole, buys, told, asked, 1)
        coarse, near = library().call("poured", whole, buys, told, asked, grain)
        assert all(part % grain == 0 for part in coarse)
        assert sum(coarse) == whole - whole % grain
        assert all(part <= room for part, room in zip(coarse, asked, strict=True))
        for one, other in zip(fine, coarse, strict=True):
            assert abs(one - other) <= 2 * MARKETS * grain + whole // 10**15
        assert near == pytest.approx(level, rel=1e-3)


@pytest.mark.proves("VS-1", "LM-10")
@pytest.mark.parametrize("buys", [True, False])
def test_a_room_holds_whole_grains_and_the_least_order_is_one(buys: bool) -> None:
    grain = 10**10
    rooms = [10 * grain + 3, 5 * grain + grain - 1, grain - 1, 0]

    def parts(size: int, reach: float = 50.0) -> list[int]:
        curves = [words(Curve(2_500.0, 0.001, (Stretch(1_000.0, reach),)))] * 3 + [words(NONE)]
        return list(library().call("poured", size, buys, curves, rooms, grain)[0])

    for ends in (50.0, 2e-8):  # past all room, and two grains on
        assert parts(100 * grain, ends) == [10 * grain, 5 * grain, 0, 0]
    assert parts(3 * grain - 1) in ([grain, grain, 0, 0], [2 * grain, 0, 0, 0])
    assert parts(grain) == [grain, 0, 0, 0]
    assert parts(grain - 1) == [0, 0, 0, 0]


@pytest.mark.parametrize("buys", [True, False])
def test_an_order_past_what_markets_say_of_themselves_goes_on_where_most_went(buys: bool) -> None:
    """A curve ends after four stretches; what lies behind it the market itself knows (`max_order`)."""
    curves = [
        Curve(2_500.0, 0.001, (Stretch(1_000.0, 50.0),)),
        Curve(2_500.0, 0.001, (Stretch(400.0, 20.0),)),
    ]
    parts, _ = poured(100.0, buys, curves, [1e6, 1e6])
    assert parts == [80.0, 20.0]


@pytest.mark.parametrize("buys", [True, False])
def test_an_order_may_end_in_the_last_stretch_of_the_last_market(buys: bool) -> None:
    """Fifteen stretches end on its way, and the sixteenth holds what is left: the market that has it took
    the least before, so that a walk cut short would leave it elsewhere."""
    depths = (4_000.0, 3_000.0, 2_000.0, 1_000.0)
    curves = [
        Curve(2_500.0, 0.001, tuple(Stretch(depth, depth / 1_000 * (1 + k)) for k in range(4)))
        for depth in depths[:3]
    ]
    curves.append(
        Curve(2_500.0, 0.001, (*(Stretch(1_000.0, 0.5) for _ in range(3)), Stretch(1_000.0, 40.0)))
    )
    size = sum(s.reach for curve in curves for s in curve.stretches) - 1.0
    parts, _ = poured(size, buys, curves, [1e6] * 4)
    assert parts == pytest.approx(split(size, buys, curves, [1e6] * 4), rel=1e-6)
    assert parts[3] == pytest.approx(40.5, rel=1e-2)


@pytest.mark.parametrize("buys", [True, False])
def test_a_market_off_the_others_gets_nothing_and_at_any_price_all_of_it(buys: bool) -> None:
    off = 2_700.0 if buys else 2_300.0
    curves = [
        Curve(2_500.0, 0.001, (Stretch(1_000.0, 500.0),)),
        Curve(off, 0.0001, (Stretch(9_000.0, 4_000.0),)),
    ]
    parts, _ = poured(10.0, buys, curves, [1e6, 1e6])
    assert parts == [10.0, 0.0]
    assert poured(10.0, buys, curves, [0.0, 1e6])[0] == [0.0, 10.0]


@pytest.mark.parametrize("buys", [True, False])
@pytest.mark.parametrize("least", [1, 2, 2_500 * WAD, 2**89])
def test_the_better_of_two_prices_takes_an_order_whole_from_the_least_price_there_is(
    least: int, buys: bool
) -> None:
    """An order that moves no market to the other's price."""
    curves = [
        (price, 0, [1_000 * WAD, 0, 0, 0], [50 * WAD, 0, 0, 0]) for price in (least, 2 * least)
    ]
    told = [*curves, words(NONE), words(NONE)]
    parts, _ = library().call("poured", WAD, buys, told, [10 * WAD] * 2 + [0] * 2, 1)
    assert list(parts) == ([WAD, 0, 0, 0] if buys else [0, WAD, 0, 0])


def test_what_a_part_saves_against_the_level_where_its_order_ends() -> None:
    """On one stretch exactly, to the roots' rounding."""
    rng = random.Random(11)
    for _ in range(200):
        buys = rng.random() < 0.5
        size, curves, rooms = drawn(rng, buys)
        curves = [replace(c, stretches=c.stretches[:1]) for c in curves]
        size = min(
            size,
            0.9 * sum(min(c.stretches[0].reach, r) for c, r in zip(curves, rooms, strict=True)),
        )
        parts, level = poured(size, buys, curves, rooms)
        for curve, part, room in zip(curves, parts, rooms, strict=True):
            if not 1e-9 < part < min(room, curve.stretches[0].reach) * 0.999_999:
                continue  # it ended before the level
            word = words(curve)
            stated = library().call("saved", buys, word, int(part * WAD), int(level * WAD)) / WAD
            true = part * level * level - curve.cost(buys, part)
            assert stated == pytest.approx(true if buys else -true, rel=1e-4, abs=1e-6)


PRICES = (1, 10**6, 10**12, 2_500 * WAD, 2**90)
FEES = (0, 1, 10**15, 10**17)
DEPTHS = (0, 1, 10**6, 10**12, WAD, 10**5 * WAD, 2**100)


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("buys", [True, False])
def test_nothing_that_is_believed_of_a_market_overflows(buys: bool) -> None:
    """From the least to the most of each number that lib/believed.vy lets in, beside an honest market that
    has room for all, and the fee of what has to come home counted twice: the parts are the order."""
    rng = random.Random(11)
    honest = words(Curve(2_500.0, 0.001, (Stretch(10_000.0, 9_000.0),)))
    for _ in range(CASES):
        size = rng.choice((10**12, 10**15, WAD, 1_000 * WAD, 10**6 * WAD))
        curves = [
            (
                rng.choice(PRICES),
                rng.choice(FEES) * rng.choice((1, 2)),
                [rng.choice(DEPTHS) for _ in range(4)],
                [rng.choice((0, 1, size, 2**100)) for _ in range(4)],
            )
            for _ in range(3)
        ]
        rooms = [size, *(rng.choice((0, 1, size // 3, size)) for _ in range(3))]
        parts, level = library().call("poured", size, buys, [honest, *curves], rooms, 1)
        assert sum(parts) == size
        assert all(part <= room for part, room in zip(parts, rooms, strict=True))
        for curve, part in zip([honest, *curves], parts, strict=True):
            if part:
                assert library().call("saved", buys, curve, part, level) >= 0
