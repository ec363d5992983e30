"""The keeper under Silverback: `silverback run keeper.bot:bot --network … --account …`.

`tandem run` starts exactly this. Settings come from TANDEM_… variables and tandem.toml, the node and
the account from Ape; the work is `keeper.cycle`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from ape.utils import ManagerAccessMixin
from silverback import SilverbackBot, StateSnapshot
from silverback.exceptions import CircuitBreaker

from keeper.alerts.watch import Alerts, begin
from keeper.assembly import build
from keeper.contradictions import check
from keeper.cycle import Keeper
from keeper.dice import Dice
from keeper.heartbeat import Heartbeat
from keeper.logs import Log, configure
from keeper.metrics import Meter
from keeper.runner import END_SECONDS, Runner
from keeper.server import Server, listen
from keeper.settings import Settings, load_settings
from tandem.connection import check_chain, record
from tandem.engine.ape_chain import signer_of
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer
from tandem.errors import ConfigError, TandemError
from tandem.protocol.deployment import Deployment
from tandem.terminal.ending import EXIT_ERROR

BEAT_SECONDS = 0.5
MOST_FAILURES = 3
"""Cycles in a row that end in what nobody foresaw."""
EXIT_HALT = EXIT_ERROR
"""As `tandem run` ends where it cannot do its work."""
bot: Any = SilverbackBot(signer_required=True)  # pyright: ignore
chain: Any = ManagerAccessMixin.chain_manager  # pyright: ignore[reportFunctionMemberAccess]


def _keeper() -> Keeper:
    found = bot.state.keeper
    assert isinstance(found, Keeper)
    return found


def _stopping() -> threading.Event:
    sender = _keeper().sender
    assert sender is not None
    return sender.stopping


def _provider() -> Any:
    networks: Any = ManagerAccessMixin.network_manager  # pyright: ignore[reportFunctionMemberAccess]
    return networks.provider


@bot.on_startup()
def start(state: StateSnapshot) -> None:
    """Check everything before the first block; what is wrong ends the bot here, with its name."""
    settings = load_settings()
    check(settings)
    if settings.markets:
        raise ConfigError("under Silverback a process keeps one market", "leave [[markets]] out")
    bot.state.log = log = configure(settings)
    meter = Meter(settings.metrics.silent_seconds)
    bot.state.server = listen(settings, meter)
    deployment = Deployment.load(record(settings))
    provider = _provider()
    named = "rpc" in settings.model_fields_set
    node = Node(
        settings.nodes if named else str(provider.http_uri or provider.uri),
        settings.rpc_timeout,
        deployment.chain_id,
    )
    engine = RemoteEngine.over(node, is_development=provider.network.is_dev)
    check_chain(engine, deployment)
    account: Any = bot.signer
    signer = Signer(str(account.address), signer_of(account))
    said = _built(settings, engine, deployment, signer, meter)
    bot.state.keeper.dice = Dice(settings.dice_seconds)
    meter.watch(bot.state.keeper, node)
    heart = Heartbeat(bot.state.keeper, node, meter, said, settings.heartbeat_seconds)
    bot.state.runner = Runner(
        node, settings.cycle_seconds, said, meter, heart, stopping=_stopping()
    )
    bot.state.failures = bot.state.code = 0
    log.info("keeper started", market=deployment.address("Market"), account=signer.address)


def _built(
    settings: Settings,
    engine: RemoteEngine,
    deployment: Deployment,
    signer: Signer,
    meter: Meter,
) -> Log:
    """The keeper, and who is told what it warns of: its log."""
    log: Log = bot.state.log
    bot.state.who, bot.state.meter = f"{deployment.name}, {signer.address}", meter
    journal = settings.journal_path(deployment.name, signer.address)
    bot.state.alerts = alerts = begin(settings, log.error, journal)
    said = alerts.heard(log, bot.state.who) if alerts else log
    try:
        bot.state.keeper = build(settings, engine, deployment, signer, said)
    except TandemError as error:
        if alerts:
            alerts.halted(error, bot.state.who)
            alerts.close()
        raise
    if alerts:
        alerts.watch(meter.samples, bot.state.who)
    return said


@bot.on_startup()
async def beat(state: StateSnapshot) -> None:
    """Wake the loop now and then: a signal sets Silverback's event, which a loop that sleeps until the next
    block does not see. And hear signals as well, once Silverback does: it begins after this."""

    async def go_on() -> None:
        while True:
            _hear()
            await asyncio.sleep(BEAT_SECONDS)

    bot.state.beat = asyncio.create_task(go_on())  # which would be forgotten if nobody held it


def _hear() -> None:
    """Who is told to end waits for no node: Silverback waits for the blocks that it has begun."""
    for number in (signal.SIGTERM, signal.SIGINT):
        theirs = signal.getsignal(number)
        if callable(theirs) and not isinstance(theirs, partial):
            signal.signal(number, partial(_told_to_end, theirs))


def _told_to_end(theirs: Callable[..., Any], *of: Any) -> None:
    _stopping().set()
    _hurry()
    theirs(*of)


def _hurry() -> None:
    engine = _keeper().observer.engine
    if isinstance(engine, RemoteEngine) and engine.node:
        engine.node.hurry(END_SECONDS)


@bot.on_(chain.blocks)
def on_block(block: Any) -> dict[str, int]:
    """One cycle per block; a block that comes during a cycle is part of the next one. What does not pass by
    itself ends the bot, and whoever restarts it sees by its exit code that it should."""
    runner: Runner = bot.state.runner
    log: Log = bot.state.log
    try:
        done = runner.once(partial(bot.state.meter.cycle, _keeper()))
    except TandemError as error:
        log.error("keeper halted", error=error.message, hint=error.hint)  # noqa: TRY400
        if isinstance(bot.state.alerts, Alerts):
            bot.state.alerts.halted(error, bot.state.who)
        bot.state.code = EXIT_HALT
        raise CircuitBreaker(error.message) from error
    except Exception as error:
        log.exception("cycle failed")
        bot.state.failures += 1
        if bot.state.failures <= MOST_FAILURES:
            return {"failed": 1}
        bot.state.code = EXIT_HALT
        raise CircuitBreaker("too many cycles failed in a row") from error
    bot.state.failures = 0
    return {"failed": 1} if done is None else {"actions": len(done)}


@bot.on_shutdown()
def stop() -> None:
    """What is signed is in the journal, and the next start looks after it. Whoever polls for blocks ends
    without a node; it would hold the process until the next one."""
    if isinstance(bot.state.keeper, Keeper):
        _hurry()
        if isinstance(bot.state.meter, Meter):
            bot.state.meter.let_go()
        bot.state.keeper.close()
    for each in (bot.state.server, bot.state.alerts):
        if isinstance(each, Server | Alerts):
            each.close()
    _provider().disconnect()
    bot.state.log.info("keeper stopped")
    if bot.state.code:  # Silverback's own is 0, whatever ended it
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(bot.state.code)
