"""`apply` and gas that becomes dearer while a transaction waits: it is replaced, up to a bound, and whichever
of the attempts a block takes is the one that counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain, Request
from cut_off import CONTRACTS, SEND, CutError, all_of, facts
from eth_utils.crypto import keccak

from tandem.engine.rpc import RpcError
from tandem.protocol import insisting
from tandem.protocol.deploy_journal import journal_of
from tandem.protocol.insisting import StuckError
from tandem.terminal.deploying import DEARER
from tandem.units import GWEI

AT = 3
"""The transaction that is caught by the price."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch, chain: Chain) -> Iterator[None]:
    """Patience of a second, and a price of gas that a bid can be under."""
    monkeypatch.setattr(insisting, "STUCK", 0.3)
    monkeypatch.setattr(insisting, "WAIT", 1.2)
    _price(chain, GWEI)
    yield
    chain.node.rpc("anvil_dropAllTransactions")
    chain.node.rpc("evm_setAutomine", True)


def _price(chain: Chain, wei: int) -> None:
    """A block with this price of gas; those that follow may ask an eighth less."""
    chain.node.rpc("anvil_setNextBlockBaseFeePerGas", hex(wei))
    chain.node.rpc("evm_mine")


class Dear:
    """From one transaction on no block comes but by this, which makes one whenever it is asked what became of
    what was sent, and gas takes so much in it. cut: the attempt, from 1, at which the process ends, before
    the node heard of it or after; lost: whether only the first is ever heard of, and gas is cheap again."""

    def __init__(
        self,
        chain: Chain,
        gwei: int,
        *,
        cut: int | None = None,
        heard: bool = True,
        lost: bool = False,
    ) -> None:
        self.chain, self.gwei, self.cut, self.heard, self.lost = chain, gwei, cut, heard, lost
        self.sent, self.first = 0, ""

    def __call__(self, ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == SEND:
                return self._send(ask, params)
            if method == "eth_getTransactionCount" and self.sent >= AT:
                _price(self.chain, self.gwei * GWEI)
            return ask(method, params)

        return request

    def _send(self, ask: Request, params: list[Any]) -> Any:
        self.sent += 1
        attempt = self.sent - AT + 1
        if attempt == 1:
            self.chain.node.rpc("evm_setAutomine", False)
        if attempt > 1 and self.lost and count(self.chain) < AT:
            self.gwei = 1
            self.chain.node.rpc("anvil_dropAllTransactions")
            _price(self.chain, GWEI)
            return ask(SEND, [self.first])  # another node had kept it
        if attempt == self.cut and not self.heard:
            raise CutError("cut off")
        answer = ask(SEND, params)
        if attempt == 1:
            self.first = params[0]
        if attempt == self.cut:
            raise CutError("cut off")
        return answer


class Blocks(Dear):
    """The same, from the beginning."""

    def __init__(self, chain: Chain, gwei: int) -> None:
        super().__init__(chain, gwei)
        self.sent = AT


def bids(path: Path) -> list[tuple[int, int]]:
    """What the journal says was offered for the one that waits: the most and the tip, wei."""
    rows = map(json.loads, journal_of(path, "there").read_text().splitlines()[1:])
    return [(row["most"], row["tip"]) for row in rows if row["nonce"] == AT - 1]


def count(chain: Chain) -> int:
    return int(chain.node.rpc("eth_getTransactionCount", chain.deployer, "latest"), 16)


def test_one_that_waits_is_made_dearer(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """It was waited for until the process gave up, and whoever ran it again waited for it again."""
    node = Dear(chain, 3)
    assert facts(all_of(chain, tmp_path / "there.json", between=node)) == undisturbed
    assert node.sent > CONTRACTS
    assert count(chain) == CONTRACTS


@pytest.mark.parametrize("heard", [False, True])
def test_a_run_that_ends_while_it_makes_one_dearer_is_gone_on_with(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any], heard: bool
) -> None:
    """Between the journal and the node, and before the node's answer."""
    path = tmp_path / "there.json"
    with pytest.raises(CutError):
        all_of(chain, path, between=Dear(chain, 3, cut=2, heard=heard))
    (first, tip), (second, more) = bids(path)
    assert second * 8 >= first * 9
    assert more * 8 >= tip * 9
    assert more > tip
    assert facts(all_of(chain, path, between=Blocks(chain, 3))) == undisturbed
    assert count(chain) == CONTRACTS


def test_the_first_attempt_may_be_the_one_that_is_mined(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    node = Dear(chain, 3, lost=True)
    assert facts(all_of(chain, tmp_path / "there.json", between=node)) == undisturbed
    assert node.sent > CONTRACTS
    first = "0x" + keccak(hexstr=node.first).hex()
    assert chain.node.rpc("eth_getTransactionReceipt", first)["status"] == "0x1"
    assert count(chain) == CONTRACTS


def test_a_count_that_a_node_refuses_is_asked_for_again(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """anvil, which is putting a block on, refuses the count of that block: a run ended by it, once in
    hundreds."""
    counted = 0

    def between(ask: Request) -> Request:
        sent = False

        def request(method: str, params: list[Any]) -> Any:
            nonlocal sent, counted
            sent = sent or method == SEND
            if sent and method == "eth_getTransactionCount":
                counted += 1
                if counted % 2:
                    raise RpcError(method, {"code": -32602, "message": "BlockOutOfRangeError"})
            return ask(method, params)

        return request

    found = all_of(chain, tmp_path / "there.json", between=between)
    assert facts(found) == undisturbed
    assert counted


def test_no_attempt_is_dearer_than_the_bound(chain: Chain, tmp_path: Path) -> None:
    """Twice what gas takes is over it, and what gas takes is not."""
    path, most = tmp_path / "there.json", DEARER * chain.engine().fees()[0]
    with pytest.raises(CutError):
        all_of(chain, path, between=Dear(chain, 7, cut=2))
    assert bids(path)[-1][0] == most


def test_where_the_bound_forbids_more_who_waits_is_told(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """The next run bids by what gas takes then."""
    path, most = tmp_path / "there.json", DEARER * chain.engine().fees()[0]
    with pytest.raises(StuckError, match=r"transaction 2 of .* waits with .* gwei") as caught:
        all_of(chain, path, between=Dear(chain, 40))
    assert "same command again" in caught.value.hint
    assert any("goes on from there" in note for note in caught.value.__notes__)
    assert bids(path)[-1][0] <= most
    assert count(chain) == AT - 1
    assert facts(all_of(chain, path, between=Blocks(chain, 40))) == undisturbed
    assert count(chain) == CONTRACTS


def test_a_journal_of_before_says_no_price_and_is_gone_on_with(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    path = tmp_path / "there.json"
    with pytest.raises(CutError):
        all_of(chain, path, between=Dear(chain, 3, cut=1))
    journal = journal_of(path, "there")
    head, *rows = map(json.loads, journal.read_text().splitlines())
    for row in rows:
        for key in ("gas", "most", "tip", "hash"):
            del row[key]
    journal.write_text("".join(json.dumps(row) + "\n" for row in (head, *rows)))
    assert facts(all_of(chain, path, between=Blocks(chain, 3))) == undisturbed
    assert count(chain) == CONTRACTS
