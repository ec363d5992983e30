"""Leases of markets in a Postgres of the test's own: who holds one, and who lost it and never sends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lived_in import KEEPER_KEY

from keeper.execution.outbox import Result
from keeper.journal import State, read_actions, read_entries
from keeper.journal_rows import Wanted
from keeper.markets import crews
from keeper.sharing import BEATS, Leases, connector
from scale.conftest import Clock, Keeping
from scale.street import Street
from scale.test_as_a_process import OTHER_KEY
from tandem.engine.signers import from_key
from tandem.errors import ConfigError, SetupError

NAMES = ("a", "b", "c", "d")
SECONDS = 3.0


@pytest.fixture
def process(database: str) -> Iterator[Callable[..., Leases]]:
    """One more of those that share the markets."""
    made: list[Leases] = []

    def begin(seconds: float = SECONDS, **more: Any) -> Leases:
        made.append(Leases(connector(database), NAMES, seconds, **more))
        return made[-1]

    yield begin
    for each in made:
        each.close()


def held(leases: Leases) -> set[str]:
    return {name for name in NAMES if leases.holds(name)}


def tokens(database: str) -> dict[str, int]:
    with connector(database)() as db:
        return dict(db.execute("SELECT market, token FROM tandem_leases").fetchall())


Begin = Callable[..., Leases]


def test_each_market_is_one_process_s_and_shares_are_even(process: Begin) -> None:
    one, two = process(60.0), process(60.0)
    one.beat()
    assert held(one) == set(NAMES)
    two.beat()
    assert held(two) == set()
    one.beat()  # it sees the other, and gives back what is more than its share
    two.beat()
    assert len(held(one)) == len(held(two)) == 2
    assert held(one) | held(two) == set(NAMES)


def test_what_a_dead_process_held_is_taken_over_with_a_higher_token(
    process: Begin, database: str
) -> None:
    one, two = process(2.0), process(2.0)
    one.beat()
    before = tokens(database)
    began = time.monotonic()
    while held(two) != set(NAMES):  # the first is heard of no more
        assert time.monotonic() - began < 2 * 2.0
        two.beat()
        time.sleep(0.2)
    after = tokens(database)
    assert all(after[name] > before[name] for name in NAMES)
    assert held(one) == set()
    assert not any(one.may_send(name) for name in NAMES)


def test_who_slept_through_his_lease_sends_nothing_though_his_clock_stood(
    process: Begin,
) -> None:
    """By its own clock it still holds it; the database knows a higher token."""
    clock = Clock()
    one, two = process(2.0, clock=clock), process(60.0)
    one.beat()
    time.sleep(2.1)
    two.beat()
    assert held(one) == set(NAMES)
    assert not any(one.may_send(name) for name in NAMES)
    assert all(two.may_send(name) for name in held(two))


def test_a_lease_ends_for_its_owner_before_it_does_for_others(process: Begin) -> None:
    clock = Clock()
    one = process(60.0, clock=clock)
    one.beat()
    clock.now += 60.0 * 0.79
    assert held(one) == set(NAMES)
    clock.now += 60.0 * 0.02
    assert held(one) == set()
    assert not one.may_send("a"), "though the database would say so"


def test_a_database_that_is_away_ends_what_is_held_and_is_found_again(
    process: Begin, database: str
) -> None:
    clock, ways = Clock(), [connector("postgresql://127.0.0.1:1/nowhere")]
    one = process(60.0, clock=clock)
    one.beat()
    one._asks.close()
    one._beats.close()
    real, one.connect = one.connect, ways[0]
    one.beat()
    assert held(one) == set(NAMES), "until it ends"
    assert not one.may_send("a"), "nothing is sent on a word that is not there"
    clock.now += 60.0
    assert held(one) == set()
    one.connect = real
    one.beat()
    assert held(one) == set(NAMES)


def test_tables_that_are_lost_are_made_again(process: Begin, database: str) -> None:
    """A database restored from nothing, or cleaned: nobody sent until each process was started again."""
    clock = Clock()
    one = process(60.0, clock=clock)
    one.beat()
    with connector(database)() as db:
        db.execute("DROP TABLE tandem_leases, tandem_processes")
    one.beat()
    assert not one.may_send("a")
    for _ in range(3):
        clock.now += 60.0
        one.beat()
    assert held(one) == set(NAMES)
    assert one.may_send("a")


def test_what_a_process_keeps_no_more_is_another_s_to_keep(process: Begin) -> None:
    """A market that halted in one process had its lease renewed for as long as the process kept others."""
    one, two = process(60.0), process(60.0)
    one.beat()
    one.leave(["a", "b"])
    assert held(one) == {"c", "d"}
    two.beat()
    one.beat()
    two.beat()
    assert held(one) == {"c", "d"}
    assert held(two) == {"a", "b"}


def test_who_has_ended_takes_nothing_again(process: Begin) -> None:
    """Its thread may have waited for the database meanwhile."""
    one, two = process(60.0), process(60.0)
    one.beat()
    one.close()
    one.beat()
    two.beat()
    assert held(two) == set(NAMES)


def test_who_ends_leaves_at_once(process: Begin) -> None:
    one, two = process(60.0), process(60.0)
    one.beat()
    one.close()
    two.beat()
    assert held(two) == set(NAMES)


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(ConfigError, match="no address of a Postgres"):
        connector("nonsense")


def test_a_sender_that_lost_a_market_sends_nothing_for_it_and_fills_its_nonce(
    keeping: Keeping, three: Street, keyed: Path
) -> None:
    """What it signed before is not sent again; what waits behind it goes on."""
    sender: Any = keeping.group.seats[0].keeper.sender
    sender.fees = replace(sender.fees, wait_seconds=0.0)
    three.passes(700)
    sent = three.markets[0].nonce()
    three.engine.request("evm_setAutomine", [False])
    keeping.group.turn()
    (journal,) = (keyed / "journals").glob("*.sqlite")
    lost = read_actions(journal, 1)[0].market
    three.engine.request("anvil_dropAllTransactions", [])
    three.engine.request("evm_setAutomine", [True])
    sender.may_send = lambda market: market != lost
    refused: Result = sender.send("post", (), "", None, market=lost)
    assert refused.state is State.DROPPED
    for _ in range(6):
        three.passes(5)
        keeping.group.turn()
    entries = read_entries(journal, Wanted(50))
    mined = [each.action for each in entries if each.action.state is State.MINED]
    assert "fill" in {each.kind for each in mined}
    assert {each.market for each in mined} == {"m0", "m1", "m2"} - {lost} | {""}
    assert three.markets[0].nonce() > sent + 1


def run(folder: Path, three: Street, url: str, key: str) -> subprocess.Popen[bytes]:
    folder.mkdir()
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "tandem", "run", "--log", "json", *three.options], cwd=folder,
            env=os.environ | {
                "TANDEM_KEY": key, "TANDEM_LEASES__URL": url, "TANDEM_POLL_SECONDS": "0.2",
                "TANDEM_LEASES__SECONDS": str(SECONDS), "XDG_DATA_HOME": str(folder),
            },
            stdout=said, stderr=said,
        )  # fmt: skip


def owners(url: str) -> dict[str, str]:
    """Who holds each market; nothing before there are tables."""
    with connector(url)() as db:
        (there,) = db.execute("SELECT to_regclass('tandem_leases')").fetchone()
        query = "SELECT market, owner FROM tandem_leases WHERE until > now()"
        return dict(db.execute(query).fetchall()) if there else {}


def until(holds: Callable[[], bool], seconds: float, three: Street, said: Path) -> float:
    """Seconds after which it is so, a block now and then."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, said.read_text()[-3_000:]
        three.passes(1)
        time.sleep(0.1)
    return time.monotonic() - began


def kept(folder: Path) -> set[str]:
    """Markets for which a process has sent something."""
    journals = (folder / "tandem" / "keeper").glob("*.sqlite")
    found = [a for each in journals for a in read_actions(each, 100)]
    return {a.market for a in found if a.state is State.MINED}


@pytest.mark.long
def test_a_process_that_is_killed_has_its_markets_kept_by_the_other_within_a_bound(
    three: Street, keyed: Path, database: str
) -> None:
    """Two real processes, a key each, one Postgres: kill -9."""
    three.engine.fund(from_key(OTHER_KEY).address, 10**19)
    names = {each.deployment.name for each in three.markets}
    first, second = keyed / "first", keyed / "second"
    processes = [run(first, three, database, KEEPER_KEY), run(second, three, database, OTHER_KEY)]

    def shares() -> list[int]:
        return sorted(Counter(owners(database).values()).values())

    try:
        until(lambda: shares() == [1, 2], 40, three, first / "said")
        three.passes(700)
        three.priced()
        until(lambda: kept(first) | kept(second) == names, 30, three, first / "said")
        assert not kept(first) & kept(second), "nobody sends for what another keeps"
        processes[0].kill()
        processes[0].wait()
        until(lambda: shares() == [3], (1 + 1 / BEATS) * SECONDS + 2, three, second / "said")
        three.passes(700)
        three.priced()
        until(lambda: kept(second) == names, 30, three, second / "said")
        processes[1].send_signal(signal.SIGTERM)
        assert processes[1].wait(10) == 0
        assert owners(database) == {}, "who ends lets go at once"
    finally:
        for each in processes:
            each.kill()
            each.wait()


def test_a_market_that_halts_here_lets_go_of_its_lease(keeping: Keeping, database: str) -> None:
    """As `tandem run` has it: the group tells of what ended, and another process may take it."""
    process, group = keeping.process, keeping.group
    (crew,) = crews(process.settings)
    process._leases = leases = Leases(
        connector(database), [one.lease for one in crew.markets], 60.0
    )
    leases.beat()
    seat = group.seats[0]
    seat.halt(SetupError("its code is another", "look at it"))
    group.turn()
    ended = next(one.lease for one in crew.markets if one.name == seat.name)
    assert {key for key in leases.markets if not leases.holds(key)} == {ended}
    assert set(owners(database)) == set(leases.markets) - {ended}
    leases.close()
