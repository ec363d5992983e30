"""`tandem run` behind a proxy that drips, lies and repeats: is the journal what the chain says, is
nothing signed twice, is somebody told?"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from faults.conftest import Told
from faults.proxy import Proxy
from keeper.journal import State, read_actions
from tandem.engine import node as node_module
from tandem.engine.node import Node, NodeDownError
from tandem.units import WAD

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked again is asked again without a pause: nothing here heals meanwhile."""
    monkeypatch.setattr(node_module, "FIRST_PAUSE", 0.001)


def test_a_node_that_drips_is_given_up_at_the_deadline(proxy: Proxy) -> None:
    """FAULTS 2: "deadline of one cycle". A timeout for each byte is none: an answer of 100 bytes, one
    each tenth of a second, took ten seconds of a timeout of one."""
    proxy.drip = 0.1
    began = time.monotonic()
    with pytest.raises(NodeDownError, match="took longer"):
        Node(proxy.url, timeout=1.0).request("eth_getBlockByNumber", ["latest", False])
    assert time.monotonic() - began < 2.0


def test_an_answer_to_another_question_is_none(proxy: Proxy, market: Any) -> None:
    """A proxy that repeats its last answer: the balance was taken for the number of the block."""
    last: list[dict[str, Any]] = []

    def repeat(_: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        last.append(answer)
        return last[-2] if len(last) > 1 else answer

    node = Node(proxy.url, timeout=2.0)
    proxy.answer = repeat
    node.request("eth_chainId", [])
    height = market.engine.request("eth_blockNumber", [])
    assert node.request("eth_blockNumber", []) == height  # asked again, it repeats what was right
    assert proxy.asked == ["eth_chainId", "eth_blockNumber", "eth_blockNumber"]
    both = Node([proxy.url, market.url], timeout=2.0)
    assert both.request("eth_blockNumber", []) == height


def test_a_node_that_takes_a_transaction_and_says_it_did_not(
    tandem: Run, proxy: Proxy, market: Any, settings: Any
) -> None:
    """FAULTS: "no signed transaction that is not in the journal", and the journal is what the chain says.
    It said for ever that what was mined had been dropped."""
    market.engine.advance(700)
    before = market.nonce()

    def deny(question: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if question["method"] != "eth_sendRawTransaction":
            return answer
        return {
            "jsonrpc": "2.0",
            "id": question["id"],
            "error": {"code": -32603, "message": "Internal error"},
        }

    proxy.answer = deny
    tandem("run", "--once", "--rpc", proxy.url)
    assert market.nonce() == before + 1
    proxy.answer = lambda _, answer: answer
    tandem("run", "--once", "--rpc", proxy.url)
    found = read_actions(settings / "journal.sqlite", 10)
    assert market.nonce() == before + 1
    assert [action.state for action in found] == [State.MINED]


def test_a_fork_that_forgets_a_cycle_is_lived_through(
    tandem: Run, market: Any, settings: Any, told: Told
) -> None:
    """FAULTS 6 and 7, on `tandem run`: the same bytes again, once; what has another result there is
    recorded as that, and done anew. A slice that describes a moment of the lost blocks is refused."""
    t, engine = market.tandem, market.engine
    engine.advance(700)
    market.move(2_650)
    market.rest()
    t.exchange.set_index(2_650 * WAD)
    residual, height, before = t.snapshot().stance.residual, engine.block(), market.nonce()
    tandem("run", "--once")
    journal = settings / "journal.sqlite"
    assert {a.state for a in read_actions(journal, 9)} == {State.MINED}
    engine.request("anvil_reorg", [engine.block() - height, []])
    assert t.snapshot().stance.residual == pytest.approx(residual, rel=1e-3)
    for _ in range(3):
        tandem("run", "--once")
        assert told.says("its block is gone")
        engine.request("evm_mine", [])
    found = read_actions(journal, 9)
    hedges = [a.state for a in found if a.kind == "rebalance"]
    assert hedges == [State.MINED]
    assert market.nonce() == before + len(found)
    assert next(a.state for a in found if a.kind == "post") is State.MINED
    stance = t.snapshot().stance
    assert abs(stance.residual) < min(stance.hard // 2, abs(residual))


NOTHING: tuple[Any, ...] = (None, "0x", "zz", 5, {}, [])
ASKED = (
    "eth_chainId", "eth_getBlockByNumber", "eth_call", "eth_getTransactionCount", "eth_getCode",
    "eth_getTransactionReceipt", "eth_estimateGas",
)  # fmt: skip


@pytest.mark.sampled
@pytest.mark.parametrize(
    "method", [*ASKED[:2], *(pytest.param(each, marks=pytest.mark.long) for each in ASKED[2:])]
)
def test_what_is_no_answer_ends_no_keeper_in_a_traceback(
    tandem: Run, proxy: Proxy, market: Any, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """FAULTS 3: "half JSON". A null, an empty answer or a word where a number belongs, once the keeper is
    under way, ended it in a TypeError, a ValueError, a KeyError or eth_abi's own."""
    monkeypatch.setenv("TANDEM_FEES__WAIT_SECONDS", "2")  # for a receipt that never comes
    market.engine.advance(700)
    for found in NOTHING:
        seen: list[str] = []

        def lie(
            question: dict[str, Any],
            answer: dict[str, Any],
            found: Any = found,
            seen: list[str] = seen,
        ) -> dict[str, Any]:
            if question["method"] != method:
                return answer
            seen.append(method)
            return (
                answer
                if len(seen) == 1
                else {"jsonrpc": "2.0", "id": question["id"], "result": found}
            )

        proxy.answer = lie
        result = tandem("run", "--once", "--rpc", proxy.url)
        assert isinstance(result.exception, SystemExit | None), (method, found, result.exception)
        assert result.exit_code in (0, 2)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("fee", [None, "0x", "zz", 5])
def test_a_base_fee_that_is_no_number_ends_no_keeper_in_a_traceback(
    tandem: Run, proxy: Proxy, market: Any, fee: Any
) -> None:
    """FAULTS 3. A bounty is reckoned by the base fee of the latest block: a null, or a word, in its place
    ended the keeper in a TypeError or a ValueError, whatever else was due."""
    market.engine.advance(700)

    def lie(question: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if question["method"] == "eth_getBlockByNumber":
            answer["result"]["baseFeePerGas"] = fee
        return answer

    proxy.answer = lie
    result = tandem("run", "--once", "--rpc", proxy.url)
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert "no answer to eth_getBlockByNumber" in result.stderr


def test_words_of_a_node_in_the_place_of_data_are_no_revert(
    tandem: Run, proxy: Proxy, market: Any
) -> None:
    """A gateway that counts requests says where to pay. That is no bytes: a ValueError ended the keeper."""
    market.engine.advance(700)
    error = {"code": -32005, "message": "daily request count exceeded", "data": "see https://x.io"}
    proxy.answer = lambda asked, answer: (
        {"jsonrpc": "2.0", "id": asked["id"], "error": error}
        if asked["method"] == "eth_call"
        else answer
    )
    result = tandem("run", "--once", "--rpc", proxy.url)
    assert result.exit_code == 2
    assert "daily request count exceeded" in result.stderr
