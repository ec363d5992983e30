"""A lending market and a pool with Tandem's adapter on them, and the little that its tests keep saying."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from adapter_bench import AdapterBench, bound_of

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Contract, Receipt
from tandem.units import WAD
from tandem.venues import Exchange, Margins, Opening
from tandem.venues.morpho import Morpho, MorphoRecipe
from tandem.venues.morpho.ledger import id_of

PRICE = 3_000 * WAD
ACCRUED = 10**9
"""Interest on a position in the seconds of a test, at most: 1e-9 ETH."""


def places(
    morpho: Morpho, router: Any, margins: Margins | None = None, **others: str
) -> tuple[object, ...]:
    """What the adapter is constructed with, once what stands beside it is there. others: instead of the
    venue's own."""
    recipe, there = morpho.recipe, morpho.addresses() | others
    at, kept = {"HedgeRouter": str(router)}, margins or recipe.margins
    for name in recipe.contracts[:-1]:
        told = recipe.arguments(name, at, there, kept)
        at[name] = morpho.engine.deploy(compile_vyper(name), *told, sender=morpho.owner).address
    return recipe.arguments(recipe.adapter, at, there, kept)


@dataclass(slots=True)
class Bench(AdapterBench):
    """The router, a stranger, and the adapter under test."""

    engine: BaseEngine
    morpho: Morpho
    venue: Contract
    router: str
    stranger: str

    @property
    def exchange(self) -> Exchange:
        return self.morpho

    def most(self, order: int, worst: int | None = None) -> int:
        """What the adapter says that fills of an order."""
        return self.venue.call("max_order", order, bound_of(order, worst))

    def govern(self, fn: str, *args: Any) -> Receipt:
        """An act of the lending market's governance."""
        return self.morpho.configurator.send(fn, *args, sender=self.morpho.owner)

    def position(self) -> int:
        return self.venue.call("position")

    def account(self, spot: int | None = None) -> tuple[int, int, int, int]:
        """Position, equity at `spot`, the venue's equity, and what carries orders."""
        return tuple(self.venue.call("account", self.morpho.index() if spot is None else spot))

    def equity(self, spot: int | None = None) -> int:
        return self.account(spot)[1]

    def there(self) -> int:
        """What the account is worth with all that others gave, WAD: as the market shows it."""
        index = self.morpho.index()
        held = self.morpho.position(self.venue) * index // WAD
        return self.morpho.quote(self.venue) * 10**12 + held

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside is taken back."""
        mark = self.engine.snapshot()
        try:
            yield
        finally:
            self.engine.revert(mark)


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
