"""Carrying a deployment out: each transaction once, whatever ends the process in between.

Laws:

- A transaction is sent with the number that its contract's address follows from, so that a chain takes
  it once, and at that address or not at all.
- What is about to be sent is in the journal first, on the disk.
- One that waits is made dearer, with the same number and up to a bound (`insisting`).
- Before each one the deployer's count must be the transaction's number. Where it is larger, the journal
  must name the transaction and the code that it creates must stand; where anything else was sent, nothing
  more is. A smaller count is a node's that is behind, or a fork's: it is waited for.
- The record is of what stands at its end.
- Whoever begins again with the same file, sources, key and journal ends where an undisturbed run does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tandem.engine.artifacts import compile_all
from tandem.engine.backend import BaseEngine
from tandem.engine.patience import pauses
from tandem.engine.remote import NONCE_TAKEN, RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError, Reverted, TandemError
from tandem.protocol.constructing import fault_of
from tandem.protocol.deploy_journal import Begun, Journal, head_of, opened
from tandem.protocol.deployment import VENUE, Deployed, Deployment
from tandem.protocol.insisting import GO_ON, Insistence
from tandem.protocol.opening import opened as opened_venue
from tandem.protocol.outside import check_chain, check_outside
from tandem.protocol.recipe import Recipe, roles_of
from tandem.protocol.steps import Step, hash_of, steps

LAG = 15.0
"""Seconds by which one of the machines behind a node's address may be behind another."""
BEGIN_ANEW = (
    "the addresses follow from numbers: move the journal away, begin anew with a fresh deployer"
)


class ForeignTransactionError(TandemError):
    """The deployer sent something that is not of the deployment."""


def apply(
    engine: BaseEngine,
    recipe: Recipe,
    deployer: str,
    said: Callable[[str], None] = lambda _: None,
    journal: Path | None = None,
    first: int = 0,
    check: Callable[[], None] = lambda: None,
) -> Deployment:
    """Deploy the system, and first the venue where the file says so. journal: what is written before
    anything is sent; where it stands already, it is gone on with. None for a chain that ends with the
    process. first: the least that the deployer's next number can be, whatever a node says that is behind.
    check: asked once nobody else writes the journal, before anything is sent. Raises ConfigError,
    JournalError, ForeignTransactionError; in this process, Reverted."""
    check_chain(engine, recipe)
    check_outside(engine, recipe)
    if journal is None:
        return _carry_out(engine, recipe, deployer, said, None, first)
    with opened(journal) as book:
        check()
        return _carry_out(engine, recipe, deployer, said, book, first)


def _carry_out(
    engine: BaseEngine,
    recipe: Recipe,
    deployer: str,
    said: Callable[[str], None],
    book: Journal | None,
    least: int,
) -> Deployment:
    begun = book.head if book is not None else None
    addresses = begun.venue if begun else _venue_of(engine, recipe, said)
    first = begun.first if begun else max(engine.nonce(deployer), least)
    todo = steps(recipe, deployer, first, addresses)
    if book is not None:
        book.begin(head_of(recipe.name, engine.chain_id, deployer, addresses, todo))
    if begun is not None and book is not None:
        said(f"going on: {len(book)} of {len(todo)} were begun")
    compile_all(step.name for step in todo)
    for place, step in enumerate(todo, 1):
        said(f"{place} of {len(todo)}: {step.name}")
        _take(engine, deployer, step, book)
    return _record(engine, recipe, deployer, addresses, todo, book)


def check_begun(engine: BaseEngine, recipe: Recipe, begun: Begun) -> None:
    """What a journal names and the chain has taken must be ours, and what it does not name is not taken.
    Raises ForeignTransactionError."""
    head = begun.head
    used = engine.nonce(head.deployer)
    for step in steps(recipe, head.deployer, head.first, head.venue):
        if step.nonce >= used:
            return
        if step.nonce not in begun.numbers:
            raise _foreign(head.deployer, step, used)
        _check_code(engine, head.deployer, step)


def _venue_of(engine: BaseEngine, recipe: Recipe, said: Callable[[str], None]) -> Mapping[str, str]:
    """Its addresses, once it stands."""
    if recipe.price is None:
        return recipe.addresses
    said("deploying the venue")
    return opened_venue(engine, recipe)


def _take(engine: BaseEngine, deployer: str, step: Step, book: Journal | None) -> None:
    """One transaction, unless it was taken before."""
    known = book is not None and step in book
    if known and engine.nonce(deployer) == step.nonce and engine.waiting(deployer):
        Insistence(engine, deployer, step, book).until_used()
    if not _is_due(engine, deployer, step, known=known):
        _check_code(engine, deployer, step)
        return
    if isinstance(engine, RemoteEngine) and engine.signs_for(deployer):
        is_well = Insistence(engine, deployer, step, book).send()
    else:
        is_well = _create(engine, deployer, step, book)
    if not is_well:  # a receipt is a node's word: what stands says what is so
        _check_code(engine, deployer, step)


def _create(engine: BaseEngine, deployer: str, step: Step, book: Journal | None) -> bool:
    """By whoever signs on a chain of one's own. Whether its receipt says that it went well."""
    if book is not None:
        book.write(step)
    try:
        engine.create(step.init, deployer, nonce=step.nonce)
    except RpcError as error:
        if not any(word in error.message for word in NONCE_TAKEN):
            raise
        Insistence(engine, deployer, step, book).until_used()
        return False
    except Reverted:
        if not isinstance(engine, RemoteEngine):
            raise
        return False
    return True


def _is_due(engine: BaseEngine, deployer: str, step: Step, *, known: bool) -> bool:
    """Whether a transaction is the deployer's next; not, where it was sent once and its number is used.
    Raises ForeignTransactionError where another one has its number. A count that is too low, or of which more
    is on its way, may be that of a machine that is behind."""
    deadline, there, waits = time.monotonic() + LAG, 0, 0
    for pause in pauses():
        there, waits = engine.nonce(deployer), engine.waiting(deployer)
        if there == step.nonce and not waits:
            return True
        if there > step.nonce and known:
            return False
        if there > step.nonce or time.monotonic() > deadline:
            break
        time.sleep(pause)
    if there < step.nonce:
        raise _behind(there, deployer, step)
    raise _foreign(deployer, step, there + waits)


def _foreign(deployer: str, step: Step, following: int) -> ForeignTransactionError:
    return ForeignTransactionError(
        f"{deployer} sent a transaction that is not of this deployment: number {step.nonce} was to be "
        f"{step.name}, and the next one is {following}",
        BEGIN_ANEW,
    )


def _check_code(engine: BaseEngine, deployer: str, step: Step) -> None:
    """What stands at a transaction's address must be what it creates. Raises ForeignTransactionError; where
    its number is not used any more, TandemError."""
    fault = (
        f"transaction {step.nonce} of {deployer} left nothing at {step.address}, where {step.name} was "
        "to stand: it failed, or it was another one"
    )
    if _code(engine, step):
        if not isinstance(engine, RemoteEngine):
            return
        if not (fault := fault_of(engine, deployer, step.address, step.init)):
            return
        fault = f"{step.name} at {step.address}: {fault}"
    if (there := engine.nonce(deployer)) <= step.nonce:
        raise _behind(there, deployer, step)
    raise ForeignTransactionError(fault, BEGIN_ANEW)


def _behind(there: int, deployer: str, step: Step) -> TandemError:
    return TandemError(
        f"the node counts {there} transactions of {deployer}, and {step.name} is number {step.nonce}: "
        "it is behind, or a fork took back what was sent",
        f"{GO_ON}; where the chain itself was begun anew, move the journal away first",
    )


def _code(engine: BaseEngine, step: Step) -> bytes:
    """What stands at a transaction's address, waited for where a machine may be behind; b"" for nothing."""
    deadline = time.monotonic() + LAG
    for pause in pauses():
        code = engine.code(step.address)
        if code or time.monotonic() > deadline:
            return code
        time.sleep(pause)
    raise AssertionError("the last look returns")


def _record(
    engine: BaseEngine,
    recipe: Recipe,
    deployer: str,
    addresses: Mapping[str, str],
    done: Sequence[Step],
    book: Journal | None,
) -> Deployment:
    roles = roles_of(recipe, deployer)
    who = {"owner": roles.owner or deployer, "guardian": roles.guardian, "lister": roles.lister}
    return Deployment(
        name=recipe.name,
        chain_id=engine.chain_id,
        block=_block(engine, done[-1], book),
        deployer=deployer,
        first=done[0].nonce,
        contracts={step.name: _deployed(engine, step) for step in done},
        venue={VENUE: recipe.venue.name} | dict(addresses),
        roles=who | {"signers": list(roles.signers)},
        settings={k: plain(v) for k, v in asdict(recipe.settings).items()},
    )


def _block(engine: BaseEngine, last: Step, book: Journal | None) -> int:
    """In which the last contract was created, by whichever run, as the receipt of what the journal names says
    it; the latest where the journal names nothing, or the node has no receipt."""
    latest = engine.block()
    if book is None or not isinstance(engine, RemoteEngine):
        return latest
    for hash_ in book.hashes_of(last):
        with suppress(EngineError):
            found = engine.receipt(hash_)
            if found is not None and _created(found, last):
                return min(int(found["blockNumber"], 16), latest)
    return latest


def _created(receipt: Mapping[str, Any], step: Step) -> bool:
    """Whether a receipt is of what created a step's contract."""
    where = str(receipt.get("contractAddress")).lower()
    return (receipt["status"], where) == ("0x1", step.address.lower())


def _deployed(engine: BaseEngine, step: Step) -> Deployed:
    """What is written down of it. Raises TandemError where nothing stands there any more."""
    code = _code(engine, step)
    if not code:
        raise TandemError(
            f"{step.name} was mined, and nothing stands at {step.address}: the node is behind, or a fork "
            "took it back",
            GO_ON,
        )
    return Deployed(step.address, plain(step.args), hash_of(step.init), hash_of(code))


def plain(value: Any) -> Any:
    """As JSON keeps it: numbers beyond 2**53 lose digits in some readers, so they are text."""
    if isinstance(value, list | tuple):
        kind = tuple if isinstance(value, tuple) else list
        return kind(plain(each) for each in value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
