"""`tandem run`: keep a market, or print what a keeper would do."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import rich_click as click

from keeper.contradictions import check
from keeper.cycle import Done
from keeper.logs import Lately, configure, drain
from keeper.markets import with_records
from keeper.meters import Meters
from keeper.planner import Plan
from keeper.process import Process
from keeper.server import listen
from keeper.settings import Settings, load_settings
from keeper.tables import LogForm, LogLevel
from tandem.errors import ConfigError, SetupError, TandemError
from tandem.terminal.common import Place, json_option
from tandem.terminal.ending import code_of
from tandem.terminal.json_text import to_json
from tandem.terminal.stdout import put

WHO = "operator"
RUNNER = ("--runner", "silverback.runner:PollingRunner")
"""Of Silverback: the one that holds no connection, for the keeper looks for blocks by itself."""


@click.command()
@click.option("--dry-run", is_flag=True, help="Print the plan; needs no key, sends nothing.")
@click.option("--once", is_flag=True, help="One cycle instead of one per block.")
@click.option("--silverback", is_flag=True, help="Sign with the Ape account TANDEM_ACCOUNT.")
@click.option(
    "--log", type=click.Choice([*map(str, LogForm)]), help="Lines on stderr: for people, or JSON."
)
@click.option(
    "--log-level", type=click.Choice([*map(str, LogLevel)]), help="The least of what is said."
)
@click.option("--rpc", help="A node, or several, comma-separated.")
@click.option(
    "--deployment",
    "deployments",
    multiple=True,
    type=Place(),
    help="The file that `tandem deploy apply` wrote; once for each to keep.",
)
@click.option("--market", help="Which one, of a deployment that has several; else all of them.")
@json_option
def run(
    dry_run: bool,
    once: bool,
    silverback: bool,
    log: str | None,
    log_level: str | None,
    rpc: str | None,
    deployments: tuple[Path, ...],
    market: str | None,
    as_json: bool,
) -> None:
    """Keep a market, or several: settle, hedge, top up, process exits, post surfaces.

    With TANDEM_KEY set this process signs and sends. With --silverback, or TANDEM_ACCOUNT set and
    no key, the keeper runs under Silverback with that Ape account on TANDEM_NETWORK. SIGTERM ends
    either cleanly. What it does is said on stderr, with --log json as one object a line; with --json
    each cycle is one line on stdout.

    \b
    Examples:
      tandem run --dry-run --once
      TANDEM_KEY=0x… tandem run --log json
      TANDEM_ACCOUNT=keeper tandem run --silverback
      tandem run --deployment deployments/eth.json --deployment deployments/btc.json
    """
    settings = with_records(
        load_settings(rpc=rpc, market=market, log=log, log_level=log_level), deployments
    )
    if not dry_run and (silverback or (settings.key is None and settings.account)):
        _silverback(settings, once=once, as_json=as_json)
    lately = Lately()
    log_ = configure(settings, lately)
    show, tell = partial(_show, as_json=as_json), partial(_tell, as_json=as_json)
    try:
        if not dry_run and settings.key is None and not settings.keys:
            raise ConfigError(
                "there is no key to sign with",
                "set TANDEM_KEY; or TANDEM_ACCOUNT to an Ape account and pass --silverback; or look "
                "with --dry-run",
            )
        check(settings)
        with ExitStack() as left:
            meters = Meters(settings.metrics.silent_seconds)
            if not dry_run and not once and (server := listen(settings, meters, lately)):
                left.callback(server.close)
            Process(settings, meters, log_, tell, show, dry_run=dry_run).run(once=once)
    except TandemError as error:
        if settings.log is not LogForm.JSON:
            raise
        log_.error(error.message, hint=error.hint)  # noqa: TRY400 - no traceback: it has a name
        raise SystemExit(code_of(error)) from None
    finally:
        drain()


def _show(name: str, block: int, plan: Plan, *, as_json: bool) -> None:
    """What would be done at a block."""
    if as_json:
        data = {"block": block, "intents": [asdict(i) for i in plan.intents], "notes": plan.notes}
        _line(_named(name) | data)
        return
    of = f"{name}: " if name else ""
    click.echo(f"{of}block {block}: {len(plan.intents)} action(s)")
    for i in plan.intents:
        click.echo(f"  {i.kind} {' '.join(map(str, i.args))}: {i.reason}")
    for note in plan.notes:
        click.echo(f"  not: {note}")


def _tell(name: str, block: int, done: list[Done], *, as_json: bool) -> None:
    """What was done at a block; for people the keeper has said it already."""
    if as_json:
        acts = [asdict(each.intent) | asdict(each.result) for each in done]
        _line(_named(name) | {"block": block, "actions": acts})


def _named(name: str) -> dict[str, Any]:
    """Which of several markets a line is of."""
    return {"market": name} if name else {}


def _line(data: dict[str, Any]) -> None:
    """One cycle, one line, at once: whoever reads along must not wait for a buffer to fill."""
    put(to_json(data, one_line=True))


def _silverback(settings: Settings, *, once: bool, as_json: bool) -> None:
    """Become Silverback. A local network is the node of --rpc, not one that Ape starts."""
    if settings.account is None:
        raise ConfigError("no Ape account is named", "set TANDEM_ACCOUNT to its alias")
    if settings.markets:
        raise ConfigError(
            "under Silverback a process keeps one market", "set TANDEM_KEY to keep several in one"
        )
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
    arguments = [*RUNNER, "--network", settings.network, "--account", settings.account]
    os.execve(program, [program, "run", "keeper.bot:bot", *arguments], environment)  # noqa: S606
