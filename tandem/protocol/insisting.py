"""One transaction of a deployment until a block takes it: what waits is made dearer.

Laws:

- Every attempt has the same number, so that the chain takes one of them, whichever it is.
- What is offered is in the journal before a node hears of it. What replaces it is dearer than all that was
  ever written down, sent or not: no node refuses it for being too little.
- Nothing is offered above `RemoteEngine.dearest`; where none is stated, nothing is made dearer.
- An attempt is over once a receipt of any of them is there, or the deployer's count is past its number. What
  stands then is the caller's to look at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from eth_utils.crypto import keccak

from tandem.engine.backend import BaseEngine
from tandem.engine.base import GAS_LIMIT, Tx
from tandem.engine.patience import pauses
from tandem.engine.remote import NONCE_TAKEN, RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import TandemError
from tandem.protocol.deploy_journal import Bid, Journal
from tandem.protocol.steps import Step
from tandem.units import gwei

STUCK = 45.0
"""Seconds after which a transaction that waits is made dearer."""
WAIT = 180.0
"""Seconds for a transaction that is on its way, since it was offered last."""
BUMP, OF = 9, 8
"""Times what was offered, that replaces it: nodes ask for a tenth or an eighth more, in both fees."""
GO_ON = "run the same command again to go on"


class StuckError(TandemError):
    """A transaction waits, and no more may be offered for it."""


@dataclass(slots=True)
class Insistence:
    """One transaction of a deployer, and what was offered for it. book: where that is written down first."""

    engine: BaseEngine
    deployer: str
    step: Step
    book: Journal | None
    _bid: Bid | None = field(default=None, init=False)
    _needed: int = field(default=0, init=False)
    """Wei for a unit of gas, that would have replaced it at the last try."""
    _hashes: list[str] = field(default_factory=list[str], init=False)

    def __post_init__(self) -> None:
        self._bid = self.book.bid_of(self.step) if self.book else None

    def send(self) -> bool:
        """Offer it, and wait. What was written down and is not on its way is offered no less again. Whether
        a receipt says that it went well. Raises EngineError where gas is dearer than may be bid, RpcError,
        StuckError, TandemError."""
        engine = self._remote
        most, tip = engine.bid()
        if self._bid is not None:
            most, tip = max(most, self._within(self._bid.most)), max(tip, self._bid.tip)
        self._offer(engine, most, tip)
        return self.until_used()

    def until_used(self) -> bool:
        """Wait for what was sent, now or by another run, and make it dearer. Whether a receipt says that it
        went well; not where its number alone is seen to be used. Raises StuckError where the bound forbids
        more, RpcError, TandemError."""
        deadline, due = time.monotonic() + WAIT, time.monotonic() + STUCK
        for pause in pauses():
            is_used = self.engine.nonce(self.deployer) > self.step.nonce  # a receipt comes no later
            for is_well in self._receipts():
                return is_well
            if is_used:
                return False
            now = time.monotonic()
            if now > due:
                due = now + STUCK
                deadline = now + WAIT if self._made_dearer() else deadline
            if now > deadline:
                raise self._stuck()
            time.sleep(pause)
        raise AssertionError("the last look returns or raises")

    @property
    def _remote(self) -> RemoteEngine:
        assert isinstance(self.engine, RemoteEngine)
        return self.engine

    def _receipts(self) -> Iterator[bool]:
        for hash_ in self._hashes:
            if (found := self._remote.receipt(hash_)) is not None:
                yield found["status"] == "0x1"

    def _made_dearer(self) -> bool:
        engine = self.engine
        if not isinstance(engine, RemoteEngine) or not engine.signs_for(self.deployer):
            return False
        most, tip = engine.fees()
        takes = (most - tip) // 2 + tip  # `fees` bids twice the base fee
        self._needed = max(takes, -(-self._bid.most * BUMP // OF) if self._bid else 0)
        if engine.dearest is None or self._needed > engine.dearest:
            return False
        if self._bid is not None:  # a node takes no tip that is not more than the one before
            tip = max(tip, -(-self._bid.tip * BUMP // OF), self._bid.tip + 1)
        self._offer(engine, max(self._within(most), self._needed), tip)
        return True

    def _within(self, wei: int) -> int:
        dearest = self._remote.dearest
        return wei if dearest is None else min(wei, dearest)

    def _offer(self, engine: RemoteEngine, most: int, tip: int) -> None:
        step = self.step
        tx = Tx(self.deployer, None, step.init, GAS_LIMIT, nonce=step.nonce)
        bid = Bid(self._bid.gas if self._bid else engine.gas_for(tx), most, min(tip, most))
        raw = engine.signed(
            Tx(self.deployer, None, step.init, bid.gas, nonce=step.nonce), most, bid.tip
        )
        hash_ = "0x" + keccak(raw).hex()
        if self.book is not None:
            self.book.write(step, bid, hash_)
        self._bid = bid
        self._hashes.append(hash_)
        try:
            engine.send_signed(raw)
        except RpcError as error:  # an attempt that the node has, or had: what comes of it is seen
            if not any(word in error.message for word in NONCE_TAKEN):
                raise

    def _stuck(self) -> TandemError:
        number = f"transaction {self.step.nonce} of {self.deployer} ({self.step.name})"
        dearest = self._remote.dearest
        if self._bid is None or dearest is None or self._needed <= dearest:
            return TandemError(f"{number} was not mined in {WAIT:.0f} s", f"look it up; {GO_ON}")
        return StuckError(
            f"{number} waits with {gwei(self._bid.most)} gwei for a unit of gas; a block or the node "
            f"now wants {gwei(self._needed)}, more than the {gwei(dearest)} that are bid",
            f"wait until gas is cheaper, and {GO_ON}: it bids up to four times what gas takes then",
        )
