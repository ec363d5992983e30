"""Nodes whose answers are of the right shape and wrong: one that stands at an old block beside one that is
well, one that lacks a method or a state, numbers that nothing ever was, words of other clients. FAULTS 4, 12:
"the journal is what the chain says", and a node that errs stops nobody who has another."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tandem.engine.node import Node, NodeDownError
from tandem.engine.rpc import RpcError

from .ledgers import blocks, later, left_out, written
from .proxy import Proxy
from .test_journal_is_the_chain import happened

Run = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("as_before")
HUGE = hex(2**200)
DAY_OF_POSTS = 66


def stand(proxy: Proxy, market: Any) -> None:
    """From now on this node answers as of this block, whatever comes."""
    head = hex(market.engine.block())

    def ask(body: bytes) -> bytes:
        old = body.replace(b'"latest"', f'"{head}"'.encode())
        return Proxy.ask(proxy, old.replace(b'"pending"', f'"{head}"'.encode()))

    def answer(asked: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        return said | {"result": head} if asked["method"] == "eth_blockNumber" else said

    proxy.ask, proxy.answer = ask, answer  # type: ignore[method-assign]


def test_a_second_node_that_stands_makes_nobody_sign_for_a_nonce_that_is_used(
    tandem: Run, market: Any, settings: Path, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited for a block was taken for a gap: an empty transaction, and the hedge behind it, were signed
    for a nonce long used, and the keeper was deaf for as long as the second node stood."""
    monkeypatch.setenv("TANDEM_FEES__WAIT_SECONDS", "0.1")
    engine = market.engine
    stand(proxy, market)
    nodes = f"{market.url},{proxy.url}"
    for _ in range(2):
        engine.advance(700)
        tandem("run", "--once", "--rpc", nodes)
    engine.advance(700)
    engine.request("evm_setAutomine", [False])
    for _ in range(2):
        tandem("run", "--once", "--rpc", nodes)
    engine.request("evm_setAutomine", [True])
    blocks(market, 1)
    market.move(2_650)
    market.rest()
    tandem("run", "--once", "--rpc", nodes)
    kinds = [row[0] for row in written(settings)]
    assert "fill" not in kinds
    assert "rebalance" in kinds
    assert written(settings) == happened(market, settings)


@pytest.mark.long
def test_however_much_was_sent_since_it_stands(
    tandem: Run, market: Any, settings: Path, proxy: Proxy
) -> None:
    """Half a day of posts: it was taken for another chain, for good."""
    stand(proxy, market)
    for _ in range(DAY_OF_POSTS):
        market.engine.advance(700)
        result = tandem("run", "--once", "--rpc", f"{market.url},{proxy.url}")
        assert result.exit_code == 0, result.stderr
    assert len(written(settings)) > 64
    assert written(settings) == happened(market, settings)


@pytest.mark.sampled
@pytest.mark.parametrize("words", [
    pytest.param(
        ("AlreadyKnown", "OldNonce, Current nonce: 9, nonce of rejected tx: 8", "ReplacementNotAllowed"),
        id="nethermind", marks=pytest.mark.long,
    ),
    pytest.param(
        ("Known transaction", "Nonce too low", "Replacement transaction underpriced"),
        id="besu", marks=pytest.mark.long,
    ),
    pytest.param(
        ("ALREADY_EXISTS: already known", "nonce too low", "could not replace existing tx"), id="erigon"
    ),
    pytest.param(("in words that nobody knows",) * 3, id="somebody"),
])  # fmt: skip
def test_what_waits_is_known_in_every_client_s_words(
    tandem: Run, market: Any, settings: Path, proxy: Proxy, monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:  # fmt: skip
    """It counted as refused: its fee was never raised, or a post that can wait took the hedge's nonce."""
    monkeypatch.setenv("TANDEM_FEES__WAIT_SECONDS", "0.1")
    told = dict(zip(("already", "nonce too low", "underpriced"), words, strict=True))

    def say(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] == "eth_sendRawTransaction" and "error" in answer:
            said = answer["error"]["message"].lower()
            answer["error"]["message"] = next((w for k, w in told.items() if k in said), said)
        return answer

    proxy.answer = say
    engine = market.engine
    engine.advance(700)
    market.move(2_650)
    market.rest()
    engine.request("evm_setAutomine", [False])
    for n in range(4):
        tandem("run", "--once", "--rpc", proxy.url)
        if n:
            left_out(settings)
            later(settings, 40)
    rows = written(settings)
    hedges = [state for kind, _, state, _ in rows if kind == "rebalance"]
    assert "sent" in hedges, rows
    assert len(hedges) > 1, "its fee is raised"
    engine.request("evm_setAutomine", [True])
    blocks(market, 1)
    tandem("run", "--once", "--rpc", proxy.url)
    kept = [row for row in written(settings) if row[2] != "replaced"]
    assert kept == happened(market, settings)


@pytest.mark.parametrize(
    "method",
    ["eth_getTransactionCount", pytest.param("eth_estimateGas", marks=pytest.mark.long)],
)
def test_numbers_that_nothing_ever_was_are_no_answers(
    tandem: Run, market: Any, settings: Path, proxy: Proxy, method: str
) -> None:
    """They were a traceback: no column of a journal holds them."""
    market.engine.advance(700)
    proxy.answer = lambda q, a: a | {"result": HUGE} if q["method"] == method else a
    wrong = tandem("run", "--once", "--rpc", proxy.url)
    assert isinstance(wrong.exception, SystemExit | None)
    proxy.answer = lambda _, a: a
    for _ in range(2):
        assert tandem("run", "--once", "--rpc", proxy.url).exit_code == 0
    assert written(settings) == happened(market, settings)


@pytest.mark.parametrize("field", ["gasUsed", pytest.param("blockNumber", marks=pytest.mark.long)])
def test_so_are_those_of_a_receipt(
    tandem: Run, market: Any, settings: Path, proxy: Proxy, field: str
) -> None:
    def lie(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] == "eth_getTransactionReceipt" and answer.get("result"):
            answer["result"] |= {field: HUGE}
        return answer

    market.engine.advance(700)
    proxy.answer = lie
    wrong = tandem("run", "--once", "--rpc", proxy.url)
    assert isinstance(wrong.exception, SystemExit | None)
    proxy.answer = lambda _, a: a
    blocks(market, 1)
    tandem("run", "--once", "--rpc", proxy.url)
    assert written(settings) == happened(market, settings)


def test_a_node_that_keeps_no_first_block_and_says_so_is_one_to_go_on_by(
    tandem: Run, market: Any, settings: Path, proxy: Proxy
) -> None:
    """EIP-4444: by an error, where others say null."""

    def pruned(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] == "eth_getBlockByNumber" and asked["params"][0] == "0x0":
            error = {"code": 4444, "message": "pruned history unavailable"}
            return {"jsonrpc": "2.0", "id": asked["id"], "error": error}
        return answer

    market.engine.advance(700)
    proxy.answer = pruned
    assert tandem("run", "--once", "--rpc", proxy.url).exit_code == 0
    assert written(settings) == happened(market, settings) != []


@pytest.mark.parametrize("word", ["0x", "0x" + "ff" * 4_000])
def test_a_second_opinion_that_is_none_says_nothing(
    tandem: Run, market: Any, settings: Path, proxy: Proxy, word: str
) -> None:
    market.engine.advance(700)
    proxy.answer = lambda q, a: a | {"result": word} if q["method"] == "eth_call" else a
    result = tandem("run", "--once", "--rpc", f"{market.url},{proxy.url}")
    assert result.exit_code == 0, result.stderr
    assert written(settings) == happened(market, settings) != []


# ---------------------------------------------------------------- of two nodes by themselves


@pytest.mark.parametrize(("method", "code", "message"), [
    ("eth_call", -32000, "missing trie node 0c1a (path ) state 0x12 is not available"),
    ("eth_sendRawTransaction", -32601, "the method eth_sendRawTransaction does not exist"),
    ("eth_sendRawTransaction", -32000, "txpool is full"),
    ("eth_sendRawTransaction", -32000, "failed to forward tx to sequencer, please try again"),
])  # fmt: skip
def test_what_one_lacks_another_is_asked(
    market: Any, proxy: Proxy, method: str, code: int, message: str
) -> None:
    """Its word was final: a hedge was left undone for as long as the first node was like that."""
    proxy.answer = lambda q, a: (
        {"jsonrpc": "2.0", "id": q["id"], "error": {"code": code, "message": message}}
        if q["method"] == method
        else a
    )
    proxy.ask = (  # and it hands nothing on
        lambda body, ask=proxy.ask: ask(
            body.replace(b"eth_sendRawTransaction", b"eth_sendRawTransaction_")
        )
    )
    node = Node([proxy.url, market.url], 5.0)
    if method == "eth_call":
        told = {"to": market.tandem.market.address, "data": "0x"}
        with pytest.raises(
            RpcError, match="revert"
        ):  # the second's word: there is no such function
            node.request(method, [told, "latest"])
        return
    with pytest.raises(RpcError) as refused:
        node.request(method, ["0x02"])
    assert message not in refused.value.message, "the second judged it"


@pytest.mark.parametrize(
    "data", ["System.NullReferenceException: no object", {"see": "our site"}, [1]]
)
@pytest.mark.parametrize("first", [True, False])
def test_what_a_node_adds_to_an_error_of_its_own_is_no_revert(
    tandem: Run, market: Any, proxy: Proxy, data: Any, first: bool
) -> None:
    """Some say in `data` what went wrong in them: it counted as what a call is refused with, of a chain's
    number too, so that a keeper with a second node that was well did not begin."""
    market.engine.advance(700)  # a post is due
    before = market.nonce()
    error = {"code": -32603, "message": "Internal error", "data": data}
    proxy.answer = lambda q, _: {"jsonrpc": "2.0", "id": q["id"], "error": error}
    urls = (proxy.url, market.url) if first else (market.url, proxy.url)
    result = tandem("run", "--once", "--rpc", ",".join(urls))
    assert result.exit_code == 0, result.stderr
    assert market.nonce() > before


def test_a_refusal_of_what_was_asked_is_the_first_s_word(market: Any, proxy: Proxy) -> None:
    asked = list[str]()
    proxy.answer = lambda q, a: asked.append(q["method"]) or a
    node = Node([market.url, proxy.url], 5.0)
    told = {"to": market.tandem.market.address, "data": "0x"}
    with pytest.raises(RpcError, match="revert"):
        node.request("eth_call", [told, "latest"])
    assert "eth_call" not in asked


class _Endless(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        piece = b"0" * 2**20
        try:
            self.wfile.write(b'{"jsonrpc":"2.0","id":1,"result":"0x')
            for _ in range(400):
                self.wfile.write(piece)
        except OSError:
            pass

    def log_message(self, *_: Any) -> None: ...


def test_an_answer_without_end_is_none_and_is_not_kept() -> None:
    server = HTTPServer(("127.0.0.1", 0), _Endless)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    code = (
        "import json, resource\nfrom tandem.engine.node import Node, NodeDownError\n"
        "size = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\nbefore = size()\n"
        f"try:\n    Node({url!r}, 5.0).request('eth_blockNumber')\n"
        "except NodeDownError as error:\n    print(json.dumps([size() - before, error.message]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    server.shutdown()
    grown, said = json.loads(done.stdout)
    assert grown < 250, "MiB"
    assert "more than 64 MiB" in said
    assert issubclass(NodeDownError, Exception)
