"""The database of leases comes back as it was an hour ago, or on a machine whose clock is an hour behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from keeper.sharing import Leases, connector
from scale.conftest import Clock

NAMES = ("a", "b", "c", "d")
Begin = Callable[..., Leases]


@pytest.fixture
def process(database: str) -> Iterator[Begin]:
    """One more of those that share the markets."""
    made: list[Leases] = []

    def begin(**more: Any) -> Leases:
        made.append(Leases(connector(database), NAMES, 60.0, **more))
        return made[-1]

    yield begin
    for each in made:
        each.close()


def sends(leases: Leases) -> set[str]:
    return {name for name in NAMES if leases.may_send(name)}


def rows(database: str, table: str) -> list[Any]:
    with connector(database)() as db:
        return db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608


def put_back(database: str, saved: dict[str, list[Any]], later: str) -> None:
    """What was saved, its moments so much later."""
    with connector(database)() as db:
        for table, listed in saved.items():
            db.execute(f"DELETE FROM {table}")  # noqa: S608
            marks = ", ".join(["%s"] * (len(listed[0]) - 1))
            for *values, until in listed:
                query = f"INSERT INTO {table} VALUES ({marks}, %s::timestamptz + %s::interval)"  # noqa: S608
                db.execute(query, [*values, until, later])


@pytest.mark.parametrize("later", ["-1 hour", "0 seconds"])
def test_tokens_that_go_back_let_nobody_send_for_what_another_keeps(
    process: Begin, database: str, later: str
) -> None:
    """A token is one that was given before: whose it is counts with it."""
    clock = Clock()
    one = process(clock=clock)
    one.beat()
    saved = {each: rows(database, each) for each in ("tandem_leases", "tandem_processes")}
    one.leave(NAMES)
    two = process(clock=clock)
    two.beat()
    assert sends(two)
    assert sends(one) == set()
    put_back(database, saved, later)
    assert sends(one) | sends(two) == set()
    for _ in range(2):
        clock.now += 61
        two.beat()
        assert sends(one) == set()
    assert sends(two) == (set(NAMES) if later == "-1 hour" else set())


def test_a_lease_that_ends_in_an_hour_keeps_nobody_out_and_is_told_of(
    process: Begin, database: str
) -> None:
    """No lease is given for so long: a clock wrote it that is not there any more. Its owner is gone, nobody
    kept the market until that hour was over, and TandemNobodyKeeps believed that somebody did."""
    clock = Clock()
    gone = process(clock=clock)
    gone.beat()
    saved = {each: rows(database, each) for each in ("tandem_leases", "tandem_processes")}
    put_back(database, saved, "1 hour")
    one = process(clock=clock)
    one.beat()
    assert sends(one) == set(NAMES)
