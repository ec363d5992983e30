"""The arbitrageur: a pool follows the index a few blocks after it, and is no gift meanwhile.

A price comes in a block of its own. The arbitrageur's order is the first in the block `lag` blocks
later, or the last in the price's own block where the lag is 0; each transaction of ours in between
takes a block. So with a lag of one block nobody trades before him, and with L up to L - 1 of our
orders find the pool where the price before left it. What that gives or takes is booked apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from keeper.replay.ledger import Ledger
from keeper.replay.stage import Stage
from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import SEPARATOR

STEPS = 3
"""To a price, in each of the pools."""
STEP_SECONDS = 15
"""The venue lets one window of 15 seconds move its pool by about 10 %."""


@dataclass(slots=True)
class Arbitrageur:
    """Trades the pool to the index, in as many steps as the venue's limit on ticks asks for."""

    stage: Stage
    ledger: Ledger
    lag: int = 1
    _index: int = 0
    _due: int | None = None
    """The first block that he may be in; None where he has been."""

    def with_price(self, index: int) -> Call | None:
        """His order in the block of the price itself, where he needs no time."""
        self._index = index
        return self.stage.exchange.arbitrage_call(index) if self.lag == 0 else None

    def price_came(self, first: Call | None) -> None:
        """The block of the price is mined, with his `first` order where there was one."""
        self.ledger.at_index, self.ledger.pool_gap = False, 0.0
        if self.lag == 0:
            self._go_on(first)
            return
        self._due = self.stage.engine.block() + self.lag
        if self.lag > 1:  # somebody may come before him
            self.ledger.pool_gap = (self.stage.exchange.pool_price() - self._index) / WAD
        self.in_turn()

    def in_turn(self) -> None:
        """Act if the next block is his."""
        if self._due is not None and self.stage.engine.block() + 1 >= self._due:
            self.arrive()

    def arrive(self) -> bool:
        """Act now, as the blocks until the next price are many; whether he had still to come."""
        if self._due is None:
            return False
        self._go_on(self._step())
        return True

    def _go_on(self, step: Call | None) -> None:
        """To the index, if the first step did not arrive there."""
        pools = 1 + self.stage.exchange.recipe.name.count(SEPARATOR)
        for _ in range(STEPS * pools - 1):
            if step is None or self.stage.exchange.arrives(step, self._index):
                break
            self.stage.engine.advance(STEP_SECONDS)
            step = self._step()
        self._due, self.ledger.at_index, self.ledger.pool_gap = None, True, 0.0

    def _step(self) -> Call | None:
        """One order, sent; None where the pool is at the index, or refuses."""
        call = self.stage.exchange.arbitrage_call(self._index)
        if call is None:
            return None
        try:
            call.contract.send(call.fn, *call.args, sender=call.sender)
        except Reverted as error:
            self.ledger.refused[f"arbitrage: {error.reason}"] += 1
            return None
        return call
