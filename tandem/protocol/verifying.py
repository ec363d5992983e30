"""A deployment read back, word by word and at one block.

Three things must agree: the reviewed file, the record that `apply` wrote, and the chain. The record is held
to the file value by value; each contract's arguments follow from the record's values; each contract is
constructed again from them and must leave the code that stands. What an owner may change since, the
parameters and the roles, is read from the chain and held to the file as well, with what is queued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from eth_abi.exceptions import EncodingError

from tandem.engine.abi import checksum
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import create_address
from tandem.engine.base import LOCAL_CHAINS
from tandem.engine.log_pages import pages
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError, TandemError
from tandem.protocol import terms
from tandem.protocol.announced import opens_at
from tandem.protocol.bindings.guardian import Guardian, RoleGranted
from tandem.protocol.constructing import fault_of
from tandem.protocol.deploy import DeploySettings, order
from tandem.protocol.deployment import VENUE, Deployment
from tandem.protocol.finding import Finding
from tandem.protocol.holders import holders
from tandem.protocol.outside import look_outside
from tandem.protocol.proposed import proposals
from tandem.protocol.recipe import Recipe, roles_of
from tandem.protocol.record_checks import restored
from tandem.protocol.series import moment_of
from tandem.protocol.steps import Step, hash_of, steps
from tandem.protocol.views import DOWN, places_down
from tandem.venues import Depth

ROLES = ("owner", "guardian", "lister", "signers")
PAUSED, TRIPPED = 0b1, 0b100
MOST_SHOWN = 60
UNREVIEWED = "no reviewed file: roles and terms are held to the record alone; pass it with --recipe"
LOOKED_THROUGH = 10_000
"""Blocks before the recorded one in which nothing of its history may lie."""


def verify(
    engine: RemoteEngine, deployment: Deployment, file: Recipe | None = None
) -> list[Finding]:
    """Everything that can be read back. file: what was reviewed; without it the record is the measure of
    what an owner may change."""
    with engine.pinned():
        found = [*check_code(engine, deployment), *_arguments(deployment)]
        found += [*_sender(deployment), *_block(engine, deployment)]
        found += _file(deployment, file)
        measure = file or recipe_of(deployment)
        guardian = Guardian(engine, deployment.address("Guardian"))
        now = engine.stands()[1]
        rooms: Mapping[str, Callable[[], Iterable[Finding]]] = {
            "terms": lambda: _terms(guardian, measure, now),
            "roles": lambda: _roles(guardian, measure, deployment.deployer, now),
            "holders": lambda: holders(engine, measure),
            "proposals": lambda: _proposals(engine, deployment, now),
            "venue": lambda: _venue(engine, recipe_of(deployment)),
            "outside": lambda: look_outside(engine, deployment),
        }
        for name, look in rooms.items():
            found += _looked(name, look)
    return found


def _looked(name: str, look: Callable[[], Iterable[Finding]]) -> Iterable[Finding]:
    """What a look finds; that it cannot be taken is a finding too, and the others are taken."""
    try:
        return list(look())
    except TandemError as error:
        return [Finding(name, "", f"cannot be read: {error.message}")]


def check_code(engine: RemoteEngine, deployment: Deployment) -> list[Finding]:
    """Every contract against the sources: constructing it again, with the same arguments and
    without sending anything, must give the code that stands at its address."""
    return [_code(engine, deployment, name) for name in order(deployment.recipe, deployment.asset)]


def recipe_of(deployment: Deployment) -> Recipe:
    """What a file would say of what the record says."""
    settings = {key: restored(value) for key, value in deployment.settings.items()}
    venue = {key: value for key, value in deployment.venue.items() if key != VENUE}
    return Recipe(
        deployment.name,
        deployment.chain_id,
        deployment.roles,
        deployment.recipe,
        venue,
        None,
        Depth(),
        DeploySettings(**settings),
    )


def _code(engine: RemoteEngine, deployment: Deployment, name: str) -> Finding:
    part = deployment.contracts[name]
    try:
        init = compile_vyper(name).init(restored(part.args))
    except EncodingError as error:
        fault = (
            f"the record's arguments are not what it is constructed with: {error!s:.{MOST_SHOWN}}"
        )
        return Finding(name, part.address, fault)
    fault, was_sent = fault_of(engine, deployment.deployer, part.address, init), hash_of(init)
    if fault and was_sent != part.init_hash and engine.code(part.address):
        fault = "the sources here are not those that were deployed"
    if not fault and was_sent != part.init_hash:
        fault = f"init_hash is {part.init_hash} in the record, and what created it has {was_sent}"
    if not fault and (stands := hash_of(engine.code(part.address))) != part.code_hash:
        fault = f"code_hash is {part.code_hash} in the record, and the code there has {stands}"
    return Finding(name, part.address, fault)


def _sender(deployment: Deployment) -> Iterator[Finding]:
    """Whose transactions created it, and from which number on: the addresses follow from both. One address
    that does not is another's, and is found by its code."""
    names = order(deployment.recipe, deployment.asset)
    who, first = deployment.deployer, deployment.first
    if not any(
        create_address(who, first + n) == checksum(deployment.address(name))
        for n, name in enumerate(names)
    ):
        fault = f"no contract of the record is of its transactions from number {first} on"
        yield Finding("deployer", who, fault)


def _block(engine: RemoteEngine, deployment: Deployment) -> Iterator[Finding]:
    """The block from which on a history is read: the chain has it, and all of it stands there. A node that
    keeps no states of so long ago does not say so."""
    block, last = deployment.block, engine.block()
    if block > last:
        yield Finding("block", "", f"is {block} in the record, and the chain's last one is {last}")
        return
    name = order(deployment.recipe, deployment.asset)[-1]
    with suppress(EngineError), engine.pinned(block):
        if not engine.code(deployment.address(name)):
            yield Finding("block", "", f"is {block} in the record, and {name} did not stand then")
    with suppress(EngineError):
        if (first := _happened(engine, deployment)) is not None:
            fault = f"is {block} in the record, and what happened in block {first} is part of its history"
            yield Finding("block", "", fault)


def _happened(engine: RemoteEngine, deployment: Deployment) -> int | None:
    """The first block before the recorded one, of as many as are looked through, in which anything happened
    here but what constructors say."""
    last = deployment.block - 1
    where = [part.address for part in deployment.contracts.values()]
    for _, found in pages(engine, where, [], max(last - LOOKED_THROUGH + 1, 0), last):
        for log in found:
            if log["topics"][0] != RoleGranted.TYPE.asked:
                return int(log["blockNumber"], 16)
    return None


def _arguments(deployment: Deployment) -> Iterator[Finding]:
    """What each contract was given follows from the record's own addresses, roles and settings."""
    steps_ = _recorded(deployment)
    if all(restored(deployment.contracts[s.name].args) == restored(s.args) for s in steps_):
        yield Finding("arguments", "", "")
    for step in steps_:
        part = deployment.contracts[step.name]
        if restored(part.args) != restored(step.args):
            fault = "what it was constructed with is not what the record's values give"
            yield Finding(
                f"{step.name} arguments", part.address, f"{fault}: {_first(step, part.args)}"
            )


def _recorded(deployment: Deployment) -> tuple[Step, ...]:
    at = {name: part.address for name, part in deployment.contracts.items()}
    recipe = recipe_of(deployment)
    return steps(recipe, deployment.deployer, 0, recipe.addresses, at)


def _first(step: Step, args: tuple[Any, ...]) -> str:
    """The first argument that differs."""
    pairs = zip(restored(args), restored(step.args), strict=False)
    place, was, due = next(((n, a, b) for n, (a, b) in enumerate(pairs) if a != b), (-1, "", ""))
    if place < 0:
        return f"{len(args)} arguments instead of {len(step.args)}"
    return f"argument {place} is {was!s:.{MOST_SHOWN}} instead of {due!s:.{MOST_SHOWN}}"


def _file(deployment: Deployment, file: Recipe | None) -> list[Finding]:
    """The record beside the reviewed file, value by value; but for what an owner may have changed since. On a
    chain of others there must be one."""
    if file is None:
        is_own = deployment.chain_id in LOCAL_CHAINS
        return [] if is_own else [Finding("file", "", UNREVIEWED)]
    said: dict[str, Any] = {
        "name": file.name,
        "chain_id": file.chain_id,
        f"venue.{VENUE}": file.venue.name,
        **{f"venue.{key}": value for key, value in file.addresses.items()},
        **{f"settings.{key}": value for key, value in asdict(file.settings).items()},
    }
    del said["settings.terms"]  # what they are now is the chain's to say
    found = [
        Finding(
            key, "", f"is {is_!s:.{MOST_SHOWN}} in the record and {due!s:.{MOST_SHOWN}} in the file"
        )
        for key, due in said.items()
        if (is_ := _of_record(deployment, key)) != restored(due)
    ]
    return found or [Finding("file", "", "")]


def _of_record(deployment: Deployment, key: str) -> Any:
    table, _, name = key.partition(".")
    if not name:
        return restored(getattr(deployment, table))
    return restored(getattr(deployment, table).get(name))


def _terms(guardian: Guardian, recipe: Recipe, at: int) -> list[Finding]:
    """Each parameter as the file has it, and no change of one under way that has not lapsed."""
    due = terms.unpack(terms.defaults(**recipe.settings.terms))
    now, held, found = terms.unpack(guardian.words()), guardian.held_until(), list[Finding]()
    for name, field in terms.FIELDS.items():
        fault = _flags(now[name]) if name == "flags" else ""
        if name != "flags" and now[name] != due[name]:
            fault = f"is {now[name]}, the file says {due[name]} ({field.meaning})"
        queued = guardian.queued(field.index)
        ready = opens_at(queued.ready_at, 0 if name == "flags" else held, at)
        if ready is not None:
            more = f"becomes {queued.amount} from {moment_of(ready)} on, unless it is cancelled"
            fault = f"{fault}; {more}" if fault else more
        if fault:
            found.append(Finding(f"terms.{name}", guardian.address, fault))
    return found or [Finding("terms", guardian.address, "")]


def _flags(flags: int) -> str:
    said = {
        "a guardian stopped opens": flags & PAUSED,
        "the breaker stopped opens": flags & TRIPPED,
        "the venue is down": flags & DOWN,
        f"of the venues are down: {places_down(flags)}": places_down(flags),
    }
    return ", ".join(text for text, is_so in said.items() if is_so)


def _roles(guardian: Guardian, recipe: Recipe, deployer: str, now: int) -> list[Finding]:
    """Each role's members one by one, and who was offered one."""
    named = roles_of(recipe, deployer)
    due = ((named.owner or deployer,), (named.guardian,), (named.lister,), named.signers)
    held, found = guardian.held_until(), list[Finding]()
    for role, (name, wanted) in enumerate(zip(ROLES, due, strict=True)):
        there = guardian.members(role)
        rest = [
            (who, "holds it, and the file does not name it") for who in there if who not in wanted
        ]
        rest += [(who, "does not hold it, as the file says") for who in wanted if who not in there]
        rest += [
            (offer.account, f"may take it from {moment_of(ready)} on")
            for offer in guardian.offers(role)
            if (ready := opens_at(offer.ready_at, held, now)) is not None
        ]
        found += [Finding(f"roles.{name}", who, fault) for who, fault in rest]
    return found or [Finding("roles", guardian.address, "")]


def _venue(engine: RemoteEngine, recipe: Recipe) -> list[Finding]:
    """The venue's addresses, each asked what it is."""
    faults = recipe.venue.faults(engine, recipe.addresses, recipe.asset)
    found = [Finding(f"venue.{f.name}", f.address, f.what) for f in faults]
    return found or [Finding("venue", "", "")]


def _proposals(engine: RemoteEngine, deployment: Deployment, now: int) -> Iterator[Finding]:
    for each in proposals(engine, deployment, now):
        fault = f"{each.what} from {moment_of(each.ready_at)} on"
        yield Finding("proposals", each.proposer, fault)
