"""A journal of years is not read from end to end in each cycle: of a million acts that took three seconds and
more, and a key of 164 markets has as many in six weeks."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from keeper.journal import Journal
from keeper.journal_costs import SPENT
from keeper.journal_rows import State

ACCOUNT = "0x" + "ab" * 20
ACTS = 2_000
DAY = 86_400.0
ACTION = "INSERT INTO actions VALUES (?, 'post', '[]', 'due', ?, ?, 'mined', '', 0, 'm')"
TRANSACTION = (
    "INSERT INTO transactions VALUES (?, ?, ?, x'00', 1, 1, ?, ?, ?, 400000, '0x', 10000, ?, '')"
)
EACH_CYCLE: dict[str, Callable[[Journal], object]] = {
    "recent_attempts": lambda j: j.recent_attempts(ACTS - 10, ACTS),
    "open_attempts": lambda j: j.open_attempts(),
    "paid_since": lambda j: j.paid_since(time.time() - DAY),
    "next_nonce": lambda j: j.next_nonce(),
    "mined_nonce": lambda j: j.mined_nonce(),
    "knows_from": lambda j: j.knows_from(ACTS + 1),
    "unsigned_actions": lambda j: j.unsigned_actions(),
    "given_up": lambda j: j.given_up(time.time() - DAY, ACTS, time.time() - DAY),
    "recent": lambda j: j.recent(20),
    "attempts": lambda j: j.attempts(ACTS),
}


@pytest.fixture(scope="module")
def long_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """Some were replaced, some reverted, some seen later than mined; the last day has a tenth of them."""
    yield from kept(tmp_path_factory.mktemp("years") / "journal.sqlite", 0)


@pytest.fixture(scope="module")
def short_kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """What of it is of the last two days."""
    yield from kept(tmp_path_factory.mktemp("days") / "journal.sqlite", ACTS - ACTS // 5)


def kept(path: Path, first: int) -> Iterator[Journal]:
    Journal(path, 1, ACCOUNT).close()
    now = time.time()
    states = [State.MINED] * 7 + [State.REVERTED, State.DROPPED, State.REPLACED]
    with closing(sqlite3.connect(path)) as db:
        for n in range(first, ACTS):
            at = now - (ACTS - n) * 10 * DAY / ACTS
            seen = None if n % 3 else min(n + n % 700, ACTS)
            db.execute(ACTION, (n + 1, n, at))
            db.execute(TRANSACTION, (f"0x{n:x}", n + 1, n, at, states[n % 10], n, seen))
        db.commit()
    with closing(Journal(path, 1, ACCOUNT)) as journal:
        yield journal


def file_of(journal: Journal) -> Any:
    return vars(journal)["_db"]


def plans(journal: Journal, asks: Callable[[Journal], object]) -> list[str]:
    """How the file finds what is asked for, step by step."""
    said: list[str] = []
    db = file_of(journal)
    db.set_trace_callback(said.append)
    asks(journal)
    db.set_trace_callback(None)
    assert said
    return [row[3] for each in said for row in db.execute(f"EXPLAIN QUERY PLAN {each}")]


@pytest.mark.parametrize("name", EACH_CYCLE)
def test_what_a_cycle_asks_of_a_journal_is_found_by_an_index(long_kept: Journal, name: str) -> None:
    """The first that fits from the last one on back is found by one step or few."""
    steps = plans(long_kept, EACH_CYCLE[name])
    if name != "recent":  # by its number, from the last on
        assert [
            step for step in steps if step.startswith("SCAN") and not is_from_the_end(name)
        ] == []
        assert [step for step in steps if step.startswith("SCAN") and "by_nonce" not in step] == []


def work(journal: Journal, asks: Callable[[Journal], object]) -> int:
    """Steps of the file's machine, in tens."""
    steps: list[None] = []
    db = file_of(journal)
    db.set_progress_handler(lambda: steps.append(None), 10)
    asks(journal)
    db.set_progress_handler(None, 0)
    return len(steps)


@pytest.mark.parametrize("name", EACH_CYCLE)
def test_what_came_before_the_last_days_costs_a_cycle_nothing(
    long_kept: Journal, short_kept: Journal, name: str
) -> None:
    """One that was given up in the last day was held against every nonce that ever counted: of 1.5 million
    acts 1.5 seconds of each cycle."""
    asks = EACH_CYCLE[name]
    assert work(long_kept, asks) <= 1.3 * work(short_kept, asks) + 5


def is_from_the_end(name: str) -> bool:
    return name in ("next_nonce", "mined_nonce")


def test_what_a_day_cost_is_found_by_its_blocks(long_kept: Journal) -> None:
    db = file_of(long_kept)
    values = (State.MINED, State.REVERTED, ACTS - 10, ACTS, "m")
    steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {SPENT}", values)]
    assert any("transactions_by_block" in step for step in steps)


@pytest.mark.parametrize("block", [0, 1, 700, ACTS - 1, ACTS, ACTS + 1])
@pytest.mark.parametrize("nonce", [0, ACTS // 2, ACTS])
def test_recent_ones_are_those_of_a_block_or_a_sight_or_a_nonce(
    long_kept: Journal, block: int, nonce: int
) -> None:
    db = file_of(long_kept)
    known = db.execute(
        "SELECT hash FROM transactions WHERE state IN ('mined', 'reverted') AND"
        " (MAX(block, COALESCE(seen, 0)) >= ? OR nonce >= ?) ORDER BY nonce",
        (block, nonce),
    )
    found = [each.hash for each in long_kept.recent_attempts(block, nonce)]
    assert found == [row[0] for row in known]


def test_a_journal_of_version_five_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Journal(path, 1, ACCOUNT).close()
    added = ("actions_by_state", "transactions_by_nonce", "transactions_by_time",
             "transactions_by_block", "transactions_by_sight")  # fmt: skip
    with closing(sqlite3.connect(path)) as db:
        for each in added:
            db.execute(f"DROP INDEX {each}")
        db.execute("UPDATE meta SET version = 5")
        db.commit()
    for _ in range(2):
        with closing(Journal(path, 1, ACCOUNT)) as journal:
            indices = file_of(journal).execute(
                "SELECT name FROM sqlite_master WHERE type = 'index'"
            )
            assert set(added) <= {row[0] for row in indices}
