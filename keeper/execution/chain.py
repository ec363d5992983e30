"""What a sender asks of its nodes, and how far it believes them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from keeper.agreement import LEAVE_OUT, DisagreeError
from keeper.journal import Attempt, Journal, JournalError, State
from keeper.logs import Log
from tandem.engine.abi import checksum
from tandem.engine.base import GAS_CAP, Tx, with_slack
from tandem.engine.data_fees import data_beside, gas_of_data
from tandem.engine.node import WITNESSES, WrongChainError
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError
from tandem.protocol.reverts import explain

DEEP_SECONDS = 60.0
"""After which all is looked at again that is not final."""
MOST_DEEP = 20_000
"""Blocks; a chain that finalizes nothing for longer is waited for no more."""
MOST_GAP = 64
"""Nonces that a fork takes back, that a node errs by or that are waited for; more is another chain."""
MOST_TIMES = 4
"""What is known to be needed that a node's estimate may come to."""
UNKNOWN = Attempt("", 0, 0, b"", 0, 0, 0.0, State.SENT, None, None)
"""A transaction of which only the chain knows."""


class SenderChain:
    """One chain, as one account sees it."""

    def __init__(self, engine: RemoteEngine, account: str, chain_id: int) -> None:
        self.engine = engine
        self._account, self._chain_id = account, chain_id
        self._is_checked = False
        self._looks_deep = 0.0

    def check(self, journal: Journal) -> None:
        """Raises WrongChainError, DisagreeError or JournalError unless nodes and journal are of this chain:
        by its number, and, once a process, by its first block, where the nodes keep it."""
        found = int(self.engine.request("eth_chainId", []), 16)
        if found != self._chain_id:
            raise WrongChainError(
                f"the node is of chain {found}, the deployment is on {self._chain_id}",
                "name a node of the right chain; nothing was signed",
            )
        if self._is_checked:
            return
        said = self._firsts()
        if len(set(said)) > 1:
            raise DisagreeError("two nodes disagree about the chain's first block", LEAVE_OUT)
        node = self.engine.node
        alone = len(said) == 1 and node is not None and node.is_several
        if said and journal.genesis(said[0], bind=not alone) != said[0]:
            if alone:
                raise DisagreeError("one of the nodes shows another first block", LEAVE_OUT)
            raise foreign(journal, "its first block has another hash")
        self._is_checked = not alone

    def _firsts(self) -> list[str]:
        """The first block's hash, as each node has it that keeps it. Of several named neither is believed
        alone: what one makes up would be in the journal for good."""
        try:
            said = self.engine.witnesses("eth_getBlockByNumber", ["0x0", False])
        except RpcError:  # none keeps a block that old, and says so by an error
            return []
        return [str(block["hash"]) for block in said if block is not None]

    def nonce(self, known: int) -> int:
        """How many transactions the account has in blocks. A node that lags says fewer, which costs a
        refusal; one that errs says more, which would leave a gap. So of two nodes the lower counts, and
        what is past all that the journal knows is asked twice. known: the journal's next."""
        found = self._count("latest")
        return min(found, self._count("latest")) if found > known > 0 else found

    def waiting(self, used: int) -> int:
        """How many transactions of the account wait to be mined. used: those in blocks."""
        return max(self._count("pending") - used, 0)

    def is_disputed(self, tx: Tx) -> bool:
        """Whether of two nodes one lets a transaction pass that the other refuses, at one block."""
        node = self.engine.node
        if node is None or not node.is_several:
            return False
        fields = RemoteEngine.fields_of(tx) | {"gas": hex(tx.gas)}
        said = node.witnesses_of([("eth_call", [fields, hex(self.engine.block())])])
        return len({isinstance(each, RpcError) for (each,) in said}) > 1

    def forgotten(self, journal: Journal, why: str) -> JournalError | DisagreeError:
        """What a journal is refused with whose mined transactions a node does not know. Of several nodes two
        have to count fewer than it has in blocks: one that lost its state ends nobody."""
        node = self.engine.node
        if node is not None and node.is_several:
            params = [self._account, "latest"]
            said = self.engine.witnesses("eth_getTransactionCount", params)
            known = [int(each, 16) >= journal.mined_nonce() for each in said]
            if len(said) < WITNESSES or any(known):
                return DisagreeError(
                    "one node alone knows nothing of what was mined: nothing is sent", LEAVE_OUT
                )
        return foreign(journal, why)

    def _count(self, tag: str) -> int:
        params = [self._account, tag]
        return min(
            int(each, 16) for each in self.engine.witnesses("eth_getTransactionCount", params)
        )

    def receipt(self, hash_: str) -> Mapping[str, Any] | None:
        """A node's own, None while it knows of none."""
        return self.engine.request("eth_getTransactionReceipt", [hash_])

    def receipts(self, attempts: Sequence[Attempt]) -> Iterator[tuple[Attempt, Any]]:
        """Each with its own, in few trips."""
        asked = [("eth_getTransactionReceipt", [each.hash]) for each in attempts]
        return zip(attempts, self.engine.request_many(asked), strict=True)

    def settled(self, watched: int) -> int:
        """Up to which block nothing is looked at again. watched: that some blocks deep. Where the chain says
        which one is final, now and then all past that: blocks of seconds go away by the hundred at once."""
        now = time.monotonic()
        if now < self._looks_deep:
            return watched
        self._looks_deep = now + DEEP_SECONDS
        try:
            final = self.engine.request("eth_getBlockByNumber", ["finalized", False])
            return min(watched, max(int(final["number"], 16), watched - MOST_DEEP))
        except (RpcError, TypeError, KeyError):  # it knows of none
            return watched

    def base_fee(self) -> int:
        """Of the latest block, wei per gas."""
        latest = self.engine.request("eth_getBlockByNumber", ["latest", False])
        return int(latest.get("baseFeePerGas", "0x0"), 16)

    def gas(self, tx: Tx) -> int:
        """Half more than the node estimates, and at least what the action is known to need: estimates of
        venue trades fall short now and then. A node that errs estimates what no cap would pay for: no more
        than some times what is known counts. Where data is gas it is known what that takes."""
        fields = {"from": tx.sender, "to": tx.to, "data": "0x" + tx.data.hex()}
        known = tx.gas + self._gas_of_data(tx)
        try:
            estimate = int(self.engine.request("eth_estimateGas", [fields]), 16)
        except RpcError:
            return known
        return min(max(known, with_slack(estimate, 150)), MOST_TIMES * known)

    def _gas_of_data(self, tx: Tx) -> int:
        """As the node says; nothing where it does not."""
        try:
            return min(gas_of_data(self.engine, tx), GAS_CAP)
        except EngineError:
            return 0

    def data(self, tx: Tx) -> int:
        """Wei that the chain takes for its data beside the gas; nothing where its contract does not say."""
        try:
            return data_beside(self.engine, tx)
        except EngineError:
            return 0

    def why(self, attempt: Attempt, block: int) -> str:
        """Why it was reverted, from the state before its block; a state in between may have had another
        reason."""
        try:
            with self.engine.pinned(block - 1):
                again = self.engine.simulate(transaction(attempt.raw, self._account))
        except RpcError:
            return "reverted; the node keeps no state that old, so the reason is unknown"
        if again.ok:
            return "reverted, and would not have one block earlier"
        return str(explain(decode_reason(again.output)))


@dataclass(slots=True)
class Strangers:
    """What of an account waits that its journal does not know, after one that was lost or where somebody else
    has the key: it is waited for, though not for ever. patience: seconds."""

    patience: float
    log: Log
    _since: float | None = None

    def waiting(self, chain: SenderChain, journal: Journal, used: int) -> list[Attempt]:
        """As many as there are, none once they were waited for. used: nonces in blocks."""
        count = 0 if journal.knows_from(used) else min(chain.waiting(used), MOST_GAP)
        if not count:
            self._since = None
            return []
        now = time.monotonic()
        if self._since is None:
            self._since = now
            self.log.warning(
                "transactions that the journal does not know wait to be mined", count=count
            )
        return [UNKNOWN] * count if now - self._since < self.patience else []


def foreign(journal: Journal, why: str) -> JournalError:
    """What a journal of another chain with this chain's number is refused with."""
    return JournalError(
        f"the journal {journal.path} is of another chain with the same number: {why}",
        "move it aside if that is so; if this node lags, name another",
    )


def transaction(raw: bytes, sender: str) -> Tx:
    """What a signed transaction does."""
    fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    to = checksum("0x" + bytes(fields["to"]).hex())
    return Tx(sender, to, bytes(fields["data"]), int(fields["gas"]), int(fields["value"]))
