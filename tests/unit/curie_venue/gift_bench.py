"""What others can do to the hedge account, and what the venue says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from curie_bench import PRICE, Bench

from tandem.engine.artifacts import compile_vyper, load_npm
from tandem.engine.base import Contract
from tandem.units import USD

MICRO = 10**12  # the venue's ledger counts millionths of a dollar


def venue_balance(bench: Bench) -> int:
    return bench.curie.vault.call("getBalance", bench.venue)


def owed_pnl(bench: Bench) -> int:
    return bench.curie.account_balance.call("getPnlAndPendingFee", bench.venue)[0]


def under_water(bench: Bench) -> int:
    """Ten ETH bought on 3,100 USD, and a fall of 15 %: what the account lacks at the mark, WAD."""
    bench.fall(15)
    return -bench.account(bench.curie.index())[2]


def liquidate(bench: Bench) -> None:
    curie = bench.curie
    curie.deposit(curie.liquidator, 10**6 * USD)
    curie.liquidate(bench.venue)
    assert bench.position() == 0


def add_token(bench: Bench) -> Contract:
    """A dollar token that the venue takes for 70 % of its price, and sells 10 % under it."""
    curie, engine = bench.curie, bench.engine
    token = engine.deploy(compile_vyper("USDC"), sender=curie.owner)
    feed = engine.deploy(compile_vyper("PriceFeed"), 8, "USD / USD", sender=curie.owner)
    feed.send("push", 10**8, sender=curie.owner)
    oracle = engine.deploy(
        load_npm("@perp/perp-oracle-contract", "ChainlinkPriceFeedV2"), feed, 900
    )
    terms = (oracle, 700_000, 100_000, 2**255)
    curie.collateral_manager.send("addCollateral", token, terms, sender=curie.owner)
    return token


def pledge(bench: Bench, token: Contract, amount: int, to: Any = None) -> None:
    """A stranger deposits another token than the quote for the account."""
    curie, who = bench.curie, bench.stranger
    token.send("mint", who, amount, sender=curie.owner)
    token.send("approve", curie.vault, amount, sender=who)
    curie.vault.send("depositFor", to or bench.venue, token, amount, sender=who)


def sell_pledge(bench: Bench, token: Contract, amount: int) -> None:
    """Anybody repays a part of the account's debt for the token that was pledged."""
    curie, buyer = bench.curie, bench.trader
    curie.usdc.send("mint", buyer, 10**6 * USD, sender=curie.owner)
    curie.usdc.send("approve", curie.vault, 10**6 * USD, sender=buyer)
    curie.vault.send("liquidateCollateral", bench.venue, token, amount, False, sender=buyer)


class Giver:
    """Gives to the account at one named moment, and to somebody else at every other."""

    def __init__(self, bench: Bench, moment: str, amount: int, kind: str) -> None:
        self.bench, self.moment, self.amount = bench, moment, amount
        self.token = add_token(bench)
        self.give: Callable[[Any], Any] = (
            (lambda to: bench.give(amount, to))
            if kind == "quote"
            else (lambda to: pledge(bench, self.token, amount, to))
        )
        self.seen: dict[str, tuple[Any, ...]] = {}  # what the adapter said at each moment
        self.done: list[Any] = []  # what its calls came to

    def at(self, moment: str) -> None:
        """The same blocks whoever is given to; then all that the adapter says of the account."""
        self.give(self.bench.venue if moment == self.moment else self.bench.trader)
        venue = self.bench.venue
        self.seen[moment] = (*self.bench.account(PRICE), venue.call("own_balance"))
