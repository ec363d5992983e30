"""A fork of a node whose address holds a key: nobody here reads it, and nothing reaches the node."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from tandem.engine.anvil import AnvilEngine, free_port
from tandem.engine.fork import forked
from tandem.engine.node import Node
from tandem.engine.relay import Far, reading, serving
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError
from tandem.units import WAD

KEY = "a-key-of-somebody-0123456789"
WHO = "0x" + "11" * 20


@pytest.fixture(scope="module")
def origin() -> Iterator[AnvilEngine]:
    with AnvilEngine(prune_history=False) as node:
        node.fund(WHO, 7 * WAD)
        node.rpc("evm_mine")
        yield node


@pytest.fixture
def secret(origin: AnvilEngine) -> Iterator[str]:
    """Its address, as a provider sells it."""
    with serving(Far(origin.url)) as url:
        yield f"{url}/v2/{KEY}"


def commands() -> list[str]:
    """What the processes of this machine were started with, as anybody reads it."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc here")
def test_the_key_of_a_nodes_address_is_in_no_list_of_processes(secret: str) -> None:
    """`deploy rehearse` gave it to anvil as an argument, where whoever is on the machine reads it."""
    with forked(secret) as fork:
        assert fork.balance(WHO) == 7 * WAD
        every = commands()
        assert any("anvil" in each and "--fork-url http://127.0.0.1:" in each for each in every)
        assert not [each for each in every if KEY in each]
        assert KEY not in str(fork.request("anvil_nodeInfo", []))


def test_nothing_is_sent_to_what_is_forked(secret: str, origin: AnvilEngine) -> None:
    """Whoever else finds the port may look, as a fork does."""
    with serving(reading(Far(secret))) as near:
        node = Node(near)
        for method in ("eth_sendRawTransaction", "eth_sendTransaction", "anvil_setBalance"):
            with pytest.raises(RpcError, match="does not exist"):
                node.request(method, ["0x00"])
        assert node.request("eth_getBalance", [WHO, "latest"]) == hex(7 * WAD)
        node.close()
    with forked(secret) as fork:
        fork.fund(WHO, 1)
        fork.request("evm_mine", [])
    assert origin.balance(WHO) == 7 * WAD


def test_a_proxy_of_the_outside_world_is_not_asked_for_a_port_of_this_machine(
    secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with forked(secret) as fork:
        assert fork.balance(WHO) == 7 * WAD


def test_a_second_node_serves_where_the_first_is_gone(secret: str) -> None:
    with forked([f"http://127.0.0.1:{free_port()}", secret]) as fork:
        assert fork.balance(WHO) == 7 * WAD


def test_a_node_that_is_gone_is_named_without_its_key() -> None:
    with (
        pytest.raises(EngineError) as caught,
        forked(f"http://127.0.0.1:{free_port()}/v2/{KEY}"),
    ):
        pass
    assert "no node answers" in str(caught.value)
    assert KEY not in str(caught.value)


def test_what_is_no_question_is_refused_and_the_next_one_answered(
    origin: AnvilEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(Far(origin.url)) as near:
        for body in (b"", b"{", b"[1]", b'{"id": 1}'):
            connection = http.client.HTTPConnection(near.removeprefix("http://"), timeout=10)
            connection.request("POST", "/", body)
            assert connection.getresponse().status == 400
            connection.close()
        assert Node(near).request("eth_chainId") == hex(origin.chain_id)
    assert "Traceback" not in capfd.readouterr().err
