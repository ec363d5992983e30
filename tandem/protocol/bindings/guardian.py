"""Guardian, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared
from tandem.protocol.bindings.structs import Growth, Offer, Proposal, ProposedGrowth, Queued, Term

ABI = Abi.spelled(
    "constructor(address owner,address[] guardians,address[] listers,address[] signers,uint256 delay,uint256[2] initial,address breaker,uint256 venues)",
    "event GrowthProposed(uint256 indexed venue,int256 growth,uint256 ready_at)",
    "event GrowthWithdrawn(uint256 indexed venue)",
    "event Paused(address indexed guardian,uint256 terms)",
    "event PriceProposed(uint256 indexed expiry,uint256 price,uint256 ready_at)",
    "event PriceWithdrawn(uint256 indexed expiry,uint256 price)",
    "event RoleGranted(uint256 indexed role,address indexed account)",
    "event RoleOfferWithdrawn(uint256 indexed role,address indexed account)",
    "event RoleOffered(uint256 indexed role,address indexed account,uint256 ready_at)",
    "event RoleRevoked(uint256 indexed role,address indexed account)",
    "event TermCancelled(uint256 indexed field,uint256 amount)",
    "event TermQueued(uint256 indexed field,uint256 before,uint256 amount,uint256 ready_at)",
    "event TermSet(uint256 indexed field,uint256 before,uint256 amount,uint256 word)",
    "event VenueTakenDown(address indexed guardian,uint256 terms)",
    "event WeatherChanged(bool tripped,bool distress,uint256 wildness,uint256 terms)",
    "function BREAKER() view returns (address)",
    "function DELAY() view returns (uint256)",
    "function GUARDIAN() view returns (uint256)",
    "function LISTER() view returns (uint256)",
    "function OWNER() view returns (uint256)",
    "function SIGNER() view returns (uint256)",
    "function VENUES() view returns (uint256)",
    "function accept_role(uint256 role)",
    "function apply(uint256 field)",
    "function bring_back()",
    "function bring_back_one(uint256 venue)",
    "function cancel(uint256 field)",
    "function counts_since() view returns (uint256)",
    "function down_since() view returns (uint256)",
    "function growths(uint256 arg0) view returns ((int256,uint256,address))",
    "function has_role(uint256 arg0,address arg1) view returns (bool)",
    "function held_until() view returns (uint256)",
    "function is_lister(address account) view returns (bool)",
    "function is_signer(address account) view returns (bool)",
    "function is_written_off(uint256 venue) view returns (bool)",
    "function limits() view returns (uint256)",
    "function members(uint256 role) view returns (address[])",
    "function offer_role(uint256 role,address account)",
    "function offers(uint256 role) view returns ((address,uint256)[])",
    "function owner() view returns (address)",
    "function pause()",
    "function proposals(uint256 arg0) view returns ((uint256,uint256,address))",
    "function propose_growth(uint256 venue,int256 growth)",
    "function propose_price(uint256 expiry,uint256 price)",
    "function proposed_growth(uint256 venue) view returns (int256,uint256)",
    "function proposed_price(uint256 expiry) view returns (uint256)",
    "function queued(uint256 arg0) view returns ((uint256,uint256))",
    "function revoke_role(uint256 role,address account)",
    "function set_term(uint256 field,uint256 amount)",
    "function take_down()",
    "function take_down_one(uint256 venue)",
    "function term(uint256 field) view returns (uint256,uint256,uint256,bool,bool)",
    "function terms() view returns (uint256)",
    "function unpause()",
    "function weather(bool tripped,bool distress,uint256 wildness)",
    "function withdraw_growth(uint256 venue)",
    "function withdraw_offer(uint256 role,address account)",
    "function withdraw_price(uint256 expiry)",
    "function words() view returns (uint256[2])",
)


@dataclass(frozen=True, slots=True)
class RoleGranted(Log):
    TYPE: ClassVar[EventType] = ABI.event("RoleGranted")
    role: int
    account: str


@dataclass(frozen=True, slots=True)
class RoleRevoked(Log):
    TYPE: ClassVar[EventType] = ABI.event("RoleRevoked")
    role: int
    account: str


@dataclass(frozen=True, slots=True)
class RoleOffered(Log):
    TYPE: ClassVar[EventType] = ABI.event("RoleOffered")
    role: int
    account: str
    ready_at: int


@dataclass(frozen=True, slots=True)
class RoleOfferWithdrawn(Log):
    TYPE: ClassVar[EventType] = ABI.event("RoleOfferWithdrawn")
    role: int
    account: str


@dataclass(frozen=True, slots=True)
class Paused(Log):
    TYPE: ClassVar[EventType] = ABI.event("Paused")
    guardian: str
    terms: int


@dataclass(frozen=True, slots=True)
class TermCancelled(Log):
    TYPE: ClassVar[EventType] = ABI.event("TermCancelled")
    field: int
    amount: int


@dataclass(frozen=True, slots=True)
class TermQueued(Log):
    TYPE: ClassVar[EventType] = ABI.event("TermQueued")
    field: int
    before: int
    amount: int
    ready_at: int


@dataclass(frozen=True, slots=True)
class VenueTakenDown(Log):
    TYPE: ClassVar[EventType] = ABI.event("VenueTakenDown")
    guardian: str
    terms: int


@dataclass(frozen=True, slots=True)
class WeatherChanged(Log):
    TYPE: ClassVar[EventType] = ABI.event("WeatherChanged")
    tripped: bool
    distress: bool
    wildness: int
    """Eighths over one."""
    terms: int


@dataclass(frozen=True, slots=True)
class TermSet(Log):
    TYPE: ClassVar[EventType] = ABI.event("TermSet")
    field: int
    before: int
    amount: int
    word: int
    """That holds the field, afterwards."""


@dataclass(frozen=True, slots=True)
class PriceProposed(Log):
    TYPE: ClassVar[EventType] = ABI.event("PriceProposed")
    expiry: int
    price: int
    ready_at: int


@dataclass(frozen=True, slots=True)
class PriceWithdrawn(Log):
    TYPE: ClassVar[EventType] = ABI.event("PriceWithdrawn")
    expiry: int
    price: int


@dataclass(frozen=True, slots=True)
class GrowthProposed(Log):
    TYPE: ClassVar[EventType] = ABI.event("GrowthProposed")
    venue: int
    growth: int
    ready_at: int


@dataclass(frozen=True, slots=True)
class GrowthWithdrawn(Log):
    TYPE: ClassVar[EventType] = ABI.event("GrowthWithdrawn")
    venue: int


class Guardian(Bound):
    """Pause, parameters and roles of the whole system: the only contract with setters. What makes
    the system safer applies at once; everything else waits in public for a delay. It holds no funds
    and can stop neither closing, settlement nor redemption. For an expiry that no oracle prices,
    its owner proposes a settlement price, in public as well."""

    ABI = ABI

    def GUARDIAN(self) -> int:
        return self.call("GUARDIAN")

    def LISTER(self) -> int:
        return self.call("LISTER")

    def OWNER(self) -> int:
        return self.call("OWNER")

    def SIGNER(self) -> int:
        return self.call("SIGNER")

    def accept_role(self, role: int) -> Prepared[None]:
        """Take an offered role. A new owner replaces the old one, whose offers are void with
        him."""
        return self._prepare("accept_role", role)

    def has_role(self, arg0: int, arg1: Address, /) -> bool:
        return self.call("has_role", arg0, arg1)

    def is_lister(self, account: Address) -> bool:
        """Whether `account` may list expiries and strikes."""
        return self.call("is_lister", account)

    def is_signer(self, account: Address) -> bool:
        """Whether the signature of `account` counts for a volatility surface."""
        return self.call("is_signer", account)

    def members(self, role: int) -> tuple[str, ...]:
        """Everybody who holds a role."""
        return self.call("members", role)

    def offer_role(self, role: int, account: Address) -> Prepared[None]:
        """Offer a role to an account, which takes it after the delay. A new offer to the same
        account begins its delay anew; offers to others stand. Owner only."""
        return self._prepare("offer_role", role, account)

    def offers(self, role: int) -> tuple[Offer, ...]:
        """Everybody to whom a role is offered, and from when on he may take it."""
        return tuple([Offer.decode(each) for each in self.call("offers", role)])

    def owner(self) -> str:
        """Who sets terms and gives roles."""
        return self.call("owner")

    def revoke_role(self, role: int, account: Address) -> Prepared[None]:
        """Take a role away, at once, and an offer of it to the same account. The owner may take
        every role but his own; a holder may give up his own, but the ownership only passes on."""
        return self._prepare("revoke_role", role, account)

    def withdraw_offer(self, role: int, account: Address) -> Prepared[None]:
        """Take an offer back. Owner only."""
        return self._prepare("withdraw_offer", role, account)

    def DELAY(self) -> int:
        return self.call("DELAY")

    def held_until(self) -> int:
        return self.call("held_until")

    def pause(self) -> Prepared[None]:
        """Stop opens and deposits, at once. A queued unpause is dropped."""
        return self._prepare("pause")

    def unpause(self) -> Prepared[None]:
        """Queue the end of the pause; `apply(0)` ends it after the delay. Owner only."""
        return self._prepare("unpause")

    def take_down(self) -> Prepared[None]:
        """Say that the hedge venue is down, at once: its margin counts for nothing, opens,
        rebalances, top-ups and deposits stop, and LPs leave from three days later on. What is
        queued for the flags is dropped."""
        return self._prepare("take_down")

    def take_down_one(self, venue: int) -> Prepared[None]:
        """Say that one of several hedge venues is down, at once: nothing is asked of it, its margin
        counts for nothing, the others go on, with opens from the gate's next mark; deposits stop,
        and LPs leave from three days later on. With the last of them all are down, as `take_down`
        says it. What is queued for the flags is dropped."""
        return self._prepare("take_down_one", venue)

    def bring_back(self) -> Prepared[None]:
        """Queue that the hedge venue is up again, of several all of them; `apply(0)` says so after
        the delay. Owner only."""
        return self._prepare("bring_back")

    def bring_back_one(self, venue: int) -> Prepared[None]:
        """Queue that one of several hedge venues is up again; `apply(0)` says so after the delay.
        Owner only. Where each was taken down, the others stay so."""
        return self._prepare("bring_back_one", venue)

    def weather(self, tripped: bool, distress: bool, wildness: int) -> Prepared[None]:
        """What the breaker sees: whether opens and deposits stop, whether opens do for want of
        margin, and by how many eighths over one bands widen and sizes shrink. Breaker only."""
        return self._prepare("weather", tripped, distress, wildness)

    def set_term(self, field: int, amount: int) -> Prepared[None]:
        """Change one parameter: a tightening at once, anything else after the delay. Either way it
        replaces what was queued for the field. Owner only."""
        return self._prepare("set_term", field, amount)

    def apply(self, field: int) -> Prepared[None]:
        """Make a queued change take effect, from the end of its delay to two weeks later. Owner
        only."""
        return self._prepare("apply", field)

    def cancel(self, field: int) -> Prepared[None]:
        """Drop a queued change. Owner only."""
        return self._prepare("cancel", field)

    def propose_price(self, expiry: int, price: int) -> Prepared[None]:
        """Propose the settlement price of an expiry that no oracle round settles. Once the delay is
        over anybody may settle by it, for two weeks, if by then the spot oracle allows it
        (oracles/ChainlinkSpot.vy). It replaces the proposal before it. Owner only."""
        return self._prepare("propose_price", expiry, price)

    def withdraw_price(self, expiry: int) -> Prepared[None]:
        """Take back a proposed price. Owner only."""
        return self._prepare("withdraw_price", expiry)

    def propose_growth(self, venue: int, growth: int) -> Prepared[None]:
        """Propose by how much what one of several hedge venues holds has grown beyond what is
        believed of it. Once the delay is over, and for two weeks, anybody may have the set believe
        as much of that as the venue then says (VenueSet.vy). It replaces the proposal before it.
        Owner only."""
        return self._prepare("propose_growth", venue, growth)

    def withdraw_growth(self, venue: int) -> Prepared[None]:
        """Take back a proposed growth. Owner only."""
        return self._prepare("withdraw_growth", venue)

    def terms(self) -> int:
        """The first word: flags, and what every trade prices by."""
        return self.call("terms")

    def limits(self) -> int:
        """The second word: what bounds the book over time."""
        return self.call("limits")

    def words(self) -> tuple[int, ...]:
        """Both words."""
        return self.call("words")

    def is_written_off(self, venue: int) -> bool:
        """Whether one of several venues has been down for as long as who leaves waits for it:
        neither what lies there nor what it held counts any more, until it is brought back. While
        none is up, whether it had been when the last of them went down, whatever is said of all
        later."""
        return self.call("is_written_off", venue)

    def counts_since(self) -> int:
        """Since when the positions count that count now: since one of several was brought back
        last, or while some are down and not all, three days after the last went down."""
        return self.call("counts_since")

    def term(self, field: int) -> Term:
        """One parameter: now, least, most; whether raising, whether lowering it is tighter."""
        return Term.decode(self.call("term", field))

    def proposed_price(self, expiry: int) -> int:
        """The settlement price that was proposed for an expiry, WAD USD. Reverts unless there is
        one whose delay is over and whose proposer is still the owner."""
        return self.call("proposed_price", expiry)

    def proposed_growth(self, venue: int) -> ProposedGrowth:
        """By how much one of several venues holds more than is believed, as it was proposed, WAD
        base, and since when that may be taken up. Reverts unless there is one whose delay is over
        and whose proposer is still the owner."""
        return ProposedGrowth.decode(self.call("proposed_growth", venue))

    def BREAKER(self) -> str:
        return self.call("BREAKER")

    def VENUES(self) -> int:
        return self.call("VENUES")

    def queued(self, arg0: int, /) -> Queued:
        return Queued.decode(self.call("queued", arg0))

    def down_since(self) -> int:
        return self.call("down_since")

    def proposals(self, arg0: int, /) -> Proposal:
        return Proposal.decode(self.call("proposals", arg0))

    def growths(self, arg0: int, /) -> Growth:
        return Growth.decode(self.call("growths", arg0))
