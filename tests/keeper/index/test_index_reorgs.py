"""What a reorg takes back is taken out of an index, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from index.conftest import Index
from keeper.index.reading import Watch

Life = Callable[[], None]


def test_what_a_reorg_takes_back_is_taken_out(index: Index, life: Life) -> None:
    t, engine = index.market.tandem, index.market.engine
    index.reader().follow()
    mark = engine.request("evm_snapshot", [])
    life()
    reader, lost = index.reader(), list[tuple[int, int]]()
    reader.watch = Watch(lost=lambda block, rows: lost.append((block, rows)))
    reader.follow()
    gone = {row[2] for row in index.rows()}
    engine.request("evm_revert", [mark])
    engine.sync()
    t.deposit(2 * 10**9)
    reader.follow()
    assert lost[0][1] > 5
    rows = index.rows()
    assert rows == index.fresh()
    assert not gone <= {row[2] for row in rows}
    assert [row[6] for row in rows].count("OptionClosed") == 0


def test_a_reorg_by_the_node_of_a_few_blocks_is_followed(index: Index, life: Life) -> None:
    life()
    reader = index.reader()
    reader.follow()
    index.market.engine.request("anvil_reorg", [4, []])
    index.market.engine.sync()
    reader.follow()
    assert index.rows() == index.fresh()


def test_a_node_that_is_behind_takes_nothing_back_for_a_while(index: Index, life: Life) -> None:
    life()
    index.reader().follow()
    before = index.rows()
    mark = index.market.engine.request("evm_snapshot", [])
    index.another()
    reader = index.reader(patience=60.0)
    reach = reader.follow()
    index.market.engine.request("evm_revert", [mark])
    index.market.engine.sync()
    assert reader.follow() == reach
    assert len(index.rows()) > len(before)
    reader.patience = 0.0
    reader.follow()
    assert index.rows() == before


def test_a_chain_that_changes_under_a_page_is_read_again(index: Index, life: Life) -> None:
    reader, engine = index.reader(), index.market.engine
    mark = engine.request("evm_snapshot", [])
    life()
    ask, turns = engine.request, [0]

    class Changing:
        def request(self, method: str, params: list[Any]) -> Any:
            found = ask(method, params)
            if method == "eth_getLogs" and not turns[0]:
                turns[0] = 1
                ask("evm_revert", [mark])
                engine.sync()
                index.market.tandem.deposit(10**9)
            return found

        def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
            return [self.request(method, list(params)) for method, params in asked]

    reader.node = Changing()
    reader.follow()
    assert turns[0]
    assert index.rows() == index.fresh()


def test_a_local_chain_that_begins_anew_leaves_nothing_of_the_old_one(index: Index) -> None:
    reader = index.reader()
    reader.follow()
    store = reader.store
    tip = store.reach()
    assert tip is not None
    store.ask("UPDATE tandem_index_blocks SET hash = '0x' || number")
    store.ask("UPDATE tandem_index_markets SET hash = '0xold'")
    reader.follow()
    assert index.rows() == index.fresh()
