"""A node that has lost its state and its history beside one that has them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from faults.proxy import between

from execution.conftest import CHAIN, KEY
from keeper.agreement import DisagreeError
from keeper.execution.chain import MOST_GAP
from keeper.execution.fees import FeeSettings
from keeper.execution.sender import Sender
from keeper.journal import Journal, JournalError, State
from keeper.tables import FeeTable
from tandem.engine.anvil import AnvilEngine
from tandem.engine.base import Tx
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key


def lost(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """No account ever sent anything, and nothing is in a block."""
    match asked["method"]:
        case "eth_getTransactionCount":
            return answer | {"result": "0x0"}
        case "eth_getTransactionReceipt":
            return answer | {"result": None}
        case _:
            return answer


@contextmanager
def sender(urls: list[str], path: Path) -> Generator[Sender]:
    signer, fees = from_key(KEY), FeeSettings.from_table(FeeTable())
    journal = Journal(path, CHAIN, signer.address)
    engine = RemoteEngine.over(Node(urls))
    yield Sender(engine, signer, journal, CHAIN, replace(fees, wait_seconds=5.0))
    journal.close()


@pytest.fixture
def sent(engine: RemoteEngine, node: AnvilEngine, mint: Tx, journal_path: Path) -> Path:
    """The journal of a keeper that has sent more than a fork takes back."""
    engine.request("evm_setAutomine", [True])
    with sender([node.url], journal_path) as alone:
        alone.reconcile()
        for place in range(MOST_GAP + 2):
            assert alone.send("rebalance", (place,), "", mint).state is State.MINED
    return journal_path


@pytest.mark.parametrize("first", [True, False])
def test_one_of_two_ends_no_keeper_by_forgetting_what_it_sent(
    sent: Path, node: AnvilEngine, first: bool
) -> None:
    """It ended with 2, and said to move a journal aside that was whole."""
    with between(node.url) as proxy:
        proxy.answer = lost
        urls = [proxy.url, node.url] if first else [node.url, proxy.url]
        with sender(urls, sent) as both:
            if first:
                with pytest.raises(DisagreeError, match="one node alone knows nothing"):
                    both.reconcile()
                proxy.answer = lambda _, answer: answer
            assert both.reconcile() == []
            assert {each.state for each in both.journal.recent(MOST_GAP + 2)} == {State.MINED}


def test_what_two_nodes_know_nothing_of_is_of_another_chain(sent: Path, node: AnvilEngine) -> None:
    with between(node.url) as one, between(node.url) as other:
        one.answer = other.answer = lost
        with (
            sender([one.url, other.url], sent) as both,
            pytest.raises(JournalError, match="another chain with the same number"),
        ):
            both.reconcile()
