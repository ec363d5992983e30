"""What a deployment would do: every transaction, planned; nothing is sent."""

from __future__ import annotations

from tandem.engine.backend import BaseEngine
from tandem.protocol.deploy import ETHER_FEED, order
from tandem.protocol.outside import check_chain, check_outside
from tandem.protocol.recipe import Recipe
from tandem.protocol.steps import Step, steps
from tandem.units import ETHER

AFTER = "after the venue"
"""Where a contract will stand whose deployer opens the venue first."""


def plan(
    engine: BaseEngine, recipe: Recipe, deployer: str, first: int | None = None
) -> tuple[Step, ...]:
    """Every transaction in its order, with predicted addresses; "venue.<part>" stands for addresses that are
    known once the venue stands. first: the deployer's number to begin with, where other markets go before.
    Raises ConfigError."""
    check_chain(engine, recipe)
    check_outside(engine, recipe, deployer)
    needed = (*recipe.venue.needed, *(() if recipe.asset == ETHER else (ETHER_FEED,)))
    parts = {part: f"venue.{part}" for part in needed} | recipe.addresses
    moves = recipe.price is not None and deployer == engine.accounts[0]  # it opens the venue too
    begin = engine.nonce(deployer) if first is None else first
    if moves:
        at = dict.fromkeys(order(recipe.venue, recipe.asset), AFTER)
        return steps(recipe, deployer, begin, parts, at)
    return steps(recipe, deployer, begin, parts)
