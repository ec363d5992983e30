"""The keeper under Silverback: `silverback run keeper.bot:bot --runner … --network … --account …`.

`tandem run` starts exactly this. Settings come from TANDEM_… variables and tandem.toml, the account from
Ape, and the node too where TANDEM_RPC names none; the loop is that of `tandem run`. Blocks are looked for
through the keeper's own nodes: Ape follows one, and Silverback ends where that one fails to answer once.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from ape.utils import ManagerAccessMixin
from silverback import SilverbackBot, StateSnapshot

from keeper.alerts.watch import Alerts, begin
from keeper.assembly import build
from keeper.contradictions import check
from keeper.cycle import Done, Keeper
from keeper.dice import Dice
from keeper.group import Group
from keeper.logs import Lately, Log, configure, drain
from keeper.metrics import Meter
from keeper.runner import END_SECONDS
from keeper.seat import Seat
from keeper.server import Server, listen
from keeper.settings import Settings, load_settings
from tandem.connection import check_chain, record
from tandem.engine.ape_chain import signer_of
from tandem.engine.node import Node, NodeDownError
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer
from tandem.errors import ConfigError, TandemError
from tandem.protocol.deployment import Deployment
from tandem.terminal.ending import EXIT_FAULT, code_of, ending_signals, let_go_after, say_at_once

BEAT_SECONDS = 0.5
EXIT_CUT = EXIT_FAULT
"""Nobody told it to end: whoever looks after it starts it again."""
bot: Any = SilverbackBot(signer_required=True)  # pyright: ignore


def _seat() -> Seat:
    found = bot.state.seat
    assert isinstance(found, Seat)
    return found


def _provider() -> Any:
    networks: Any = ManagerAccessMixin.network_manager  # pyright: ignore[reportFunctionMemberAccess]
    return networks.provider


@bot.on_startup()
def start(state: StateSnapshot) -> None:
    """Check everything before the first block; what is wrong ends the bot here, with its name and the exit
    code that `tandem run` has: Silverback's own is 1, behind a traceback, and is begun again for ever. So is
    one whose nodes are away, which `tandem run` waits for."""
    try:
        _begin()
    except TandemError as error:
        if bot.state.log:
            bot.state.log.error(error.message, hint=error.hint)  # noqa: TRY400 - it has a name
        else:
            say_at_once(f"error: {error.message}\nwhat to do next: {error.hint}\n")
        _leave(EXIT_CUT if isinstance(error, NodeDownError) else code_of(error))


def _begin() -> None:
    settings = load_settings()
    check(settings)
    if settings.markets:
        raise ConfigError("under Silverback a process keeps one market", "leave [[markets]] out")
    lately = Lately()
    bot.state.log = log = configure(settings, lately)
    meter = Meter(settings.metrics.silent_seconds)
    bot.state.server = listen(settings, meter, lately)
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
    keeper, said = _built(settings, engine, deployment, signer, meter)
    keeper.dice = Dice(settings.dice_seconds)
    assert keeper.sender is not None
    bot.state.seat = seat = Seat.of(keeper, meter, node, settings, said, keeper.sender.stopping)
    bot.state.group = Group(engine, [seat], seat.runner, settings.cycle_seconds, _act)
    bot.state.pause, bot.state.actions, bot.state.code = settings.poll_seconds, 0, 0
    log.info("keeper started", market=deployment.address("Market"), account=signer.address)


def _built(
    settings: Settings,
    engine: RemoteEngine,
    deployment: Deployment,
    signer: Signer,
    meter: Meter,
) -> tuple[Keeper, Log]:
    """The keeper, and who is told what it warns of: its log."""
    log: Log = bot.state.log
    bot.state.who = f"{deployment.name}, {signer.address}"
    journal = settings.journal_path(deployment.name, signer.address)
    bot.state.alerts = alerts = begin(settings, log.error, journal)
    said = alerts.heard(log, bot.state.who) if alerts else log
    try:
        keeper = build(settings, engine, deployment, signer, said)
    except TandemError as error:
        if alerts:
            alerts.halted(error, bot.state.who)
            alerts.close()
        raise
    if alerts:
        alerts.watch(meter.samples, bot.state.who)
    return keeper, said


@bot.on_startup()
async def beat(state: StateSnapshot) -> None:
    """Begin once Silverback hears signals, which is after this. And wake its loop now and then: a signal sets
    an event that a loop which sleeps does not see."""

    async def go_on() -> None:
        while not _hear():
            await asyncio.sleep(BEAT_SECONDS)
        bot.state.loop = asyncio.create_task(asyncio.to_thread(_keep))
        while True:
            await asyncio.sleep(BEAT_SECONDS)

    bot.state.beat = asyncio.create_task(go_on())  # which would be forgotten if nobody held it


def _hear() -> bool:
    """Who is told to end waits for no node. Whether Silverback hears by now."""
    if not callable(signal.getsignal(signal.SIGTERM)):
        return False
    ends = signal.getsignal(signal.SIGTERM)
    for number in ending_signals():
        theirs = ends if number == signal.SIGHUP else signal.getsignal(number)
        assert callable(theirs)
        signal.signal(number, partial(_told_to_end, theirs))
    return True


def _told_to_end(theirs: Callable[..., Any], number: int, frame: FrameType | None) -> None:
    """A terminal that was closed ends it as SIGTERM does, of which alone Silverback knows."""
    let_go_after(number)
    _seat().runner.stopping.set()
    _hurry()
    theirs(signal.SIGTERM if number == signal.SIGHUP else number, frame)


def _hurry() -> None:
    if node := _seat().runner.node:
        node.hurry(END_SECONDS)


def _act(seat: Seat, _: int, most: int) -> list[Done]:
    """One cycle per block; a block that comes during a cycle is part of the next one."""
    done = seat.meter.cycle(seat.keeper, most)
    bot.state.actions += len(done)
    return done


def _keep() -> None:
    """Until it is told to end. What does not pass by itself ends the bot, and whoever restarts it sees by its
    exit code that it should."""
    group, code = bot.state.group, EXIT_CUT
    assert isinstance(group, Group)
    try:
        group.loop(_seat().runner.stopping, bot.state.pause)
        code = 0
    except TandemError as error:
        bot.state.log.error("keeper halted", error=error.message, hint=error.hint)  # noqa: TRY400
        if isinstance(bot.state.alerts, Alerts):
            bot.state.alerts.halted(error, bot.state.who)
        code = code_of(error)  # as `tandem run` ends
    finally:
        if code:
            bot.state.code = code
            os.kill(os.getpid(), signal.SIGTERM)


@bot.cron("* * * * *")
def tell(_: Any) -> dict[str, int]:
    """What Silverback has of it: how many acts there were since it began. It runs no bot without a task."""
    return {"actions": bot.state.actions}


def _leave(code: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    drain()
    os._exit(code)


@bot.on_shutdown()
def stop() -> None:
    """What is signed is in the journal, and the next start looks after it. Where a runner of Silverback ended
    by itself, as one that follows a node does with that, the exit code says so."""
    if isinstance(seat := bot.state.seat, Seat):
        if not seat.runner.stopping.is_set():
            bot.state.code = EXIT_CUT
        _hurry()
        seat.meter.let_go()
        seat.keeper.close()
    for each in (bot.state.server, bot.state.alerts):
        if isinstance(each, Server | Alerts):
            each.close()
    bot.state.log.info("keeper stopped")
    if bot.state.code:  # Silverback's own is 0, whatever ended it
        _leave(bot.state.code)
    gc.freeze()  # else the interpreter looks through all that is loaded before it ends: two seconds
