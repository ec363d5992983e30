"""ChainlinkSpot, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Bound, Log, Prepared
from tandem.protocol.bindings.structs import Answer, ClosingSpot

ABI = Abi.spelled(
    "constructor(address feed,address second,address guardian,address uptime,address venue,uint256 max_age,uint256 min_price,uint256 max_price,uint256 grace)",
    "event FeedWatched(bool fails,uint256 since)",
    "event StatusWatched(bool fails,uint256 since)",
    "function FEED() view returns (address)",
    "function GRACE() view returns (uint256)",
    "function GUARDIAN() view returns (address)",
    "function MAX_AGE() view returns (uint256)",
    "function MAX_PRICE() view returns (uint256)",
    "function MIN_PRICE() view returns (uint256)",
    "function PATIENCE() view returns (uint256)",
    "function SECOND() view returns (address)",
    "function UPTIME() view returns (address)",
    "function VENUE() view returns (address)",
    "function WATCH() view returns (uint256)",
    "function closing_spot() view returns (uint256,bool)",
    "function failing_last() view returns (uint256)",
    "function failing_since() view returns (uint256)",
    "function had_spot(uint256 at) view returns (bool)",
    "function peek() view returns (uint256,uint256,bool)",
    "function settlement_price(uint256 expiry,uint256 round_id) view returns (uint256)",
    "function spot() view returns (uint256)",
    "function status_failing_last() view returns (uint256)",
    "function status_failing_since() view returns (uint256)",
    "function watch() returns (bool)",
)


@dataclass(frozen=True, slots=True)
class FeedWatched(Log):
    TYPE: ClassVar[EventType] = ABI.event("FeedWatched")
    fails: bool
    since: int
    """The first of the notes that it fails; 0 where it does not."""


@dataclass(frozen=True, slots=True)
class StatusWatched(Log):
    """Of the sequencer's uptime feed, where there is one."""

    TYPE: ClassVar[EventType] = ABI.event("StatusWatched")
    fails: bool
    since: int


class ChainlinkSpot(Bound):
    """A spot price from a Chainlink feed that is checked before it is believed, and the proof which
    round settles an expiry. A second feed answers for one that has ended; where there is none left,
    the hedge venue's index answers for those who close and leave, and for nobody else."""

    ABI = ABI

    def spot(self) -> int:
        """The spot price, WAD USD, or a revert that says why not."""
        return self.call("spot")

    def closing_spot(self) -> ClosingSpot:
        """The spot price for those who close a hedge or leave: where no feed is left the venue's
        index, and True. Reverts as `spot` does while a feed may come back."""
        return ClosingSpot.decode(self.call("closing_spot"))

    def peek(self) -> Answer:
        """The last answer (WAD USD, 0 if not positive), its time, and whether `spot()` would return
        it."""
        return Answer.decode(self.call("peek"))

    def had_spot(self, at: int) -> bool:
        """Whether there was a spot to leave by at a moment not long ago, so far as the feeds still
        tell: the sequencer was up and its grace over, and a feed said what can be believed."""
        return self.call("had_spot", at)

    def watch(self) -> Prepared[bool]:
        """Note whether the feed fails now: shows no round, or one that cannot be believed; and
        whether the uptime feed does: shows no status, or not that the sequencer is up. Anybody may;
        where one answers again, the notes before of it are void."""
        return self._prepare("watch")

    def settlement_price(self, expiry: int, round_id: int) -> int:
        """The settlement price of `expiry`, WAD USD, if `round_id` is its settlement round."""
        return self.call("settlement_price", expiry, round_id)

    def PATIENCE(self) -> int:
        return self.call("PATIENCE")

    def WATCH(self) -> int:
        return self.call("WATCH")

    def FEED(self) -> str:
        return self.call("FEED")

    def SECOND(self) -> str:
        return self.call("SECOND")

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def UPTIME(self) -> str:
        return self.call("UPTIME")

    def VENUE(self) -> str:
        return self.call("VENUE")

    def MAX_AGE(self) -> int:
        return self.call("MAX_AGE")

    def MIN_PRICE(self) -> int:
        return self.call("MIN_PRICE")

    def MAX_PRICE(self) -> int:
        return self.call("MAX_PRICE")

    def GRACE(self) -> int:
        return self.call("GRACE")

    def failing_since(self) -> int:
        return self.call("failing_since")

    def failing_last(self) -> int:
        return self.call("failing_last")

    def status_failing_since(self) -> int:
        return self.call("status_failing_since")

    def status_failing_last(self) -> int:
        return self.call("status_failing_last")
