"""Market, as its ABI has it. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tandem.engine.abi import Abi, EventType
from tandem.engine.bound import Address, Bound, Log, Prepared
from tandem.protocol.bindings.structs import Book, Closed, Homing, Liabilities, OpenBook

ABI = Abi.spelled(
    "constructor(address underwriter,address spot,address surface,address router,address vault,address option,address guardian,uint256 imputed_cost,address bounty)",
    "event ExpiryListed(uint256 indexed expiry,uint256[] strikes)",
    "event Hedged(address indexed caller,int256 order,int256 quote_delta,uint256 venue_fee,uint256 oracle_price,int256 cost,int256 trader_cost,int256 residual_before,int256 residual_after,int256 position_after,uint256 hard_band)",
    "event OptionClosed(uint256 indexed series,address indexed owner,uint256 units,uint256 premium,uint256 fee,int256 hedge_cost,uint256 payout,uint256 spot,uint256 maxima,int256 floor)",
    "event OptionMinted(uint256 indexed series,address indexed owner,uint256 units,uint256 premium,uint256 fee,uint256 capital_charge,int256 hedge_cost,uint256 spot,uint256 maxima,int256 floor)",
    "event Redeemed(uint256 indexed series,address indexed owner,uint256 units,uint256 paid,uint256 claims)",
    "event Settled(uint256 indexed expiry,uint256 price,uint256 units,uint256 payouts,uint256 maxima,uint256 claims)",
    "function BOUNTY() view returns (address)",
    "function GUARDIAN() view returns (address)",
    "function IMPUTED() view returns (uint256)",
    "function LOT() view returns (uint256)",
    "function OPTION() view returns (address)",
    "function ROUTER() view returns (address)",
    "function SPOT() view returns (address)",
    "function SURFACE() view returns (address)",
    "function UNDERWRITER() view returns (address)",
    "function VAULT() view returns (address)",
    "function close(uint256 id,uint256 units,uint256 min_units,uint256 min_payout,uint256 deadline,address recipient) returns (uint256,uint256)",
    "function floor() view returns (int256)",
    "function liabilities() view returns (uint256,uint256)",
    "function list_expiry(uint256 expiry,uint256[] strikes)",
    "function mint(uint256 id,uint256 units,uint256 max_premium,uint256 deadline,address recipient) returns (uint256)",
    "function open_book(uint256 expiry) view returns ((uint256,uint256[6][8],uint256))",
    "function rebalance(int256 target) returns ((int256,int256,int256,uint256,uint256))",
    "function redeem(uint256 id,uint256 units,address owner,address recipient) returns (uint256)",
    "function reward(address recipient,uint256 amount)",
    "function settle(uint256 expiry,uint256 round_id) returns (uint256)",
    "function settlement(uint256 expiry) view returns (uint256)",
    "function slot_of(uint256 expiry) view returns (uint256)",
    "function snapshot() view returns ((uint256,(uint256,uint256[4])[8]))",
)


@dataclass(frozen=True, slots=True)
class ExpiryListed(Log):
    TYPE: ClassVar[EventType] = ABI.event("ExpiryListed")
    expiry: int
    strikes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Redeemed(Log):
    TYPE: ClassVar[EventType] = ABI.event("Redeemed")
    series: int
    owner: str
    units: int
    paid: int
    claims: int


@dataclass(frozen=True, slots=True)
class Settled(Log):
    TYPE: ClassVar[EventType] = ABI.event("Settled")
    expiry: int
    price: int
    units: int
    payouts: int
    maxima: int
    claims: int


@dataclass(frozen=True, slots=True)
class OptionMinted(Log):
    TYPE: ClassVar[EventType] = ABI.event("OptionMinted")
    series: int
    owner: str
    units: int
    premium: int
    fee: int
    capital_charge: int
    hedge_cost: int
    """Borne by the trader, WAD USD; negative is a gain, at most the fee."""
    spot: int
    maxima: int
    """Afterwards."""
    floor: int
    """Afterwards."""


@dataclass(frozen=True, slots=True)
class Hedged(Log):
    """One per trade and rebalance, also when no order was needed (order 0). Orders, residuals,
    position and band WAD base; prices, quote, fee and costs WAD USD."""

    TYPE: ClassVar[EventType] = ABI.event("Hedged")
    caller: str
    order: int
    quote_delta: int
    """Without fee."""
    venue_fee: int
    oracle_price: int
    cost: int
    """Order x (fill - oracle) + fee."""
    trader_cost: int
    """The part of it, or imputed, that the trader bears."""
    residual_before: int
    residual_after: int
    position_after: int
    hard_band: int


@dataclass(frozen=True, slots=True)
class OptionClosed(Log):
    TYPE: ClassVar[EventType] = ABI.event("OptionClosed")
    series: int
    owner: str
    units: int
    premium: int
    fee: int
    hedge_cost: int
    payout: int
    spot: int
    maxima: int
    floor: int


class Market(Bound):
    """The only door that traders use. An option and its perpetual hedge trade in one transaction,
    or not at all: `mint` and `close` walk nine steps, and if any of them fails everything
    reverts."""

    ABI = ABI

    def list_expiry(self, expiry: int, strikes: Sequence[int]) -> Prepared[None]:
        """List an expiry (08:00 UTC) and strikes or caps on it, whole USD. With no strikes delist
        it: what is open there may be closed and is hedged on, and nothing opens until it is listed
        again. A lister's call."""
        return self._prepare("list_expiry", expiry, strikes)

    def redeem(self, id: int, units: int, owner: Address, recipient: Address) -> Prepared[int]:
        """Exchange settled options for their payoff."""
        return self._prepare("redeem", id, units, owner, recipient)

    def settle(self, expiry: int, round_id: int) -> Prepared[int]:
        """Fix the settlement price of an expiry, by proof, once; set its payouts aside."""
        return self._prepare("settle", expiry, round_id)

    def settlement(self, expiry: int) -> int:
        """The settlement price of an expiry, WAD USD; 0 while there is none."""
        return self.call("settlement", expiry)

    def GUARDIAN(self) -> str:
        return self.call("GUARDIAN")

    def IMPUTED(self) -> int:
        return self.call("IMPUTED")

    def LOT(self) -> int:
        return self.call("LOT")

    def OPTION(self) -> str:
        return self.call("OPTION")

    def ROUTER(self) -> str:
        return self.call("ROUTER")

    def SPOT(self) -> str:
        return self.call("SPOT")

    def SURFACE(self) -> str:
        return self.call("SURFACE")

    def UNDERWRITER(self) -> str:
        return self.call("UNDERWRITER")

    def VAULT(self) -> str:
        return self.call("VAULT")

    def mint(
        self, id: int, units: int, max_premium: int, deadline: int, recipient: Address
    ) -> Prepared[int]:
        """Buy `units` of series `id`; its hedge trades in this call, or nothing does."""
        return self._prepare("mint", id, units, max_premium, deadline, recipient)

    def close(
        self,
        id: int,
        units: int,
        min_units: int,
        min_payout: int,
        deadline: int,
        recipient: Address,
    ) -> Prepared[Closed]:
        """Sell `units` of series `id` back. Where floor or margin bind, the largest part that
        fits."""
        return self._prepare(
            "close", id, units, min_units, min_payout, deadline, recipient, read=Closed.decode
        )

    def rebalance(self, target: int) -> Prepared[Homing]:
        """Trade the residual towards `target`, as far as may be now. Anybody may; it can only
        reduce the residual. Who comes again finishes what did not fit."""
        return self._prepare("rebalance", target, read=Homing.decode)

    def reward(self, recipient: Address, amount: int) -> Prepared[None]:
        """Pay for a rebalance, inside the floor. The bounty's contract only."""
        return self._prepare("reward", recipient, amount)

    def liabilities(self) -> Liabilities:
        """Sum of maximum payoffs, and settled claims unpaid; token units."""
        return Liabilities.decode(self.call("liabilities"))

    def floor(self) -> int:
        """The floor, token units."""
        return self.call("floor")

    def open_book(self, expiry: int) -> OpenBook:
        """What is open, and a listed expiry besides (0: none): what a mark and a trade read."""
        return OpenBook.decode(self.call("open_book", expiry))

    def slot_of(self, expiry: int) -> int:
        """The slot of a listed expiry, where the surface keeps its slice too; from bit 8 on the
        book's totals, which begin with the slots that have anything open."""
        return self.call("slot_of", expiry)

    def snapshot(self) -> Book:
        """The whole book, as stored."""
        return Book.decode(self.call("snapshot"))

    def BOUNTY(self) -> str:
        return self.call("BOUNTY")
