"""A Curie market with Tandem's adapter on it, and the little that its tests keep saying."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from adapter_bench import AdapterBench

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Contract, Receipt
from tandem.units import WAD
from tandem.venues import Exchange
from tandem.venues.curie import Curie, Depth, Opening, deploy_curie

PRICE = 3000 * WAD
STANDARD_DEPTH = Depth()


def places(curie: Curie, router: Any) -> tuple[object, ...]:
    """What the adapter is constructed with."""
    recipe, at = curie.recipe, {"HedgeRouter": str(router)}
    return recipe.arguments(recipe.adapter, at, curie.addresses(), recipe.margins)


@dataclass(slots=True)
class Bench(AdapterBench):
    """The router, a plain trader, a stranger, and the adapter under test."""

    engine: BaseEngine
    curie: Curie
    venue: Contract
    router: str
    trader: str
    stranger: str

    @property
    def exchange(self) -> Exchange:
        return self.curie

    def give(self, amount: int, to: Any = None) -> Receipt:
        """A stranger deposits quote for the adapter's account, or for somebody else's."""
        curie, who = self.curie, self.stranger
        curie.usdc.send("mint", who, amount, sender=curie.owner)
        curie.usdc.send("approve", curie.vault, amount, sender=who)
        return curie.vault.send("depositFor", to or self.venue, curie.usdc, amount, sender=who)

    def value(self) -> int:
        """What the exchange itself says the account is worth, gifts in it; WAD, in millionths."""
        return self.curie.clearing_house.call("getAccountValue", self.venue)

    def ratio(self) -> int:
        """That over the notional of what is open, WAD; the most there is where nothing is."""
        notional = self.curie.account_balance.call("getTotalAbsPositionValue", self.venue)
        return self.value() * WAD // notional if notional else 2**255 - 1

    def fall(self, percent: int) -> None:
        """Ten ETH bought on 3,100 USD, and index, pool and average down by so much."""
        self.fund(3_100)
        self.trade(10 * WAD)
        self.curie.set_index(PRICE * (100 - percent) // 100)
        self.curie.converge()
        self.engine.advance(1_800)


def build(
    engine: BaseEngine,
    depth: Depth | None = STANDARD_DEPTH,
    fee: int = 1_000,
    insurance: int = 10**6,
    price: int = PRICE,
) -> Bench:
    """Everything up to an adapter without margin."""
    curie = deploy_curie(engine, price, Opening(depth, fee, insurance))
    router, trader, stranger = engine.accounts[1:4]
    venue = engine.deploy(compile_vyper("CurieVenue"), *places(curie, router))
    return Bench(engine, curie, venue, router, trader, stranger)


@pytest.fixture(scope="session")
def bench_once() -> Bench:
    """Real venue bytecode, set up once."""
    return build(open_engine("pyrevm"))


@pytest.fixture
def bench(bench_once: Bench) -> Iterator[Bench]:
    """The same market for every test, as it was."""
    with bench_once.undone():
        yield bench_once
