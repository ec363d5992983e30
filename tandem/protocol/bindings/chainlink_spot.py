"""ChainlinkSpot, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.engine.bound import Bound
from tandem.protocol.bindings.structs import Answer

ABI = Abi.spelled(
    "constructor(address feed,address second,address guardian,address uptime,uint256 max_age,uint256 min_price,uint256 max_price,uint256 grace)",
    "function FEED() view returns (address)",
    "function GRACE() view returns (uint256)",
    "function GUARDIAN() view returns (address)",
    "function MAX_AGE() view returns (uint256)",
    "function MAX_PRICE() view returns (uint256)",
    "function MIN_PRICE() view returns (uint256)",
    "function PATIENCE() view returns (uint256)",
    "function SECOND() view returns (address)",
    "function UPTIME() view returns (address)",
    "function peek() view returns (uint256,uint256,bool)",
    "function settlement_price(uint256 expiry,uint256 round_id) view returns (uint256)",
    "function spot() view returns (uint256)",
)


class ChainlinkSpot(Bound):
    """A spot price from a Chainlink feed that is checked before it is believed, and the proof which
    round settles an expiry. A second feed answers for one that has ended. Keeps no state."""

    ABI = ABI

    def spot(self) -> int:
        """The spot price, WAD USD, or a revert that says why not."""
        return self.call("spot")

    def peek(self) -> Answer:
        """The last answer (WAD USD, 0 if not positive), its time, and whether `spot()` would return
        it."""
        return Answer.decode(self.call("peek"))

    def settlement_price(self, expiry: int, round_id: int) -> int:
        """The settlement price of `expiry`, WAD USD, if `round_id` is its settlement round."""
        return self.call("settlement_price", expiry, round_id)

    def PATIENCE(self) -> int:
        return self.call("PATIENCE")

    def FEED(self) -> str:
        return self.call("FEED")

    def SECOND(self) -> str:
        return self.call("SECOND")

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def UPTIME(self) -> str:
        return self.call("UPTIME")

    def MAX_AGE(self) -> int:
        return self.call("MAX_AGE")

    def MIN_PRICE(self) -> int:
        return self.call("MIN_PRICE")

    def MAX_PRICE(self) -> int:
        return self.call("MAX_PRICE")

    def GRACE(self) -> int:
        return self.call("GRACE")
