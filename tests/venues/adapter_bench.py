"""What every adapter's bench has: its margin and its orders; and what one of a lender and a pool has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Contract, Receipt
from tandem.errors import Reverted
from tandem.units import USD
from tandem.venues import Exchange, Margins

UNBOUNDED = 2**256 - 1


class AdapterBench:
    """For a bench with these, and the venue that its adapter speaks to."""

    __slots__ = ()
    engine: BaseEngine
    venue: Contract
    router: str

    @property
    def exchange(self) -> Exchange:
        raise NotImplementedError

    def fund(self, usd: int) -> Receipt:
        """Mint quote to the adapter and move it into the venue account."""
        self.exchange.usdc.send("mint", self.venue, usd * USD, sender=self.exchange.owner)
        return self.venue.send("deposit", usd * USD, sender=self.router)

    def trade(self, size: int, worst: int | None = None) -> Receipt:
        """Trade through the adapter; unbounded unless `worst` is given."""
        return self.venue.send("trade", size, bound_of(size, worst), sender=self.router)

    def fills(self, size: int, worst: int) -> bool:
        """Whether an order fills, undone."""
        with self.undone():
            try:
                self.trade(size, worst)
            except Reverted:
                return False
        return True

    def position(self) -> int:
        return self.venue.call("position")

    def account(self, spot: int | None = None) -> tuple[int, int, int, int]:
        """Position, equity at `spot`, the venue's equity, and what carries orders."""
        return tuple(self.venue.call("account", self.exchange.index() if spot is None else spot))

    def equity(self, spot: int | None = None) -> int:
        return self.account(spot)[1]

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside is taken back."""
        mark = self.engine.snapshot()
        try:
            yield
        finally:
            self.engine.revert(mark)


@dataclass(slots=True)
class LenderBench(AdapterBench):
    """The router, a stranger, and the adapter of a lender beside a pool."""

    engine: BaseEngine
    market: Any
    venue: Contract
    router: str
    stranger: str

    @property
    def exchange(self) -> Exchange:
        return self.market

    def most(self, order: int, worst: int | None = None) -> int:
        """What the adapter says that fills of an order."""
        return self.venue.call("max_order", order, bound_of(order, worst))

    def there(self) -> int:
        """What the account is worth with all that others gave, WAD: as the market shows it."""
        held = self.market.position(self.venue) * self.market.index() // 10**18
        return self.market.quote(self.venue) * 10**12 + held


def places(
    market: Any, router: Any, margins: Margins | None = None, **others: str
) -> tuple[object, ...]:
    """What an adapter is constructed with, once what it leans on is there. others: instead of the venue's
    own."""
    recipe, there = market.recipe, market.addresses() | others
    at, kept = {"HedgeRouter": str(router)}, margins or recipe.margins
    for name in recipe.contracts[:-1]:
        told = recipe.arguments(name, at, there, kept)
        at[name] = market.engine.deploy(compile_vyper(name), *told, sender=market.owner).address
    return recipe.arguments(recipe.adapter, at, there, kept)


def bound_of(size: int, worst: int | None) -> int:
    """The worst price of an order, or none."""
    return (UNBOUNDED if size > 0 else 0) if worst is None else worst
