"""What a node answered once is answered without it, and what is no node or no recording says so by name."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chains import CHAINS, Chain
from recording import Recording, RecordingError
from scenario import deploy
from stand_in import build, node
from upstream import (
    NODE,
    RECORDING,
    STAND_IN,
    UpstreamError,
    check_record,
    file_of,
    kind_of,
    opened,
    told,
)

from tandem.engine.anvil import free_port
from tandem.engine.node import Node
from tandem.engine.relay import Far, serving
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import Deployment

ARBITRUM = CHAINS["arbitrum"]
KEY = "a-key-of-somebody"
BALANCE = {"method": "eth_getBalance", "params": ["0x" + "11" * 20, "0x1"]}


@pytest.fixture(autouse=True)
def _no_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    for chain in CHAINS.values():
        monkeypatch.delenv(chain.variable, raising=False)


@contextmanager
def fork_of(chain: Chain, url: str) -> Iterator[RemoteEngine]:
    """A fork without Ape, that keeps nothing of what it is told."""
    told = ["--fork-url", url, "--fork-block-number", str(chain.block), "--no-storage-caching"]
    with node(chain.id, *told, "--no-rate-limit") as fork:
        yield RemoteEngine(Node(fork).request, is_development=True)


def test_a_recording_does_when_its_node_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reviewed file is deployed on the fork of a node, and again on that of the node's recording: the
    same addresses, arguments and code."""
    found: list[Deployment] = []

    def deployed(chain: Chain, record: bool) -> str:
        with (
            opened(chain, tmp_path, record=record) as upstream,
            fork_of(chain, upstream.url) as engine,
        ):
            found.append(deploy(engine, chain, tmp_path))
            return upstream.kind

    with node(ARBITRUM.id) as url:
        chain = replace(ARBITRUM, block=build(ARBITRUM, url).engine.block())
        monkeypatch.setenv(chain.variable, f"{url}/?key={KEY}")
        assert deployed(chain, record=True) == NODE
    monkeypatch.delenv(chain.variable)
    assert deployed(chain, record=False) == RECORDING
    first, again = found
    assert first == again
    assert KEY not in gzip.decompress(file_of(chain, tmp_path).read_bytes()).decode()


# ---------------------------------------------------------------- what is kept


def kept(*answers: dict[str, Any]) -> tuple[Recording, list[Any]]:
    """A recording of a node that says these, one after the other, to one question; what came back."""
    recording, said = Recording(1, 1), iter(answers)
    ask = recording.recorder(lambda _: next(said))
    return recording, [ask(BALANCE) for _ in answers]


def test_a_question_is_asked_once() -> None:
    recording, said = kept({"result": "0x1"}, {"result": "0x2"})
    assert said == [{"result": "0x1"}] * 2
    assert recording.replay(BALANCE) == {"result": "0x1"}


def test_a_refusal_is_an_answer_and_a_fault_on_the_way_is_none() -> None:
    fault = {"error": {"code": -32005, "message": "too many requests"}}
    recording, said = kept(fault, {"result": "0x1"}, {"result": "0x2"})
    assert said == [fault, {"result": "0x1"}, {"result": "0x1"}]
    assert list(recording.answers.values()) == [{"result": "0x1"}]
    refusal = {"error": {"code": 3, "message": "execution reverted", "data": "0x"}}
    recording, said = kept(refusal, {"result": "0x1"})
    assert said == [refusal] * 2


def test_what_was_never_asked_is_refused_by_name_and_counted() -> None:
    recording = Recording(1, 1)
    found = recording.replay(BALANCE)
    assert "eth_getBalance" in found["error"]["message"]
    assert "--record" in found["error"]["message"]
    assert len(recording.missed) == 1
    own = {"method": "eth_getTransactionReceipt", "params": ["0x" + "22" * 32]}
    assert recording.replay(own) == {"result": None}
    assert len(recording.missed) == 1


def test_a_recording_is_of_one_chain_at_one_block(tmp_path: Path) -> None:
    path = tmp_path / "kept.json.gz"
    Recording(10, 7, {"asked": {"result": "0x1"}}).save(path)
    assert Recording.load(path, 10, 7).answers == {"asked": {"result": "0x1"}}
    for chain, block in ((10, 8), (8_453, 7)):
        with pytest.raises(RecordingError, match=r"is of chain 10 at block 7, not of chain"):
            Recording.load(path, chain, block)
    for text in (b"", b"{}", gzip.compress(b"{}"), gzip.compress(b"[1")):
        path.write_bytes(text)
        with pytest.raises(RecordingError, match="is no recording"):
            Recording.load(path, 10, 7)
    path.rename(file_of(ARBITRUM, tmp_path))
    with (
        pytest.raises(UpstreamError, match="remove it, or record again"),
        opened(ARBITRUM, tmp_path),
    ):
        pass


def test_there_is_one_way_to_ask_of_an_account() -> None:
    """A fork that is answered two ways takes the faster, and a recording would have half of each."""
    recording, asked = Recording(1, 1), {"method": "eth_getAccountInfo", "params": ["0x1", "0x1"]}
    for ask in (recording.recorder(lambda _: {"result": {}}), recording.replay):
        assert ask(asked)["error"]["code"] == -32601
    assert (recording.answers, recording.missed) == ({}, [])


# ---------------------------------------------------------------- which of the three


def test_a_node_goes_before_a_recording_and_that_before_a_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kind_of(ARBITRUM, tmp_path) == STAND_IN
    assert told(ARBITRUM, tmp_path, record=False) == "arbitrum: a stand-in"
    with pytest.raises(UpstreamError, match="none is named: set ARBITRUM_RPC_URL"):
        check_record([ARBITRUM], tmp_path)
    Recording(ARBITRUM.id, ARBITRUM.block).save(file_of(ARBITRUM, tmp_path))
    assert kind_of(ARBITRUM, tmp_path) == RECORDING
    assert told(ARBITRUM, tmp_path, record=False) == "arbitrum: a recording at block 460,000,000"
    monkeypatch.setenv(ARBITRUM.variable, "https://node.example")
    assert kind_of(ARBITRUM, tmp_path) == NODE
    assert told(ARBITRUM, tmp_path, record=True).endswith("a node at block 460,000,000, recorded")
    check_record([ARBITRUM], tmp_path)


# ---------------------------------------------------------------- nodes that are none


def refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> str:
    """What is said of a node that cannot be forked."""
    monkeypatch.setenv(ARBITRUM.variable, url)
    with pytest.raises(UpstreamError) as caught, opened(ARBITRUM, tmp_path):
        pass
    assert KEY not in str(caught.value)
    assert ARBITRUM.variable in str(caught.value)
    return str(caught.value)


def test_a_node_that_does_not_answer_is_named_without_its_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}/v2/{KEY}"
    said = refused(monkeypatch, tmp_path, url)
    assert "eth_chainId: no node answers: http://127.0.0.1:" in said
    assert "is no address of a node" in refused(monkeypatch, tmp_path, f"ws:/{KEY}")


def test_a_node_of_another_chain_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with node(10) as url:
        said = refused(monkeypatch, tmp_path, f"{url}/?key={KEY}")
    assert "is a node of chain 10, not of 42161" in said


def test_a_node_that_does_not_keep_the_block_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with node(ARBITRUM.id) as url:
        said = refused(monkeypatch, tmp_path, f"{url}/?key={KEY}")
    assert "does not keep the state of block 460,000,000" in said
    assert "archive" in said


def test_a_node_that_repeats_its_address_gives_no_key_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rude = {"error": {"code": -32000, "message": f"no such plan: /v2/{KEY}"}}
    with serving(lambda _: rude) as url:
        assert "no such plan" in refused(monkeypatch, tmp_path, f"{url}/v2/{KEY}")


def test_several_questions_in_one_are_answered_in_their_order() -> None:
    with serving(lambda question: {"result": question["params"][0]}) as url:
        node = Node(url)
        assert node.batch([("web3_sha3", [str(n)]) for n in range(5)]) == list("01234")
        assert Far(url)({"method": "web3_sha3", "params": ["7"]}) == {"result": "7"}
        node.close()
    assert json.loads(Recording.key(BALANCE)) == [BALANCE["method"], BALANCE["params"]]
