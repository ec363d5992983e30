"""Lens, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.engine.bound import Bound
from tandem.protocol.bindings.structs import Deal, Expiry, History, Mark, Snapshot

ABI = Abi.spelled(
    "constructor(address market)",
    "function MARKET() view returns (address)",
    "function expiries() view returns ((uint256,uint256,uint256,int256,int256,uint256,uint256[],int256[],bool)[])",
    "function history() view returns (uint256,uint256)",
    "function mark() view returns ((uint256,uint256,uint256,int256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,bool))",
    "function mark_for(uint256 nav,uint256 patience) view returns ((uint256,uint256,uint256,int256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,bool,bool,bool,bool))",
    "function max_close(uint256 id,uint256 units) view returns (uint256)",
    "function quote(uint256 id,uint256 units,bool is_close) view returns ((uint256,uint256,uint256,uint256,uint256,int256,int256,int256,int256,uint256,uint256,(uint256,uint256[4]),(uint256,int256,int256,int256,uint256),uint256))",
    "function snapshot() view returns ((uint256,uint256[2],uint256,uint256,bool,uint256,(int256,int256,int256,int256,uint256,uint256,uint256),int256,uint256,uint256,uint256,int256,(uint256,uint256,uint256,uint256,uint256),(int256,uint256,uint256,bool,uint256,uint256,int256,uint256),bool,(uint256,uint256,uint256,int256,int256,uint256,uint256[],int256[],bool)[],((uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256),int256[8],int256,uint256,bool,uint256),(uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256)))",
)


class Lens(Bound):
    """Read-only views: the mark that the Vault prices shares with, quotes, the book, and the one
    call from which the keeper takes a whole snapshot. Holds no state and moves nothing."""

    ABI = ABI

    def mark(self) -> Mark:
        """What the book and the hedge are worth, from both sides. Calls no Vault view but what it
        may lend."""
        return Mark.decode(self.call("mark"))

    def mark_for(self, nav: int, patience: int) -> Mark:
        """The mark that shares are priced with. Calls no Vault view but what it may lend."""
        return Mark.decode(self.call("mark_for", nav, patience))

    def quote(self, id: int, units: int, is_close: bool) -> Deal:
        """What a trade would be now, were its order filled exactly: its `units` are those that
        floor and margin let fill, its `order` is the one that is sent. Reverts in every state in
        which the Market refuses such a trade, and by the same name, but for what only the trader
        knows (his deadline and price bounds, what he holds and allows) and what only the venue does
        (whether and where it fills)."""
        return Deal.decode(self.call("quote", id, units, is_close))

    def max_close(self, id: int, units: int) -> int:
        """The part of a close that floor and margin let fill now, 0 for none; otherwise as
        `quote`."""
        return self.call("max_close", id, units)

    def history(self) -> History:
        """For how many seconds back the hedge venue knows its own prices, and for how many it must
        to value accounts and fill orders; while the first is less, nothing trades."""
        return History.decode(self.call("history"))

    def expiries(self) -> tuple[Expiry, ...]:
        """Every listed expiry from chain state alone (slices left out)."""
        return tuple([Expiry.decode(each) for each in self.call("expiries")])

    def snapshot(self) -> Snapshot:
        """Everything that the keeper decides on, at one block. Spot is the feed's last answer, with
        a flag that says whether the contracts would take it; the surface is the last. Where one of
        several venues does not say what its account is worth, the rest is told all the same: the
        others hedge on (VS-8), and who keeps them needs to see it."""
        return Snapshot.decode(self.call("snapshot"))

    def MARKET(self) -> str:
        return self.call("MARKET")
