"""StressTest, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from tandem.engine.abi import Abi
from tandem.engine.bound import Bound
from tandem.protocol.bindings.structs import Losses

ABI = Abi.spelled(
    "constructor(address market)",
    "function MARKET() view returns (address)",
    "function losses() view returns ((int256[8],uint256,uint256))",
    "function row_after(uint256[6] row,uint256 spot,uint256 life) pure returns (int256[8])",
)


class StressTest(Bound):
    """What eight instant jumps would cost the book, reckoned over all its strikes: what the gate of
    the router is marked with. Holds no state and moves nothing."""

    ABI = ABI

    def losses(self) -> Losses:
        """What the liability would be more after each jump, at the most. Reverts by name while spot
        or a surface is stale."""
        return Losses.decode(self.call("losses"))

    def row_after(self, row: Sequence[int], spot: int, life: int) -> tuple[int, ...]:
        """What one expiry is worth after each jump, at the most, 1e-6 WAD USD."""
        return self.call("row_after", row, spot, life)

    def MARKET(self) -> str:
        return self.call("MARKET")
