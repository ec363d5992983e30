"""After a jump of volatility the quote is never one that its signers know to be wrong (R37)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from filling import at_once
from worlds import ETH, FLAT, World, build

from tandem.errors import Reverted
from tandem.model.svi import Slice
from tandem.units import USD

CALM = replace(FLAT, a=0.6**2)
HALF_HOURS = 16


@pytest.fixture(scope="module")
def flat_once() -> World:
    return build(smile=CALM)


def fill(w: World) -> int:
    """Straddles at the money until limits stop them; the keeper brings margin. Paid, token units."""
    before = w.usdc(w.trader)

    def straddle(size: int) -> None:
        with suppress(Reverted):
            w.top_up()
        mark = w.engine.snapshot()
        try:
            w.mint(w.call(2_500, far=True), size)
            w.mint(w.put(2_500, far=True), size)
        except Reverted:
            w.engine.revert(mark)
            raise

    at_once(straddle, least=ETH)
    return before - w.usdc(w.trader)


def sell(w: World) -> int:
    """Everything back, a leg after the other in parts that margin carries. Received, token units."""
    before, legs = w.usdc(w.trader), [w.call(2_500, far=True), w.put(2_500, far=True)]
    size = 4 * ETH
    while any(w.tandem.balance_of(leg) for leg in legs):
        assert size > ETH // 100, "nothing more can be sold"
        closed = False
        for leg in legs:
            with suppress(Reverted):
                w.top_up()
            if left := w.tandem.balance_of(leg):
                with suppress(Reverted):
                    w.close(leg, min(left, size))
                    closed = True
        size = size if closed else size // 2
    return w.usdc(w.trader) - before


def play(w: World, points: float) -> float:
    """Volatility jumps at constant spot, and the desk says so at once and every five minutes after. The
    trader buys when the jump is public, and sells when the surface has arrived. Profit, USD."""
    jumped = {e: replace(s, a=(0.6 + points / 100) ** 2) for e, s in w.slices.items()}
    w.engine.advance(240)
    w.push_wad(w.spot)
    post(w, jumped)
    paid = fill(w)
    for _ in range(6 * HALF_HOURS):
        w.engine.advance(300)
        w.push_wad(w.spot)
        post(w, jumped)
    w.engine.advance(61)
    return (sell(w) - paid) / USD


def post(w: World, slices: dict[int, Slice]) -> None:
    """The farther first: where a whole surface rises, a nearer one would lie above it."""
    w.slices.update(slices)
    w.tandem.post(dict(sorted(slices.items(), reverse=True)))


@pytest.mark.proves("SF-3")
@pytest.mark.parametrize("points", [5, 10, 20])
def test_r37_buying_a_jump_that_everybody_sees_loses(flat_once: World, points: int) -> None:
    """R37: "a surface that may not move as far as it must is quoted worse-of until it has". With a
    surface that walked to its place at nine points an hour the same plan made −2.9k, +2.0k and +11.9k."""
    with flat_once.undone():
        profit = play(flat_once, points)
        print(points, profit)
    assert profit < 0
