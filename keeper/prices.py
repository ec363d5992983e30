"""What sending costs a keeper: gas, and on a rollup the data beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tandem.engine.base import Tx
from tandem.engine.data_fees import DataFeeError, Kind, data_fee, kind_of
from tandem.engine.remote import RemoteEngine
from tandem.protocol.bindings.market import Market
from tandem.protocol.bindings.structs import Signature
from tandem.protocol.bindings.vol_surface import VolSurface
from tandem.protocol.handles import Handles
from tandem.units import WAD

REBALANCE_GAS = 1_000_000
"""What a rebalance uses, for its cost."""
POST_GAS = 280_000
"""What posting a slice uses."""
ANY_WORD = int.from_bytes(bytes(range(7, 39)))
"""Thirty-two bytes that do not compress, as signatures and slices do not."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Of now. gas: wei per unit that the keeper would pay; base_fee: what the next block asks for of it, by
    which a bounty is paid; data: wei for a transaction's data, by the chain's own fee contract, None where it
    takes nothing."""

    gas: Callable[[], int] = lambda: 0
    base_fee: Callable[[], int] = lambda: 0
    data: Callable[[Tx], int] | None = None

    def data_of(self, tx: Tx) -> int:
        """Wei for the data of a transaction."""
        return self.data(tx) if self.data else 0

    def data_of_rebalance(self, market: Market, account: str) -> int:
        """Wei for the data of a rebalance to a target of eighteen digits."""
        if self.data is None:
            return 0
        return self.data(market.rebalance(WAD).tx(account, REBALANCE_GAS))

    def data_of_post(self, surface: VolSurface, account: str, signatures: int) -> int:
        """Wei for the data of a slice, which is signatures for the most part."""
        if self.data is None:
            return 0
        signed = [Signature(28, ANY_WORD, ANY_WORD)] * signatures
        return self.data(surface.post(WAD, ANY_WORD, WAD, signed).tx(account, POST_GAS))


@dataclass(slots=True)
class Cost:
    """What an act costs its sender, at what ether costs."""

    last: int = 0
    """Of ether, WAD USD, as it was last known."""

    def of(self, h: Handles, spot: int, gas: int, data: int, used: int = REBALANCE_GAS) -> float:
        """USD. spot: the asset's, WAD; gas: wei per unit of those used; data: wei. Where ether's price is
        not known, as it was last; nothing where it never was: a hedge does not wait for it."""
        self.last = h.ether_price(spot) or self.last
        return (gas * used + data) / WAD * self.last / WAD


def prices_of(engine: RemoteEngine, tip: int) -> Prices:
    """Of a node's chain, which is asked once how it is paid for data. tip: wei per gas."""
    kind, last = kind_of(engine), [0]

    def data(tx: Tx) -> int:
        """Where the fee contract does not answer: what it said last. A hedge does not wait for it."""
        with suppress(DataFeeError):
            last[0] = data_fee(engine, tx, kind)
        return last[0]

    return Prices(
        gas=lambda: engine.base_fee + tip,
        base_fee=lambda: engine.base_fee,
        data=None if kind is Kind.NONE else data,
    )
