"""Breaker, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Bound, Log, Prepared
from tandem.protocol.bindings.structs import BreakerState, Sight

ABI = Abi.spelled(
    "constructor(address stress_test,address market,address vault,address guardian)",
    "event Looked(uint256 reasons,uint256 until,uint256 variance,uint256 wildness)",
    "function DISTRESSED() view returns (uint256)",
    "function DRAINED() view returns (uint256)",
    "function GUARDIAN() view returns (address)",
    "function JUMPED() view returns (uint256)",
    "function MARKET() view returns (address)",
    "function SHARE_FELL() view returns (uint256)",
    "function STRESS() view returns (address)",
    "function VAULT() view returns (address)",
    "function VENUE_LOST() view returns (uint256)",
    "function look((uint256,int256,uint256,int256,bool) sight)",
    "function signers_hour() view returns (uint256)",
    "function state() view returns ((uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256))",
)


@dataclass(frozen=True, slots=True)
class Looked(Log):
    """Why a breaker stands, and how wild the market is."""

    TYPE: ClassVar[EventType] = ABI.event("Looked")
    reasons: int
    """a bit each: see Breaker."""
    until: int
    """Opens and deposits are stopped until then at least."""
    variance: int
    """Of the price, WAD a year."""
    wildness: int
    """Eighths over one by which bands widen and sizes shrink."""


class Breaker(Bound):
    """Stops opens and deposits by itself where the market, the venue or the capital is not what it
    was, and says why in one view. It looks whenever the book is marked, which opens need every hour
    and after every fiftieth of a move, so that nobody opens past what it has not seen."""

    ABI = ABI

    def look(self, sight: Sight) -> Prepared[None]:
        """Look at what the mark sees. The stress test only."""
        return self._prepare("look", sight)

    def state(self) -> BreakerState:
        """What the last look left."""
        return BreakerState.decode(self.call("state"))

    def signers_hour(self) -> int:
        """The most that captured signers can cost LPs within an hour, token units: what is open,
        and what an hour may add (what the last mark saved up, as much again by a mark of then, and
        as much as comes back until its end), each at the most that a slice may move times the most
        that an option can have of vega; an expiry's first slice may be anywhere. A slice moves by
        the time since the one that stands: while nobody signs, or what is signed is ahead of its
        limit, that grows by the hour."""
        return self.call("signers_hour")

    def STRESS(self) -> str:
        return self.call("STRESS")

    def MARKET(self) -> str:
        return self.call("MARKET")

    def VAULT(self) -> str:
        return self.call("VAULT")

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def JUMPED(self) -> int:
        return self.call("JUMPED")

    def DISTRESSED(self) -> int:
        return self.call("DISTRESSED")

    def VENUE_LOST(self) -> int:
        return self.call("VENUE_LOST")

    def SHARE_FELL(self) -> int:
        return self.call("SHARE_FELL")

    def DRAINED(self) -> int:
        return self.call("DRAINED")
