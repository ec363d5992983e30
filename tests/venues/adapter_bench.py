"""What every adapter's bench has: its margin, and its orders."""

from __future__ import annotations

from tandem.engine.base import Contract, Receipt
from tandem.units import USD
from tandem.venues import Exchange

UNBOUNDED = 2**256 - 1


class AdapterBench:
    """For a bench with these three, and the venue that its adapter speaks to."""

    __slots__ = ()
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


def bound_of(size: int, worst: int | None) -> int:
    """The worst price of an order, or none."""
    return (UNBOUNDED if size > 0 else 0) if worst is None else worst
