"""`tandem run`: the keeper, or what it would do."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import rich_click as click

from keeper.assembly import build, connect, signer_of
from keeper.cli.common import chain_options, emit, settings_of
from keeper.cycle import Keeper
from keeper.errors import EngineError, SetupError
from keeper.planner import Plan
from keeper.settings import Settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Print the plan; needs no key, sends nothing.")
@click.option("--once", is_flag=True, help="One cycle instead of one per block.")
@chain_options
def run(dry_run: bool, once: bool, rpc: str | None, deployment: Path | None, as_json: bool) -> None:
    """Keep a market: settle, hedge, top up, process exits, post surfaces.

    With TANDEM_KEY set this process signs and sends. Without it the keeper runs under Silverback
    with an Ape account (TANDEM_NETWORK, TANDEM_ACCOUNT). SIGTERM ends either cleanly.
    """
    settings = settings_of(rpc, deployment)
    if not dry_run and settings.key is None:
        _silverback(settings)
    engine, found = connect(settings)
    signer = None if dry_run else signer_of(settings)
    keeper = build(settings, engine, found, signer, click.echo)
    ended = threading.Event()

    def end(*_: Any) -> None:
        ended.set()
        if keeper.sender:
            keeper.sender.stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    try:
        _loop(keeper, settings.poll_seconds, ended, once=once, dry_run=dry_run, as_json=as_json)
    finally:
        keeper.close()


def _loop(
    keeper: Keeper,
    poll_seconds: float,
    ended: threading.Event,
    *,
    once: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """A cycle per block; a node that is away is waited for."""
    last = -1
    while not ended.is_set():
        try:
            block = keeper.engine.block()
            if block != last:
                if dry_run:
                    _show(block, keeper.plan()[1], as_json)
                else:
                    keeper.cycle()
                last = block
        except EngineError as error:
            if once:
                raise
            click.echo(f"{error.message}; {error.hint}", err=True)
        if once:
            return
        ended.wait(poll_seconds)


def _show(block: int, plan: Plan, as_json: bool) -> None:
    lines = [f"block {block}: {len(plan.intents)} action(s)"]
    lines += [f"  {i.kind} {' '.join(map(str, i.args))}: {i.reason}" for i in plan.intents]
    lines += [f"  not: {note}" for note in plan.notes]
    data = {"block": block, "intents": [asdict(i) for i in plan.intents], "notes": plan.notes}
    emit(as_json, data, lines)


def _silverback(settings: Settings) -> None:
    """Become Silverback. A local network is the node of --rpc, not one that Ape starts."""
    program = shutil.which("silverback")
    if program is None:
        raise SetupError("silverback is not on PATH", "run `make setup`, or set TANDEM_KEY")
    environment = dict(os.environ)
    environment["TANDEM_DEPLOYMENT"] = str(settings.deployment)
    if settings.network.endswith(":foundry"):
        environment.setdefault("APE_FOUNDRY_HOST", settings.nodes[0])
    arguments = ["--network", settings.network, "--account", settings.account]
    os.execve(program, [program, "run", "keeper.bot:bot", *arguments], environment)  # noqa: S606
