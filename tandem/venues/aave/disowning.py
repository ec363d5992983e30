"""Tokens of strangers that Aave counts as our account's: anybody may lend one in our name, and until it is
disowned every order of a hedge that owes pays for the look at it; one that is worth nothing there any more
keeps what we lend from being taken back (LM-4).

A token is disowned once and for good: the market counts one by itself only when it is lent for the first
time, and what was lent stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from tandem.engine.abi import Abi
from tandem.engine.base import Call, Contract, Engine
from tandem.engine.bound import Prepared
from tandem.errors import Reverted

GAS = 500_000
USED = 75_000
"""Units of gas that disowning one uses, its transaction's own among them."""
ORDER_GAS = 7_350
"""Units by which each of them makes an order dearer, where the hedge owes: the market then values all that
carries its debts."""
LTV = 2**16 - 1
"""Of a token's word: its loan to value, bp."""
FLAGS = "getUserConfiguration"
_ADAPTER = Abi.spelled(
    "function LENDER() view returns (address)",
    "function BASE() view returns (address)",
    "function QUOTE() view returns (address)",
    "function settle_collateral(address asset)",
)
_LENDER = Abi.spelled(
    "function getUserConfiguration(address user) view returns (uint256)",
    "function getReserveAddressById(uint16 id) view returns (address)",
    "function getConfiguration(address asset) view returns (uint256)",
    "function getReserveData(address asset) view returns (uint256,uint128,uint128,uint128,uint128,uint128,"
    "uint40,uint16,address,address,address,address,uint128,uint128,uint128)",
)
ID = 7
"""Where a token's place is in the market's answer on it."""


@dataclass(frozen=True, slots=True)
class Lending:
    """Where an adapter lends on Aave, which stays. own: places of our own tokens among the market's."""

    venue: str
    lender: str
    own: frozenset[int]

    def asked(self, engine: Engine) -> Call:
        """What tells what carries its debts."""
        return Call(Contract(engine, self.lender, _LENDER), FLAGS, (self.venue,), None)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A stranger's token that is lent in a venue's name. place: of the market's tokens; blocks: whether it
    keeps what is lent there from being taken back; left: how many there are at this venue, with it."""

    at: Lending
    token: str
    place: int
    blocks: bool
    left: int

    @property
    def venue(self) -> str:
        return self.at.venue


def lending_of(engine: Engine, venue: str) -> Lending | None:
    """None where an adapter lends at no Aave."""
    adapter = Contract(engine, venue, _ADAPTER)
    try:
        lender = Contract(engine, adapter.call("LENDER"), _LENDER)
        tokens = [adapter.call(name) for name in ("BASE", "QUOTE")]
        places = frozenset(int(lender.call("getReserveData", token)[ID]) for token in tokens)
    except Reverted:
        return None
    return Lending(venue, lender.address, places)


def foreign(engine: Engine, at: Lending) -> list[Foreign]:
    """Those that are lent in an adapter's name; none where the market does not answer."""
    lender = Contract(engine, at.lender, _LENDER)
    try:
        flags = lender.call(FLAGS, at.venue)
        places = [n for n in range(128) if _carries(flags, n) and n not in at.own]
        found = [(place, lender.call("getReserveAddressById", place)) for place in places]
        return [
            Foreign(at, token, place, not lender.call("getConfiguration", token) & LTV, len(found))
            for place, token in found
        ]
    except Reverted:
        return []


def is_still(engine: Engine, one: Foreign) -> bool:
    """Whether it is not disowned yet."""
    flags = Contract(engine, one.at.lender, _LENDER).call(FLAGS, one.venue)
    return _carries(flags, one.place)


def disown(engine: Engine, venue: str, token: str) -> Prepared[None]:
    """Let it carry no debts of ours, which anybody may."""
    return Prepared(Contract(engine, venue, _ADAPTER), "settle_collateral", (token,))


def _carries(flags: int, place: int) -> bool:
    """Of an account's word: two bits for each of the market's tokens, owes and carries debts."""
    return bool(flags >> 2 * place & 2)
