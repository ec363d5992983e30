"""One market of Morpho Blue as its contract keeps it: what accounts pledged and owe there, with the interest
since it was last touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from tandem.engine.abi import encode_values
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract, Engine, Receipt
from tandem.units import WAD
from tandem.venues.morpho.sources import published

MAX = 2**256 - 1
SCALE = 10**36
VIRTUAL_ASSETS, VIRTUAL_SHARES = 1, 10**6
# What a liquidator gets beyond what he repays: by the threshold, and never more than so much. WAD.
CURSOR, MOST_INCENTIVE = 3 * WAD // 10, 115 * WAD // 100


def as_id(value: Any) -> str:
    """A market's id as text, however an engine gives it."""
    return value if isinstance(value, str) else "0x" + bytes(value).hex()


def id_of(params: tuple[object, ...]) -> str:
    """The id of the market that has these terms."""
    kinds = ("address", "address", "address", "address", "uint256")
    return as_id(keccak(encode_values(kinds, params)))


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody has in a market. shares: of its debt; pledged: token units."""

    shares: int
    pledged: int


@dataclass(frozen=True, slots=True)
class State:
    """What a market holds, token units and shares."""

    lent: int
    owed: int
    shares: int

    def debt(self, shares: int) -> int:
        """What so many shares owe, rounded up."""
        total = self.shares + VIRTUAL_SHARES
        return -(-shares * (self.owed + VIRTUAL_ASSETS) // total)


@dataclass(frozen=True, slots=True)
class Side:
    """A market. params: what it is, as its contract takes it."""

    engine: Engine
    lender: Contract
    id: str
    params: tuple[Any, ...]

    @classmethod
    def of(cls, engine: Engine, lender: Contract, id: str) -> Side:
        """By its id."""
        return cls(engine, lender, id, tuple(lender.call("idToMarketParams", id)))

    @property
    def loan(self) -> str:
        """The token that it lends."""
        return str(self.params[0])

    def account(self, who: Any) -> Account:
        _, shares, pledged = self.lender.call("position", self.id, who)
        return Account(shares, pledged)

    def state(self, *, accrued: bool = True) -> State:
        """As it is now, or as it was when it was last touched."""
        raw = tuple(self.lender.call("market", self.id))
        lent, _, owed, shares, touched, _ = raw
        irm = str(self.params[3])
        elapsed = self.engine.now() - touched
        if not (accrued and elapsed and owed and int(irm, 16)):
            return State(lent, owed, shares)
        rate = self.engine.at(published("AdaptiveCurveIrm"), irm).call(
            "borrowRateView", self.params, raw
        )
        one = rate * elapsed
        two = one * one // (2 * WAD)
        interest = owed * (one + two + two * one // (3 * WAD)) // WAD
        return State(lent + interest, owed + interest, shares)

    def there(self) -> int:
        """What nobody has borrowed, token units."""
        state = self.state(accrued=False)
        return state.lent - state.owed

    def debt(self, who: Any) -> int:
        """What somebody owes now, token units."""
        return self.state().debt(self.account(who).shares)

    def _carries(self, pledged: int) -> int:
        return pledged * self.price() // SCALE * self.params[4] // WAD

    def price(self) -> int:
        """What its oracle says: collateral in what is lent, times 1e36."""
        oracle = self.engine.at(compile_vyper("MorphoOracle"), str(self.params[2]))
        return oracle.call("price")

    def health(self, who: Any) -> int:
        """WAD: under 1 anybody liquidates."""
        there = self.account(who)
        if not there.shares:
            return MAX
        return self._carries(there.pledged) * WAD // self.debt(who)

    def pays(self, who: Any) -> bool:
        """Whether the collateral pays whoever repays all of the debt."""
        lltv: int = self.params[4]
        incentive = min(MOST_INCENTIVE, WAD * WAD // (WAD - CURSOR * (WAD - lltv) // WAD))
        worth = self.account(who).pledged * self.price() // SCALE
        return self.debt(who) * incentive // WAD < worth

    def waiting(self, who: Any) -> int:
        """Interest on what somebody owes that is not booked yet, token units."""
        shares = self.account(who).shares
        return self.state().debt(shares) - self.state(accrued=False).debt(shares) if shares else 0

    def booked(self, receipt: Receipt, who: str) -> float:
        """Somebody's part of the interest that a receipt booked here, token units."""
        mine = [
            e for e in receipt.events(address=self.lender) if as_id(e.args.get("id", "")) == self.id
        ]
        interest = sum(e["interest"] for e in mine if e.name == "AccrueInterest")
        if not interest:
            return 0.0
        shares, total = self.account(who).shares, self.state(accrued=False).shares
        for event in mine:
            moved = _moved(event.name, event.args)
            total -= moved
            if str(event.args.get("onBehalf", event.args.get("borrower", ""))) == who:
                shares -= moved
        return interest * shares / (total + VIRTUAL_SHARES)


def _moved(name: str, args: dict[str, Any]) -> int:
    """By how many shares of debt an event changed what is owed."""
    if name == "Borrow":
        return int(args["shares"])
    if name == "Repay":
        return -int(args["shares"])
    if name == "Liquidate":
        return -int(args["repaidShares"]) - int(args["badDebtShares"])
    return 0
