"""What ends while a transaction waits for its block: it is out, and its name is said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tandem.client import Client
from tandem.client.errors import ClientError, PriceMovedError
from tandem.client.sending import Sent
from tandem.engine.node import NodeDownError

TANDEM = str(Path(sys.executable).with_name("tandem"))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_what_is_out_when_a_signal_comes_is_named(
    trader: Client, market: Any, key: str, number: signal.Signals, more: list[str]
) -> None:
    """The command ended with 130 and without the hash of what may still be mined: whoever sent it
    again traded twice."""
    engine = market.engine
    environment = os.environ | {"TANDEM_RPC": market.url, "TANDEM_KEY": key}
    environment["TANDEM_DEPLOYMENT"] = str(market.file)
    engine.request("evm_setAutomine", [False])
    try:
        done = subprocess.Popen(
            [TANDEM, "deposit", "100", "--yes", *more], env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        until = time.monotonic() + 180
        while not (waiting := pending(engine, trader.address)):
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(0.3)
        done.send_signal(number)
        _, said = done.communicate(timeout=180)
    finally:
        engine.request("evm_mine", [])
        engine.request("evm_setAutomine", [True])
    assert done.returncode == 128 + number
    assert all(hash_ in said for hash_ in waiting)
    assert "may still be mined" in said


def test_what_is_out_when_the_node_goes_is_named(
    trader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error said that no node answers, and not what it had taken before."""
    ask = trader.session.engine.request

    def gone(method: str, params: list[Any]) -> Any:
        if method == "eth_getTransactionReceipt":
            raise NodeDownError("no node answers", "start one")
        return ask(method, params)

    monkeypatch.setattr(trader.session.engine, "request", gone)
    with pytest.raises(NodeDownError) as error:
        trader.deposit(100)
    (note,) = error.value.__notes__
    assert note.startswith("0x")
    assert "may still be mined" in note


def test_what_is_done_when_the_node_goes_is_named(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option was bought, the node went before it said what was held: the error spoke of a node alone,
    with --json nothing else was written, and whoever tried again bought twice."""
    ask, sent = trader.session.engine.request, list[str]()

    def gone(method: str, params: list[Any]) -> Any:
        if len(sent) == 3 and method == "eth_call":
            raise NodeDownError("no node answers", "start one")
        found = ask(method, params)
        if method == "eth_getTransactionReceipt" and found is not None:
            sent.append(found["transactionHash"])
        return found

    monkeypatch.setattr(trader.session.engine, "request", gone)
    with pytest.raises(NodeDownError) as error:
        trader.mint(market.series, 1)
    monkeypatch.undo()
    allowed, minted, taken_back = error.value.__notes__
    assert [note.split()[0] for note in (allowed, minted, taken_back)] == sent
    assert "(mint 1 ETH of " in minted
    assert "before trying again" in minted


def test_what_was_taken_back_is_not_said_to_stay(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared, told = trader.prepare_mint(market.series, 1), list[Sent]()

    def moves(sent: Sent) -> None:
        if not told:
            market.move(2_540)
        told.append(sent)

    with pytest.raises(PriceMovedError) as error:
        prepared.send(moves)
    assert [each.note.split()[0] for each in told] == ["allow", "take"]
    assert not getattr(error.value, "__notes__", [])


def test_where_the_price_has_moved_before_anything_is_sent_nothing_is(
    trader: Client, market: Any
) -> None:
    """Who took his time to say yes paid for an allowance and for its end, and got nothing."""
    prepared = trader.prepare_mint(market.series, 1)
    market.move(2_540)
    before = market.engine.nonce(trader.address)
    with pytest.raises(PriceMovedError):
        prepared.send()
    assert market.engine.nonce(trader.address) == before


def test_a_receipt_that_says_nothing_of_the_trade_is_a_nodes_fault(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ended in an IndexError, and did not say what was sent."""
    ask = trader.session.engine.request

    def silent(method: str, params: list[Any]) -> Any:
        found = ask(method, params)
        if method == "eth_getTransactionReceipt" and found is not None:
            found["logs"] = []
        return found

    monkeypatch.setattr(trader.session.engine, "request", silent)
    with pytest.raises(ClientError, match="receipts say nothing") as error:
        trader.mint(market.series, 1)
    assert any("(mint 1 ETH of " in note for note in error.value.__notes__)


def pending(engine: Any, account: str) -> list[str]:
    """Hashes of an account's transactions that no block has taken."""
    pool = engine.request("txpool_content", [])["pending"]
    mine = [by_nonce for who, by_nonce in pool.items() if who.lower() == account.lower()]
    return [each["hash"] for by_nonce in mine for each in by_nonce.values()]
