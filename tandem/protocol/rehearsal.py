"""Every constructor run before anything is sent, so that a recipe fails at its first line and not
after a minute of transactions.

Where the recipe brings its venue, all of it is deployed in this process. Where the chain has one,
each constructor is a call on that chain, and sees the code that those before it would have left at
the addresses that were predicted for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from eth_abi.exceptions import EncodingError

from tandem.engine.base import GAS_LIMIT, Outcome
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.engine.revm import RevmEngine
from tandem.engine.rpc import RpcError, refusal
from tandem.errors import ConfigError, Reverted
from tandem.protocol.deploy import arguments, order, predicted
from tandem.protocol.plan import check_chain, init_code
from tandem.protocol.recipe import Recipe, roles_of
from tandem.protocol.reverts import explain
from tandem.units import WAD
from tandem.venues import Opening

Construct = Callable[[str, bytes], None]
"""A contract's name and what is sent to create it; raises Reverted."""


class RecipeRefusedError(ConfigError):
    """A constructor would refuse its arguments."""


def check_arguments(engine: RemoteEngine, recipe: Recipe, deployer: str) -> None:
    """Raises RecipeRefusedError with the contract and its reason; sends nothing."""
    check_chain(engine, recipe)
    names = order(recipe.venue)
    if recipe.price is None:
        at = predicted(engine, names, deployer)
        _construct_all(recipe, deployer, at, recipe.addresses, _caller(engine, deployer, at))
        return
    with RevmEngine(chain_id=engine.chain_id) as local:
        exchange = recipe.venue.open(local, int(recipe.price * WAD), Opening(depth=recipe.depth))

        def send(_: str, init: bytes) -> None:
            local.create(init, deployer)

        at = predicted(local, names, deployer)
        _construct_all(recipe, deployer, at, exchange.addresses(), send)


def _construct_all(
    recipe: Recipe,
    deployer: str,
    at: dict[str, str],
    addresses: Mapping[str, str],
    construct: Construct,
) -> None:
    roles = roles_of(recipe, deployer)
    for name in at:
        try:
            args = arguments(name, at, recipe.venue, addresses, recipe.settings, roles)
            construct(name, init_code(name, args))
        except Reverted as error:
            known = explain(error)
            what = known.what if known.known else "Its constructor refuses the arguments."
            raise RecipeRefusedError(
                f"{recipe.name}: {name} would not be constructed ({error.reason}): {what}",
                "correct the recipe's settings, terms, roles or venue",
            ) from error
        except EncodingError as error:
            raise RecipeRefusedError(
                f"{recipe.name}: an argument of {name} does not fit: {error}",
                "correct the recipe's settings or terms",
            ) from error


def _caller(engine: RemoteEngine, deployer: str, at: dict[str, str]) -> Construct:
    """Constructs in calls; what those before would leave is laid over the chain's own state."""
    places = list(at)
    nonce = int(engine.request("eth_getTransactionCount", [deployer, "latest"]), 16)
    overlay: dict[str, dict[str, str]] = {}

    def construct(name: str, init: bytes) -> None:
        overlay[deployer] = {"nonce": hex(nonce + places.index(name))}
        fields = {"from": deployer, "data": "0x" + init.hex(), "gas": hex(GAS_LIMIT)}
        try:
            code = engine.request("eth_call", [fields, "latest", overlay])
        except RpcError as error:
            refused: Outcome = refusal(error)
            raise Reverted(decode_reason(refused.output), refused.output) from error
        overlay[at[name]] = {"code": str(code)}

    return construct
