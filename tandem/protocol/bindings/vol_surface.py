"""VolSurface, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Bound, Log, Prepared
from tandem.protocol.bindings.structs import Listing, Reading, Signature, SignedSlice

ABI = Abi.spelled(
    "constructor(address market,address guardian,uint256 threshold)",
    "event SlicePosted(uint256 indexed expiry,uint256 slice_word,uint256 beside,bool is_ahead,uint256 valid_from,address relayer)",
    "function GUARDIAN() view returns (address)",
    "function MARKET() view returns (address)",
    "function THRESHOLD() view returns (uint256)",
    "function domain_separator() view returns (bytes32)",
    "function post(uint256 expiry,uint256 slice_word,uint256 valid_from,(uint256,uint256,uint256)[] signatures)",
    "function post_all((uint256,uint256,uint256,(uint256,uint256,uint256)[])[] posts)",
    "function read(uint256[8] expiries) view returns ((uint256[8],uint256[8],uint256,uint256))",
    "function slices() view returns ((uint256,uint256,uint256,uint256,uint256,uint256,uint256)[])",
    "function whole_at() view returns (uint256)",
)


@dataclass(frozen=True, slots=True)
class SlicePosted(Log):
    TYPE: ClassVar[EventType] = ABI.event("SlicePosted")
    expiry: int
    slice_word: int
    beside: int
    """What is quoted with it, at first."""
    is_ahead: bool
    """It moved too fast, and stands beside what was there."""
    valid_from: int
    relayer: str


class VolSurface(Bound):
    """One volatility slice per listed expiry. A slice comes in with k of n signatures over it;
    anybody may relay it. It is taken only when it is newer and fresh, and admits no arbitrage. One
    that moved faster than allowed is taken as well, but stands beside the slice before it: until
    the limit has caught up with it, a trader gets the worse of the two."""

    ABI = ABI

    def post(
        self, expiry: int, slice_word: int, valid_from: int, signatures: Sequence[Signature]
    ) -> Prepared[None]:
        """Take a signed slice. Anybody may relay it."""
        return self._prepare("post", expiry, slice_word, valid_from, signatures)

    def post_all(self, posts: Sequence[SignedSlice]) -> Prepared[None]:
        """Take signed slices in the order given, as `post` takes each. One that somebody else's
        came before is passed over, so that who relays the same holds up none of the others; any
        other refusal is the whole's."""
        return self._prepare("post_all", posts)

    def read(self, expiries: Sequence[int]) -> Reading:
        """Slices for up to eight expiries in one call, each in the market's slot of it. An expiry
        ahead without a slice reverts."""
        return Reading.decode(self.call("read", expiries))

    def slices(self) -> tuple[Listing, ...]:
        """Every slice that has not expired, with its age."""
        return tuple([Listing.decode(each) for each in self.call("slices")])

    def whole_at(self) -> int:
        """When a post last found all that is open fresh, and for a while longer: from then on
        whoever cannot leave waits, however often one slice is renewed while another is stale."""
        return self.call("whole_at")

    def domain_separator(self) -> bytes:
        """The EIP-712 domain of this contract on this chain."""
        return self.call("domain_separator")

    def MARKET(self) -> str:
        return self.call("MARKET")

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def THRESHOLD(self) -> int:
        return self.call("THRESHOLD")
