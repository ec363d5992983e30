"""HedgeRouter, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared
from tandem.protocol.bindings.structs import (
    Brought,
    BroughtHome,
    Carry,
    GateWords,
    HedgeAccount,
    Hedging,
    History,
    Ledger,
    Lowered,
    Netted,
    Quotation,
)

ABI = Abi.spelled(
    "constructor(address market,address vault,address venue,address guardian,address stress_test,address desk,address token,uint256 deviation,bool is_set)",
    "event HedgeWaits(int256 order,uint256 spot)",
    "function DESK() view returns (address)",
    "function DEVIATION() view returns (uint256)",
    "function GUARDIAN() view returns (address)",
    "function IS_SET() view returns (bool)",
    "function MARKET() view returns (address)",
    "function STRESS() view returns (address)",
    "function TOKEN() view returns (address)",
    "function VAULT() view returns (address)",
    "function VENUE() view returns (address)",
    "function account(uint256 spot,uint256 headroom) view returns ((int256,uint256,uint256,bool,uint256,uint256,int256,uint256))",
    "function admits((int256,int256,uint256,uint256,uint256,uint256,uint256,uint256) brought,int256 position) view returns (bool)",
    "function bring(int256 order,uint256 worst_price,uint256 least,uint256 spot,int256 position) returns (int256,int256,int256,uint256)",
    "function carry(uint256 life) view returns (int256,int256)",
    "function credit(address venue,uint256 wanted,uint256 lost,int256 usable,int256 position,uint256 spot) returns (uint256)",
    "function debit(address venue,uint256 amount,int256 usable,int256 position,uint256 spot)",
    "function gate_words() view returns (uint256,uint256)",
    "function hedge(int256 order,uint256 worst_price,uint256 paced,(int256,int256,uint256,uint256,uint256,uint256,uint256,uint256) brought) returns (int256,int256,uint256,uint256)",
    "function history() view returns (uint256,uint256)",
    "function is_jolted(bool buys) view returns (bool)",
    "function last_position() view returns (int256)",
    "function ledger() view returns ((uint256,uint256,uint256,uint256))",
    "function lower(address venue,uint256 most,int256 usable,int256 position,uint256 spot) returns ((int256,int256,int256))",
    "function mark(uint256 book,uint256 word,uint256 rates,int256 usable,int256 position,uint256 spot)",
    "function max_order(int256 order,uint256 worst_price) view returns (uint256)",
    "function net(address long,address short,uint256 most,uint256 spot,int256[2] held) returns (uint256,int256)",
    "function pace(int256 order,int256 first,uint256 spot) view returns (uint256)",
    "function position() view returns (int256)",
    "function quotation(bool eased) view returns ((uint256,uint256,uint256))",
)


@dataclass(frozen=True, slots=True)
class HedgeWaits(Log):
    """An order that no trader brings waits for a price near the market's average, since now."""

    TYPE: ClassVar[EventType] = ABI.event("HedgeWaits")
    order: int
    spot: int


class HedgeRouter(Bound):
    """The hedge as one account: passes the Market's order to the venue, reads back what the venue
    reports, and says how much of the Vault's own residual may meet the market at a time. The venue
    and the Vault know this contract alone as who moves margin, which the desk decides. How much to
    hedge it does not decide."""

    ABI = ABI

    def hedge(
        self, order: int, worst_price: int, paced: int, brought: Brought
    ) -> Prepared[Hedging]:
        """Fill exactly `order` at `worst_price` or better, or revert; of an order of 0 only what
        comes with it. After an open, whether it has an order or none, the venue account keeps at
        least its least equity for each unit of hedge, and the worst jump costs LPs no more than the
        gate. Market only."""
        return self._prepare("hedge", order, worst_price, paced, brought, read=Hedging.decode)

    def carry(self, life: int) -> Carry:
        """What the venue takes for holding a long, and a short, over the expected time, or `life`
        seconds where that is less, by the last mark, WAD of notional; negative where it pays."""
        return Carry.decode(self.call("carry", life))

    def position(self) -> int:
        """The hedge position as the venue reports it."""
        return self.call("position")

    def last_position(self) -> int:
        """The hedge position after the last order, to 1e-12 ETH: what is known of it while the
        venue does not answer. Of a set by what each venue said since."""
        return self.call("last_position")

    def max_order(self, order: int, worst_price: int) -> int:
        """The part of `order` that fills at `worst_price` or better: all of it, or less. Nothing of
        it while the venue is down."""
        return self.call("max_order", order, worst_price)

    def history(self) -> History:
        """For how many seconds back the venue knows its own prices, and for how many it must."""
        return History.decode(self.call("history"))

    def quotation(self, eased: bool) -> Quotation:
        """Where the venue trades, without a fill."""
        return Quotation.decode(self.call("quotation", eased))

    def is_jolted(self, buys: bool) -> bool:
        """Whether the market has just been moved to an order's disadvantage, so that nothing that
        no trader brings goes."""
        return self.call("is_jolted", buys)

    def pace(self, order: int, first: int, spot: int) -> int:
        """The part of an order that no trader brings which may meet the market now: what margin
        carries and is left of the minute's chunk, as far as it fills inside the fill band around
        spot and, on its worse side, inside the band around the market's own average."""
        return self.call("pace", order, first, spot)

    def bring(
        self, order: int, worst_price: int, least: int, spot: int, position: int
    ) -> Prepared[BroughtHome]:
        """Fill what of an order that no trader brings may meet the market now, as `pace` says it,
        exactly and at `worst_price` or better. Where that is under `least` it begins to wait where
        the market's average is what stops it; otherwise it reverts by name. Market only."""
        return self._prepare(
            "bring", order, worst_price, least, spot, position, read=BroughtHome.decode
        )

    def ledger(self) -> Ledger:
        """What was spent of the minute, when, and since when an order waits."""
        return Ledger.decode(self.call("ledger"))

    def account(self, spot: int, headroom: int) -> HedgeAccount:
        """The hedge account at a spot price."""
        return HedgeAccount.decode(self.call("account", spot, headroom))

    def credit(
        self, venue: Address, wanted: int, lost: int, usable: int, position: int, spot: int
    ) -> Prepared[int]:
        """Lead margin from the Vault into a venue's account: as much as it lends. Desk only."""
        return self._prepare("credit", venue, wanted, lost, usable, position, spot)

    def debit(
        self, venue: Address, amount: int, usable: int, position: int, spot: int
    ) -> Prepared[None]:
        """Take margin out of a venue's account, home to the Vault. Desk only."""
        return self._prepare("debit", venue, amount, usable, position, spot)

    def lower(
        self, venue: Address, most: int, usable: int, position: int, spot: int
    ) -> Prepared[Lowered]:
        """Lower the position at a venue by as much of `most` as may meet the market now, or begin
        to wait. Desk only."""
        return self._prepare("lower", venue, most, usable, position, spot, read=Lowered.decode)

    def net(
        self, long: Address, short: Address, most: int, spot: int, held: Sequence[int]
    ) -> Prepared[Netted]:
        """Sell at one venue and buy at another as much of `most` as may meet both markets now,
        which leaves the position as it is. Desk only."""
        return self._prepare("net", long, short, most, spot, held, read=Netted.decode)

    def admits(self, brought: Brought, position: int) -> bool:
        """Whether an open is admitted, by the market's average and by the gate: reverts as it
        would."""
        return self.call("admits", brought, position)

    def mark(
        self, book: int, word: int, rates: int, usable: int, position: int, spot: int
    ) -> Prepared[None]:
        """The mark of now, by which opens go for an hour, and what the venue has just been asked.
        The stress test only, which reckons both."""
        return self._prepare("mark", book, word, rates, usable, position, spot)

    def gate_words(self) -> GateWords:
        """What the gate goes by."""
        return GateWords.decode(self.call("gate_words"))

    def MARKET(self) -> str:
        return self.call("MARKET")

    def VAULT(self) -> str:
        return self.call("VAULT")

    def VENUE(self) -> str:
        return self.call("VENUE")

    def IS_SET(self) -> bool:
        return self.call("IS_SET")

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def STRESS(self) -> str:
        return self.call("STRESS")

    def DESK(self) -> str:
        return self.call("DESK")

    def TOKEN(self) -> str:
        return self.call("TOKEN")

    def DEVIATION(self) -> int:
        return self.call("DEVIATION")
