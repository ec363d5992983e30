"""A lending market and a pool with Tandem's adapter on them, and the little that its tests keep saying."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from adapter_bench import LenderBench, places

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.units import WAD
from tandem.venues import Opening
from tandem.venues._spot import SpotPool
from tandem.venues._v4 import PoolOfV4
from tandem.venues.morpho import Morpho, MorphoRecipe
from tandem.venues.morpho.ledger import id_of
from tandem.venues.morpho4 import Morpho4, Morpho4Recipe

PRICE = 3_000 * WAD
ACCRUED = 10**9
"""Interest on a position in the seconds of a test, at most: 1e-9 ETH."""


RECIPES = {"v3": MorphoRecipe, "v4": Morpho4Recipe}
"""By the exchange beside the lender."""
EXCHANGES = tuple(RECIPES)
BOTH = [(exchange, first) for exchange in EXCHANGES for first in (True, False)]


class Bench(LenderBench):
    """On Morpho, with a pool of either Uniswap."""

    __slots__ = ()

    @property
    def morpho(self) -> Morpho:
        return self.market

    @property
    def traded(self) -> SpotPool | PoolOfV4:
        """The pool that orders go to."""
        return self.market.v4 if isinstance(self.market, Morpho4) else self.market.spot

    def new(self, *args: object) -> Contract:
        """Another adapter of the same kind."""
        return self.engine.deploy(
            compile_vyper(self.morpho.recipe.adapter), *args, sender=self.morpho.owner
        )


@cache
def built(exchange: str, *, base_first: bool, used: bool = False) -> Bench:
    """Everything up to an adapter without margin. Unless it is `used` nobody pays interest, so that what is
    exact can be asked for to the unit."""
    return opened(RECIPES[exchange](base_first=base_first, used=used), Opening())


def opened(recipe: MorphoRecipe, opening: Opening) -> Bench:
    """A market of one's own with an adapter on it that has no margin yet."""
    engine = open_engine("pyrevm")
    morpho = recipe.open(engine, PRICE, opening)
    router, stranger = engine.accounts[1], engine.accounts[3]
    args = places(morpho, router)
    venue = engine.deploy(compile_vyper(recipe.adapter), *args, sender=morpho.owner)
    return Bench(engine, morpho, venue, router, stranger)


@pytest.fixture(
    params=BOTH, ids=[f"{one}, {('quote', 'base')[first]} first" for one, first in BOTH]
)
def either(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """With the base token as the pool's first and as its second, each time as it was."""
    exchange, base_first = request.param
    bench = built(exchange, base_first=base_first)
    with bench.undone():
        yield bench


@pytest.fixture(params=EXCHANGES)
def busy(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Others borrow, and interest is paid."""
    found = built(request.param, base_first=True, used=True)
    with found.undone():
        yield found


@pytest.fixture(params=EXCHANGES)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """As rollups mostly have it, each time as it was."""
    found = built(request.param, base_first=True)
    with found.undone():
        yield found


@pytest.fixture
def on_v3() -> Iterator[Bench]:
    """The same, with the pool of v3 alone."""
    found = built("v3", base_first=True)
    with found.undone():
        yield found


def other_market(bench: Bench, sign: str, *, lltv: int) -> str:
    """The id of a market beside one of the two, that differs by its threshold; its lenders are the same."""
    morpho = bench.morpho
    side = morpho.short if sign == "short" else morpho.long
    params = (*side.params[:4], lltv)
    morpho.lender.send("enableLltv", lltv, sender=morpho.owner)
    morpho.lender.send("createMarket", params, sender=morpho.owner)
    return id_of(params)
