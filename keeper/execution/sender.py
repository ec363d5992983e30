"""Sending with one account: journalled before it leaves, watched until it is in a block.

One transaction is in flight at a time. What has been signed is sent again, the same bytes, until
it is mined or its nonce is used; a fee that is too low is raised with the same nonce. So whatever
happens to the process, the node or the fee, an action has at most one effect.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from keeper.execution.fees import FeeSettings
from keeper.execution.outbox import Result
from keeper.journal import Attempt, Journal, JournalError, State
from tandem.engine.abi import checksum
from tandem.engine.base import Tx
from tandem.engine.node import WrongChainError
from tandem.engine.patience import pauses
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.engine.rpc import RpcError
from tandem.engine.signers import Signer
from tandem.protocol.reverts import explain

MOST_GAP = 64
"""Nonces that a fork takes back or a node errs by; more is another chain."""
FILL_GAS = 21_000
KNOWN = ("already known", "already imported", "already exists")
USED = ("nonce too low", "nonce is too low")
CHEAP = ("underpriced",)
PASSING = ("limit exceeded", "rate limit", "too many", "timeout", "timed out", "temporar", "busy")
"""A node that says this may have taken the transaction or may take it next time."""


class Sender:
    """One account on one chain."""

    def __init__(
        self,
        engine: RemoteEngine,
        signer: Signer,
        journal: Journal,
        chain_id: int,
        fees: FeeSettings | None = None,
        *,
        say: Callable[[str], None] = lambda _: None,
        checkpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        """say: told what became of what an earlier cycle sent. checkpoint: told "planned", "signed",
        "sent" and "recorded" as each is done; tests end the process there."""
        self.engine = engine
        self.signer = signer
        self.journal = journal
        self.chain_id = chain_id
        self.fees = fees or FeeSettings()
        self.stopping = threading.Event()
        self._say = say
        self._looked_from = 0
        self._checkpoint = checkpoint

    @property
    def account(self) -> str:
        return self.signer.address

    def close(self) -> None:
        """Let go of the journal."""
        self.journal.close()

    # ---- sending
    def send(self, kind: str, args: tuple[int, ...], reason: str, tx: Tx) -> Result:
        """Simulate, journal, sign, journal, send, wait. A refusal in simulation sends nothing."""
        self._check_chain()
        tried = self.engine.simulate(tx)
        if not tried.ok:
            return Result(State.DROPPED, str(explain(decode_reason(tried.output))))
        fees = self._fees_now()
        if fees is None:
            return Result(State.DROPPED, "the base fee is over the cap: nothing is sent")
        action = self.journal.plan(kind, args, reason, self.engine.block())
        self._checkpoint("planned")
        nonce = max(self._nonce(), self.journal.next_nonce())
        return self._carry(self._sign(action, tx, nonce, fees))

    def _sign(self, action: int, tx: Tx, nonce: int, fees: tuple[int, int]) -> Attempt:
        fields: dict[str, Any] = {
            "from": tx.sender,
            "to": tx.to,
            "data": tx.data,
            "value": tx.value,
            "gas": self._gas(tx),
            "maxFeePerGas": fees[0],
            "maxPriorityFeePerGas": fees[1],
            "nonce": nonce,
            "chainId": self.chain_id,
        }
        raw = self.signer.sign(fields)
        hash_ = "0x" + keccak(raw).hex()
        self.journal.sign(action, hash_, nonce, raw, *fees)
        self._checkpoint("signed")
        return next(a for a in self.journal.open_attempts() if a.hash == hash_)

    def _carry(self, attempt: Attempt) -> Result:
        """Send what is journalled as signed, and wait for it."""
        refusal = self._broadcast(attempt)
        if refusal:
            return Result(State.DROPPED, refusal, attempt.action, attempt.hash)
        deadline = time.monotonic() + self.fees.wait_seconds
        for pause in pauses():
            if self.stopping.is_set():
                break
            receipt = self._receipt(attempt.hash)
            if receipt is not None:
                return self._finish(attempt, receipt)
            if time.monotonic() > deadline:
                break
            self.stopping.wait(pause)
        return Result(State.SENT, "not in a block yet", attempt.action, attempt.hash)

    def _broadcast(self, attempt: Attempt) -> str:
        """Hand it to the node; "" where the node has it, else why it never will."""
        try:
            self.engine.request("eth_sendRawTransaction", ["0x" + attempt.raw.hex()])
        except RpcError as error:
            words = error.message.lower()
            if any(word in words for word in (*USED, *CHEAP, *PASSING)):
                return ""  # what became of it shows at the next look
            if not any(word in words for word in KNOWN):
                self.journal.dropped(attempt.hash, error.message)
                return error.message
        self._checkpoint("sent")
        self.journal.sent(attempt.hash)
        self._checkpoint("recorded")
        return ""

    def _again(self, attempt: Attempt) -> None:
        if self._broadcast(attempt):
            self._tell(attempt)

    # ---- looking back
    def reconcile(self) -> list[Attempt]:
        """Bring the journal up to date with the chain, send again what is not mined, raise the
        fee of what is stuck. What is still open comes back: until it is not, nothing is sent."""
        self._check_chain()
        for action in self.journal.unsigned_actions():
            self.journal.abandon(action.id, "the process ended before it was signed")
        used = self._nonce()  # before the receipts: what is mined in between is found next time
        self._look_again(used)
        for attempt in self.journal.open_attempts():
            receipt = self._receipt(attempt.hash)
            if receipt is not None:
                self._finish(attempt, receipt)
                self._tell(attempt)
        for attempt in self.journal.open_attempts():
            if attempt.nonce < used:
                self.journal.dropped(attempt.hash, "its nonce was used by another transaction")
                self._tell(attempt)
        newest = {a.nonce: a for a in self.journal.open_attempts()}
        for attempt in newest.values():
            if time.time() - attempt.signed_at > self.fees.stuck_seconds:
                self._bump(attempt)
            else:
                self._again(attempt)
        self._fill()
        return self.journal.open_attempts()

    def _look_again(self, used: int) -> None:
        """Blocks go away: what was mined in a young one may be open again, or have turned out
        differently, in a block of the same number too; and so may what was mined before a keeper that
        was away for longer. Nodes err: what one refused, or did not know, may be mined all the same, for as
        long as its nonce is not used."""
        doubted = self.journal.given_up(time.time() - self.fees.doubt_seconds, self._looked_from)
        for attempt in doubted:
            receipt = self._receipt(attempt.hash)
            if receipt is not None:
                self._finish(attempt, receipt)
                self._tell(attempt)
        self._looked_from = used
        young = self.engine.block() - self.fees.watch_blocks
        recent = self.journal.recent_attempts(young, used)
        if sum(attempt.nonce >= used for attempt in recent) > MOST_GAP:
            raise self._foreign(f"more than {MOST_GAP} that it calls mined are in no block")
        for attempt in recent:
            receipt = self._receipt(attempt.hash)
            if receipt is None:
                self.journal.reopen(attempt.hash)
            elif _outcome(receipt) != (attempt.state, attempt.block, attempt.gas_used):
                self._finish(attempt, receipt)
            else:
                continue
            self._tell(attempt)

    def _tell(self, attempt: Attempt) -> None:
        """Say what became of an action that nobody waits for any more."""
        of = self.journal.action(attempt.action)
        note = f": {of.note}" if of.note else ""
        self._say(f"{of.kind} ({of.reason}), sent before: {of.state}{note}")

    def _bump(self, attempt: Attempt) -> None:
        """The same transaction with a higher fee, as far as the cap goes."""
        raised = self.fees.raised(attempt.max_fee, attempt.tip, self._fees_now() or (0, 0))
        if raised is None:
            self._again(attempt)
            return
        tx = _transaction(attempt.raw, self.signer.address)
        self._again(self._sign(attempt.action, tx, attempt.nonce, raised))

    def _fill(self) -> None:
        """What waits behind a nonce that nobody uses waits for good: after a node that counted wrong, or a
        fork that took back what somebody else sent with this key. An empty transaction takes its place."""
        waiting = [attempt.nonce for attempt in self.journal.open_attempts()]
        if not waiting or (gap := min(waiting) - (used := self._nonce())) <= 0:
            return
        if gap > MOST_GAP:
            raise self._foreign(f"it sent nonce {min(waiting)}, and the chain is at {used}")
        fees = self._fees_now()
        if fees is None:
            return
        reason = f"nonce {min(waiting)} waits for this one"
        action = self.journal.plan("fill", (used,), reason, self.engine.block())
        empty = Tx(self.account, self.account, b"", FILL_GAS)
        attempt = self._sign(action, empty, used, fees)
        self._broadcast(attempt)
        self._tell(attempt)

    def _finish(self, attempt: Attempt, receipt: Mapping[str, Any]) -> Result:
        state, block, gas = _outcome(receipt)
        ok = state is State.MINED
        note = "" if ok else self._why(attempt, block)
        self.journal.finished(attempt.hash, ok=ok, block=block, gas_used=gas, note=note)
        return Result(state, note, attempt.action, attempt.hash)

    def _why(self, attempt: Attempt, block: int) -> str:
        """The reason, from the state before its block; a state in between may have had another."""
        try:
            with self.engine.pinned(block - 1):
                again = self.engine.simulate(_transaction(attempt.raw, self.signer.address))
        except RpcError:
            return "reverted; the node keeps no state that old, so the reason is unknown"
        if again.ok:
            return "reverted, and would not have one block earlier"
        return str(explain(decode_reason(again.output)))

    # ---- the chain
    def _foreign(self, why: str) -> JournalError:
        return JournalError(
            f"the journal {self.journal.path} is of another chain with the same number: {why}",
            "move it aside if that is so; if this node lags, name another",
        )

    def _check_chain(self) -> None:
        found = int(self.engine.request("eth_chainId", []), 16)
        if found != self.chain_id:
            raise WrongChainError(
                f"the node is of chain {found}, the deployment is on {self.chain_id}",
                "name a node of the right chain; nothing was signed",
            )

    def _nonce(self) -> int:
        answer = self.engine.request("eth_getTransactionCount", [self.signer.address, "latest"])
        return int(answer, 16)

    def _receipt(self, hash_: str) -> Mapping[str, Any] | None:
        return self.engine.request("eth_getTransactionReceipt", [hash_])

    def _fees_now(self) -> tuple[int, int] | None:
        """(most per gas, tip), None where the base fee alone is over the cap."""
        latest = self.engine.request("eth_getBlockByNumber", ["latest", False])
        return self.fees.offer(int(latest.get("baseFeePerGas", "0x0"), 16))

    def _gas(self, tx: Tx) -> int:
        """Half more than the node estimates, and at least what the action is known to need:
        estimates of venue trades fall short now and then."""
        fields = {"from": tx.sender, "to": tx.to, "data": "0x" + tx.data.hex()}
        try:
            estimate = int(self.engine.request("eth_estimateGas", [fields]), 16)
        except RpcError:
            return tx.gas
        return max(tx.gas, estimate * 3 // 2)


def _outcome(receipt: Mapping[str, Any]) -> tuple[State, int, int]:
    """What became of a transaction, its block, and the gas that it used."""
    state = State.MINED if receipt["status"] == "0x1" else State.REVERTED
    return state, int(receipt["blockNumber"], 16), int(receipt["gasUsed"], 16)


def _transaction(raw: bytes, sender: str) -> Tx:
    """What a signed transaction does."""
    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    to = checksum("0x" + bytes(fields["to"]).hex())
    return Tx(sender, to, bytes(fields["data"]), int(fields["gas"]), int(fields["value"]))
