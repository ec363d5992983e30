"""StressTest, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Bound, Log, Prepared
from tandem.protocol.bindings.structs import Gate, Losses

ABI = Abi.spelled(
    "constructor(address market,address breaker)",
    "event Remarked(int256[8] losses,int256 worst,uint256 spot,uint256 equity,uint256 purse)",
    "function BREAKER() view returns (address)",
    "function MARKET() view returns (address)",
    "function gate(uint256 spot,uint256 nav,uint256 opened) view returns (((uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256),int256[8],int256,uint256,bool,uint256))",
    "function losses() view returns ((int256[8],uint256,uint256,uint256))",
    "function remark() returns (int256)",
)


@dataclass(frozen=True, slots=True)
class Remarked(Log):
    """The whole book was marked: what each jump would cost it, and the largest loss with the
    hedge."""

    TYPE: ClassVar[EventType] = ABI.event("Remarked")
    losses: tuple[int, ...]
    """WAD USD, rounded up (jumps: lib/stress.vy)."""
    worst: int
    """WAD USD."""
    spot: int
    equity: int
    """At the venue, token units."""
    purse: int
    """What the venue holds besides, token units."""


class StressTest(Bound):
    """What eight instant jumps would cost the book, reckoned over all its strikes, and the mark of
    it that the router's gate goes by; the breaker looks in the same call. Moves nothing, and
    remembers what venues held besides what is ours (lib/purses.vy) and what holding cost there
    (lib/carry.vy)."""

    ABI = ABI

    def remark(self) -> Prepared[int]:
        """Mark the whole book and what lies at the venue, for the gate. Anybody may, and whoever
        opens needs a mark of the last hour. Nothing in it depends on who asks."""
        return self._prepare("remark")

    def gate(self, spot: int, nav: int, opened: int) -> Gate:
        """The gate as it stands, with the position that was known last."""
        return Gate.decode(self.call("gate", spot, nav, opened))

    def losses(self) -> Losses:
        """What the liability would be more after each jump, at the most. Reverts by name while spot
        or a surface is stale."""
        return Losses.decode(self.call("losses"))

    def MARKET(self) -> str:
        return self.call("MARKET")

    def BREAKER(self) -> str:
        return self.call("BREAKER")
