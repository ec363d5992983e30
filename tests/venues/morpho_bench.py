"""A lending market and a pool with Tandem's adapter on them, and the little that its tests keep saying."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from adapter_bench import LenderBench, places

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.units import WAD
from tandem.venues import Opening
from tandem.venues.morpho import Morpho, MorphoRecipe
from tandem.venues.morpho.ledger import id_of

PRICE = 3_000 * WAD
ACCRUED = 10**9
"""Interest on a position in the seconds of a test, at most: 1e-9 ETH."""


class Bench(LenderBench):
    """On Morpho."""

    __slots__ = ()

    @property
    def morpho(self) -> Morpho:
        return self.market


@cache
def built(*, base_first: bool, used: bool = False) -> Bench:
    """Everything up to an adapter without margin. Unless it is `used` nobody pays interest, so that what is
    exact can be asked for to the unit."""
    engine = open_engine("pyrevm")
    recipe = MorphoRecipe(base_first=base_first, used=used)
    morpho = recipe.open(engine, PRICE, Opening())
    router, stranger = engine.accounts[1], engine.accounts[3]
    venue = engine.deploy(
        compile_vyper("MorphoVenue"), *places(morpho, router), sender=morpho.owner
    )
    return Bench(engine, morpho, venue, router, stranger)


@pytest.fixture(params=[True, False], ids=["base first", "quote first"])
def either(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """With the base token as the pool's first and as its second, each time as it was."""
    bench = built(base_first=request.param)
    with bench.undone():
        yield bench


@pytest.fixture
def busy() -> Iterator[Bench]:
    """Others borrow, and interest is paid."""
    found = built(base_first=True, used=True)
    with found.undone():
        yield found


@pytest.fixture
def bench() -> Iterator[Bench]:
    """As rollups mostly have it, each time as it was."""
    found = built(base_first=True)
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
