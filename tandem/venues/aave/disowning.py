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
from tandem.venues import ForeignToken

USED = 75_000
"""Units of gas that disowning one uses, its transaction's own among them."""
ORDER_GAS = 7_350
"""Units by which each of them makes an order dearer, where the hedge owes: the market then values all that
carries its debts."""
LTV = 2**16 - 1
"""Of a token's word: its loan to value, bp."""
MOST = 128
"""Places for tokens in an account's word."""
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
class AaveTokens:
    """As `tandem.venues.ForeignTokens`. own: places of our own tokens among the market's."""

    adapter: Contract
    lender: Contract
    own: frozenset[int]

    @property
    def venue(self) -> str:
        return self.adapter.address

    def asked(self) -> Call:
        """What tells what carries the account's debts."""
        return Call(self.lender, "getUserConfiguration", (self.venue,), None)

    def found(self) -> list[ForeignToken]:
        try:
            tokens = [self._token(place) for place in self._places()]
            words = [self.lender.call("getConfiguration", token) for token in tokens]
        except Reverted:
            return []
        return [
            ForeignToken(self.venue, token, not word & LTV, len(tokens), USED, ORDER_GAS)
            for token, word in zip(tokens, words, strict=True)
        ]

    def has(self, token: str) -> bool:
        return any(self._token(place) == token for place in self._places())

    def disown(self, token: str) -> Prepared[None]:
        """Let it carry no debts of ours."""
        return Prepared(self.adapter, "settle_collateral", (token,))

    def _places(self) -> list[int]:
        """Of what carries debts and is not ours: the word has two bits for each of the market's tokens, owes
        and carries debts."""
        call = self.asked()
        word = self.lender.call(call.fn, *call.args)
        return [n for n in range(MOST) if word >> 2 * n & 2 and n not in self.own]

    def _token(self, place: int) -> str:
        return str(self.lender.call("getReserveAddressById", place))


def aave_tokens(engine: Engine, adapter: str) -> AaveTokens | None:
    """Those in an adapter's name; None where it lends at no Aave."""
    ours = Contract(engine, adapter, _ADAPTER)
    try:
        lender = Contract(engine, ours.call("LENDER"), _LENDER)
        tokens = [ours.call(name) for name in ("BASE", "QUOTE")]
        own = frozenset(int(lender.call("getReserveData", token)[ID]) for token in tokens)
    except Reverted:
        return None
    return AaveTokens(ours, lender, own)
