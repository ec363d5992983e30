"""A chain that is already there: somebody's node, Ape's provider, a fork.

Time is the chain's. On a development node (anvil) it can be set, as on the other backends; on a
real chain blocks come by themselves, and every transaction is its own. Accounts sign through the
signers that are given, else the node signs for the accounts it holds (anvil's do). Longer than most,
because one class holds all that a backend does over a wire.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Self

from tandem.engine.backend import BaseEngine
from tandem.engine.base import (
    ACCOUNTS,
    LOCAL_CHAINS,
    Call,
    Outcome,
    Tx,
    address_of,
    checksum,
    logs_of,
    with_slack,
)
from tandem.engine.foreseen import MOST, Fields, Foreseen
from tandem.engine.node import Node
from tandem.engine.patience import pauses
from tandem.engine.rpc import RpcError, refusal
from tandem.errors import EngineError
from tandem.units import gwei

Request = Callable[[str, list[Any]], Any]
"""A JSON-RPC method and its parameters -> its result; raises where the node refuses."""
Batch = Callable[[Sequence[tuple[str, Sequence[Any]]]], list[Any]]
"""Many of them in one round trip -> results, an RpcError where the node refuses."""
Sign = Callable[[dict[str, Any]], bytes]
"""A transaction (from, to, data, value, gas, maxFeePerGas, maxPriorityFeePerGas, nonce, chainId; integers)
-> signed."""

GAS_SLACK = 130
POLL_SECONDS = 0.25
LATEST: tuple[str, list[Any]] = ("eth_getBlockByNumber", ["latest", False])
NONCE_TAKEN = ("underpriced", "nonce too low", "already known", "already imported")
"""What nodes say to a transaction whose nonce another one has."""
NONCE_TRIES = 20
APART = 1_000
"""Units of gas by which transactions that are otherwise the same are told apart."""
MINED_TRIES = 5
MINED_PAUSE = 0.05
"""Seconds for which no block came: then a development node is believed that it refuses."""


class LostError(EngineError):
    """A node let a transaction go: it will be in no block."""


def _chain_id(request: Request) -> int:
    """Raises EngineError where what answers is no node of an Ethereum chain."""
    answer = request("eth_chainId", [])
    try:
        return int(answer, 16)
    except (TypeError, ValueError) as error:
        raise EngineError(
            f"what answers is no Ethereum node: its chain's number is {answer!r:.40}",
            "name a node with --rpc",
        ) from error


class RemoteEngine(BaseEngine):
    """Attached to a node through one function."""

    name = "remote"

    def __init__(
        self,
        request: Request,
        *,
        signers: Mapping[str, Sign] | None = None,
        accounts: Sequence[str] = ACCOUNTS,
        wait_seconds: float = 180.0,
        shared: bool = False,
        is_development: bool | None = None,
        batch: Batch | None = None,
    ) -> None:
        """is_development: blocks and accounts are the caller's to command, as on a fork of his own.
        Without his word a node is one if it calls itself anvil on a local chain's number: what the RPC
        of a public chain calls itself is not believed. shared: others send on this development node
        as well, so blocks take its own time and not one second each. batch: many requests in one round
        trip, where the way there can."""
        self.request = request
        self.node: Node | None = None
        self._batch = batch or self._one_by_one
        super().__init__(chain_id=_chain_id(request))
        self.accounts = tuple(accounts)
        self._signers = {checksum(a): sign for a, sign in (signers or {}).items()}
        self._wait_seconds = wait_seconds
        self.shared = shared
        self._seen = threading.local()
        self._before = 0
        self._hash, self._base_fee = "", 0
        self.dearest: int | None = None
        """The most, wei, that is bid for a unit of gas; None for whatever the node says."""
        if is_development is None:
            is_development = self._is_by("anvil") and self.chain_id in LOCAL_CHAINS
        self.is_development = is_development
        self._has_batches = batch is not None
        self._foreseen = Foreseen(sure=not is_development)
        self._looked = ""
        self._recalled: dict[str, str] | None = None
        self.sync()

    @classmethod
    def over(cls, node: Node, **settings: Any) -> Self:
        """Attached to the nodes of one chain, each of which answers for the others."""
        engine = cls(node.request, batch=node.batch, **settings)
        engine.node = node
        return engine

    def request_many(self, asked: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Answers in order, in few round trips. Raises the first refusal."""
        answers = (
            self._batch(asked)
            if len(asked) > 1
            else [self.request(method, list(params)) for method, params in asked]
        )
        for answer in answers:
            if isinstance(answer, RpcError):
                raise answer
        return answers

    def witnesses(self, method: str, params: Sequence[Any]) -> list[Any]:
        """What two of the nodes say, where there are two; else the answer of the one there is."""
        return (
            self.node.witnesses(method, params)
            if self.node
            else [self.request(method, list(params))]
        )

    def _is_by(self, maker: str) -> bool:
        """Whether the node calls itself so."""
        return str(self.request("web3_clientVersion", [])).lower().startswith(maker)

    @property
    def counts_data(self) -> bool:
        """A Nitro node does, and nobody who forks its chain."""
        return self._is_by("nitro")

    # ---- time
    def sync(self) -> None:
        """Catch up with the chain."""
        self._take(self.request(*LATEST))

    def _take(self, latest: Mapping[str, Any]) -> None:
        self._block, self._now = int(latest["number"], 16), int(latest["timestamp"], 16)
        self._hash = str(latest["hash"])
        self._base_fee = int(latest.get("baseFeePerGas", "0x0"), 16)

    @property
    def head(self) -> str:
        """The latest block's hash, as of the last `sync`."""
        return self._hash

    @property
    def base_fee(self) -> int:
        """The latest block's, wei per gas, as of the last `sync`; 0 where there is none."""
        return self._base_fee

    def now(self) -> int:
        self.sync()
        return self._now

    def block(self) -> int:
        self.sync()
        return self._block

    def stands(self) -> tuple[int, int]:
        """(number, time) of the block that calls see. `now` and `block` are the latest's, pinned or not."""
        seen = self.request("eth_getBlockByNumber", [self._tag, False])
        if seen is None:
            raise EngineError(
                f"the node keeps no block {self._tag}", "name another node with --rpc"
            )
        return int(seen["number"], 16), int(seen["timestamp"], 16)

    @property
    def tag(self) -> str:
        """The block that calls see, as a node is asked for it."""
        return self._tag

    @property
    def _tag(self) -> str:
        """Each thread's own: two that pinned and let go crosswise left what came later at an old block."""
        return getattr(self._seen, "tag", "latest")

    @_tag.setter
    def _tag(self, tag: str) -> None:
        self._seen.tag = tag

    @contextmanager
    def pinned(self, block: int | None = None) -> Generator[None]:
        """Calls inside, of this thread, see the state at the end of `block`; without one, of the block that
        calls are pinned to already, else of the latest."""
        before = self._tag
        if block is not None or before == "latest":
            self._tag = hex(self.block() if block is None else block)
        try:
            yield
        finally:
            self._tag = before

    @contextmanager
    def recalling(self, known: dict[str, str]) -> Generator[None]:
        """Calls inside are not asked where it is known what was answered to them before, by what they are as
        text; what a node answers is put there. Of one block, whose state is what it was."""
        before, self._recalled = self._recalled, known
        try:
            yield
        finally:
            self._recalled = before

    @contextmanager
    def looking(self, calls: Iterable[Call]) -> Generator[int]:
        """As every engine's. In the trip that asks for the latest block, what will be asked of it goes to the
        block that was the latest so far: where it still is, that is all. Inside another look it is of that
        one's block."""
        if self._foreseen.is_open:
            self.foresee(lambda: calls)
            yield self._block
            return
        known, ahead = self._hash, self._foreseen.open([self._of_call(c) for c in calls])
        try:
            if known == self._looked:
                self.sync()
            else:
                self._ask_ahead(ahead, with_head=True)
            if self._hash != known:
                self._foreseen.forget()
                self._ask_ahead(ahead)
            self._looked = self._hash
            with self.pinned(self._block):
                yield self._block
        except EngineError:
            self._foreseen.unlearn()
            raise
        finally:
            self._foreseen.close()

    def looked_at_by(self, count: int) -> None:
        """So many look at each block."""
        self._foreseen.most = MOST * count

    def foresee(self, calls: Callable[[], Iterable[Call]]) -> None:
        if self._foreseen.is_open and self._is_quick:
            self._ask_ahead(self._foreseen.guess([self._of_call(c) for c in calls()]))

    @property
    def _is_quick(self) -> bool:
        """Whether many questions go in one trip."""
        return self._has_batches and (self.node is None or self.node.takes_many)

    def confirm(self) -> None:
        """As every engine's. Where many questions go at once that was asked with them."""
        if self._foreseen.is_open and not self._is_quick:
            (found,) = self._one_by_one([("eth_getBlockByNumber", [hex(self._block), False])])
            self._check_still(found)

    def _check_still(self, found: Any) -> None:
        """Raises EngineError where what a node has of that number is not the block that is looked at, or
        nothing. One that refuses to say is believed."""
        if isinstance(found, RpcError):
            return
        if found and str(found["hash"]) == self._hash:
            return
        self._foreseen.forget()
        raise EngineError(
            f"block {self._block} is another since it was looked at",
            "wait: the next look is at the one that stands",
        )

    def _ask_ahead(self, calls: Sequence[Fields], *, with_head: bool = False) -> None:
        """Ask the block that is known, where a node takes many questions at once, and with them which block
        is the latest, or whether that one is still what it was. Raises EngineError where it is not."""
        calls, tag = (calls if self._is_quick else ()), hex(self._block)
        asked = [("eth_call", (fields, tag)) for fields in calls]
        if not asked and not with_head:
            return
        head = LATEST if with_head else ("eth_getBlockByNumber", [tag, False])
        first, *answers = self._batch([head, *asked])
        if with_head:
            self._foreseen.keep(tag, calls, answers)
            if isinstance(first, RpcError):
                raise first
            self._take(first)
        else:
            self._check_still(first)
            self._foreseen.keep(tag, calls, answers)

    def _of_call(self, call: Call) -> Fields:
        function = call.contract.abi.function(call.fn, len(call.args))
        sender = self.accounts[0] if call.sender is None else address_of(call.sender)
        tx = Tx(sender, call.contract.address, function.encode(call.args), call.gas)
        return self._fields_of(tx, view=function.view)

    def _next(self, timestamp: int | None) -> tuple[int, int]:
        self.sync()
        self._before = self._now
        return super()._next(timestamp)

    def _mine(self, block: int, timestamp: int) -> None:
        if not self.is_development:
            raise EngineError(
                "time cannot be set on this chain", "wait for it, or use a development node"
            )
        if self.shared:
            self.request("evm_increaseTime", [timestamp - self._before])
        else:
            self.request("evm_setNextBlockTimestamp", [timestamp])
        self.request("evm_mine", [])
        self.sync()

    # ---- execution
    def nonce(self, account: Any) -> int:
        return self.count(account, "latest")

    def waiting(self, account: Any) -> int:
        return max(self.count(account, "pending") - self.nonce(account), 0)

    def count(self, account: Any, tag: str) -> int:
        """How many transactions of an account there are, "latest" in blocks or "pending" with what waits.

        Nothing is wrong with the question: a node that refuses it, as anvil does where it is just putting
        that block on, is asked again."""
        asked = [address_of(account), tag]
        for tried in range(MINED_TRIES):
            try:
                return int(self.request("eth_getTransactionCount", asked), 16)
            except RpcError:
                if tried == MINED_TRIES - 1:
                    raise
        raise AssertionError("the last one returns or raises")

    def _execute(self, txs: Sequence[Tx], block: int, timestamp: int) -> list[Outcome]:
        """One after the other: a block that holds exactly these cannot be asked for."""
        outcomes: list[Outcome] = []
        for place, tx in enumerate(txs):
            if self.is_development and not self.shared:
                self.request("evm_setNextBlockTimestamp", [timestamp + place])
            is_contended = self.shared and tx.nonce is None and not self.signs_for(tx.sender)
            found = self._contended(tx) if is_contended else self._receipt(self._submit(tx))
            outcomes.append(self._outcome(tx, found))
        self.sync()
        return outcomes

    def _contended(self, tx: Tx) -> dict[str, Any]:
        """The receipt of what others may send in the same moment from the same account of the node's. Who
        chose a number second is refused, has sent nothing, and chooses again; whose transaction another one
        replaced has sent nothing either. Two that are the same in all would have one hash, and each would
        take the other's receipt for its own: they differ in the gas that they may use."""
        for left in reversed(range(NONCE_TRIES)):
            nonce = self.count(tx.sender, "pending")
            mine = replace(tx, nonce=nonce, gas=tx.gas - secrets.randbelow(APART))
            try:
                return self._receipt(self._submit(mine))
            except LostError:
                if not left:
                    raise
            except RpcError as error:
                if not left or not any(said in error.message for said in NONCE_TAKEN):
                    raise
                time.sleep(POLL_SECONDS)
        raise AssertionError("the last try returns or raises")

    def _submit(self, tx: Tx) -> str:
        if not self.signs_for(tx.sender):
            fields = self.fields_of(tx) | {"gas": hex(tx.gas), "gasPrice": hex(self.fees()[0])}
            if tx.nonce is not None:
                fields |= {"nonce": hex(tx.nonce)}
            return str(self.request("eth_sendTransaction", [fields]))
        fees = self.bid()
        return self.send_signed(self.signed(replace(tx, gas=self.gas_for(tx)), *fees))

    def signs_for(self, account: Any) -> bool:
        """Whether transactions of an account are signed here, and not by the node."""
        return address_of(account) in self._signers

    def bid(self) -> tuple[int, int]:
        """(most per gas, tip), wei, as of `fees`. Raises EngineError where that is more than `dearest`."""
        most, tip = self.fees()
        if self.dearest is not None and most > self.dearest:
            raise EngineError(
                f"by the node's word gas takes up to {gwei(most)} gwei, more than the "
                f"{gwei(self.dearest)} that are bid: nothing was sent",
                "wait until gas is cheaper, or ask another node, and run the same command again",
            )
        return most, tip

    def gas_for(self, tx: Tx) -> int:
        """Units that a transaction is sent with: the node's estimate and some more; a development node takes
        all that is allowed. Raises RpcError where it would fail."""
        if self.is_development:
            return tx.gas
        estimate = int(self.request("eth_estimateGas", [self.fields_of(tx)]), 16)
        return with_slack(estimate, GAS_SLACK)

    def signed(self, tx: Tx, most: int, tip: int) -> bytes:
        """A transaction as it is sent. most, tip: wei for a unit of gas."""
        numbered = replace(tx, nonce=self.nonce(tx.sender)) if tx.nonce is None else tx
        return self._signers[tx.sender](self.unsigned(numbered, most, tip))

    def unsigned(self, tx: Tx, most: int, tip: int) -> dict[str, Any]:
        """What a signer is given of a transaction that has its number and its gas."""
        return {
            "from": tx.sender,
            "to": tx.to,
            "data": tx.data,
            "value": tx.value,
            "gas": tx.gas,
            "maxFeePerGas": most,
            "maxPriorityFeePerGas": tip,
            "nonce": tx.nonce,
            "chainId": self.chain_id,
        }

    def send_signed(self, raw: bytes) -> str:
        """Its hash. Raises RpcError where the node does not take it."""
        return str(self.request("eth_sendRawTransaction", ["0x" + raw.hex()]))

    def receipt(self, hash_: str) -> dict[str, Any] | None:
        """Of a transaction; None where it is in no block that this node knows."""
        found = self.request("eth_getTransactionReceipt", [hash_])
        return None if found is None else dict(found)

    def _is_lost(self, hash_: str) -> bool:
        """Whether a transaction is neither in a block nor waits for one, as where another one has its number.
        A development node knows all that was sent to it; what others do not know may come."""
        return self.is_development and self.request("eth_getTransactionByHash", [hash_]) is None

    def fees(self) -> tuple[int, int]:
        """(most per gas, tip), wei: twice the base fee, and a tip where tips are usual. A development
        node suggests the tips that it saw, ours, so that following it would double them with every
        transaction."""
        latest = self.request("eth_getBlockByNumber", ["latest", False])
        tip = 0 if self.is_development else int(self.request("eth_maxPriorityFeePerGas", []), 16)
        return 2 * int(latest.get("baseFeePerGas", "0x0"), 16) + tip, tip

    @staticmethod
    def fields_of(tx: Tx) -> dict[str, str]:
        """A transaction as a node is asked about it."""
        fields = {"from": tx.sender, "data": "0x" + tx.data.hex(), "value": hex(tx.value)}
        return fields if tx.to is None else fields | {"to": tx.to}

    def _fields_of(self, tx: Tx, *, view: bool) -> Fields:
        """With the gas it may use: a view may use all there is."""
        return self.fields_of(tx) if view else self.fields_of(tx) | {"gas": hex(tx.gas)}

    def _receipt(self, hash_: str) -> dict[str, Any]:
        """Once it is there. Raises LostError where it never will be."""
        deadline = time.monotonic() + self._wait_seconds
        for pause in pauses():
            if (receipt := self.receipt(hash_)) is not None:
                return receipt
            if self._is_lost(hash_):
                raise LostError(f"transaction {hash_} was let go", "send it again")
            if time.monotonic() >= deadline:
                break
            time.sleep(pause)
        raise EngineError(
            f"transaction {hash_} was not mined in {self._wait_seconds:.0f} s",
            "look it up before sending anything again from this account",
        )

    def _outcome(self, tx: Tx, receipt: Mapping[str, Any]) -> Outcome:
        ok = receipt["status"] == "0x1"
        logs = logs_of(receipt)
        output = b""
        if not ok:  # for its reason, where it has one still
            again = self._static(tx, view=False)
            output = b"" if again.ok else again.output
        return Outcome(ok, output, int(receipt["gasUsed"], 16), logs, receipt["contractAddress"])

    def simulate_many(self, txs: Sequence[Tx]) -> list[Outcome]:
        """As `simulate`, each on its own and all at one block, in few round trips."""
        with self.pinned():
            asked = [
                ("eth_call", (self.fields_of(tx) | {"gas": hex(tx.gas)}, self._tag)) for tx in txs
            ]
            answers = self._asked(asked) if asked else []
        return [
            refusal(answer)
            if isinstance(answer, RpcError)
            else Outcome(True, bytes.fromhex(answer[2:]), 0)
            for answer in answers
        ]

    def call_many(self, calls: Sequence[Call]) -> list[Any]:
        functions = [c.contract.abi.function(c.fn, len(c.args)) for c in calls]
        outcomes = self.simulate_many(
            [
                Tx(address_of(c.sender), c.contract.address, f.encode(c.args), c.gas)
                for c, f in zip(calls, functions, strict=True)
            ]
        )
        for outcome in outcomes:
            if not outcome.ok:
                raise self._refusal(outcome)
        return [f.decode(o.output) for f, o in zip(functions, outcomes, strict=True)]

    def _one_by_one(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        answers: list[Any] = []
        for method, params in calls:
            try:
                answers.append(self.request(method, list(params)))
            except RpcError as error:
                answers.append(error)
        return answers

    def _static(self, tx: Tx, view: bool) -> Outcome:
        fields = self._fields_of(tx, view=view)
        known = self._recalled if view else None
        asked = "" if known is None else " ".join(f"{k}={v}" for k, v in sorted(fields.items()))
        if known and asked in known:
            return Outcome(True, bytes.fromhex(known[asked][2:]), 0)
        answer = self._foreseen.answer(self._tag, fields)
        if answer is None:
            (answer,) = self._asked([("eth_call", (fields, self._tag))], self._one_by_one)
            self._foreseen.keep(self._tag, [fields], [answer])
        if isinstance(answer, RpcError):
            return refusal(answer)
        if known is not None:
            known[asked] = answer
        return Outcome(True, bytes.fromhex(answer[2:]), 0)

    def _asked(
        self, asked: Sequence[tuple[str, Sequence[Any]]], way: Batch | None = None
    ) -> list[Any]:
        """What the node answers. While a development node mines, it answers for a moment, a long one where
        the machine is busy, from the new block's state at the old block's time, in which contracts see a
        future: what it refuses is asked again, until no block came for a while. A real node has no such
        moment."""
        ask, head = way or self._batch, self._hash
        answers = ask(asked)
        for _ in range(MINED_TRIES if self.is_development else 0):
            if not any(isinstance(answer, RpcError) for answer in answers):
                break
            time.sleep(MINED_PAUSE)
            answers = ask(asked)
            before, head = head, self._latest_hash()
            if head == before:
                break
        return answers

    def _latest_hash(self) -> str:
        return str(self.request("eth_getBlockByNumber", ["latest", False])["hash"])

    # ---- state
    def _take_snapshot(self) -> Any:
        return self.request("evm_snapshot", [])

    def _restore(self, token: Any) -> None:
        self.request("evm_revert", [token])
        self.sync()

    def balance(self, address: Any) -> int:
        return int(self.request("eth_getBalance", [address_of(address), self._tag]), 16)

    def fund(self, address: Any, wei: int) -> None:
        self.request("anvil_setBalance", [address_of(address), hex(wei)])

    def code(self, address: Any) -> bytes:
        return bytes.fromhex(self.request("eth_getCode", [address_of(address), self._tag])[2:])
