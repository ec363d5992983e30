"""A deployment from a file to a record, however often it is interrupted: for `tandem deploy apply` and for
`ape run deploy`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial
from pathlib import Path

import rich_click as click

from tandem.client.amounts import SHARES
from tandem.client.errors import GasError
from tandem.client.outbox import turn
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError, TandemError
from tandem.protocol.applying import ForeignTransactionError, apply, check_begun
from tandem.protocol.costs import Cost, check_money, costs, eth_price
from tandem.protocol.deploy import order
from tandem.protocol.deploy_journal import Begun, Head, check_venue, journal_of, read
from tandem.protocol.deployment import FOLDER, Deployment, check_record, record_of, set_aside
from tandem.protocol.drill import Drill, Drilled, DrillError, for_a_drill
from tandem.protocol.journal_lines import JournalError
from tandem.protocol.outside import check_chain, check_outside
from tandem.protocol.recipe import Recipe
from tandem.protocol.rehearsal import Rehearsed, rehearse
from tandem.protocol.verifying import verify
from tandem.terminal.common import progress
from tandem.terminal.record import record
from tandem.units import WAD, decimal, ether, scaled

DEARER = 4
"""Times what is bid for gas when a deployment begins, that it bids at most later: fees are a node's word."""
MOST_GAS = Decimal("0.5")
"""ETH that gas and data of all of a deployment may take, by whatever a node says: fees are paid to others."""
TURN_SECONDS = 10.0
"""For which another command of the deployer's is waited for: each would take the other's numbers."""
Said = Callable[[str], None]
"""Hears of each transaction."""
Asked = tuple[Recipe, Path]
"""A market, and where its record is to be."""


def _eth(_: click.Context, __: click.Parameter, given: str) -> Decimal:
    return decimal(scaled(given, SHARES, "amount of gas"), SHARES)


gas_option = click.option(
    "--gas",
    "most",
    metavar="ETH",
    default=str(MOST_GAS),
    show_default=True,
    callback=_eth,
    help="The most that gas and data of all of it may cost.",
)


def place_of(recipe: Recipe, out: Path | None) -> Path:
    """Where a market's record is written, and its journal beside it: the same whichever command deploys."""
    return FOLDER / f"{recipe.name}.json" if out is None else record_of(out, recipe.market)


def carry_out(
    engine: RemoteEngine,
    recipe: Recipe,
    deployer: str,
    path: Path,
    *,
    replace: bool,
    said: Said,
    most: Decimal = MOST_GAS,
) -> Deployment:
    """Check everything, deploy what does not stand yet, write the record to `path`, and let go of the
    journal. replace: a record that is there; most: ETH."""
    with turn(engine, deployer, TURN_SECONDS):
        was = _said(path)
        _check(engine, [(recipe, path)], deployer, replace=replace, most=most)
        return _deployed(engine, recipe, deployer, path, said, was)


def carry_out_all(
    engine: RemoteEngine,
    asked: Sequence[Asked],
    deployer: str,
    *,
    replace: bool,
    said: Said,
    most: Decimal = MOST_GAS,
) -> list[Deployment]:
    """Several markets, one after the other, once all of them are checked. Markets that stand are left as they
    are while another does not, so that whoever is interrupted goes on; where all of them stand they are
    replaced, or refused. What is begun goes first: its numbers are taken. One alone is `carry_out`'s."""
    if len(asked) == 1:
        ((one, path),) = asked
        return [carry_out(engine, one, deployer, path, replace=replace, said=said, most=most)]
    with turn(engine, deployer, TURN_SECONDS):
        return _carried_out(engine, asked, deployer, replace=replace, said=said, most=most)


def _carried_out(
    engine: RemoteEngine,
    asked: Sequence[Asked],
    deployer: str,
    *,
    replace: bool,
    said: Said,
    most: Decimal,
) -> list[Deployment]:
    was = {path: _said(path) for _, path in asked}
    left = [each for each in asked if not _stands(engine, *each)]
    for recipe, _ in asked:
        if left and recipe not in [each for each, _ in left]:
            said(f"{recipe.name} stands already")
    left = sorted(left or asked, key=lambda each: _begun(*each) is None)
    _check(engine, left, deployer, replace=replace, most=most)
    for _, path in left:
        _check_same(path, was[path])
        if path.is_file():  # from now on what is missing is what is still to be done
            set_aside(path)
    following = 0
    for recipe, path in left:
        said(f"[{recipe.name}]")
        done = _deployed(engine, recipe, deployer, path, said, None, following)
        following = done.first + len(done.contracts)
    return [Deployment.load(path) for _, path in asked]


def _deployed(
    engine: RemoteEngine,
    recipe: Recipe,
    deployer: str,
    path: Path,
    said: Said,
    was: bytes | None,
    first: int = 0,
) -> Deployment:
    """was: what the record said when this began; first: as of `apply`."""
    journal = journal_of(path, recipe.name)
    try:
        check = partial(_check_same, path, was)
        found = apply(engine, recipe, deployer, said, journal, first, check)
    except BaseException as ended:
        if not isinstance(ended, JournalError) and _has_begun(journal):
            told = f"{journal} says what was sent"
            is_over = isinstance(ended, ForeignTransactionError)
            ended.add_note(told if is_over else f"{told}: the same command goes on from there")
        raise
    record(found, path)
    journal.unlink(missing_ok=True)
    return found


def _said(path: Path) -> bytes | None:
    """None where nothing is recorded."""
    return path.read_bytes() if path.is_file() else None


def _check_same(path: Path, was: bytes | None) -> None:
    """Who ends takes his journal away, and who looked before that would begin all of it once more. Raises
    JournalError."""
    if _said(path) != was:
        raise JournalError(
            f"{path} was written meanwhile, by another run: nothing was sent by this one",
            "look at what stands with `tandem deploy verify`",
        )


def _has_begun(journal: Path) -> bool:
    """Whether it says whose transactions it is of: before that nothing was to be sent."""
    with suppress(TandemError, OSError):
        return read(journal) is not None
    return False


def _begun(recipe: Recipe, path: Path) -> Begun | None:
    """What the journal says, of a deployment that is not recorded yet. Raises JournalError."""
    journal = journal_of(path, recipe.name)
    begun = read(journal)
    if begun is not None and _is_recorded(begun.head, path):
        journal.unlink()  # it had been carried out, and the process ended before this line
        return None
    if begun is not None:
        check_venue(journal, begun, recipe.venue, recipe.asset)
    return begun


def _stands(engine: RemoteEngine, recipe: Recipe, path: Path) -> bool:
    """Whether the market is on this chain, as its record has it, and not about to be replaced."""
    if not path.is_file() or _begun(recipe, path) is not None:
        return False
    try:
        found = Deployment.load(path)
    except ConfigError:
        return False
    is_it = (found.name, found.chain_id) == (recipe.name, engine.chain_id)
    return is_it and bool(engine.code(found.address("Market")))


def drilled(
    fork: RemoteEngine, recipe: Recipe, deployer: str, *, quiet: bool = False
) -> list[Drilled]:
    """Deploy on a fork with signers of ours, read it back, and use it. Raises ConfigError, DrillError."""
    wanted = for_a_drill(fork, recipe)
    fork.request("anvil_setBalance", [deployer, hex(1_000 * WAD)])
    fork.request("anvil_impersonateAccount", [deployer])
    found = apply(fork, wanted, deployer, (lambda _: None) if quiet else progress)
    faults = [f"{f.name}: {f.fault}" for f in verify(fork, found, wanted) if f.fault]
    if faults:
        raise DrillError(
            f"what was deployed is not as it must be: {'; '.join(faults)}", "report it"
        )
    if not quiet:
        click.echo(f"deployed and read back: {len(found.contracts)} contracts")
    return Drill(fork, found, (lambda _: None) if quiet else _say).run()


def _say(act: Drilled) -> None:
    click.echo(f"{act.act:10} {act.gas:>10,} gas  {act.said}")


def _is_recorded(begun: Head, path: Path) -> bool:
    """Whether the deployment of a journal is the one that the record describes."""
    if not path.is_file():
        return False
    try:
        was = Deployment.load(path)
    except ConfigError:
        return False
    return (was.chain_id, was.deployer, was.first) == (begun.chain_id, begun.deployer, begun.first)


def _check(
    engine: RemoteEngine, asked: Sequence[Asked], deployer: str, *, replace: bool, most: Decimal
) -> None:
    """Files, chain and addresses; every constructor of what is not yet sent, and the deployer's money for all
    of it. From then on no more than `most` is bid."""
    begun = {recipe.name: _begun(recipe, path) for recipe, path in asked}
    for recipe, path in asked:
        check_record(path, replace=replace)
        check_chain(engine, recipe)
        journal = begun[recipe.name]
        check_outside(engine, recipe, journal.head.deployer if journal else deployer)
    first, left = engine.nonce(deployer), list[Rehearsed]()
    for recipe, _ in asked:
        venue, journal = None, begun[recipe.name]
        if journal is not None:
            if journal.head.deployer != deployer:
                return  # whose journal it is stops it in `apply`, by name
            check_begun(engine, recipe, journal)
            first, venue = journal.head.first, journal.head.venue
        left += rehearse(engine, recipe, deployer, first, venue)
        first += len(order(recipe.venue, recipe.asset))
    eth = eth_price(engine, [recipe for recipe, _ in asked])
    found = costs(engine, deployer, left, eth)
    check_money(engine, deployer, found)
    if not engine.is_development:
        engine.dearest = _dearest(found, engine.fees()[0], most)


def _dearest(found: Sequence[Cost], bid: int, most: Decimal) -> int:
    """The most that is bid for a unit of gas, wei, so that all of it takes no more than `most`, ETH. bid: for
    one now. Raises GasError where that is more."""
    gas, data = sum(cost.gas for cost in found), sum(cost.data for cost in found)
    wei = int(most.scaleb(18))
    if (takes := gas * bid + data) > wei:
        raise GasError(
            f"by the node's fees deploying may take up to {ether(takes)} ETH, more than {ether(wei)}: "
            "nothing was sent",
            "wait until gas is cheaper, ask another node, or allow more with --gas",
        )
    return min(DEARER * bid, (wei - data) // max(gas, 1))
