"""PR-4, R27: one purse with two accounts and a place at the venue, that knows everything.

Everything happens within seconds at one oracle price and one surface. The purse buys, sells back in
parts, moves the venue's pool, makes the protocol rebalance into it, and unwinds all of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import pytest
from worlds import ETH, USD, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import WAD

SEEDS = 4_000 if os.environ.get("TANDEM_NIGHTLY") == "1" else 120
WIDE = {"max_trade": 1_000, "vega_cap": 1_000, "gamma_cap": 2_000, "reserve": 500}
SIZES = (10_000, 11_111, 50_001, ETH, 5 * ETH, 17 * ETH)
PUSHES = (20, 50, 100, 150)


@pytest.fixture(scope="module")
def crowded() -> World:
    """Somebody else's options are open, so that there is a residual to play with."""
    w = build(settings=DeploySettings(terms=WIDE))
    w.tandem.give(w.engine.accounts[6], 10**12)
    for _ in range(3):
        w.mint(w.put(2_400), 10 * ETH, trader=w.engine.accounts[6])
        with suppress(Reverted):
            w.top_up()
    w.curie.deposit(w.trader, 20_000_000 * USD)
    return w


@dataclass(slots=True)
class Purse:
    """What one plan has bought, and what it is worth in cash and at the venue."""

    world: World
    random: Random
    held: dict[tuple[str, Series], int] = field(default_factory=dict)

    def worth(self) -> int:
        w = self.world
        venue = int(w.curie.vault.call("getFreeCollateral", w.trader))
        return w.usdc(w.trader) + w.usdc(w.stranger) + venue

    def series(self) -> Series:
        w = self.world
        return self.random.choice(
            [
                w.call(2_500), w.call(2_600), w.put(2_400), w.put(2_500), w.put(2_500, 2_250),
                w.call(2_500, 2_750), w.call(2_600, 3_000, far=True),
            ]
        )  # fmt: skip

    def buy(self) -> None:
        who = self.random.choice([self.world.trader, self.world.stranger])
        series, units = self.series(), self.random.choice(SIZES)
        self.world.mint(series, units, trader=who)
        self.held[who, series] = self.held.get((who, series), 0) + units

    def sell(self) -> None:
        if self.held:
            (who, series), units = self.random.choice(list(self.held.items()))
            self.sell_back(who, series, max(1, units // self.random.choice([1, 2, 3, units])))

    def sell_back(self, who: str, series: Series, units: int) -> None:
        filled, _ = self.world.close(series, units, trader=who).returned
        self.held[who, series] -= filled
        if self.held[who, series] == 0:
            del self.held[who, series]

    def push(self) -> None:
        size = self.random.choice([-1, 1]) * self.random.choice(PUSHES) * WAD
        self.world.curie.open(self.world.trader, size)

    def rebalance(self) -> None:
        self.world.tandem.rebalance(sender=self.world.stranger)

    def unwind(self) -> bool:
        position = self.world.curie.position(self.world.trader)
        for (who, series), units in list(self.held.items()):
            self.sell_back(who, series, units)
        if position:
            self.world.curie.open(self.world.trader, -position)
        return not self.held


def _play(w: World, seed: int) -> int | None:
    """The profit of one plan, token units; None where it could not be unwound."""
    random = Random(seed)
    if random.random() < 0.6:
        w.move(random.choice([2_450, 2_480, 2_510, 2_540, 2_600]))
    if random.random() < 0.4:
        w.shift(w.near, random.choice([-0.005, 0.005]))
    purse = Purse(w, random)
    before = purse.worth()
    acts: list[Callable[[], None]] = [
        purse.buy, purse.buy, purse.sell, purse.push, purse.push, purse.rebalance,
    ]  # fmt: skip
    for _ in range(random.randint(1, 8)):
        with suppress(Reverted):
            random.choice(acts)()
    try:
        whole = purse.unwind()
    except Reverted:
        return None
    return purse.worth() - before if whole else None


@pytest.mark.proves("PR-4")
def test_r27_no_plan_that_knows_everything_ends_with_a_profit(crowded: World) -> None:
    profits: list[int] = []
    for seed in range(SEEDS):
        with crowded.undone():
            profit = _play(crowded, seed)
        if profit is not None:
            assert profit <= 0, seed
            profits.append(profit)
    assert sum(profit < 0 for profit in profits) > SEEDS // 2


@pytest.mark.parametrize("push", [20, 60, 150])
@pytest.mark.parametrize("part", [1.0, 0.5])
def test_r27_who_moves_the_pool_before_a_rebalance_loses(
    crowded: World, push: int, part: float
) -> None:
    with crowded.undone():
        crowded.move(2_330)
        crowded.freshen()
        residual = crowded.tandem.snapshot().stance.residual
        sign = 1 if residual < 0 else -1
        purse = Purse(crowded, Random(0))
        before = purse.worth()
        crowded.curie.open(crowded.trader, sign * push * WAD)
        with suppress(Reverted):
            crowded.tandem.rebalance(int(residual * (1 - part)), sender=crowded.trader)
        crowded.curie.open(crowded.trader, -sign * push * WAD)
        assert purse.worth() < before
