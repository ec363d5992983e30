"""What holding a leg costs is a part of its price: the contract's fees beside the twin's, and the parts
beside what an order truly costs with everything that holding it takes."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pools import MARKETS, NONE, drawn, library, paid, words

from tandem.model.split import MOST_CARRY, Curve, Held, Stretch, costed, split
from tandem.units import HOUR, WAD

CASES = 1_000
HOURS = 20
NOW = 1_700_000_000
NOBODY = Held(0.0, None)
RATES = st.integers(-WAD, WAD)


def asked(curves: list[Curve], held: list[Held], buys: bool, hours: int) -> list[Curve]:
    """The contract's curves."""
    more = MARKETS - len(curves)
    padded, there = curves + [NONE] * more, held + [NOBODY] * more
    found = library().call(
        "costed",
        [[int(rate * WAD) for rate in h.rates or (0.0, 0.0)] for h in there],
        [h.rates is not None for h in there],
        [words(c) for c in padded],
        [int(h.position * WAD) for h in there],
        buys,
        hours,
    )
    fees = [fee / WAD for _, fee, _, _ in found]
    assert all(
        said == (w[0], said[1], w[2], w[3])
        for said, w in zip(map(list_of, found), map(words, padded), strict=True)
    )
    return [Curve(c.price, fee, c.stretches) for c, fee in zip(curves, fees, strict=False)]


def list_of(curve: tuple[int, int, list[int], list[int]]) -> tuple[int, int, list[int], list[int]]:
    price, fee, depths, reaches = curve
    return price, fee, list(depths), list(reaches)


def held_at(rng: random.Random, *, known: float = 0.95) -> Held:
    rates = (rng.gauss(1e-4, 4e-4), rng.gauss(1e-4, 4e-4)) if rng.random() < known else None
    return Held(rng.choice((-1, 0, 1)) * rng.uniform(0.1, 50), rates)


@pytest.mark.proves("VS-2")
@pytest.mark.parametrize("buys", [True, False])
def test_fees_have_in_them_what_holding_costs_and_a_detour(buys: bool) -> None:
    rng = random.Random(3)
    for _ in range(300):
        _, curves, _ = drawn(rng, buys)
        held = [held_at(rng) for _ in curves]
        hours = rng.choice((0, 1, HOURS, 1_080))
        ours, twins = asked(curves, held, buys, hours), costed(curves, held, buys, hours)
        for one, twin in zip(ours, twins, strict=True):
            assert one.fee == pytest.approx(twin.fee, abs=1e-15)


def held_by(curve: Curve, room: float) -> float:
    """The most that a market takes."""
    return min(room, sum(s.reach for s in curve.stretches))


def exchanged(
    true: Callable[[list[float]], float], parts: list[float], size: float, rooms: list[float]
) -> list[float]:
    """Parts between which nothing can be moved at a gain, by moving as long as something can."""
    best, least, step = list(parts), true(parts), size / 50
    while step > size * 1e-5:
        gained = False
        for one, other in permutations(range(len(best)), 2):
            moved, x = list(best), min(step, best[one], rooms[other] - best[other])
            if x <= 0:
                continue
            moved[one] -= x
            moved[other] += x
            if (cost := true(moved)) < least:
                best, least, gained = moved, cost, True
        step = step if gained else step / 2
    return best


@pytest.mark.proves("VS-2")
@pytest.mark.parametrize("buys", [True, False])
def test_parts_save_what_the_best_parts_save_all_costs_counted(buys: bool) -> None:
    """Over 1,000 draws of pools, sizes and rates. The measure is the order's true cost: what it pays, its
    fees, and each leg's notional times what holding it takes; of the best parts nothing can be moved at a
    gain."""
    rng, split_at_all, turned = random.Random(13), 0, 0
    for _ in range(CASES):
        size, curves, rooms = drawn(rng, buys)
        size *= rng.choice((1.0, 0.05))
        held = [Held(0.0, (rng.gauss(2e-4, 1e-3), rng.gauss(2e-4, 1e-3))) for _ in curves]

        def true(
            parts: list[float], curves: list[Curve] = curves, held: list[Held] = held
        ) -> float:
            legs = zip(curves, held, parts, strict=True)
            holding = sum(h.carry(buys, HOURS) * x * c.price for c, h, x in legs)
            return paid(buys, curves, parts) + holding

        padded = asked(curves, held, buys, HOURS) + [NONE] * (MARKETS - len(curves))
        limits = [int(room * WAD) for room in rooms] + [0] * (MARKETS - len(rooms))
        raw, _ = library().call(
            "poured", int(size * WAD), buys, [words(c) for c in padded], limits, 1
        )
        assert sum(raw) == int(size * WAD)
        parts = [part / WAD for part in raw[: len(curves)]]
        best = split(size, buys, costed(curves, held, buys, HOURS), rooms)
        alone = [
            true([size if i == j else 0.0 for j in range(len(curves))])
            for i, (curve, room) in enumerate(zip(curves, rooms, strict=True))
            if size <= held_by(curve, room)
        ]
        best = exchanged(true, best, size, list(map(held_by, curves, rooms)))
        # holding is paid for at the price of now, and the split counts it at that which each unit meets
        dust = 1e-8 * abs(true(best))
        if alone:
            assert true(parts) <= true(best) + max(dust, 0.01 * (min(alone) - true(best)))
            assert true(parts) <= min(alone) + dust
        split_at_all += sum(part > size * 1e-6 for part in parts) > 1
        plain = split(size, buys, curves, rooms)
        turned += any(abs(a - b) > size / 100 for a, b in zip(plain, best, strict=True))
    assert split_at_all > CASES // 2
    assert turned > CASES // 5


@pytest.mark.proves("VS-2")
@pytest.mark.parametrize("buys", [True, False])
def test_what_brings_a_position_home_saves_its_own_carry(buys: bool) -> None:
    """Two markets alike, a position to be lowered at each: the one that pays more comes home first."""
    curve = Curve(2_500.0, 0.0005, (Stretch(10_000.0, 4_000.0),))
    against = -10.0 if buys else 10.0
    dear, cheap = Held(against, (5e-4, 5e-4)), Held(against, (1e-4, 1e-4))
    first, second = asked([curve, curve], [dear, cheap], buys, HOURS)
    assert first.fee == pytest.approx(0.0005, abs=1e-12)
    assert second.fee == pytest.approx(0.0005 + 4e-4 * HOURS / 24, rel=1e-3)
    enlarged = asked(
        [curve, curve], [Held(-against, dear.rates), Held(-against, cheap.rates)], buys, HOURS
    )
    assert enlarged[1].fee < enlarged[0].fee


@pytest.mark.proves("VS-2")
def test_no_rate_counts_past_its_bound_and_none_that_is_unknown_as_good() -> None:
    curve = Curve(2_500.0, 0.0005, (Stretch(10_000.0, 4_000.0),))
    for buys in (True, False):
        for dear in (Held(0.0, (0.9, 0.9)), NOBODY):
            worst, best = asked([curve, curve], [dear, Held(0.0, (-0.9, -0.9))], buys, HOURS)
            assert best.fee == pytest.approx(0.0005, abs=1e-12)
            assert worst.fee == pytest.approx(0.0005 + 2 * MOST_CARRY, rel=2e-3)
        alike = asked([curve, curve], [NOBODY, NOBODY], buys, HOURS)
        assert [c.fee for c in alike] == pytest.approx([0.0005, 0.0005], abs=1e-12)


@pytest.mark.proves("VS-2")
@settings(max_examples=150, deadline=None)
@given(long=RATES, short=RATES, time=st.integers(1, 2**32 - 1), known=st.booleans())
def test_what_was_paid_is_kept_as_it_is_for_an_hour(
    long: int, short: int, time: int, known: bool
) -> None:
    kept = tuple(library().call("carry_kept", known, long, short, time))
    assert kept == ((long, short, time) if known else (0, 0, 0))
    assert not library().call("carry_due", known, long, short, time, time + HOUR - 1)
    assert library().call("carry_due", known, long, short, time, time + HOUR)
