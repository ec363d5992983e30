"""Underwriter, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from tandem.engine.abi import Abi
from tandem.engine.bound import Bound
from tandem.protocol.bindings.structs import (
    Deal,
    Desk,
    Exposure,
    OptionGreeks,
    Stance,
    UnderwriterOrder,
    Words,
)

ABI = Abi.spelled(
    "constructor(address risk)",
    "function RISK() view returns (address)",
    "function homing((int256,int256,int256) exposure,(uint256,uint256,uint256,uint256,uint256,uint256,int256,uint256) desk,int256 target) view returns ((int256,int256,int256,int256,uint256,uint256,uint256))",
    "function listed((uint256,uint256[4]) words,uint256[] strikes) view returns ((uint256,uint256[4]))",
    "function payout(uint256 id,uint256 units,uint256 price) view returns (uint256)",
    "function payouts((uint256,uint256[4]) words,uint256 price) view returns (uint256)",
    "function stance((int256,int256,int256) exposure,(uint256,uint256,uint256,uint256,uint256,uint256,int256,uint256) desk) view returns ((int256,int256,int256,int256,uint256,uint256,uint256))",
    "function underwrite((int256,int256,int256) exposure,(uint256,int256,int256,int256,uint256,uint256,int256,uint256,uint256,uint256,(int256,int256),(int256,int256)) greeks,(uint256,uint256[4]) words,(uint256,uint256,uint256,uint256,uint256,uint256,int256,uint256) desk,(uint256,uint256,bool,int256,bool,int256) order) view returns ((uint256,uint256,uint256,uint256,uint256,int256,int256,int256,int256,uint256,uint256,(uint256,uint256[4]),(uint256,int256,int256,int256,uint256),uint256))",
)


class Underwriter(Bound):
    """The stateless rules of a trade: what it costs, whether it may be done, how much to hedge, how
    it moves the book. The Market trades on its answers and the Lens shows them, so a quote and a
    trade cannot differ."""

    ABI = ABI

    def underwrite(
        self,
        exposure: Exposure,
        greeks: OptionGreeks,
        words: Words,
        desk: Desk,
        order: UnderwriterOrder,
    ) -> Deal:
        """Price a trade at the state after it, check its limits, and move the book."""
        return Deal.decode(self.call("underwrite", exposure, greeks, words, desk, order))

    def stance(self, exposure: Exposure, desk: Desk) -> Stance:
        """The book's exact Greeks against the hedge."""
        return Stance.decode(self.call("stance", exposure, desk))

    def homing(self, exposure: Exposure, desk: Desk, target: int) -> Stance:
        """As `stance`, where the residual may be brought to `target`; reverts where it may not."""
        return Stance.decode(self.call("homing", exposure, desk, target))

    def payouts(self, words: Words, price: int) -> int:
        """What one expiry pays at a settlement price, token units, rounded up."""
        return self.call("payouts", words, price)

    def payout(self, id: int, units: int, price: int) -> int:
        """What one holding is paid at a settlement price, token units, rounded down."""
        return self.call("payout", id, units, price)

    def listed(self, words: Words, strikes: Sequence[int]) -> Words:
        """An expiry's words with nodes of size 0 at `strikes` (ticks); of one that has strikes, and
        is given none, delisted."""
        return Words.decode(self.call("listed", words, strikes))

    def RISK(self) -> str:
        return self.call("RISK")
