"""Tokens that carry our debts on Aave and should not, or should and do not (LM-4).

Anybody may lend a token in our name, and until it is disowned every order of a hedge that owes pays for the
look at it; one that is worth nothing there any more keeps what we lend from being taken back. It is disowned
once and for good: the market counts a token by itself only when it is lent for the first time, and what was
lent stays. Ours, first lent while its loan to value was nothing, carries none until somebody says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tandem.engine.abi import Abi
from tandem.engine.base import Call, Contract, Engine
from tandem.engine.bound import Prepared
from tandem.errors import Reverted
from tandem.venues import Stray

USED = 75_000
"""Units of gas that setting one right uses, its transaction's own among them."""
ORDER_GAS = 7_350
"""Units by which each of strangers' makes an order dearer, where the hedge owes: the market then values all
that carries its debts."""
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
    "function ADDRESSES_PROVIDER() view returns (address)",
    "function getUserConfiguration(address user) view returns (uint256)",
    "function getReserveAddressById(uint16 id) view returns (address)",
    "function getConfiguration(address asset) view returns (uint256)",
    "function getReserveData(address asset) view returns (uint256,uint128,uint128,uint128,uint128,uint128,"
    "uint40,uint16,address,address,address,address,uint128,uint128,uint128)",
)
_PROVIDER = Abi.spelled("function getPriceOracle() view returns (address)")
_ORACLE = Abi.spelled("function getAssetPrice(address asset) view returns (uint256)")
_LENT = Abi.spelled("function balanceOf(address account) view returns (uint256)")
ID, LENT = 7, 8
"""Where a token's place, and the token of what is lent of it, are in the market's answer on it."""


@dataclass(frozen=True, slots=True)
class AaveStrays:
    """As `tandem.venues.Strays`. own: our tokens and the tokens of what is lent of them, by their places
    among the market's."""

    adapter: Contract
    lender: Contract
    own: Mapping[int, tuple[str, Contract]]

    @property
    def venue(self) -> str:
        return self.adapter.address

    def asked(self) -> Iterator[Call]:
        """What tells what carries the account's debts, and how much of ours is lent."""
        yield Call(self.lender, "getUserConfiguration", (self.venue,), None)
        for _, lent in self.own.values():
            yield Call(lent, "balanceOf", (self.venue,), None)

    def found(self) -> list[Stray]:
        try:
            carry = self._carry()
            ours = [token for token in self._idle(carry) if self._counts(token)]
            others = [self._token(place) for place in carry if place not in self.own]
            left = len(ours) + len(others)
            return [
                *(Stray(self.venue, token, True, True, left, USED, 0) for token in ours),
                *(
                    Stray(self.venue, token, False, self._blocks(token), left, USED, ORDER_GAS)
                    for token in others
                ),
            ]
        except Reverted:
            return []

    def has(self, one: Stray) -> bool:
        carry = self._carry()
        if one.is_ours:
            return one.token in self._idle(carry)
        return any(self._token(place) == one.token for place in carry if place not in self.own)

    def settle(self, token: str) -> Prepared[None]:
        return Prepared(self.adapter, "settle_collateral", (token,))

    def _carry(self) -> list[int]:
        """Places of what carries debts: the word has two bits for each of the market's tokens, owes and
        carries debts."""
        word = self.lender.call("getUserConfiguration", self.venue)
        return [place for place in range(MOST) if word >> 2 * place & 2]

    def _idle(self, carry: Sequence[int]) -> list[str]:
        """Ours that are lent and carry nothing."""
        return [
            token
            for place, (token, lent) in self.own.items()
            if place not in carry and lent.call("balanceOf", self.venue)
        ]

    def _counts(self, token: str) -> bool:
        """Whether anything may be owed on a token."""
        return bool(self.lender.call("getConfiguration", token) & LTV)

    def _blocks(self, token: str) -> bool:
        """Whether it keeps what we lend from being taken back: it carries nothing, or has no price."""
        return not self._counts(token) or not self._has_price(token)

    def _has_price(self, token: str) -> bool:
        engine = self.lender.engine
        try:
            provider = Contract(engine, self.lender.call("ADDRESSES_PROVIDER"), _PROVIDER)
            Contract(engine, provider.call("getPriceOracle"), _ORACLE).call("getAssetPrice", token)
        except Reverted:
            return False
        return True

    def _token(self, place: int) -> str:
        return str(self.lender.call("getReserveAddressById", place))


def aave_strays(engine: Engine, adapter: str) -> AaveStrays | None:
    """Those in an adapter's name; None where it lends at no Aave."""
    ours = Contract(engine, adapter, _ADAPTER)
    own: dict[int, tuple[str, Contract]] = {}
    try:
        lender = Contract(engine, ours.call("LENDER"), _LENDER)
        for name in ("QUOTE", "BASE"):
            token = ours.call(name)
            told = lender.call("getReserveData", token)
            own[int(told[ID])] = token, Contract(engine, told[LENT], _LENT)
    except Reverted:
        return None
    return AaveStrays(ours, lender, own)
