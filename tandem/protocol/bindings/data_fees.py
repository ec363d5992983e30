"""DataFees, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.engine.bound import Bound, Prepared

ABI = Abi.spelled(
    "function fee() view returns (uint256)",
    "function getL1Fee(bytes data) view returns (uint256)",
    "function getL1FeeUpperBound(uint256 size) view returns (uint256)",
    "function per_byte() view returns (uint256)",
    "function say(uint256 fee)",
)


class DataFees(Bound):
    """A rollup's oracle of what a transaction's data costs, for local chains and tests."""

    ABI = ABI

    def say(self, fee: int) -> Prepared[None]:
        """What it answers from now on."""
        return self._prepare("say", fee)

    def getL1FeeUpperBound(self, size: int) -> int:
        """What data of that many bytes costs at the most, wei."""
        return self.call("getL1FeeUpperBound", size)

    def getL1Fee(self, data: bytes) -> int:
        """What the data of an unsigned transaction costs once it is signed, wei."""
        return self.call("getL1Fee", data)

    def fee(self) -> int:
        return self.call("fee")

    def per_byte(self) -> int:
        return self.call("per_byte")
