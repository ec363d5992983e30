"""Every constructor run before anything is sent, so that a recipe fails at its first line and not
after a minute of transactions; and what each costs.

Where the recipe brings its venue, all of it is deployed in this process. Where the chain has one,
each constructor is a call on that chain, and sees the code that those before it would have left at
the addresses that were predicted for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.exceptions import EncodingError

from tandem.engine.base import GAS_LIMIT, Outcome, Tx
from tandem.engine.data_fees import gas_of_data
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import SILENT, decode_reason
from tandem.engine.revm import RevmEngine
from tandem.engine.rpc import RpcError, refusal
from tandem.errors import ConfigError, Reverted
from tandem.protocol.opening import opened
from tandem.protocol.outside import check_chain
from tandem.protocol.recipe import Recipe
from tandem.protocol.reverts import why_not_constructed
from tandem.protocol.steps import Step, steps

Construct = Callable[[Step], int]
"""A transaction -> its gas; raises Reverted."""


class RecipeRefusedError(ConfigError):
    """A constructor would refuse its arguments."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A transaction that would go through. gas: what a rollup takes for data aside; data: what is sent."""

    step: Step
    gas: int
    data: bytes


def rehearse(
    engine: RemoteEngine,
    recipe: Recipe,
    deployer: str,
    first: int | None = None,
    addresses: Mapping[str, str] | None = None,
) -> list[Rehearsed]:
    """Every transaction that is not in a block yet, run without being sent. first: the deployer's number
    to begin with, where it is not his next; addresses: the venue's, where it stands already. Raises
    RecipeRefusedError with the contract and its reason."""
    check_chain(engine, recipe)
    there = recipe.addresses if addresses is None else addresses
    used = engine.nonce(deployer)
    if there:
        todo = steps(recipe, deployer, used if first is None else first, there)
        left = [step for step in todo if step.nonce >= used]
        return _all(recipe, left, _caller(engine, deployer))
    with RevmEngine(chain_id=engine.chain_id) as local:
        venue = opened(local, recipe)

        def send(step: Step) -> int:
            done = local.transact(Tx(deployer, None, step.init, GAS_LIMIT))
            if isinstance(done, Reverted):
                raise done
            return done.gas_used

        todo = steps(recipe, deployer, local.nonce(deployer), venue)
        return _all(recipe, todo, send)


def _all(recipe: Recipe, todo: Sequence[Step], construct: Construct) -> list[Rehearsed]:
    done: list[Rehearsed] = []
    for step in todo:
        try:
            done.append(Rehearsed(step, construct(step), step.init))
        except Reverted as error:
            what = why_not_constructed(step.name, error)
            hint = "correct the recipe's settings, terms, roles or venue"
            if error.reason == SILENT:
                hint = "look at what the file gives it: its settings, terms, roles and venue"
            raise RecipeRefusedError(
                f"{recipe.name}: {step.name} would not be constructed ({error.reason}): {what}",
                hint,
            ) from error
        except EncodingError as error:
            raise RecipeRefusedError(
                f"{recipe.name}: an argument of {step.name} does not fit: {error}",
                "correct the recipe's settings or terms",
            ) from error
    return done


def _caller(engine: RemoteEngine, deployer: str) -> Construct:
    """Constructs in calls; what those before would leave is laid over the chain's own state."""
    overlay: dict[str, dict[str, Any]] = {}

    def construct(step: Step) -> int:
        overlay[deployer] = {"nonce": hex(step.nonce)}
        fields = {"from": deployer, "data": "0x" + step.init.hex()}
        try:
            limit = {"gas": hex(GAS_LIMIT)}
            code = engine.request("eth_call", [fields | limit, engine.tag, overlay])
            gas = int(engine.request("eth_estimateGas", [fields, engine.tag, overlay]), 16)
        except RpcError as error:
            refused: Outcome = refusal(error)
            raise Reverted(decode_reason(refused.output), refused.output) from error
        overlay[step.address] = {"code": str(code)}
        return gas - gas_of_data(engine, Tx(deployer, None, step.init, gas, nonce=step.nonce))

    return construct
