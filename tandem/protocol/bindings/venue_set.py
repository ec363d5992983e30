"""VenueSet, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared
from tandem.protocol.bindings.structs import (
    Average,
    Bounds,
    Carry,
    Fill,
    History,
    Quotation,
    SplitFill,
    VenueAccount,
)

ABI = Abi.spelled(
    "constructor(address router,address guardian,address vault,address splitter,address[] venues)",
    "event BegunAnew(address indexed venue,int256 position)",
    "event LegFilled(address indexed venue,int256 order,int256 position,int256 quote_delta,uint256 fee)",
    "function COUNT() view returns (uint256)",
    "function GUARDIAN() view returns (address)",
    "function ROUTER() view returns (address)",
    "function SPLITTER() view returns (address)",
    "function VAULT() view returns (address)",
    "function account(uint256 spot) view returns ((int256,int256,int256,int256))",
    "function account_at(address venue,uint256 spot) view returns ((int256,int256,int256,int256))",
    "function average(uint256 window) view returns (uint256,uint256,uint256)",
    "function begin_anew(address venue)",
    "function bounds(int256 position) view returns ((uint256,uint256,uint256))",
    "function chunk_left(address venue,bool buys,bool relieved) view returns (uint256)",
    "function fill(int256 order,uint256 worst,uint256 best,uint256 paced,bool relieved,uint256 spot,uint256 least,bool tried) returns (int256,int256,uint256,uint256)",
    "function fill_at(address venue,int256 order,uint256 worst) returns (int256,int256,uint256)",
    "function fund(address venue,uint256 amount)",
    "function funding() view returns (int256,int256)",
    "function grain() view returns (uint256)",
    "function history() view returns (uint256,uint256)",
    "function index() view returns (uint256)",
    "function is_jolted(bool buys) view returns (bool)",
    "function legs(int256 order,uint256 worst) view returns (int256[4])",
    "function lot() view returns (uint256)",
    "function max_order(int256 order,uint256 worst_price) view returns (uint256)",
    "function max_paced(int256 order,uint256 paced,uint256 worst,bool relieved) view returns (uint256)",
    "function note()",
    "function position() view returns (int256)",
    "function price() view returns (uint256)",
    "function prove(uint256 spot)",
    "function purse() view returns (uint256)",
    "function quotation() view returns ((uint256,uint256,uint256))",
    "function release(address venue,uint256 amount)",
    "function remember(address venue,int256 usable,int256 position,uint256 spot)",
    "function venues() view returns (address[])",
    "function venues_up() view returns (address[])",
)


@dataclass(frozen=True, slots=True)
class LegFilled(Log):
    """A leg of an order."""

    TYPE: ClassVar[EventType] = ABI.event("LegFilled")
    venue: str
    order: int
    position: int
    """Afterwards, what is ours there."""
    quote_delta: int
    """Fee excluded."""
    fee: int


@dataclass(frozen=True, slots=True)
class BegunAnew(Log):
    """A venue's position is believed again, as it says it, grown by no more than the owner
    proposed."""

    TYPE: ClassVar[EventType] = ABI.event("BegunAnew")
    venue: str
    position: int


class VenueSet(Bound):
    """Several hedge venues as one. An order goes where its last unit is cheapest, over as many of
    them as pay for their leg; each leg is exact and inside the band by itself, or all of it
    reverts. Margin names its venue, and each account keeps its own least. Any of them may be taken
    down by a guardian's bit: then nothing is asked of it, its equity counts for nothing, the others
    go on, and once leavers go without its margin its position counts for nothing either. It holds
    no money."""

    ABI = ABI

    def fill(
        self,
        order: int,
        worst: int,
        best: int,
        paced: int,
        relieved: bool,
        spot: int,
        least: int,
        tried: bool,
    ) -> Prepared[SplitFill]:
        """Fill exactly `order`, split over the venues, or revert: each leg at `worst` or better,
        and none better than `best`. Router only."""
        return self._prepare(
            "fill", order, worst, best, paced, relieved, spot, least, tried, read=SplitFill.decode
        )

    def fill_at(self, venue: Address, order: int, worst: int) -> Prepared[Fill]:
        """Fill a leg at one venue. Router only."""
        return self._prepare("fill_at", venue, order, worst, read=Fill.decode)

    def prove(self, spot: int) -> Prepared[None]:
        """After an open without an order: each account that holds a position keeps its least
        equity. Router only."""
        return self._prepare("prove", spot)

    def remember(self, venue: Address, usable: int, position: int, spot: int) -> Prepared[None]:
        """What a venue has just been asked. Router only."""
        return self._prepare("remember", venue, usable, position, spot)

    def note(self) -> Prepared[None]:
        """Keep what is ours of what each venue that is up reports: so much counts of it once it is
        down; and ask what holding cost there. Anybody may; every mark of the book does, and every
        order for those that have no part in it."""
        return self._prepare("note")

    def begin_anew(self, venue: Address) -> Prepared[None]:
        """Believe what a venue that is up says of its position, as far as it grew beyond what our
        orders come to by no more than the Guardian's owner proposed: once for each proposal.
        Anybody may."""
        return self._prepare("begin_anew", venue)

    def fund(self, venue: Address, amount: int) -> Prepared[None]:
        """Book margin that lies at a venue's adapter into its account. Router only."""
        return self._prepare("fund", venue, amount)

    def release(self, venue: Address, amount: int) -> Prepared[None]:
        """Take margin out of a venue's account and send it to the router. Router only."""
        return self._prepare("release", venue, amount)

    def venues(self) -> tuple[str, ...]:
        """The venues, in the order of the guardians' bits."""
        return self.call("venues")

    def venues_up(self) -> tuple[str, ...]:
        """Those that no guardian took down."""
        return self.call("venues_up")

    def legs(self, order: int, worst: int) -> tuple[int, ...]:
        """The legs that an order of this size would have now by what the venues say of themselves:
        no more than fits of each."""
        return self.call("legs", order, worst)

    def position(self) -> int:
        """The position: what is ours of what the venues report, and of one that is down what was
        known of it last, until it is written off."""
        return self.call("position")

    def account(self, spot: int) -> VenueAccount:
        """All accounts: `equity` by the worse of two valuations, `venue_equity` by the better, none
        under 0, and what carries orders. What is down, or not to be believed, counts for nothing
        but its position, and once it is written off not for that."""
        return VenueAccount.decode(self.call("account", spot))

    def account_at(self, venue: Address, spot: int) -> VenueAccount:
        """The account at one venue as it is believed; reverts where nobody knows it."""
        return VenueAccount.decode(self.call("account_at", venue, spot))

    def bounds(self, position: int) -> Bounds:
        """The margin that a position of that sign needs at the dearest venue that is up."""
        return Bounds.decode(self.call("bounds", position))

    def purse(self) -> int:
        """What the venues together could pay on a gain that falls on each by its position: as much
        as makes one of them pay all that it has. Where nothing is open, all that they have."""
        return self.call("purse")

    def index(self) -> int:
        """The price of the base asset that the first venue goes by which is up and says one, WAD;
        of all of them where none is up."""
        return self.call("index")

    def max_order(self, order: int, worst_price: int) -> int:
        """The part of `order` that the venues fill together at `worst_price` or better."""
        return self.call("max_order", order, worst_price)

    def max_paced(self, order: int, paced: int, worst: int, relieved: bool) -> int:
        """The same of an order of which a part is paced: each leg holds no more of that than its
        own market's chunk, whatever the others take."""
        return self.call("max_paced", order, paced, worst, relieved)

    def chunk_left(self, venue: Address, buys: bool, relieved: bool) -> int:
        """What of an order that no trader brings may meet a venue's market now."""
        return self.call("chunk_left", venue, buys, relieved)

    def average(self, window: int) -> Average:
        """The markets' average price, each by its depth on average; their depth now; that which is
        steady."""
        return Average.decode(self.call("average", window))

    def price(self) -> int:
        """The markets' price of now, each by its depth of now, WAD."""
        return self.call("price")

    def history(self) -> History:
        """For how many seconds back a venue knows its own prices, and for how many it must: of the
        one that lacks most."""
        return History.decode(self.call("history"))

    def is_jolted(self, buys: bool) -> bool:
        """Whether every venue's market has just been moved to an order's disadvantage: one that was
        takes no part in what no trader brings."""
        return self.call("is_jolted", buys)

    def quotation(self) -> Quotation:
        """The lowest and the highest price, and the dearest fee."""
        return Quotation.decode(self.call("quotation"))

    def funding(self) -> Carry:
        """What holding a long of 1 USD for a day pays, and a short, WAD, each at the venue that is
        dearest for it, as it was noted there: nobody makes a rate for a moment."""
        return Carry.decode(self.call("funding"))

    def grain(self) -> int:
        """The least amount of the coarsest base token that there is, WAD."""
        return self.call("grain")

    def lot(self) -> int:
        """The largest of the lots of the venues that are up; of all where none is."""
        return self.call("lot")

    def ROUTER(self) -> str:
        return self.call("ROUTER")

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def VAULT(self) -> str:
        return self.call("VAULT")

    def SPLITTER(self) -> str:
        return self.call("SPLITTER")

    def COUNT(self) -> int:
        return self.call("COUNT")
