"""Deploying a recipe (`recipe`): planned, applied, verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from eth_utils.crypto import keccak

from tandem.engine.abi import Function
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import GAS_LIMIT, Outcome
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.engine.rpc import RpcError, refusal
from tandem.errors import ConfigError
from tandem.protocol.deploy import arguments, deploy_tandem, order, predicted
from tandem.protocol.deployment import (
    VENUE,
    Deployed,
    Deployment,
)
from tandem.protocol.outside import Finding, check_outside, look_outside
from tandem.protocol.recipe import Recipe, load_recipe, roles_of
from tandem.units import WAD
from tandem.venues import Exchange, Opening


@dataclass(frozen=True, slots=True)
class Planned:
    """One contract to be: its predicted address and its arguments, "venue.<part>" for addresses
    that are known once the venue stands."""

    name: str
    address: str
    args: tuple[Any, ...]


def check_chain(engine: BaseEngine, recipe: Recipe) -> None:
    """Raises ConfigError unless the node is of the chain that the file is for."""
    if engine.chain_id != recipe.chain_id:
        raise ConfigError(
            f"the node is of chain {engine.chain_id}, {recipe.name} is {recipe.chain_id}",
            "pass the right --rpc, or the right file",
        )


def plan(engine: BaseEngine, recipe: Recipe, deployer: str) -> list[Planned]:
    """Addresses and arguments, predicted. Sends nothing."""
    check_chain(engine, recipe)
    check_outside(engine, recipe)
    names = order(recipe.venue)
    moves = recipe.price is not None and deployer == engine.accounts[0]  # the venue's deployer too
    at = dict.fromkeys(names, "after the venue") if moves else predicted(engine, names, deployer)
    parts = {part: f"venue.{part}" for part in recipe.venue.needed} | recipe.addresses
    roles = roles_of(recipe, deployer)
    return [
        Planned(name, at[name], arguments(name, at, recipe.venue, parts, recipe.settings, roles))
        for name in names
    ]


def apply(
    engine: BaseEngine,
    recipe: Recipe,
    deployer: str,
    said: Callable[[str], None] = lambda _: None,
) -> Deployment:
    """Deploy the system, and first the venue where the file says so."""
    check_chain(engine, recipe)
    check_outside(engine, recipe)
    exchange = _venue_for(engine, recipe, said)
    addresses = exchange.addresses() if recipe.price is not None else recipe.addresses
    said("deploying Tandem")
    roles = roles_of(recipe, deployer)
    tandem = deploy_tandem(engine, exchange, recipe.settings, roles)
    names = order(recipe.venue)
    at = {name: contract.address for name, contract in tandem.contracts.items()}
    parts: dict[str, Deployed] = {}
    for name in names:
        args = arguments(name, at, recipe.venue, addresses, recipe.settings, roles)
        code, init = engine.code(at[name]), init_code(name, args)
        parts[name] = Deployed(at[name], _plain(args), _hash(init), _hash(code))
    who = {"owner": roles.owner or deployer, "guardian": roles.guardian, "lister": roles.lister}
    return Deployment(
        name=recipe.name,
        chain_id=engine.chain_id,
        block=engine.block(),
        deployer=deployer,
        contracts=parts,
        venue={VENUE: recipe.venue.name} | addresses,
        roles=who | {"signers": list(roles.signers)},
        settings={k: _plain_one(v) for k, v in asdict(recipe.settings).items()},
    )


def _venue_for(engine: BaseEngine, recipe: Recipe, said: Callable[[str], None]) -> Exchange:
    if recipe.price is None:
        return recipe.venue.at(engine, recipe.addresses)
    said("deploying the venue")
    price = int(recipe.price * WAD)
    exchange = recipe.venue.open(engine, price, Opening(depth=recipe.depth))
    exchange.set_index(price)
    return exchange


def init_code(name: str, args: tuple[Any, ...]) -> bytes:
    """What is sent to create a contract."""
    artifact = compile_vyper(name)
    return artifact.bytecode + Function("", artifact.abi.constructor, (), False, b"").encode(args)


def verify(engine: RemoteEngine, deployment: Deployment) -> list[Finding]:
    """Every contract against the sources: constructing it again, with the same arguments and
    without sending anything, must give the code that stands at its address."""
    return [_finding(engine, deployment, name) for name in order(deployment.recipe)]


def _finding(engine: RemoteEngine, deployment: Deployment, name: str) -> Finding:
    part = deployment.contracts[name]
    code = engine.code(part.address)
    if not code:
        return Finding(name, part.address, "no code at this address")
    init = init_code(name, _restored(part.args))
    if _hash(init) != part.init_hash:
        return Finding(name, part.address, "the sources here are not those that were deployed")
    again = _constructed(engine, deployment.deployer, part.address, init)
    if not again.ok:
        why = decode_reason(again.output)
        return Finding(name, part.address, f"its constructor refuses what it stands on now: {why}")
    if again.output != code:
        return Finding(name, part.address, "the code there is not what the sources give")
    return Finding(name, part.address, "")


def _constructed(engine: RemoteEngine, deployer: str, place: str, init: bytes) -> Outcome:
    """What constructing a contract leaves, in a call: where it stands, for a set's constructor asks its
    adapters whether they are its own. What is sent to create it is laid over the code there, with nothing
    stored yet, and is run."""
    fields = {"from": deployer, "to": place, "gas": hex(GAS_LIMIT)}
    overlay: dict[str, Any] = {place: {"code": "0x" + init.hex(), "state": {}}}
    try:
        code = engine.request("eth_call", [fields, "latest", overlay])
    except RpcError as error:
        return refusal(error)
    return Outcome(True, bytes.fromhex(str(code)[2:]), 0)


def _hash(data: bytes) -> str:
    return "0x" + keccak(data).hex()


def _plain_one(value: Any) -> Any:
    """As JSON keeps it: numbers beyond 2**53 lose digits in some readers, so they are text."""
    if isinstance(value, list | tuple):
        return [_plain_one(each) for each in value]
    if isinstance(value, dict):
        return {k: _plain_one(v) for k, v in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _plain(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_plain_one(arg) for arg in args)


def _restored(args: Any) -> Any:
    """Arguments as the encoder takes them."""
    if isinstance(args, list | tuple):
        return tuple(_restored(arg) for arg in args)
    return int(args) if isinstance(args, str) and args.isdigit() else args


__all__ = [
    "Finding",
    "Planned",
    "Recipe",
    "apply",
    "check_chain",
    "check_outside",
    "init_code",
    "load_recipe",
    "look_outside",
    "plan",
    "verify",
]
