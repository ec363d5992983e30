"""A node that says that nothing was sent, or that it was dropped or failed, has nobody pay twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tandem.client import Client, outbox
from tandem.client.errors import ClientError, DroppedError, NodesDisagreeError, NotMinedError
from tandem.client.outbox import DoneBeforeError, Outbox, OutstandingError
from tandem.client.sending import Step
from tandem.engine.patience import pauses
from tandem.engine.rpc import RpcError
from tandem.errors import ConfigError, EngineError

Connect = Callable[..., Client]
SEND, RECEIPT = "eth_sendRawTransaction", "eth_getTransactionReceipt"


class Liar:
    """Between a client and its node. says: by method, what it says in the stead of an answer."""

    def __init__(self, engine: Any) -> None:
        self.ask, self.says, self.kept = engine.request, dict[str, Any](), list[str]()
        engine.request = self

    def __call__(self, method: str, params: Any = ()) -> Any:
        if method == SEND and self.says.get(SEND) == "kept":
            self.kept.append(params[0])
            return "0x" + "00" * 32
        answer = self.ask(method, list(params))
        if method in self.says and (said := self.says[method]) != "kept":
            return said(answer) if callable(said) else said
        return answer


def shares(market: Any, who: str) -> int:
    return int(market.tandem.vault.balanceOf(who))


def mined(market: Any, who: str) -> int:
    """The same, once what was sent is in a block: a node mines a moment later."""
    for pause in pauses():
        if found := shares(market, who):
            return found
        time.sleep(pause)
    raise AssertionError("shares are there or never come")


def test_what_a_node_kept_and_called_dropped_is_carried_out_once(
    payer: Client, market: Any
) -> None:
    """It has the first mined once its owner tried again: both would have been."""
    liar = Liar(payer.session.engine)
    liar.says[SEND] = "kept"
    with pytest.raises(DroppedError) as error:
        payer.deposit(100)
    assert error.value.hash in error.value.hint
    assert "same number" in error.value.hint or "its number" in error.value.hint
    liar.says[SEND] = "0x" + "00" * 32
    payer.deposit(100)
    once = shares(market, payer.address)
    with pytest.raises(EngineError, match="nonce"):
        market.engine.request(SEND, [liar.kept[0]])
    assert shares(market, payer.address) == once > 0


def test_what_a_node_says_that_it_did_not_take_is_done_once(payer: Client, market: Any) -> None:
    """It took it. Who runs the same again is told that it is done, once."""
    liar = Liar(payer.session.engine)

    def refuses(_: Any) -> Any:
        raise RpcError(SEND, {"code": -32000, "message": "nonce too low"})

    liar.says[SEND] = refuses
    with pytest.raises(ClientError, match="does not take") as error:
        payer.deposit(100)
    once = mined(market, payer.address)
    assert "is signed" in error.value.hint
    with pytest.raises(DoneBeforeError, match="nothing was sent now"):
        payer.deposit(100)
    assert shares(market, payer.address) == once
    del liar.says[SEND]
    assert payer.deposit(100).after.shares
    assert shares(market, payer.address) > once


def test_what_was_mined_after_all_is_told_and_not_sent_again(payer: Client, market: Any) -> None:
    """No lie: a block takes it once nobody waits any more. The same command bought twice."""
    market.engine.request("evm_setAutomine", [False])
    try:
        with pytest.raises(NotMinedError):
            payer.deposit(100)
    finally:
        market.engine.request("evm_setAutomine", [True])
        market.engine.request("evm_mine", [])
    once = mined(market, payer.address)
    with pytest.raises(DoneBeforeError) as error:
        payer.deposit(100)
    assert error.value.hint
    assert shares(market, payer.address) == once


def test_something_else_is_sent_as_ever(payer: Client, market: Any) -> None:
    liar = Liar(payer.session.engine)
    liar.says[SEND] = "kept"
    with pytest.raises(DroppedError):
        payer.deposit(100)
    liar.says.clear()
    payer.deposit(101)
    assert len((outbox.SENT / f"31337-{payer.address.lower()}.jsonl").read_text()) == 0


def test_a_number_that_is_used_without_a_receipt_is_a_persons_to_judge(
    payer: Client, market: Any
) -> None:
    liar = Liar(payer.session.engine)
    liar.says |= {RECEIPT: None, "eth_getTransactionByHash": None}
    with pytest.raises(NotMinedError):
        payer.deposit(100)
    with pytest.raises(OutstandingError, match="no receipt") as error:
        payer.deposit(100)
    path = outbox.SENT / f"31337-{payer.address.lower()}.jsonl"
    assert str(path) in error.value.hint
    path.unlink()
    liar.says.clear()
    assert payer.deposit(100).after.shares


def test_a_count_that_is_under_what_was_signed_is_told(payer: Client, market: Any) -> None:
    """A node made up a number that is ahead: what is signed with it waits until the account is there."""
    liar = Liar(payer.session.engine)
    liar.says |= {SEND: "kept", "eth_getTransactionCount": lambda n: hex(int(n, 16) + 3)}
    with pytest.raises(NotMinedError):
        payer.deposit(100)
    del liar.says["eth_getTransactionCount"]
    with pytest.raises(OutstandingError, match="one of the two is wrong"):
        payer.deposit(100)


def test_two_nodes_that_differ_about_a_receipt_are_named(payer: Client, market: Any) -> None:
    """The one that is asked first says that it failed; whoever believed it would send it again."""
    engine: Any = payer.session.engine
    liar = Liar(engine)
    honest = liar.ask
    liar.says[RECEIPT] = lambda found: found and found | {"status": "0x0"}
    engine.node = SimpleNamespace(
        is_several=True, takes_many=False, alone=list, witnesses=lambda m, p: [honest(m, list(p))]
    )
    with pytest.raises(NodesDisagreeError, match="another that it failed") as error:
        payer.deposit(100)
    assert "do not send it again" in error.value.hint
    assert shares(market, payer.address) > 0


def test_a_receipt_that_one_node_hides_is_had_from_another(payer: Client, market: Any) -> None:
    engine: Any = payer.session.engine
    liar = Liar(engine)
    liar.says[RECEIPT] = None
    engine.node = SimpleNamespace(
        is_several=True,
        takes_many=False,
        alone=list,
        witnesses=lambda m, p: [None, liar.ask(m, list(p))],
    )
    assert payer.deposit(100).after.shares


def test_on_a_chain_of_ones_own_nothing_is_kept(trader: Client, tmp_path: Path) -> None:
    assert trader.session.book is not None
    trader.session.book.write(1, Step("0x", b"", "nothing"), "0x1")
    assert not Outbox(trader.session.engine, trader.address, "0x").path.exists()


def test_a_file_that_is_none_stops_what_would_be_sent(payer: Client) -> None:
    path = outbox.SENT / f"31337-{payer.address.lower()}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("[]\n")
    with pytest.raises(ConfigError, match="what was signed"):
        payer.deposit(100)
