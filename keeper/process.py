"""All that one process keeps: its markets by key and chain, a thread for each such group, until it is told to
end or none is left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from keeper.alerts.rules import OF_A_KEY
from keeper.alerts.watch import Alerts, begin
from keeper.assembly import build, sender_of
from keeper.contradictions import check
from keeper.cycle import Done
from keeper.dice import Dice
from keeper.execution.sender import Sender
from keeper.group import AllSeats, Group
from keeper.logs import Log, Named
from keeper.markets import Crew, Kept, crews
from keeper.meters import Meters, together
from keeper.runner import END_SECONDS, Runner
from keeper.seat import Seat
from keeper.settings import Settings
from keeper.sharing import Leases, connector
from tandem.connection import check_chain, connect
from tandem.engine.node import NodeDownError, WrongChainError
from tandem.engine.remote import RemoteEngine
from tandem.errors import TandemError
from tandem.terminal.ending import ends_by

JOIN_SECONDS = 4.0
"""That groups have to end, all of them."""

Tell = Callable[[str, int, Any], None]
"""What was done in a market at a block, or would be: its name, "" for the only one."""


@dataclass(slots=True)
class Process:
    """What is under way. tell: told of each cycle; show: of what a dry run finds."""

    settings: Settings
    meters: Meters
    log: Log
    tell: Tell
    show: Tell
    dry_run: bool = False
    ended: threading.Event = field(default_factory=threading.Event)
    _groups: list[Group] = field(default_factory=list[Group])
    _alerts: Alerts | None = None
    _leases: Leases | None = None
    _failed: list[BaseException] = field(default_factory=list[BaseException])

    def run(self, *, once: bool) -> None:
        """Until it is told to end. Raises what ended the only market, or one of them."""
        listed = crews(self.settings, dry_run=self.dry_run)
        for one in (one for crew in listed for one in crew.markets):
            check(one.settings)
        leases = self._shares(listed) if not once and not self.dry_run else None
        is_one = len(listed) == len(listed[0].markets) == 1 and leases is None
        if not self.dry_run:
            self._alerts = begin(self.settings, self.log.error, _journal(listed[0], is_one=is_one))
        try:
            if len(listed) == 1:
                self._keep(listed[0], once=once, is_one=is_one)
            elif once:
                for crew in listed:
                    self._keep_apart(crew, once=True)
            else:
                self._hear()
                self._side_by_side(listed)
        finally:
            if leases is not None:
                leases.close()
            if self._alerts is not None:
                self._alerts.close()
        for error in self._failed:
            raise error

    def _shares(self, listed: Sequence[Crew]) -> Leases | None:
        """Which markets are this process's, where several share them."""
        url, ours = self.settings.leases.url, [one.lease for crew in listed for one in crew.markets]
        if url is None:
            return None
        connect = connector(url.get_secret_value())
        table = self.settings.leases
        self._leases = leases = Leases(connect, ours, table.seconds, self.log, table.away_seconds)
        leases.beat()
        threading.Thread(target=leases.run, args=(self.ended,), name="leases", daemon=True).start()
        return leases

    def _hear(self) -> None:
        ends_by(self.end)

    def end(self) -> None:
        """Who waits for a node or a block waits no longer."""
        self.ended.set()
        for group in self._groups:
            for seat in group.seats:
                if seat.keeper.sender:
                    seat.keeper.sender.stopping.set()
            if group.engine.node:
                group.engine.node.hurry(END_SECONDS)

    def _side_by_side(self, listed: Sequence[Crew]) -> None:
        """A thread for each: a chain whose nodes hang holds up no other, and one that ends is told of."""

        threads = [
            threading.Thread(target=self._keep_apart, args=(crew,), name=crew.who, daemon=True)
            for crew in listed
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) and not self.ended.wait(0.2):
            pass
        until = time.monotonic() + JOIN_SECONDS
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0))

    def _keep_apart(self, crew: Crew, *, once: bool = False) -> None:
        """One of several groups: what ends it is told, and ends no other."""
        try:
            self._keep(crew, once=once, is_one=False)
        except TandemError as error:
            self._failed.append(error)
            self._leave(crew.markets)
            said = {"error": error.message, "hint": error.hint}
            self.log.error("group halted", markets=crew.who, **said)  # noqa: TRY400 - it has a name
        except Exception as error:
            self._failed.append(error)
            self._leave(crew.markets)
            self._heard(crew).exception("group ended", markets=crew.who)

    def _leave(self, markets: Sequence[Kept]) -> None:
        """What halted here may be well where another process keeps it."""
        if self._leases is not None:
            self._leases.leave([one.lease for one in markets])

    # ---- one group
    def _keep(self, crew: Crew, *, once: bool, is_one: bool) -> None:
        """From the connection to the end of the last round."""
        waits = not once and not self.dry_run
        group: Group | None = None
        try:
            engine = attached(crew, self.ended, self._heard(crew), waits=waits)
            if engine is None:
                return
            group = self._seated(crew, engine, is_one=is_one)
            if threading.current_thread() is threading.main_thread():
                self._hear()
            if once:
                group.once()
                return
            self._watch(crew, group)
            for seat in group.seats:
                seat.keeper.dice = Dice(crew.settings.dice_seconds)
                market = seat.keeper.observer.handles.market.address
                seat.log.info("keeper started", market=market, account=seat.keeper.account)
            group.loop(self.ended, crew.settings.poll_seconds)
            self.log.info("keeper stopped")
        except TandemError as error:
            if self._alerts is not None and not (group and group.has_told(error)):
                self._alerts.halted(error, crew.who)
            raise
        except (
            Exception
        ) as error:  # what was asked for on stdout goes nowhere, say, or a plug-in errs
            if self._alerts is not None:
                self._alerts.halted(TandemError(str(error) or repr(error), "see the log"), crew.who)
            raise
        finally:
            for seat in group.seats if group else ():
                seat.meter.let_go()
                seat.keeper.close()

    def _heard(self, crew: Crew) -> Log:
        return self._alerts.heard(self.log, crew.who) if self._alerts else self.log

    def _seated(self, crew: Crew, engine: RemoteEngine, *, is_one: bool) -> Group:
        """The group, its keepers built."""
        sender, first, log = None, crew.settings, self._heard(crew)
        if crew.signer is not None and not is_one:
            path, kept = _journal(crew, is_one=False), [one.deployment for one in crew.markets]
            sender = sender_of(first, engine, crew.signer, path, log, kept)
        seats: list[Seat] = []
        try:
            for one in crew.markets:
                seats.append(self._seat(crew, one, engine, sender, log, is_one=is_one))
        except BaseException:
            if sender is not None:
                sender.close()
            raise
        shared = AllSeats(seats)
        runner = Runner(engine.node, first.cycle_seconds, log, shared, shared, stopping=self.ended)
        group = Group(
            engine, seats, runner, first.cycle_seconds, self._act, partial(self._halted, crew),
            is_dry=self.dry_run,
        )  # fmt: skip
        if (leases := self._leases) is not None:
            keys = {one.name: one.lease for one in crew.markets}
            group.share(leases, keys)
            if sender is not None:
                sender.may_send = lambda market: leases.may_send(keys.get(market, ""))
        self._groups.append(group)
        if self.ended.is_set():
            self.end()
        return group

    def _seat(
        self, crew: Crew, one: Kept, engine: RemoteEngine, sender: Sender | None, log: Log, *,
        is_one: bool,
    ) -> Seat:  # fmt: skip
        name = "" if is_one else one.name
        log = log if is_one else Named(log, market=name)
        signer = crew.signer if is_one else None
        keeper = build(one.settings, engine, one.deployment, signer, log, sender)
        alone = len(crew.markets) == 1
        return Seat.of(
            keeper, self.meters.add(name), engine.node, one.settings, log, self.ended, tells_of_nodes=alone
        )  # fmt: skip

    def _act(self, seat: Seat, block: int, most: int) -> list[Done]:
        """A cycle, or what one would do."""
        if self.dry_run:
            self.show(seat.name, block, seat.keeper.plan()[1])
            seat.keeper.check()
            return []
        done = seat.meter.cycle(seat.keeper, most)
        self.tell(seat.name, block, done)
        return done

    def _watch(self, crew: Crew, group: Group) -> None:
        """Who is told of what is wrong: of each market, and of what they share once."""
        alerts = self._alerts
        if alerts is None:
            return
        if len(group.seats) == 1:
            alerts.watch(group.seats[0].meter.samples, crew.who)
            return
        meters = [seat.meter for seat in group.seats]
        alerts.watch(partial(together, meters), crew.who, lambda rule: rule.name in OF_A_KEY)
        for seat in group.seats:
            alerts.watch(seat.meter.samples, seat.name, lambda rule: rule.name not in OF_A_KEY)

    def _halted(self, crew: Crew, seat: Seat) -> None:
        if seat.halted is not None:
            self._leave([one for one in crew.markets if one.name == seat.name])
            self._failed.append(seat.halted)
            if self._alerts is not None:
                self._alerts.halted(seat.halted, seat.name)


def _journal(crew: Crew, *, is_one: bool) -> Path:
    """Where it lies."""
    account, settings = crew.signer.address if crew.signer else "", crew.settings
    if is_one:
        return settings.journal_path(crew.markets[0].deployment.name, account)
    return settings.shared_journal(crew.chain_id, account)


def attached(
    crew: Crew, ended: threading.Event, log: Log, *, waits: bool = True
) -> RemoteEngine | None:
    """Their nodes, once each market is found there. A machine that starts has its keeper before its network:
    a node that is away is waited for, as it is later on; None where it is told to end meanwhile."""
    said = ""
    while not ended.is_set():
        try:
            engine, _ = connect(crew.settings)
            for one in crew.markets[1:]:
                check_chain(engine, one.deployment)
        except WrongChainError as error:
            if len(crew.markets) == 1:
                raise
            names = ", ".join(one.name for one in crew.markets)
            raise WrongChainError(error.message, f"{error.hint}; it is one of {names}") from error
        except NodeDownError as error:
            if not waits:
                raise
            if str(error) != said:
                log.warning(f"{error.message}; it is waited for")
            said = str(error)
        else:
            return engine
        ended.wait(crew.settings.poll_seconds)
    return None
