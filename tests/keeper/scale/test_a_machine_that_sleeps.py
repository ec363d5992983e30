"""Two processes that share markets, as they are started, and a machine that sleeps: a keeper's, Postgres's.

What sleeps is stopped (SIGSTOP): it keeps its connections and what it believes. A clock that stands still
meanwhile is `test_who_slept_through_his_lease_sends_nothing_though_his_clock_stood`.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

import pytest
from lived_in import KEEPER_KEY

from keeper.journal import Action, State, read_actions
from keeper.sharing import BEATS, connector
from scale.postgres import running
from scale.street import Street
from scale.test_as_a_process import OTHER_KEY
from scale.test_leases import SECONDS, owners, run, until
from tandem.engine.signers import from_key

pytestmark = pytest.mark.long
WITHIN = (1 + 1 / BEATS) * SECONDS + 2
"""Seconds after which what nobody holds is another's, a look for a block included."""
AWAY = "the database of leases does not answer"


@dataclass
class Keeper:
    """One of the two, and what it said and did."""

    process: Popen[bytes]
    folder: Path
    _before: set[int] = field(default_factory=set[int])

    def said(self) -> list[dict[str, object]]:
        lines = (self.folder / "said").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def heard(self, event: str) -> int:
        return sum(each["event"] == event for each in self.said())

    def holds(self) -> set[str]:
        """By what it said of leases."""
        found = set[str]()
        for each in self.said():
            if each["event"] == "lease taken":
                found.add(str(each["market"]))
            elif each["event"] == "lease lost":
                found.discard(str(each["market"]))
        return found

    def acts(self) -> list[Action]:
        journals = (self.folder / "tandem" / "keeper").glob("*.sqlite")
        return [act for each in journals for act in read_actions(each, 500)]

    def forget(self) -> None:
        """What it did until now."""
        self._before = {act.id for act in self.acts()}

    def kept(self) -> set[str]:
        """Markets for which it has sent since."""
        new = [act for act in self.acts() if act.id not in self._before]
        return {act.market for act in new if act.state is State.MINED and act.kind != "fill"}


@dataclass
class Pair:
    """Two that share three markets."""

    three: Street
    url: str
    both: tuple[Keeper, Keeper]

    def until(self, holds: Callable[[], bool], seconds: float = 40.0) -> None:
        until(holds, seconds, self.three, self.both[0].folder / "said")

    def shares(self) -> list[int]:
        return sorted(Counter(owners(self.url).values()).values())

    def due(self) -> None:
        """Something is, in each market."""
        self.three.passes(700)
        self.three.priced()

    def all_kept(self) -> None:
        """Each market has what it is due, from one of them alone."""
        for each in self.both:
            each.forget()
        self.due()
        one, two = self.both
        self.until(lambda: len(one.kept() | two.kept()) == len(self.three.markets))
        assert not one.kept() & two.kept(), "nobody sends for what another keeps"


@pytest.fixture
def pair(three: Street, keyed: Path) -> Iterator[Pair]:
    """At work, with a Postgres of its own, which a test may stop."""
    three.engine.fund(from_key(OTHER_KEY).address, 10**19)
    with running() as url:
        both = [
            Keeper(run(keyed / name, three, url, key), keyed / name)
            for name, key in (("first", KEEPER_KEY), ("second", OTHER_KEY))
        ]
        made = Pair(three, url, (both[0], both[1]))
        try:
            made.until(lambda: made.shares() == [1, 2])
            made.all_kept()
            yield made
        finally:
            for each in both:
                each.process.kill()
                each.process.wait()


@contextmanager
def asleep(*pids: int) -> Generator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):  # one that was ending has
                os.kill(pid, signal.SIGCONT)


def test_who_wakes_behind_his_lease_sends_for_nothing_that_another_keeps_and_has_his_share_again(
    pair: Pair,
) -> None:
    one, two = pair.both
    lost = one.holds()
    assert lost
    with asleep(one.process.pid):
        pair.until(lambda: pair.shares() == [3], WITHIN)
        two.forget()
        pair.due()
        pair.until(lambda: len(two.kept()) == len(pair.three.markets))
        one.forget()
        pair.due()  # at the moment at which it wakes something is due in each
    pair.until(lambda: one.heard("lease lost") >= len(lost))
    assert one.kept() <= one.holds()
    pair.until(lambda: pair.shares() == [1, 2])
    pair.all_kept()
    states = [act.state for each in pair.both for act in each.acts()]
    assert State.REVERTED not in states
    for each in pair.both:
        each.process.send_signal(signal.SIGTERM)
        assert each.process.wait(10) == 0
    assert owners(pair.url) == {}


def test_where_the_database_sleeps_nobody_sends_and_all_is_kept_again_once_it_wakes(
    pair: Pair,
) -> None:
    with connector(pair.url)() as db:
        (path,) = db.execute("SHOW data_directory").fetchone()
    server = int((Path(path) / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    with asleep(server, *map(int, children)):
        time.sleep(SECONDS)
        for each in pair.both:
            each.forget()
        pair.due()
        pair.until(lambda: all(each.heard(AWAY) for each in pair.both))
        for _ in range(10):
            pair.three.passes(1)
            time.sleep(SECONDS / 5)
        assert not any(each.kept() for each in pair.both)
        assert all(each.heard("keeper ended") == 0 for each in pair.both)
    pair.until(lambda: pair.shares() == [1, 2])
    pair.all_kept()
