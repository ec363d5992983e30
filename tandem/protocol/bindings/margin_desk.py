"""MarginDesk, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared, given
from tandem.protocol.bindings.structs import HedgeAccount, Quotation, Seen, Unseen

ABI = Abi.spelled(
    "constructor(address router,address market,address vault,address venue,address spot,address guardian,bool is_set)",
    "event Delevered(address indexed venue,int256 order,int256 position,int256 received,int256 usable,uint256 need)",
    "event MarginSwept(address indexed venue,uint256 amount,int256 equity_before)",
    "event MarginToppedUp(address indexed venue,uint256 amount,uint256 wanted,int256 equity_before,uint256 lost)",
    "event Shifted(address indexed source,address indexed target,uint256 size,int256 received)",
    "function GUARDIAN() view returns (address)",
    "function IS_SET() view returns (bool)",
    "function MARKET() view returns (address)",
    "function ROUTER() view returns (address)",
    "function SPOT() view returns (address)",
    "function VAULT() view returns (address)",
    "function VENUE() view returns (address)",
    "function account(uint256 spot,uint256 headroom) view returns ((int256,uint256,uint256,bool,uint256,uint256,int256,uint256))",
    "function delever() returns (int256)",
    "function delever(address venue) returns (int256)",
    "function eased() view returns ((uint256,uint256,uint256))",
    "function lost() view returns (uint256)",
    "function made(int256 said) view returns (int256)",
    "function margin_spot() view returns (uint256)",
    "function seen(address arg0) view returns ((int256,int256,uint256))",
    "function sent(address arg0) view returns (uint256)",
    "function shift(address source,address target,uint256 size) returns (uint256)",
    "function sweep() returns (uint256)",
    "function sweep(address venue) returns (uint256)",
    "function top_up() returns (uint256)",
    "function top_up(address venue) returns (uint256)",
    "function unseen(uint256 spot) view returns (uint256,uint256)",
)


@dataclass(frozen=True, slots=True)
class MarginToppedUp(Log):
    TYPE: ClassVar[EventType] = ABI.event("MarginToppedUp")
    venue: str
    amount: int
    wanted: int
    equity_before: int
    lost: int
    """Counted: what no price explains, token units."""


@dataclass(frozen=True, slots=True)
class Delevered(Log):
    """The position was lowered to what its margin carries: the floor could not fund a top-up, or
    the venue took none."""

    TYPE: ClassVar[EventType] = ABI.event("Delevered")
    venue: str
    order: int
    position: int
    """Afterwards, as the venue reports it; of several what is ours there."""
    received: int
    """Quote, the venue's fee taken off."""
    usable: int
    """Before."""
    need: int
    """Of the position alone, before."""


@dataclass(frozen=True, slots=True)
class MarginSwept(Log):
    TYPE: ClassVar[EventType] = ABI.event("MarginSwept")
    venue: str
    amount: int
    equity_before: int


@dataclass(frozen=True, slots=True)
class Shifted(Log):
    """A hedge that was long at one venue and short at another went home at both."""

    TYPE: ClassVar[EventType] = ABI.event("Shifted")
    source: str
    target: str
    size: int
    received: int
    """Quote, the venues' fees taken off."""


class MarginDesk(Bound):
    """Keeps each venue's margin between its bounds: says when it comes from the Vault, when it goes
    home, and when a hedge that margin no longer carries is lowered. Anybody may call any of it.
    What a venue lost and no price explains it finds first. It holds and moves nothing: the router
    does."""

    ABI = ABI

    def top_up(self, venue: Address | None = None) -> Prepared[int]:
        """Bring a venue's account to its target from the Vault's cash, as far as the floor goes and
        while its losses are within their cap. Anybody may, also while spot is refused."""
        return self._prepare("top_up", *given(venue))

    def delever(self, venue: Address | None = None) -> Prepared[int]:
        """Lower the position at a venue to what its margin carries at the target, where the account
        is under its least for the position alone and what the Vault may lend would not lift it over
        that, or the venue takes none of it. Anybody may, unpaid, also while spot is refused. It can
        raise the residual: the floor is the holders', and a position that its margin does not carry
        is the venue's to liquidate."""
        return self._prepare("delever", *given(venue))

    def sweep(self, venue: Address | None = None) -> Prepared[int]:
        """Bring what lies above a venue account's target home to the Vault. Anybody may. With
        nothing open and an exit queue that asks for it, that is everything."""
        return self._prepare("sweep", *given(venue))

    def shift(self, source: Address, target: Address, size: int) -> Prepared[int]:
        """Move as much of the hedge from a venue to another as may meet both markets now, at most
        `size`: where one is long and the other short, both come home; what is cheaper to hold at
        the other goes there, for no more than that saves in the time that hedges are expected to be
        held; and what margin at the source carries no more, though the Vault may lend, goes where
        it is carried. Anybody may, unpaid, while spot is usable: it leaves the position as it
        is."""
        return self._prepare("shift", source, target, size)

    def unseen(self, spot: int) -> Unseen:
        """What the venues lost since their margin was last moved and no price explains, each by
        itself: what one gained is no other's; and the most that any of them may get that is worth
        saving: one that may get nothing for what it lost is no other's distress. Token units."""
        return Unseen.decode(self.call("unseen", spot))

    def eased(self) -> Quotation:
        """Where several venues trade as closes are held against it: what all of them say, and what
        one says alone as far as an order may fill. One that lies, or was moved, makes no close
        dearer than by the band."""
        return Quotation.decode(self.call("eased"))

    def made(self, said: int) -> int:
        """What our orders have made of a position that an only venue says, with interest since the
        last mark of the book: what it says beyond is nobody's. What it says is gone may be said
        again, until an order goes there. Of several the set knows that itself."""
        return self.call("made", said)

    def margin_spot(self) -> int:
        """The price that top-ups go by, WAD: spot, or the venue's own while spot is refused."""
        return self.call("margin_spot")

    def account(self, spot: int, headroom: int) -> HedgeAccount:
        """The hedge account at a spot price: of several all of them, each clamped by itself and
        then summed; bankrupt is any. What is down counts for nothing, and nothing is sent there;
        where one says nothing that is to be believed, nobody knows what all are worth. What one
        lacks that may get nothing for what it lost is barred, while any other that is worth saving
        may get some."""
        return HedgeAccount.decode(self.call("account", spot, headroom))

    def ROUTER(self) -> str:
        return self.call("ROUTER")

    def MARKET(self) -> str:
        return self.call("MARKET")

    def VAULT(self) -> str:
        return self.call("VAULT")

    def VENUE(self) -> str:
        return self.call("VENUE")

    def IS_SET(self) -> bool:
        return self.call("IS_SET")

    def SPOT(self) -> str:
        return self.call("SPOT")

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def seen(self, arg0: Address, /) -> Seen:
        return Seen.decode(self.call("seen", arg0))

    def sent(self, arg0: Address, /) -> int:
        return self.call("sent", arg0)

    def lost(self) -> int:
        return self.call("lost")
