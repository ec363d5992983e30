"""One transaction at a time: simulated, signed, sent, watched until it is in a block."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Self

from eth_utils.crypto import keccak

from tandem.client.accounts import Account
from tandem.client.amounts import SHARES, shown
from tandem.client.errors import (
    AccountError,
    ClientError,
    DroppedError,
    GasError,
    NodesDisagreeError,
    NotMinedError,
    ReplacedError,
    refused,
)
from tandem.client.outbox import Book, receipts
from tandem.engine.answers import quantity
from tandem.engine.base import GAS_LIMIT, Outcome, RawLog, Tx, logs_of, with_slack
from tandem.engine.data_fees import data_beside
from tandem.engine.patience import pauses
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.engine.rpc import RpcError
from tandem.units import decimal

WAIT_SECONDS = 120.0
MOST_GAS = Decimal("0.05")
"""ETH that a transaction's gas, and its data, may cost: fees are the node's word, and paid to others."""
INDEXING_SECONDS = 3.0
"""Nodes count a transaction's nonce a moment before they have its receipt."""
GAS_SLACK = 150
"""Estimates of venue trades fall short now and then."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction that nobody has signed. note: what it does, in words.

    data_at_send: what is sent in its stead by an account that signs here (a permit for an
    approval); is_needed: asked just before it is sent, None always is; undo: what takes it back where
    a later one fails.
    """

    to: str
    data: bytes
    note: str
    value: int = 0
    data_at_send: Callable[[], bytes] | None = field(default=None, compare=False, repr=False)
    is_needed: Callable[[], bool] | None = field(default=None, compare=False, repr=False)
    undo: Step | None = field(default=None, compare=False, repr=False)

    @property
    def calldata(self) -> dict[str, str]:
        """As a Safe's transaction builder takes it."""
        return {"to": self.to, "value": str(self.value), "data": "0x" + self.data.hex()}


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction that is in a block. fee: ETH paid for its gas, and on a rollup for its data."""

    note: str
    hash: str
    block: int
    gas_used: int
    fee: Decimal
    logs: tuple[RawLog, ...] = field(repr=False)

    @classmethod
    def of(cls, note: str, receipt: Mapping[str, Any]) -> Self:
        """As its receipt has it."""
        block, gas_used = int(receipt["blockNumber"], 16), int(receipt["gasUsed"], 16)
        price, data = (quantity(receipt.get(each)) for each in ("effectiveGasPrice", "l1Fee"))
        fee = gas_used * price + data
        hash_ = str(receipt["transactionHash"])
        return cls(note, hash_, block, gas_used, decimal(fee, SHARES), logs_of(receipt))


@dataclass(frozen=True, slots=True)
class Sender:
    """One account on one chain. most_gas: ETH for the gas of one transaction and for its data; book: told of
    each before it leaves."""

    engine: RemoteEngine
    account: Account
    wait_seconds: float = WAIT_SECONDS
    most_gas: Decimal = MOST_GAS
    book: Book | None = None

    # ---- before
    def simulate(self, steps: Sequence[Step]) -> list[Outcome]:
        """What the steps would do now, one after the other; fewer than all where the node cannot
        simulate a sequence (each is simulated again before it is sent). Raises ClientError with
        the chain's refusal."""
        outcomes = self._sequence(steps) if len(steps) > 1 else None
        if outcomes is None:
            outcomes = [self.engine.simulate(self._tx(steps[0].to, steps[0].data, steps[0].value))]
        for outcome in outcomes:
            if not outcome.ok:
                raise refused(decode_reason(outcome.output), outcome.output)
        return outcomes

    def _sequence(self, steps: Sequence[Step]) -> list[Outcome] | None:
        """By eth_simulateV1, which not every node has: None."""
        calls = [self.engine.fields_of(self._tx(step.to, step.data, step.value)) for step in steps]
        wanted = {"blockStateCalls": [{"calls": calls}], "validation": False}
        try:
            answer = self.engine.request("eth_simulateV1", [wanted, "latest"])
            found = [_simulated(each) for each in answer[0]["calls"]]
        except (RpcError, ArithmeticError, LookupError, TypeError, ValueError):
            return None  # what is no answer is none
        return found if len(found) == len(steps) else None

    # ---- sending
    def send(self, step: Step) -> Sent:
        """Raises ClientError where it is refused, cannot be paid for, or stays out of a block."""
        if not self.account.can_send:
            raise AccountError(
                f"nobody here signs for {self.account.address}",
                "set TANDEM_KEY, name an Ape account with --account, or pass --calldata to a Safe",
            )
        data = step.data
        if step.data_at_send is not None and self.account.signer is not None:
            data = step.data_at_send()
        tx = self._tx(step.to, data, step.value)
        outcome = self.engine.simulate(tx)
        if not outcome.ok:
            raise refused(decode_reason(outcome.output), outcome.output)
        gas, most, tip = self._gas(tx)
        nonce = self.engine.count(self.account.address, "pending")
        nonce = self.book.number(nonce, step) if self.book else nonce
        hash_ = self._submit(step, replace(tx, gas=gas, nonce=nonce), most, tip)
        try:
            receipt = self._receipt(hash_, nonce)
        except NotMinedError:
            raise
        except BaseException as error:  # a signal, or a node that is gone
            error.add_note(f"{hash_} ({step.note}) was sent and may still be mined: look it up")
            raise
        return self._sent(step, replace(tx, nonce=nonce), receipt)

    def _tx(self, to: str, data: bytes, value: int) -> Tx:
        return Tx(self.account.address, to, data, GAS_LIMIT, value)

    def _gas(self, tx: Tx) -> tuple[int, int, int]:
        """(limit, most per gas, tip). Raises GasError where that is more than is allowed, or than the
        account has."""
        try:
            estimate = int(self.engine.request("eth_estimateGas", [self.engine.fields_of(tx)]), 16)
        except RpcError as error:
            raise GasError(
                f"the node cannot estimate the gas: {error.message}",
                "the state may have moved: try again",
            ) from error
        gas = with_slack(estimate, GAS_SLACK)
        most, tip = self.engine.fees()
        data = data_beside(self.engine, replace(tx, gas=gas))
        cost = decimal(gas * most + data, SHARES)
        if cost > self.most_gas:
            apart = f", {shown(decimal(data, SHARES))} of it for its data" if data else ""
            raise GasError(
                f"by the node's fees the gas may take up to {shown(cost)} ETH{apart}, "
                f"more than {shown(self.most_gas)}",
                "wait until gas is cheaper, ask another node, or allow more with --gas",
            )
        has, needs = self.engine.balance(self.account.address), gas * most + data + tx.value
        if has < needs:
            raise GasError(
                f"{self.account.address} has {shown(decimal(has, SHARES))} ETH, the gas may take up "
                f"to {shown(decimal(needs, SHARES))}",
                "send it some ETH on this chain",
            )
        return gas, most, tip

    def _submit(self, step: Step, tx: Tx, most: int, tip: int) -> str:
        """tx: with its gas and its nonce."""
        signer, nonce = self.account.signer, tx.nonce or 0
        raw = b"" if signer is None else signer.sign(self.engine.unsigned(tx, most, tip))
        hash_ = "0x" + keccak(raw).hex() if raw else ""
        if self.book:
            self.book.write(nonce, step, hash_)
        try:
            if raw:  # whose name is its own bytes', whatever the node says
                self.engine.send_signed(raw)
            else:
                fields = self.engine.fields_of(tx) | {"gas": hex(tx.gas), "nonce": hex(nonce)}
                fields |= {"maxFeePerGas": hex(most), "maxPriorityFeePerGas": hex(tip)}
                hash_ = str(self.engine.request("eth_sendTransaction", [fields]))
        except RpcError as error:
            if "insufficient funds" in error.message.lower():
                raise GasError(error.message, "send the account some ETH on this chain") from error
            raise ClientError(
                f"the node does not take the transaction: {error.message}",
                f"wait for this account's other transactions, then try again{_may_come(hash_)}",
            ) from error
        if self.book:
            self.book.taken(nonce, hash_)
        return hash_

    # ---- after
    def _receipt(self, hash_: str, nonce: int) -> Mapping[str, Any]:
        deadline = time.monotonic() + self.wait_seconds
        overtaken: float | None = None  # since when its nonce is used without a receipt
        for pause in pauses():
            receipt = self.engine.receipt(hash_)
            if receipt is not None:
                return receipt
            if overtaken is not None or time.monotonic() > deadline:
                for found in self._all(hash_, None):
                    return found
            if self.engine.nonce(self.account.address) > nonce and overtaken is None:
                overtaken = time.monotonic()
            if overtaken is not None and time.monotonic() - overtaken > INDEXING_SECONDS:
                raise ReplacedError(
                    f"{hash_} was replaced: another transaction took its nonce {nonce}",
                    "look at what that one did before trying again",
                    hash_,
                )
            if overtaken is None and time.monotonic() > deadline:
                raise self._missing(hash_)
            time.sleep(pause)
        raise AssertionError("the last look returns or raises")

    def _missing(self, hash_: str) -> NotMinedError:
        if self.engine.request("eth_getTransactionByHash", [hash_]) is None:
            return DroppedError(
                f"{hash_} was dropped: the node knows it no more",
                f"by its word nothing of it happened; try again{_may_come(hash_)}",
                hash_,
            )
        return NotMinedError(
            f"{hash_} is in no block after {self.wait_seconds:.0f} s",
            "it may still be mined until its deadline: look it up before trying again, or wait "
            "longer with --wait",
            hash_,
        )

    def _sent(self, step: Step, tx: Tx, receipt: Mapping[str, Any]) -> Sent:
        hash_ = str(receipt["transactionHash"])
        if len({quantity(each["status"]) for each in self._all(hash_, receipt)}) > 1:
            raise NodesDisagreeError(
                f"of {hash_} one node says that it went well, and another that it failed",
                "do not send it again: ask a node that you trust what it did",
            )
        if self.book:
            self.book.seen(tx.nonce or 0)
        if quantity(receipt["status"]) != 1:
            raise self._failed(tx, receipt, int(receipt["blockNumber"], 16))
        if self.book:
            self.book.done(tx.nonce or 0, step, hash_)
        return Sent.of(step.note, receipt)

    def _all(self, hash_: str, known: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
        """The receipts of one transaction: the one that is known, and what another node has, where there are
        several."""
        node = self.engine.node
        others = receipts(self.engine, hash_) if node is not None and node.is_several else []
        return [*([known] if known else []), *others]

    def _failed(self, tx: Tx, receipt: Mapping[str, Any], block: int) -> ClientError:
        """Why a transaction failed in its block, from the state before it."""
        hash_ = receipt["transactionHash"]
        try:
            with self.engine.pinned(block - 1):
                again = self.engine.simulate(tx)
        except RpcError:
            again = Outcome(True, b"", 0)
        if again.ok:
            return ClientError(
                f"{hash_} failed in block {block}, and would not have one block earlier",
                "the state moved under it, or its gas ran out: try again",
            )
        error = refused(decode_reason(again.output), again.output)
        error.message = f"{hash_} failed in block {block}: {error.message}"
        return error


def _may_come(hash_: str) -> str:
    """What is said of what a node was handed. hash_: "" of what nobody signed here."""
    if not hash_:
        return ""
    return f": {hash_} is signed, and the same command takes its number, so that no chain carries out both"


def _simulated(answer: Mapping[str, Any]) -> Outcome:
    output = str(answer.get("returnData") or "0x")
    if answer["status"] != "0x1":
        output = str((answer.get("error") or {}).get("data") or output)
    return Outcome(answer["status"] == "0x1", bytes.fromhex(output[2:]), int(answer["gasUsed"], 16))
