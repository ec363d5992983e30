"""EtherSpot, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.engine.bound import Bound
from tandem.protocol.bindings.structs import Answer

ABI = Abi.spelled(
    "constructor(address feed,uint256 max_age)",
    "function FEED() view returns (address)",
    "function MAX_AGE() view returns (uint256)",
    "function peek() view returns (uint256,uint256,bool)",
)


class EtherSpot(Bound):
    """What ether costs, for a market that is on something else: gas is paid in ether. Whatever its
    feed does, it answers: a price that is to be believed, or that there is none."""

    ABI = ABI

    def peek(self) -> Answer:
        """The last answer (WAD USD, 0 if not positive), its time, and whether it is to be believed
        now."""
        return Answer.decode(self.call("peek"))

    def FEED(self) -> str:
        return self.call("FEED")

    def MAX_AGE(self) -> int:
        return self.call("MAX_AGE")
