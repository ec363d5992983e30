"""What a node or a contract says is text inside our own sentences: it moves no cursor, turns nothing round,
has an end, and ends no command in a traceback."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tandem.client import Client
from tandem.client.session import Prepared
from tandem.engine.endpoint import Endpoint
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError
from tandem.foreign import MOST, plain
from tandem.protocol import outside
from tandem.terminal.group import main
from tandem.venues._tokens import token_faults

ERROR = keccak(text="Error(string)")[:4]
HOSTILE = "\x1b[2J\x1b]0;title\x07you are paid 1,000,000.00 USD\r\u202ereversed\u2066\n\x9b31m"
ENDLESS = "\x1b[31m" + "x" * 1_000_000


def is_harmless(text: str, most: int) -> bool:
    hidden = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    return not [c for c in hidden if c != "\n"] and len(text) < most


@pytest.mark.parametrize("text", [HOSTILE, ENDLESS], ids=["hostile", "endless"])
def test_a_revert_says_nothing_that_a_terminal_obeys(text: str) -> None:
    assert is_harmless(decode_reason(ERROR + encode(["string"], [text])), 2 * MOST)
    assert is_harmless(decode_reason(bytes.fromhex("deadbeef") + text.encode()), 2 * MOST)


def test_a_revert_that_is_no_text_is_a_refusal_all_the_same() -> None:
    assert decode_reason(ERROR + encode(["bytes"], [b"\xff\xfe\x1b[2J"])).startswith("0x08c379a0")


def test_reasons_that_are_known_stay_as_they_are() -> None:
    assert decode_reason(ERROR + encode(["string"], ["market: premium over max"])) == (
        "market: premium over max"
    )
    assert plain("Größe – 1,5 × ≤ 2 €") == "Größe – 1,5 × ≤ 2 €"


@pytest.mark.parametrize("text", [HOSTILE, ENDLESS], ids=["hostile", "endless"])
def test_what_a_node_says_went_wrong_is_shown_as_text(text: str) -> None:
    for error in ({"code": -32000, "message": text}, text):
        assert is_harmless(RpcError("eth_call", error).message, 1_000)


@pytest.mark.parametrize("text", [HOSTILE, ENDLESS], ids=["hostile", "endless"])
def test_what_a_node_calls_its_answer_is_shown_as_text(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    class Page:
        status = 200

        def getheader(self, *_: str) -> str:
            return text

    endpoint = Endpoint("http://127.0.0.1:1")
    monkeypatch.setattr(endpoint, "_exchange", lambda *_: (Page(), b"<html>"))
    with pytest.raises(ValueError, match="no JSON") as error:
        endpoint.post({"id": 1, "method": "eth_chainId", "params": []}, 1.0)
    assert is_harmless(str(error.value), 200)


def answering(engine: RemoteEngine, fn: str, raw: bytes) -> RemoteEngine:
    """The same node, where every call of this function is answered so."""
    ask: Any = engine.request
    selector = "0x" + keccak(text=fn)[:4].hex()

    def lying(method: str, params: Any = ()) -> Any:
        is_it = method == "eth_call" and str(params[0]["data"]).startswith(selector)
        return "0x" + raw.hex() if is_it else ask(method, list(params))

    return RemoteEngine(lying)


@pytest.mark.parametrize("text", [HOSTILE, ENDLESS], ids=["hostile", "endless"])
def test_a_tokens_symbol_is_shown_as_text(market: Any, text: str) -> None:
    engine = answering(market.engine, "symbol()", encode(["string"], [text]))
    token = market.tandem.exchange.usdc.address
    (fault,) = token_faults(engine, "usdc", token, "USDC", 6)
    assert is_harmless(fault.what, 2 * MOST)


def test_a_symbol_that_is_no_text_is_a_fault(market: Any) -> None:
    engine = answering(market.engine, "symbol()", encode(["bytes"], [b"\xff\xfe"]))
    (fault,) = token_faults(engine, "usdc", market.tandem.exchange.usdc.address, "USDC", 6)
    assert "is no token" in fault.what


@pytest.mark.parametrize("text", [HOSTILE, ENDLESS], ids=["hostile", "endless"])
def test_what_a_feed_says_that_it_prices_is_shown_as_text(market: Any, text: str) -> None:
    engine = answering(market.engine, "description()", encode(["string"], [text]))
    feed = market.tandem.exchange.feed.address
    fault = outside._price_fault(engine, feed, "ETH", None)  # pyright: ignore[reportPrivateUsage]
    assert fault
    assert is_harmless(fault, 3 * MOST)


def test_a_command_prints_none_of_it(
    run: Callable[..., Result], market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever path it came by: the last one to print it looks."""

    def refuses(*_: Any, **__: Any) -> Prepared[Any, Any]:
        error = EngineError(f"the node says {HOSTILE}", HOSTILE)
        error.add_note(HOSTILE)
        raise error

    monkeypatch.setattr(Client, "prepare_mint", refuses)
    result = run("mint", str(market.series), "1", "--yes")
    assert result.exit_code == 2
    assert "the node says" in result.stderr
    assert is_harmless(result.stdout + result.stderr, 10_000)
    assert CliRunner(mix_stderr=False).invoke(main, ["--help"]).exit_code == 0
