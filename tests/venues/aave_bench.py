"""A lending market and a pool with Tandem's adapter on them, and the little that its tests keep saying."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from adapter_bench import LenderBench, places

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Receipt
from tandem.units import WAD
from tandem.venues import Opening
from tandem.venues.aave import Aave, AaveRecipe

PRICE = 3_000 * WAD
ACCRUED = 10**9
"""Interest on a position in the seconds of a test, at most: 1e-9 ETH."""


class Bench(LenderBench):
    """On Aave."""

    __slots__ = ()

    @property
    def aave(self) -> Aave:
        return self.market

    def govern(self, fn: str, *args: Any) -> Receipt:
        """An act of the lending market's governance."""
        return self.aave.configurator.send(fn, *args, sender=self.aave.owner)

    def there(self) -> int:
        """The same with what lies idle."""
        return LenderBench.there(self) + self.idle() * 10**12

    def idle(self) -> int:
        """What lies idle and is ours, token units."""
        return self.venue.call("idle")


@cache
def built(*, base_first: bool, used: bool = False) -> Bench:
    """Everything up to an adapter without margin. Unless it is `used` nobody pays interest, so that what is
    exact can be asked for to the unit."""
    return opened(AaveRecipe(base_first=base_first, used=used))


def opened(recipe: AaveRecipe) -> Bench:
    """A market of one's own with an adapter on it that has no margin yet."""
    engine = open_engine("pyrevm")
    aave = recipe.open(engine, PRICE, Opening())
    router, stranger = engine.accounts[1], engine.accounts[3]
    venue = engine.deploy(compile_vyper("AaveVenue"), *places(aave, router), sender=aave.owner)
    return Bench(engine, aave, venue, router, stranger)


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
