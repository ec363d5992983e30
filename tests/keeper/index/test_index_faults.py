"""Nodes that are behind, partial or lie, odd databases, and two that begin at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.conftest import Index
from keeper.index.reading import Reader
from keeper.index.store import StoreError, stores
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError

Life = Callable[[], None]


class Otherwise:
    """A node that says something else of logs. logs: what, given the question and the honest answer."""

    def __init__(self, ask: Any, logs: Callable[[dict[str, Any], Any], Any]) -> None:
        self.ask, self.logs = ask, logs

    def request(self, method: str, params: list[Any]) -> Any:
        found = self.ask(method, params)
        return self.logs(params[0], found) if method == "eth_getLogs" else found

    def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        return [self.request(method, list(params)) for method, params in asked]


def through(index: Index, logs: Callable[[dict[str, Any], Any], Any], **how: Any) -> Reader:
    """A reader of the index through such a node."""
    reader = index.reader(**how)
    reader.node = Otherwise(index.market.engine.request, logs)
    return reader


@pytest.mark.parametrize("lacks", [1, 40, 100])
def test_a_node_that_tells_of_a_range_only_what_it_has_loses_no_event(
    index: Index, life: Life, lacks: int
) -> None:
    """As one of several behind an address does that is behind the others, by half a minute where four blocks
    come in a second."""
    life()
    index.market.engine.request("anvil_mine", [hex(max(lacks - 30, 0))])
    last = index.market.engine.block() - lacks

    def behind(asked: dict[str, Any], found: Any) -> Any:
        return [x for x in found if "blockHash" in asked or int(x["blockNumber"], 16) <= last]

    through(index, behind).follow()
    assert index.rows() == index.fresh()


def test_a_node_that_lacks_the_newest_block_is_asked_again(index: Index, life: Life) -> None:
    life()
    refused = list[str]()

    def behind(asked: dict[str, Any], found: Any) -> Any:
        if "blockHash" in asked and len(refused) < 2:
            refused.append(asked["blockHash"])
            raise RpcError("eth_getLogs", {"code": -32000, "message": "unknown block"})
        return found

    through(index, behind).follow()
    assert len(refused) == 2
    assert index.rows() == index.fresh()


def test_logs_of_blocks_that_were_not_asked_for_are_refused(index: Index, life: Life) -> None:
    """A page's end is how far was read: what lies past it would be taken for read."""
    life()
    everything = index.market.engine.request("eth_getLogs", [{"fromBlock": "0x0"}])
    reader = through(index, lambda asked, found: found if "blockHash" in asked else everything)
    reader._width = 3
    with pytest.raises(EngineError, match="other blocks than were asked for"):
        reader.follow()
    index.reader().follow()
    assert index.rows() == index.fresh()


@pytest.mark.parametrize(
    "nonsense", [None, "0x", [None], ["log"], [{}], [{"blockNumber": None}], [{"blockNumber": "0x1"}]]
)  # fmt: skip
def test_what_is_no_list_of_logs_is_the_node_s_fault(index: Index, nonsense: Any) -> None:
    with pytest.raises(EngineError, match="logs"):
        through(index, lambda *_: nonsense).follow()


def test_a_log_that_nobody_asked_for_stops_nothing(index: Index, life: Life) -> None:
    """One that a reorg took back, and one of a topic that another contract of the market has."""
    life()

    def more(_: dict[str, Any], found: Any) -> Any:
        gone = [{**log, "blockHash": "0x" + "ab" * 32, "removed": True} for log in found[:1]]
        return [*found, *gone]

    through(index, more).follow()
    assert index.rows() == index.fresh()


def test_a_chain_that_began_anew_is_no_node_that_is_behind(index: Index, life: Life) -> None:
    """It is shorter than what was read, and no block of it was."""
    reader = index.reader(patience=60.0)
    reader.follow()
    store = index.reader().store
    store.ask("UPDATE tandem_index_blocks SET hash = '0x' || number")
    store.ask("UPDATE tandem_index_markets SET hash = '0xold', block = block + 1000")
    assert reader.follow().tip.number == index.market.engine.block()
    assert index.rows() == index.fresh()


def test_once_does_not_take_an_old_chain_s_end_for_this_one_s(
    index: Index, life: Life, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node is some blocks behind what was read: it is waited for, then the chain is as it says."""
    monkeypatch.setattr("keeper.index.reading.PATIENCE", 2.0)
    index.reader().follow()
    mark = index.market.engine.request("evm_snapshot", [])
    life()
    index.reader().follow()
    index.market.engine.request("evm_revert", [mark])
    index.market.engine.sync()
    said = ask("index", "--once", "--db", index.where)
    assert said["block"] == said["head"] == index.market.engine.block()
    assert index.rows() == index.fresh()


@pytest.mark.parametrize(
    "spoilt", ["markets SET block = 'abc'", "markets SET block = -5", "markets SET time = NULL"]
)
def test_a_database_that_holds_what_no_index_wrote_is_named(
    index: Index, tandem: Callable[..., Any], spoilt: str
) -> None:
    index.reader().follow()
    with sqlite3.connect(index.where) as db:
        table, _, what = spoilt.partition(" ")
        if "NULL" in what:
            db.execute("ALTER TABLE tandem_index_markets RENAME COLUMN time TO before")
            db.execute("ALTER TABLE tandem_index_markets ADD COLUMN time")
        else:
            db.execute(f"UPDATE tandem_index_{table} {what}")
    done = tandem("index", "--once", "--db", index.where)
    assert done.exit_code == 2, done.exception
    assert "holds what no index wrote" in done.stderr


@pytest.mark.parametrize("kind", ["mysql", "postgres+psycopg"])
def test_a_database_of_another_kind_is_no_file_s_name(
    tandem: Callable[..., Any], settings: Path, kind: str
) -> None:
    done = tandem("index", "--once", "--db", f"{kind}://me:secret@host/x")
    assert done.exit_code == 2
    assert "--db names no database" in done.stderr
    assert "secret" not in done.stderr
    assert not [path for path in settings.iterdir() if "sql" in path.name or "psy" in path.name]


@pytest.mark.parametrize("first", ["1", "99999999"])
def test_a_first_block_that_cannot_be_is_refused_before_anything_is_served(
    index: Index, tandem: Callable[..., Any], first: str
) -> None:
    if first == "1":
        index.reader(first=index.market.deployment.block + 2).follow()
    done = tandem("index", "--port", "0", "--from", first, "--db", index.where)
    assert done.exit_code == 2
    assert "The index is at" not in done.stdout


def test_two_that_begin_at_once_on_an_empty_postgres_both_do(index: Index, database: str) -> None:
    for _ in range(8):
        named = index.reader().store.market
        both = [stores(database, named)[0] for _ in range(4)]
        start, faults = threading.Barrier(len(both)), list[BaseException]()
        head = index.reader()._block("latest")
        assert head is not None

        def begin(store: Any, start: threading.Barrier = start, faults: Any = faults) -> None:
            store.ask("SELECT 1")
            start.wait(10)
            try:
                store.prepare()
                reader = index.reader()
                reader.store = store
                reader.reach()
            except StoreError as error:
                faults.append(error)

        threads = [threading.Thread(target=begin, args=(each,)) for each in both]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert not faults
        for table in ("markets", "blocks", "events", "people"):
            both[0].ask(f"DROP TABLE tandem_index_{table}")
        for each in both:
            each.close()
