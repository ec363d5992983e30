"""What others do at a lending market: gifts to an account; lenders, borrowers and a governance who make it
lend less, or nothing; an oracle that ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY, Call, Contract, Receipt
from tandem.errors import Reverted
from tandem.units import HOUR, USD, WAD
from tandem.venues.aave import Aave
from tandem.venues.aave.sources import AAVE
from tandem.venues.morpho import Morpho
from tandem.venues.morpho.ledger import Side

Market = Aave | Morpho
USD_GIVEN, ETH_GIVEN = 700 * USD, WAD // 2
"""What a stranger gives, token units and WAD."""
ENOUGH = 10**6
"""What a borrower pledges, whole base tokens, or a thousand times as many USD: more than anybody lends."""


# ---------------------------------------------------------------- gifts
def owed(market: Market, who: Any) -> tuple[Contract, int]:
    """The token of which an account owes more, and how much."""
    if isinstance(market, Morpho):
        debts = market.short.debt(who), market.long.debt(who)
    else:
        debts = tuple(market.parts[key].call("balanceOf", who) for key in ("d_weth", "d_usdc"))
    return (market.weth, debts[0]) if debts[0] else (market.usdc, debts[1])


def owes_any(market: Market, who: Any) -> bool:
    """Whether an account owes more of a token than lies there of it."""
    return min(market.position(who), market.quote(who)) < 0


def repay(market: Market, donor: str, who: Any, tenths: int = 3) -> bool:
    """Some of what an account owes; whether it owes any."""
    token, amount = owed(market, who)
    amount = amount * tenths // 10
    if amount < 100:
        return False
    market.repay_for(donor, who, amount, token)
    return True


def lend_dollars(market: Market, donor: str, who: Any) -> bool:
    market.supply_for(donor, who, USD_GIVEN)
    return True


def lend_ether(market: Market, donor: str, who: Any) -> bool:
    market.supply_for(donor, who, market.spot.units(ETH_GIVEN), market.weth)
    return True


def send_dollars(market: Market, donor: str, who: Any) -> bool:
    """A plain transfer."""
    market.usdc.send("mint", who, USD_GIVEN, sender=market.owner)
    return True


def send_ether(market: Market, donor: str, who: Any) -> bool:
    market.weth.send("mint", who, market.spot.units(ETH_GIVEN), sender=market.owner)
    return True


def lend_to_others(market: Market, donor: str, who: Any) -> bool:
    """In an account's name, as a lender of either market: what the account never reads."""
    if isinstance(market, Aave):
        return False
    for side, token, amount in (
        (market.short, market.weth, market.spot.units(ETH_GIVEN)),
        (market.long, market.usdc, USD_GIVEN),
    ):
        market.give(donor, token, amount)
        market.lender.send("supply", side.params, amount, 0, who, b"", sender=donor)
    return True


GIFTS: dict[str, Callable[[Market, str, Any], bool]] = {
    each.__name__: each
    for each in (repay, lend_dollars, lend_ether, send_dollars, send_ether, lend_to_others)
}


# ---------------------------------------------------------------- lenders and borrowers
def leave(market: Market, base: bool, left: int = 0) -> Callable[[], object]:
    """The lender of a token takes back what nobody has borrowed, all but `left` of it, token units. How he
    brings it again."""
    who, token = market.spot.maker, token_of(market, base)
    if isinstance(market, Morpho):
        side = market.short if base else market.long
        amount = max(min(side.there() - left, _supplied(side, who)), 0)
        if amount:
            told = (side.params, amount, 0, who, who)
            market.lender.send("withdraw", *told, sender=who)
    else:
        own = market.parts["a_weth" if base else "a_usdc"].call("balanceOf", who)
        there = market.lending_pool.call("getVirtualUnderlyingBalance", token)
        amount = max(min(there - left, own), 0)
        if amount:
            market.lending_pool.send("withdraw", token, amount, who, sender=who)

    def again() -> object:
        if not amount:
            return None
        if isinstance(market, Aave):
            return market.supply_for(who, who, amount, token)
        market.give(who, token, amount)
        return market.lender.send("supply", side.params, amount, 0, who, b"", sender=who)

    return again


def _supplied(side: Side, who: str) -> int:
    """What somebody lends in a market, token units."""
    shares: int = side.lender.call("position", side.id, who)[0]
    lent, total, *_ = side.lender.call("market", side.id)
    return shares * (lent + 1) // (total + 10**6)


def borrow(
    market: Market, base: bool, who: str, left: int = 0, pledged: int = 0
) -> Callable[[], object]:
    """Somebody owes all that is there of a token, but for `left` of it, token units. How he pays it back.
    pledged: of the other token; as much as it may take, where that is 0. Raises Reverted where the market
    lets him not."""
    token, other = token_of(market, base), token_of(market, not base)
    pledged = pledged or ENOUGH * (1_000 * USD if base else market.spot.unit)
    market.supply_for(who, who, pledged, other)
    if isinstance(market, Aave):
        pool = market.lending_pool
        amount = pool.call("getVirtualUnderlyingBalance", token) - left
        asked = Call(pool, "borrow", (token, amount, 2, 0, who), who)
        out = Call(pool, "withdraw", (other, 2**256 - 1, who), who)
    else:
        side = market.short if base else market.long
        amount = side.there() - left
        asked = Call(market.lender, "borrow", (side.params, amount, 0, who, who), who)
        out = Call(market.lender, "withdrawCollateral", (side.params, pledged, who, who), who)
    if amount > 0:
        try:
            asked.send()
        except Reverted:
            out.send()
            raise

    def back() -> None:
        if amount > 0:
            _pay_back(market, base, who, 2 * amount)
        out.send()

    return back


def _pay_back(market: Market, base: bool, who: str, most: int) -> None:
    token = token_of(market, base)
    if isinstance(market, Aave):
        market.repay_for(who, who, most, token)
        return
    side = market.short if base else market.long
    market.give(who, token, most)
    told = (side.params, 0, side.account(who).shares, who, b"")
    market.lender.send("repay", *told, sender=who)


# ---------------------------------------------------------------- governance
def govern(market: Aave, fn: str, *args: Any) -> Receipt:
    """An act of the lending market's governance."""
    return market.configurator.send(fn, *args, sender=market.owner)


def shut(market: Aave) -> Contract:
    """A sentinel that says the rollup's sequencer is down; who says so: 0 is up, 1 down."""
    uptime = market.engine.deploy(compile_vyper("PriceFeed"), 0, "uptime", sender=market.owner)
    uptime.send("push", 1, sender=market.owner)
    provider = market.parts["provider"]
    sentinel = market.engine.deploy(AAVE.artifact("PriceOracleSentinel"), provider, uptime, HOUR)
    provider.send("setPriceOracleSentinel", sentinel, sender=market.owner)
    return uptime


def unwatched(market: Aave) -> None:
    """No sentinel any more."""
    market.parts["provider"].send("setPriceOracleSentinel", NOBODY, sender=market.owner)


WEIGHTS = {True: (8_000, 8_300, 10_500), False: (7_500, 7_800, 10_500)}
"""Of the base token and of the quote token, as they are opened: loan to value, threshold, what a liquidator
gets; ten-thousandths."""
LOWERED = 600


def weigh(market: Aave, base: bool, less: int) -> Receipt:
    """Loan to value and threshold, so many ten-thousandths under what they were opened with."""
    value, threshold, bonus = WEIGHTS[base]
    told = (token_of(market, base), value - less, threshold - less, bonus)
    return govern(market, "configureReserveAsCollateral", *told)


def thaw(market: Aave, base: bool) -> Receipt:
    """A freeze ends, and what the token was worth as collateral is given back: it does not come by itself."""
    govern(market, "setReserveFreeze", token_of(market, base), False)
    return weigh(market, base, 0)


def token_of(market: Market, base: bool) -> Contract:
    return market.weth if base else market.usdc


def cap(market: Aave, base: bool, kind: str, room: int) -> Receipt:
    """A cap of a token at what there is and a little more, whole tokens; without room, none."""
    key, unit = ("weth", market.spot.unit) if base else ("usdc", USD)
    what = {"Supply": "a_", "Borrow": "d_"}[kind] + key
    there = market.parts[what].call("totalSupply") // unit
    return govern(market, f"set{kind}Cap", token_of(market, base), there + room if room else 0)


STOPS: dict[str, tuple[Callable[[Aave, bool], object], Callable[[Aave, bool], object]]] = {
    "threshold": (lambda m, b: weigh(m, b, LOWERED), lambda m, b: weigh(m, b, 0)),
    "freeze": (
        lambda m, b: govern(m, "setReserveFreeze", token_of(m, b), True),
        lambda m, b: thaw(m, b),
    ),
    "pause": (
        lambda m, b: govern(m, "setReservePause", token_of(m, b), True),
        lambda m, b: govern(m, "setReservePause", token_of(m, b), False),
    ),
    "supply cap": (
        lambda m, b: cap(m, b, "Supply", 5 if b else 10_000),
        lambda m, b: cap(m, b, "Supply", 0),
    ),
    "borrow cap": (
        lambda m, b: cap(m, b, "Borrow", 5 if b else 10_000),
        lambda m, b: cap(m, b, "Borrow", 0),
    ),
    "no borrowing": (
        lambda m, b: govern(m, "setReserveBorrowing", token_of(m, b), False),
        lambda m, b: govern(m, "setReserveBorrowing", token_of(m, b), True),
    ),
    "sentinel": (lambda m, b: shut(m), lambda m, b: unwatched(m)),
}
"""What a governance does of a token, and how it takes that back."""


# ---------------------------------------------------------------- oracles
def end_oracle(market: Market, base: bool) -> Callable[[], object]:
    """The lender's own price is gone: at Morpho that of the market where a token is owed. How it comes
    back."""
    if isinstance(market, Aave):
        feed = market.parts["usdc_feed"]
        feed.send("push", 0, sender=market.owner)
        return lambda: feed.send("push", 10**8, sender=market.owner)
    oracle = market.parts["short_oracle" if base else "long_oracle"]
    oracle.send("end", sender=market.owner)
    return lambda: oracle.send("live", sender=market.owner)
