"""Logs that are final are read once; what is kept counts where the chain is still that which was read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keeper.report import session
from keeper.report.kept import Kept, place
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.engine.log_pages import pages
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError

from .conftest import Lived, Request, keeping, shown

pytestmark = pytest.mark.long

TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


class Counted:
    """What a node is asked for its logs: first and last blocks."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []

    def __call__(self, ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == "eth_getLogs":
                self.spans.append((int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16)))
            return ask(method, params)

        return request


def test_a_second_report_asks_for_what_is_not_final_alone_and_says_the_same(
    lived: Lived, tmp_path: Path
) -> None:
    first, second, anew = Counted(), Counted(), Counted()
    path = tmp_path / "cache" / "market.sqlite"
    final = int(Node(lived.url).request("eth_getBlockByNumber", ["finalized", False])["number"], 16)
    assert lived.span.first < final < lived.span.last
    bare = shown(lived.chain(), lived)
    assert shown(keeping(lived, path, first), lived) == bare
    assert shown(keeping(lived, path, second), lived) == bare
    assert min(start for start, _ in first.spans) == 0
    assert second.spans == [(final + 1, lived.span.last)]
    assert shown(keeping(lived, path, anew, anew=True), lived) == bare
    assert anew.spans == first.spans


def test_a_stretch_in_which_a_node_left_something_out_is_read_again(
    lived: Lived, tmp_path: Path
) -> None:
    """Else its gap would be kept for good."""
    path, asked, dropped = tmp_path / "market.sqlite", Counted(), list[str]()

    def careless(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            found = ask(method, params)
            if method == "eth_getLogs" and not dropped and len(params[0]["topics"][0]) > 3:
                dropped.append(found[0]["transactionHash"])
                return [log for log in found if log["transactionHash"] not in dropped]
            return found

        return request

    told = session.tell(keeping(lived, path, careless), 0, lived.span)
    assert told.filled
    assert shown(keeping(lived, path, asked), lived) == shown(lived.chain(), lived)
    assert asked.spans[0][0] == lived.span.first + 1


def test_a_cache_that_is_no_cache_is_as_none(lived: Lived, tmp_path: Path) -> None:
    path = tmp_path / "market.sqlite"
    path.write_text("not a database, and longer than the head of one would be" * 20)
    folder = tmp_path / "file"
    folder.write_text("")
    for each in (path, folder / "market.sqlite"):
        assert shown(keeping(lived, each, Counted()), lived) == shown(lived.chain(), lived)


class Minted:
    """A chain of our own with a token that logs what is minted."""

    def __init__(self, chain: AnvilEngine) -> None:
        self.chain = chain
        self.token: Contract = chain.deploy(compile_vyper("USDC"), sender=chain.accounts[0])
        self.node = Node(chain.url)

    def mint(self, amount: int) -> None:
        self.token.send("mint", self.chain.accounts[1], amount, sender=self.chain.accounts[0])

    def mine(self, count: int = 70) -> None:
        """Until what was minted is final."""
        for _ in range(count):
            self.chain.advance(1)

    @property
    def head(self) -> int:
        return int(self.node.request("eth_blockNumber"), 16)

    def read(self, path: Path, request: Request | None = None, widest: int = 40) -> list[int]:
        """Amounts, by way of what is kept; and the same without it."""
        where = [self.token.address], [TRANSFER], 0, self.head, widest
        engine = RemoteEngine(request or self.node.request, batch=self.node.batch)
        found = [log for _, page in Kept(engine, path).pages(*where) for log in page]
        bare = [log for _, page in pages(engine, *where) for log in page]
        assert found == bare
        return [int(log["data"], 16) for log in found]


@pytest.fixture
def minted() -> Any:
    with AnvilEngine(1_700_000_000, prune_history=False) as chain:
        yield Minted(chain)


def test_a_fork_leaves_no_row_behind(minted: Minted, tmp_path: Path) -> None:
    """What was called final is unwound all the same: of the other branch nothing is told, and of what came
    before it everything."""
    path = tmp_path / "tokens.sqlite"
    minted.mint(1)
    minted.mine()
    token = minted.chain.snapshot()
    minted.mint(2)
    minted.mine(140)
    assert minted.read(path) == [1, 2]
    minted.chain.revert(token)
    minted.mint(3)
    minted.mine(140)
    assert minted.read(path) == [1, 3]
    assert minted.read(path) == [1, 3]


def test_of_a_chain_that_changes_while_it_is_read_nothing_is_kept(
    minted: Minted, tmp_path: Path
) -> None:
    """Logs of the one branch would stand under a hash of the other."""
    path = tmp_path / "tokens.sqlite"
    token = minted.chain.snapshot()
    minted.mint(2)
    minted.mine(140)
    kept = Kept(RemoteEngine(minted.node.request, batch=minted.node.batch), path)
    listed = kept.pages([minted.token.address], [TRANSFER], 0, minted.head, 1_000)
    honest = minted.node.request

    def forking(method: str, params: list[Any]) -> Any:
        found = honest(method, params)
        if method == "eth_getLogs":
            minted.chain.revert(token)
            minted.mint(3)
            minted.mine(140)
        return found

    kept.node.request = forking
    assert [int(log["data"], 16) for _, page in listed for log in page] == [2]
    assert minted.read(path) == [3]


def test_markets_and_chains_lie_apart(tmp_path: Path) -> None:
    assert place(1, "0xAb", tmp_path) == place(1, "0xab", tmp_path)
    assert (
        len({place(1, "0xab", tmp_path), place(2, "0xab", tmp_path), place(1, "0xac", tmp_path)})
        == 3
    )


def test_a_node_that_knows_nothing_final_is_read_as_before(minted: Minted, tmp_path: Path) -> None:
    path = tmp_path / "tokens.sqlite"
    minted.mint(1)
    minted.mine()

    def old(method: str, params: list[Any]) -> Any:
        if params and params[0] == "finalized":
            raise RpcError(method, {"code": -32602, "message": "invalid block number"})
        return minted.node.request(method, params)

    assert minted.read(path, old) == [1]
    assert not path.exists()
