"""Signing, and handing over to a node: each step journalled before the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from eth_utils.crypto import keccak

from keeper.execution.relay import KNOWN, Relay
from keeper.journal import Attempt, Journal
from tandem.engine.answers import says
from tandem.engine.base import Tx
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.engine.signers import Signer

USED = ("noncetoolow", "nonceistoolow", "oldnonce")
CHEAP = ("underpriced", "replacementnotallowed", "couldnotreplace", "feetoolow")
PASSING = ("limitexceeded", "ratelimit", "toomany", "timeout", "timedout", "temporar", "busy")
"""A node that says this may have taken the transaction or may take it next time. Words of geth, Erigon,
Nethermind, Besu and Reth, without their blanks."""


class Carrier:
    """Of one account on one chain."""

    def __init__(
        self,
        engine: RemoteEngine,
        signer: Signer,
        journal: Journal,
        chain_id: int,
        checkpoint: Callable[[str], None],
        relay: Relay | None = None,
    ) -> None:
        """checkpoint, relay: as a Sender has them."""
        self._engine, self._signer, self._journal = engine, signer, journal
        self._chain_id, self._checkpoint, self._relay = chain_id, checkpoint, relay
        self._since: dict[str, float] = {}
        """When this process first saw an open attempt, monotonic: clocks of machines are set back."""

    def age(self, attempt: Attempt) -> float:
        """Seconds since it was signed, by the machine's clock before this process saw it first, and from then
        on by one that nobody sets."""
        if attempt.hash not in self._since:
            before = max(time.time() - attempt.signed_at, 0.0)
            self._since[attempt.hash] = time.monotonic() - before
        return time.monotonic() - self._since[attempt.hash]

    def was_left_out(self, attempt: Attempt) -> bool:
        """Whether a block came since it was signed. While none comes no fee buys a place in one."""
        return self._engine.head != attempt.after

    def forget_all_but(self, waiting: Sequence[Attempt]) -> None:
        """What was noted of others."""
        self._since = {a.hash: self._since[a.hash] for a in waiting if a.hash in self._since}

    def sign(self, action: int, tx: Tx, nonce: int, fees: tuple[int, int]) -> Attempt:
        """An attempt that is in the journal, and nowhere else. fees: cap and tip, wei per gas."""
        fields: dict[str, Any] = {
            "from": tx.sender,
            "to": tx.to,
            "data": tx.data,
            "value": tx.value,
            "gas": tx.gas,
            "maxFeePerGas": fees[0],
            "maxPriorityFeePerGas": fees[1],
            "nonce": nonce,
            "chainId": self._chain_id,
        }
        raw = self._signer.sign(fields)
        hash_ = "0x" + keccak(raw).hex()
        self._journal.sign(action, hash_, nonce, raw, *fees, after=self._engine.head)
        self._since[hash_] = time.monotonic()
        self._checkpoint("signed")
        return next(a for a in self._journal.open_attempts() if a.hash == hash_)

    def hand_over(self, attempt: Attempt) -> str:
        """To the node; "" where the node has it, else why it never will."""
        try:
            if not self._is_left_to_the_relay(attempt):
                self._engine.request("eth_sendRawTransaction", ["0x" + attempt.raw.hex()])
        except RpcError as error:
            if says(error.message, *USED, *CHEAP, *PASSING):
                return ""  # what became of it shows at the next look
            if not says(error.message, *KNOWN) and not self._is_held(attempt):
                self._journal.dropped(attempt.hash, error.message)
                return error.message
        self._checkpoint("sent")
        self._journal.sent(attempt.hash)
        self._checkpoint("recorded")
        return ""

    def _is_held(self, attempt: Attempt) -> bool:
        """Whether a node that refuses it in words that nobody knows has it all the same."""
        try:
            found = self._engine.request("eth_getTransactionByHash", [attempt.hash])
        except RpcError:
            return False
        return isinstance(found, dict) and str(found.get("hash", "")).lower() == attempt.hash

    def _is_left_to_the_relay(self, attempt: Attempt) -> bool:
        """For as long as it has from the first of a nonce: a fee that is raised gives it no more time."""
        relay = self._relay
        if relay is None:
            return False
        urgent = self._journal.action(attempt.action).urgent
        beside = [a for a in self._journal.open_attempts() if a.nonce == attempt.nonce]
        age = max(map(self.age, (attempt, *beside)))
        return relay.takes(attempt.raw, age, urgent=urgent)
