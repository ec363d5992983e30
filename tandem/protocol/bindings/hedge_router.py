"""HedgeRouter, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Bound, Log, Prepared
from tandem.protocol.bindings.structs import (
    Bounds,
    Brought,
    GateWords,
    HedgeAccount,
    Hedging,
    History,
    Ledger,
    Quotation,
    Seen,
)

ABI = Abi.spelled(
    "constructor(address market,address vault,address venue,address spot,address guardian,address stress_test,address token)",
    "event Delevered(int256 order,int256 position,int256 received,int256 usable,uint256 need)",
    "event HedgeWaits(int256 order,uint256 spot)",
    "event MarginSwept(address indexed venue,uint256 amount,int256 equity_before)",
    "event MarginToppedUp(address indexed venue,uint256 amount,uint256 wanted,int256 equity_before,uint256 lost)",
    "function GUARDIAN() view returns (address)",
    "function MARKET() view returns (address)",
    "function SPOT() view returns (address)",
    "function STRESS() view returns (address)",
    "function TOKEN() view returns (address)",
    "function VAULT() view returns (address)",
    "function VENUE() view returns (address)",
    "function account(uint256 spot,uint256 headroom) view returns ((int256,uint256,uint256,bool,uint256,int256,uint256))",
    "function admits((int256,int256,uint256,uint256,uint256,uint256,uint256,uint256) brought,int256 position) view returns (bool)",
    "function bounds(int256 position) view returns ((uint256,uint256,uint256))",
    "function carry(uint256 life) view returns (int256)",
    "function delever() returns (int256)",
    "function gate_words() view returns (uint256,uint256,int256)",
    "function hedge(int256 order,uint256 worst_price,uint256 paced,(int256,int256,uint256,uint256,uint256,uint256,uint256,uint256) brought) returns (int256,int256,uint256,uint256)",
    "function history() view returns (uint256,uint256)",
    "function is_jolted(bool buys) view returns (bool)",
    "function last_position() view returns (int256)",
    "function ledger() view returns ((uint256,uint256,uint256,uint256))",
    "function lost() view returns (uint256)",
    "function lot() view returns (uint256)",
    "function margin_spot() view returns (uint256)",
    "function mark(uint256 book,uint256 word,int256 usable,int256 position,uint256 spot)",
    "function max_order(int256 order,uint256 worst_price) view returns (uint256)",
    "function pace(int256 order,int256 first,uint256 spot) view returns (uint256)",
    "function position() view returns (int256)",
    "function quotation() view returns ((uint256,uint256,uint256))",
    "function seen() view returns ((int256,int256,uint256))",
    "function sweep() returns (uint256)",
    "function top_up() returns (uint256)",
    "function wait(int256 order,uint256 spot)",
)


@dataclass(frozen=True, slots=True)
class HedgeWaits(Log):
    """An order that no trader brings waits for a price near the market's average, since now."""

    TYPE: ClassVar[EventType] = ABI.event("HedgeWaits")
    order: int
    spot: int


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
    """The position was lowered to what its margin carries: the floor could not fund a top-up."""

    TYPE: ClassVar[EventType] = ABI.event("Delevered")
    order: int
    position: int
    """Afterwards, as the venues report it."""
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


class HedgeRouter(Bound):
    """The hedge as one account: passes the Market's order to the venue, reads back what the venue
    reports, says how much of the Vault's own residual may meet the market at a time, and keeps the
    venue's margin between its bounds. It does not decide how much to hedge."""

    ABI = ABI

    def hedge(
        self, order: int, worst_price: int, paced: int, brought: Brought
    ) -> Prepared[Hedging]:
        """Fill exactly `order` at `worst_price` or better, or revert; of an order of 0 only what
        comes with it. After an open, whether it has an order or none, the venue account keeps at
        least its least equity for each unit of hedge, and the worst jump costs LPs no more than the
        gate. Market only."""
        return self._prepare("hedge", order, worst_price, paced, brought, read=Hedging.decode)

    def carry(self, life: int) -> int:
        """What the venue takes for holding a long over the expected time, or `life` seconds where
        that is less, WAD of notional; negative where a short pays."""
        return self.call("carry", life)

    def position(self) -> int:
        """The hedge position as the venue reports it."""
        return self.call("position")

    def last_position(self) -> int:
        """The hedge position after the last order, to 1e-12 ETH: what is known of it while the
        venue does not answer."""
        return self.call("last_position")

    def max_order(self, order: int, worst_price: int) -> int:
        """The part of `order` that fills at `worst_price` or better: all of it, or less. Nothing of
        it while the venue is down."""
        return self.call("max_order", order, worst_price)

    def history(self) -> History:
        """For how many seconds back the venue knows its own prices, and for how many it must."""
        return History.decode(self.call("history"))

    def quotation(self) -> Quotation:
        """Where the venue trades, without a fill."""
        return Quotation.decode(self.call("quotation"))

    def lot(self) -> int:
        """The smallest order."""
        return self.call("lot")

    def is_jolted(self, buys: bool) -> bool:
        """Whether the market has just been moved to an order's disadvantage, so that nothing that
        no trader brings goes."""
        return self.call("is_jolted", buys)

    def pace(self, order: int, first: int, spot: int) -> int:
        """The part of an order that no trader brings which may meet the market now: what margin
        carries and is left of the minute's chunk, as far as it fills inside the fill band around
        spot and, on its worse side, inside the band around the market's own average."""
        return self.call("pace", order, first, spot)

    def wait(self, order: int, spot: int) -> Prepared[None]:
        """An order that no trader brings, and of which `pace` lets nothing go, begins to wait where
        the market's average is what stops it; otherwise it reverts by name. Market only."""
        return self._prepare("wait", order, spot)

    def ledger(self) -> Ledger:
        """What was spent of the minute, when, and since when an order waits."""
        return Ledger.decode(self.call("ledger"))

    def bounds(self, position: int) -> Bounds:
        """The margin that a position of that sign needs."""
        return Bounds.decode(self.call("bounds", position))

    def account(self, spot: int, headroom: int) -> HedgeAccount:
        """The hedge account at a spot price."""
        return HedgeAccount.decode(self.call("account", spot, headroom))

    def margin_spot(self) -> int:
        """The price that top-ups go by, WAD: spot, or the venue's own while spot is refused."""
        return self.call("margin_spot")

    def top_up(self) -> Prepared[int]:
        """Bring the venue account to its target from the Vault's cash, as far as the floor goes and
        while losses at venues are within their cap. Anybody may, also while spot is refused."""
        return self._prepare("top_up")

    def delever(self) -> Prepared[int]:
        """Lower the position to what its margin carries at the target, where the account is under
        its least for the position alone and what the Vault may lend would not lift it over that.
        Anybody may, unpaid, also while spot is refused. It can raise the residual: the floor is the
        holders', and a position that its margin does not carry is the venue's to liquidate."""
        return self._prepare("delever")

    def sweep(self) -> Prepared[int]:
        """Bring what lies above the venue account's target home to the Vault. Anybody may. With
        nothing open and an exit queue that asks for it, that is everything."""
        return self._prepare("sweep")

    def admits(self, brought: Brought, position: int) -> bool:
        """Whether the gate admits an open: reverts as that does where it is refused."""
        return self.call("admits", brought, position)

    def mark(self, book: int, word: int, usable: int, position: int, spot: int) -> Prepared[None]:
        """The mark of now, by which opens go for an hour, and what the venue has just been asked.
        The stress test only, which reckons both."""
        return self._prepare("mark", book, word, usable, position, spot)

    def gate_words(self) -> GateWords:
        """What the gate goes by."""
        return GateWords.decode(self.call("gate_words"))

    def MARKET(self) -> str:
        return self.call("MARKET")

    def VAULT(self) -> str:
        return self.call("VAULT")

    def VENUE(self) -> str:
        return self.call("VENUE")

    def SPOT(self) -> str:
        return self.call("SPOT")

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def STRESS(self) -> str:
        return self.call("STRESS")

    def TOKEN(self) -> str:
        return self.call("TOKEN")

    def seen(self) -> Seen:
        return Seen.decode(self.call("seen"))

    def lost(self) -> int:
        return self.call("lost")
