"""`tandem run`: keep a market, or print what a keeper would do."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import rich_click as click

from keeper.alerts.watch import telling
from keeper.assembly import build
from keeper.contradictions import check
from keeper.cycle import Done, Keeper
from keeper.dice import Dice
from keeper.heartbeat import Heartbeat
from keeper.logs import Log, configure
from keeper.metrics import Meter
from keeper.planner import Plan
from keeper.runner import END_SECONDS, Runner
from keeper.server import listen
from keeper.settings import LogForm, LogLevel, Settings, load_settings
from tandem.connection import connect, record, signer_of
from tandem.engine.node import NodeDownError
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError, SetupError, TandemError
from tandem.protocol.deployment import Deployment
from tandem.terminal.common import chain_options
from tandem.terminal.ending import EXIT_ERROR
from tandem.terminal.json_text import to_json

WHO = "operator"


@click.command()
@click.option("--dry-run", is_flag=True, help="Print the plan; needs no key, sends nothing.")
@click.option("--once", is_flag=True, help="One cycle instead of one per block.")
@click.option("--silverback", is_flag=True, help="Sign with the Ape account TANDEM_ACCOUNT.")
@click.option(
    "--log", type=click.Choice(list(LogForm)), help="Lines on stderr: for people, or JSON."
)
@click.option("--log-level", type=click.Choice(list(LogLevel)), help="The least of what is said.")
@chain_options
def run(
    dry_run: bool,
    once: bool,
    silverback: bool,
    log: str | None,
    log_level: str | None,
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """Keep a market: settle, hedge, top up, process exits, post surfaces.

    With TANDEM_KEY set this process signs and sends. With --silverback, or TANDEM_ACCOUNT set and
    no key, the keeper runs under Silverback with that Ape account on TANDEM_NETWORK. SIGTERM ends
    either cleanly. What it does is said on stderr, with --log json as one object a line; with --json
    each cycle is one line on stdout.

    \b
    Examples:
      tandem run --dry-run --once
      TANDEM_KEY=0x… tandem run --log json
      TANDEM_ACCOUNT=keeper tandem run --silverback
    """
    settings = load_settings(
        rpc=rpc, deployment=deployment, market=market, log=log, log_level=log_level
    )
    if not dry_run and (silverback or (settings.key is None and settings.account)):
        _silverback(settings, once=once, as_json=as_json)
    if not dry_run and settings.key is None:
        raise ConfigError(
            "there is no key to sign with",
            "set TANDEM_KEY; or TANDEM_ACCOUNT to an Ape account and pass --silverback; or look "
            "with --dry-run",
        )
    check(settings)
    log_ = configure(settings)
    try:
        with ExitStack() as left:
            meter = Meter(settings.metrics.silent_seconds)
            if not dry_run and not once and (server := listen(settings, meter)):
                left.callback(server.close)
            _keep(settings, meter, log_, once=once, dry_run=dry_run, as_json=as_json)
    except TandemError as error:
        if settings.log is not LogForm.JSON:
            raise
        log_.error(error.message, hint=error.hint)  # noqa: TRY400 - no traceback: it has a name
        raise SystemExit(EXIT_ERROR) from None


def _keep(
    settings: Settings, meter: Meter, log: Log, *, once: bool, dry_run: bool, as_json: bool
) -> None:
    """From the connection to the end of the last cycle."""
    signer, told = None if dry_run else signer_of(settings), nullcontext(log)
    if signer:
        whose = Deployment.load(record(settings)).name, signer.address
        told = telling(settings, meter.samples, log, whose)
    with told as said:
        engine, found = connect(settings) if once or dry_run else _attached(settings, said)
        keeper = build(settings, engine, found, signer, said)
        if not once:
            keeper.dice = Dice(settings.dice_seconds)
        ended = _until_told_to_end(keeper, engine)
        try:
            meter.watch(keeper, engine.node)
            cycle = partial(_cycle, keeper, meter, dry_run=dry_run, as_json=as_json)
            heart = Heartbeat(keeper, engine.node, meter, said, settings.heartbeat_seconds)
            runner = Runner(engine.node, settings.cycle_seconds, said, meter, heart, ended)
            if once:
                cycle(engine.block())
                runner.look()
                return
            log.info("keeper started", market=found.address("Market"), account=keeper.account)
            _loop(runner, engine, cycle, ended, settings.poll_seconds)
            log.info("keeper stopped")
        finally:
            meter.let_go()
            keeper.close()


def _until_told_to_end(keeper: Keeper, engine: RemoteEngine) -> threading.Event:
    """Set by a signal, which nobody who waits for a node keeps waiting."""
    ended = threading.Event()

    def end(*_: Any) -> None:
        ended.set()
        if keeper.sender:
            keeper.sender.stopping.set()
        if engine.node:
            engine.node.hurry(END_SECONDS)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    return ended


def _cycle(keeper: Keeper, meter: Meter, block: int, *, dry_run: bool, as_json: bool) -> None:
    """What is done at a block, or would be."""
    if dry_run:
        _show(block, keeper.plan()[1], as_json)
    else:
        _tell(block, meter.cycle(keeper), as_json)


def _attached(settings: Settings, log: Log) -> tuple[RemoteEngine, Deployment]:
    """The node and the deployment. A machine that starts has its keeper before its network: a node that is
    away is waited for, as it is later on."""
    said = ""
    while True:
        try:
            return connect(settings)
        except NodeDownError as error:
            if str(error) != said:
                log.warning(f"{error.message}; it is waited for")
            said = str(error)
        time.sleep(settings.poll_seconds)


def _loop(
    runner: Runner,
    engine: RemoteEngine,
    cycle: Callable[[int], None],
    ended: threading.Event,
    pause: float,
) -> None:
    """A cycle per block; a node that is away is waited for, and so is a market that cannot be read."""
    last = -1

    def look() -> int:
        block = engine.block()
        if block != last:
            cycle(block)
        return block

    while not ended.is_set():
        done = runner.once(look)
        last = last if done is None else done
        ended.wait(pause)


def _show(block: int, plan: Plan, as_json: bool) -> None:
    """What would be done at a block."""
    if as_json:
        data = {"block": block, "intents": [asdict(i) for i in plan.intents], "notes": plan.notes}
        _line(data)
        return
    click.echo(f"block {block}: {len(plan.intents)} action(s)")
    for i in plan.intents:
        click.echo(f"  {i.kind} {' '.join(map(str, i.args))}: {i.reason}")
    for note in plan.notes:
        click.echo(f"  not: {note}")


def _tell(block: int, done: list[Done], as_json: bool) -> None:
    """What was done at a block; for people the keeper has said it already."""
    if as_json:
        acts = [asdict(each.intent) | asdict(each.result) for each in done]
        _line({"block": block, "actions": acts})


def _line(data: dict[str, Any]) -> None:
    """One cycle, one line, at once: whoever reads along must not wait for a buffer to fill."""
    click.echo(to_json(data, one_line=True))


def _silverback(settings: Settings, *, once: bool, as_json: bool) -> None:
    """Become Silverback. A local network is the node of --rpc, not one that Ape starts."""
    if settings.account is None:
        raise ConfigError("no Ape account is named", "set TANDEM_ACCOUNT to its alias")
    if once or as_json:
        raise ConfigError(
            "Silverback knows neither --once nor --json",
            "set TANDEM_KEY to have them, or leave them out",
        )
    program = shutil.which("silverback")
    if program is None:
        raise SetupError("silverback is not on PATH", "run `make setup`, or set TANDEM_KEY")
    environment = dict(os.environ)
    environment["TANDEM_DEPLOYMENT"] = str(settings.deployment)
    environment["TANDEM_MARKET"] = settings.market
    environment["TANDEM_LOG"], environment["TANDEM_LOG_LEVEL"] = settings.log, settings.log_level
    if settings.network.endswith(":foundry"):
        environment.setdefault("APE_FOUNDRY_HOST", settings.nodes[0])
    arguments = ["--network", settings.network, "--account", settings.account]
    os.execve(program, [program, "run", "keeper.bot:bot", *arguments], environment)  # noqa: S606
