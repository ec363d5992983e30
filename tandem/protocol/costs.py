"""What a deployment costs: each transaction's gas, what a rollup takes for its data, and both in USD."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tandem.engine.base import Tx
from tandem.engine.data_fees import data_fee, kind_of
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.deploy import ETHER_FEED
from tandem.protocol.recipe import Recipe
from tandem.protocol.rehearsal import Rehearsed
from tandem.units import ETHER, WAD, ether

SPARE = 1.25
"""What the deployer must hold of what it would cost now: prices of gas and data move meanwhile."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one transaction. gas: units; execution, data: wei; usd: of both, None where no price of ether is
    known."""

    gas: int
    execution: int
    data: int
    usd: float | None

    @property
    def wei(self) -> int:
        return self.execution + self.data


def costs(
    engine: RemoteEngine, deployer: str, done: Sequence[Rehearsed], eth: float | None
) -> list[Cost]:
    """Of each transaction at the prices of now: the base fee with the usual tip. eth: USD."""
    kind = kind_of(engine)
    most, tip = engine.fees()
    price = (most - tip) // 2 + tip  # `fees` bids twice the base fee
    found: list[Cost] = []
    for each in done:
        tx = Tx(deployer, None, each.data, each.gas, nonce=each.step.nonce)
        execution, data = each.gas * price, data_fee(engine, tx, kind)
        usd = None if eth is None else (execution + data) / WAD * eth
        found.append(Cost(each.gas, execution, data, usd))
    return found


def eth_price(engine: RemoteEngine, recipes: Iterable[Recipe]) -> float | None:
    """USD, of the feed that the file names for ether, or the price that a local venue of it opens at; None
    where no market of the file is ether's and all of them open venues of their own."""
    found = sorted(recipes, key=lambda each: each.asset != ETHER)
    recipe = next((each for each in found if each.asset == ETHER or each.addresses), None)
    if recipe is None:
        return None
    if recipe.price is not None:
        return float(recipe.price)
    feed = PriceFeed(engine, recipe.addresses["feed" if recipe.asset == ETHER else ETHER_FEED])
    return feed.latestRoundData().answer / 10 ** feed.decimals()


def check_money(engine: RemoteEngine, deployer: str, found: Sequence[Cost]) -> None:
    """Raises ConfigError where the deployer could not pay for all of it."""
    needed, held = int(sum(cost.wei for cost in found) * SPARE), engine.balance(deployer)
    if held < needed:
        raise ConfigError(
            f"{deployer} holds {ether(held)} ETH, and deploying takes up to {ether(needed)}",
            "send it the rest first: until then nothing is sent",
        )
