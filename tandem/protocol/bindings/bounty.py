"""Bounty, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared
from tandem.protocol.bindings.structs import Due

ABI = Abi.spelled(
    "constructor(address market,address data_fees,address ether_spot)",
    "event BountyPaid(address indexed recipient,uint256 amount,int256 order,int256 before,int256 after)",
    "event Stamped(address indexed caller,int256 residual,uint256 sigma)",
    "function DATA_FEES() view returns (address)",
    "function ETHER_SPOT() view returns (address)",
    "function GAS() view returns (uint256)",
    "function LASTS() view returns (uint256)",
    "function MARKET() view returns (address)",
    "function RAMP() view returns (uint256)",
    "function due(uint256 base_fee) view returns ((uint256,int256,int256,uint256,uint256,uint256,uint256,uint256,uint256,uint256))",
    "function paid_today() view returns (uint256)",
    "function rebalance(int256 target,address recipient,uint256 least) returns (uint256)",
    "function stamp()",
)


@dataclass(frozen=True, slots=True)
class Stamped(Log):
    """The residual was seen past the trigger: what a bounty is counted from."""

    TYPE: ClassVar[EventType] = ABI.event("Stamped")
    caller: str
    residual: int
    """WAD ETH."""
    sigma: int
    """At the money of the next expiry, WAD."""


@dataclass(frozen=True, slots=True)
class BountyPaid(Log):
    """A rebalance was paid for."""

    TYPE: ClassVar[EventType] = ABI.event("BountyPaid")
    recipient: str
    amount: int
    """Token units."""
    order: int
    """WAD ETH."""
    before: int
    """The residual."""
    after: int


class Bounty(Bound):
    """Pays whoever brings the residual home while nobody else does. Anybody stamps that it is past
    the trigger; from then on what a rebalance is paid rises from nothing to one and a half times
    its gas within ten minutes. It is never more than a tenth of the risk that it takes away, than
    what is left of a day's budget, nor than what the Vault may lend and the next top-up does not
    need."""

    ABI = ABI

    def stamp(self) -> Prepared[None]:
        """Note that the residual is past the trigger. Anybody may. One that stands is not
        renewed."""
        return self._prepare("stamp")

    def rebalance(self, target: int, recipient: Address, least: int) -> Prepared[int]:
        """Rebalance, as the Market lets anybody, and be paid for it. Reverts where what is due is
        under `least`."""
        return self._prepare("rebalance", target, recipient, least)

    def due(self, base_fee: int) -> Due:
        """What bringing all of the residual home would be paid now, and what bounds it. A call has
        no base fee of its own on every node."""
        return Due.decode(self.call("due", base_fee))

    def paid_today(self) -> int:
        """What bounties took since midnight UTC, token units, whether one is offered or none."""
        return self.call("paid_today")

    def MARKET(self) -> str:
        return self.call("MARKET")

    def DATA_FEES(self) -> str:
        return self.call("DATA_FEES")

    def ETHER_SPOT(self) -> str:
        return self.call("ETHER_SPOT")

    def GAS(self) -> int:
        return self.call("GAS")

    def RAMP(self) -> int:
        return self.call("RAMP")

    def LASTS(self) -> int:
        return self.call("LASTS")
