"""What an index keeps is what the chain says: each event once, through ends, refusals and reorgs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from lived_in import Market

from index.conftest import Index
from keeper.index.reading import Reader
from keeper.index.store import OvertakenError, StoreError
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import ConfigError, EngineError
from tandem.protocol.happenings import HAPPENINGS

Life = Callable[[], None]


def said_by_the_chain(market: Market) -> dict[tuple[int, int], tuple[str, str]]:
    """Name and block's hash of every event of the table, block by block, by place."""
    topics = {each.topic: each.log.TYPE.name for each in HAPPENINGS}
    ours = {c.address.lower() for c in market.deployment.contracts.values()}
    found = {}
    for block in range(market.deployment.block, market.engine.block() + 1):
        for log in market.engine.request(
            "eth_getLogs", [{"fromBlock": hex(block), "toBlock": hex(block)}]
        ):
            name = topics.get(log["topics"][0]) if log["topics"] else None
            if name and log["address"].lower() in ours:
                found[block, int(log["logIndex"], 16)] = name, log["blockHash"]
    return found


def test_each_event_of_every_kind_is_kept_once(index: Index, settled: Life) -> None:
    index.reader().follow()
    settled()
    index.reader().follow()
    rows = index.rows()
    kept = {(row[0], row[1]): (row[6], row[2]) for row in rows}
    assert len(kept) == len(rows)
    assert kept == said_by_the_chain(index.market)
    assert {row[5] for row in rows} >= {
        "trade", "rebalance", "settlement", "redemption", "deposit", "exit", "surface", "margin", "mark",
        "guardian", "listing",
    }  # fmt: skip


def test_a_trade_is_both_of_its_legs_and_its_trader_s(index: Index, life: Life) -> None:
    life()
    index.reader().follow()
    rows = index.rows()
    trader = index.market.tandem.trader.lower()
    for name in ("OptionMinted", "OptionClosed"):
        (tx, *_) = [row[3] for row in rows if row[6] == name]
        legs = [row for row in rows if row[3] == tx and row[6] in (name, "Hedged")]
        assert len(legs) == 2
        assert {row[5] for row in legs} == {"trade"}
        assert all(trader in row[-1] for row in legs)


def test_what_was_read_at_once_and_block_by_block_is_the_same(index: Index, life: Life) -> None:
    life()
    reader = index.reader()
    reader._width = 1
    reader.follow()
    assert index.rows() == index.fresh()


def test_a_node_that_bounds_the_range_is_asked_for_smaller_ones(index: Index, life: Life) -> None:
    life()
    reader, ask, widths = index.reader(), index.market.engine.request, list[int]()

    class Bounded:
        def request(self, method: str, params: list[Any]) -> Any:
            if method == "eth_getLogs" and "toBlock" in params[0]:
                width = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
                widths.append(width)
                if width > 3:
                    raise RpcError(
                        "eth_getLogs", {"code": -32602, "message": "block range is too wide"}
                    )
            return ask(method, params)

        def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
            return [self.request(method, list(params)) for method, params in asked]

    reader.node = Bounded()
    reader.follow()
    assert min(widths) <= 3 < max(widths)
    assert index.rows() == index.fresh()


class Cut:
    """A connection that ends while a page is written, at its so-manieth step."""

    closed, steps = False, 0

    def __init__(self, db: Any, at: int) -> None:
        self.db, self.at = db, at

    def step(self, done: Any, *asked: Any) -> Any:
        writes = str(asked[0]).startswith(("UPDATE", "INSERT", "DELETE", "COMMIT"))
        self.steps += writes
        if writes and self.steps == self.at:
            self.db.close()
            raise OSError("the machine lost its power")
        return done(*asked)

    def execute(self, *asked: Any) -> Any:
        return self.step(self.db.execute, *asked)

    def executemany(self, *asked: Any) -> Any:
        return self.step(self.db.executemany, *asked)

    def cursor(self) -> Any:
        return self

    def close(self) -> None:
        self.db.close()


@pytest.mark.parametrize("at", range(1, 7))
def test_a_page_that_was_cut_off_leaves_nothing_of_it(index: Index, life: Life, at: int) -> None:
    index.reader().follow()
    before = index.rows()
    life()
    reader = index.reader()
    reach = reader.store.reach()
    db = reader.store._connection()

    reader.store._db = Cut(db, at)
    with pytest.raises(StoreError):
        reader.follow()
    again = index.reader()
    assert again.store.reach() == reach
    assert index.rows() == before
    again.follow()
    assert index.rows() == index.fresh()


@pytest.mark.parametrize(
    "answer",
    [None, "0x", [None], [{}], [{"blockNumber": "0x70", "logIndex": "0x0"}]],
    ids=repr,
)
def test_logs_that_are_none_are_an_error_of_ours(index: Index, answer: Any) -> None:
    ask = index.market.engine.request

    class Odd:
        def request(self, method: str, params: list[Any]) -> Any:
            return answer if method == "eth_getLogs" else ask(method, params)

        def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
            return [self.request(method, list(params)) for method, params in asked]

    reader = index.reader()
    reader.node = Odd()
    with pytest.raises(EngineError):
        reader.follow()
    assert index.rows() == []


def test_it_begins_where_it_is_told_and_says_so_when_it_is_told_otherwise(index: Index) -> None:
    first = index.market.engine.block() - 2
    reach = index.reader(first=first).follow()
    assert reach.first == first
    assert all(row[0] >= first for row in index.rows())
    assert index.reader().follow() == reach
    with pytest.raises(ConfigError, match=f"begins with block {first}"):
        index.reader(first=first - 1).follow()


def test_two_that_read_one_market_into_one_database_write_nothing_twice(
    index: Index, life: Life
) -> None:
    life()
    readers = [index.reader(), index.reader()]
    for each in readers:
        each._width = 2
        each.node = RemoteEngine(Node(index.market.url).request)
    faults = list[Exception]()

    def follow(reader: Reader) -> None:
        try:
            for _ in range(5):
                reader.follow()
        except OvertakenError:
            pass  # five times in a row the other one was first
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=follow, args=(each,)) for each in readers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not faults
    index.reader().follow()
    assert index.rows() == index.fresh()


def test_postgres_keeps_the_same_rows(index: Index, life: Life, database: str) -> None:
    index.reader().follow()
    there = Index(index.market, database, index.made)
    there.reader().follow()
    mark = index.market.engine.request("evm_snapshot", [])
    life()
    for each in (index, there):
        each.reader().follow()
    assert there.rows() == index.rows() == index.fresh()
    index.market.engine.request("evm_revert", [mark])
    index.market.engine.sync()
    for each in (index, there):
        each.reader().follow()
    assert there.rows() == index.rows() == index.fresh()


def test_a_database_that_is_none_is_named(index: Index) -> None:
    from pathlib import Path

    Path(index.where).write_bytes(b"not a database at all, but long enough to look like one" * 20)
    with pytest.raises(StoreError, match="database"):
        index.reader()


def test_people_are_whoever_an_event_names_and_no_contract(index: Index) -> None:
    index.reader().follow()
    people: Mapping[str, str] = {p: row[6] for row in index.rows() for p in row[-1]}
    assert index.market.tandem.trader.lower() in people
    assert index.market.tandem.venue.address.lower() not in people
