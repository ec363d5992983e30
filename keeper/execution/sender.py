"""Sending with one account: journalled before it leaves, watched until it is in a block.

One transaction is in flight at a time. What has been signed is sent again, the same bytes, until
it is mined or its nonce is used; a fee that is too low is raised with the same nonce. So whatever
happens to the process, the node or the fee, an action has at most one effect. Longer than most, because one
class holds all that can become of a nonce.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import IO, Any

from keeper.agreement import LEAVE_OUT
from keeper.execution.carrier import Carrier
from keeper.execution.chain import MOST_GAP, SenderChain, Strangers, foreign, transaction
from keeper.execution.fees import Bid, FeeSettings
from keeper.execution.outbox import Result
from keeper.execution.regained import regain
from keeper.execution.relay import Relay
from keeper.journal import Attempt, Journal, Outcome, State
from keeper.logs import QUIET, Log
from tandem.engine.answers import says
from tandem.engine.base import Tx
from tandem.engine.patience import pauses
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.engine.rpc import RpcError
from tandem.engine.signers import Signer
from tandem.protocol.reverts import explain
from tandem.units import DAY, GWEI

FILL, FILL_GAS = "fill", 21_000
"""What takes a nonce that nobody uses, and its gas where data is not gas; no plan has it."""
ELSEWHERE = "its market is another process's now"
DISPUTED = f"one node refuses what another lets pass: it is sent by the other's word; {LEAVE_OUT}"
POOR = "the account cannot pay for it, as its node said: nothing is signed until it holds more"
LOOKS_BACK = 3
"""Times that a node which is away is asked for what was sent before the journal began."""
STRANGE_TIMES = 10
"""For how many times as long as a transaction counts as stuck those of nobody's journal are waited for."""


class Sender:
    """One account on one chain."""

    def __init__(
        self,
        engine: RemoteEngine,
        signer: Signer,
        journal: Journal,
        chain_id: int,
        fees: FeeSettings,
        *,
        log: Log = QUIET,
        checkpoint: Callable[[str], None] = lambda _: None,
        lease: IO[str] | None = None,
        ours: Mapping[str, str] | None = None,
        acts: Set[str] | None = None,
        relay: Relay | None = None,
    ) -> None:
        """relay: asked before the nodes. ours: addresses that it sends to, by which its own are known, and
        which market each is of; acts: selectors of what it sends, None for all. lease: let go of with the
        journal. log: told what became of what an earlier cycle sent. checkpoint: told "planned",
        "signed", "sent" and "recorded" as each is done; tests end there."""
        self.engine = engine
        self.signer = signer
        self.journal = journal
        self.chain_id = chain_id
        self.fees = fees
        self.stopping = threading.Event()
        self.chain = SenderChain(engine, signer.address, chain_id)
        self._log = log
        self._looked_from = 0
        self._ours, self._acts, self._looks_back = ours or {}, acts, LOOKS_BACK
        self._met: int | None = None
        """Nonces that were in blocks when what somebody else sent was looked for last."""
        self._carrier = Carrier(engine, signer, journal, chain_id, checkpoint, relay)
        self._poor: tuple[int, int] | None = None
        """What the account held when a node said that it cannot pay, and what for, wei."""
        self._strangers = Strangers(STRANGE_TIMES * self.fees.stuck_seconds, log)
        self._tell_of(journal)
        self._checkpoint = checkpoint
        self._lease = lease
        self.may_send: Callable[[str], bool] = lambda _: True
        """Whether a market, by its name, is still this process's to send for."""

    def _tell_of(self, journal: Journal) -> None:
        """In what state it was found."""
        if journal.damaged:
            self._log.warning(
                "the journal could not be read and was set aside; a new one is begun",
                path=journal.damaged,
            )
        if journal.was_cut_off:
            self._log.warning(
                "the process before this one was cut off: what it sent is looked after"
            )

    @property
    def account(self) -> str:
        return self.signer.address

    def close(self) -> None:
        """Let go of the journal and of the key."""
        self.journal.close()
        if self._lease is not None:
            self._lease.close()

    # ---- sending
    def send(
        self, kind: str, args: tuple[int, ...], reason: str, tx: Tx, *, urgent: bool = False,
        market: str = "",
    ) -> Result:  # fmt: skip
        """Simulate, journal, sign, journal, send, wait. A refusal in simulation sends nothing, nor does a
        price over the caps. What is urgent takes the place of what waits."""
        if not self.may_send(market):
            return Result(State.DROPPED, ELSEWHERE)
        self.chain.check(self.journal)
        tried = self.engine.simulate(tx)
        if not tried.ok:
            if not self.chain.is_disputed(tx):
                return Result(State.DROPPED, str(explain(decode_reason(tried.output))))
            self._log.warning(DISPUTED)  # gas, where the one is right; a hedge, where the other is
        first = min(self.journal.open_attempts(), key=lambda a: (a.nonce, -a.max_fee), default=None)
        tx = replace(tx, gas=self.chain.gas(tx))
        paid = self.journal.paid_since(time.time() - DAY)
        data = self.chain.data(tx)
        bid = Bid(self.chain.base_fee(), paid, tx.gas, urgent, data)
        fees = self.fees.of(bid, (first.max_fee, first.tip) if first else None)
        if isinstance(fees, str):
            return Result(State.DROPPED, fees)
        if self._is_poor(cost := tx.gas * fees[0] + data + tx.value):
            return Result(State.DROPPED, POOR)
        block = self.engine.block()
        action = self.journal.plan(kind, args, reason, block, urgent=urgent, market=market)
        self._checkpoint("planned")
        nonce = first.nonce if first else self._next()
        if not self.may_send(market):  # what was asked since took its time
            self.journal.abandon(action, ELSEWHERE)
            return Result(State.DROPPED, ELSEWHERE, action)
        result = self._carry(self._carrier.sign(action, tx, nonce, fees))
        if result.state is State.DROPPED and says(result.note, "insufficientfunds"):
            self._poor = self.engine.balance(self.account), cost
        return result

    def _is_poor(self, cost: int) -> bool:
        """Whether a node refused as little, and nothing came since: what is signed in each block all the same
        fills the journal."""
        if self._poor is None or cost < self._poor[1]:
            return False
        if self.engine.balance(self.account) <= self._poor[0]:
            return True
        self._poor = None
        return False

    def _next(self) -> int:
        known = self.journal.next_nonce()
        return max(self.chain.nonce(known), known)

    def state_of(self, action: int) -> State:
        """As the journal has it."""
        return self.journal.action(action).state

    def may_overtake(self) -> bool:
        """Whether what waits has done so for long, and is nothing urgent itself."""
        waiting = self.journal.open_attempts()
        return bool(waiting) and not any(
            self._carrier.age(each) < self.fees.stuck_seconds
            or self.journal.action(each.action).urgent
            for each in waiting
        )

    def _carry(self, attempt: Attempt) -> Result:
        """Send what is journalled as signed, and wait for it."""
        refusal = self._carrier.hand_over(attempt)
        if refusal:
            return Result(State.DROPPED, refusal, attempt.action, attempt.hash)
        deadline = time.monotonic() + self.fees.wait_seconds
        for pause in pauses():
            if self.stopping.is_set():
                break
            receipt = self.chain.receipt(attempt.hash)
            if receipt is not None:
                return self._finish(attempt, receipt)
            if time.monotonic() > deadline:
                break
            self.stopping.wait(pause)
        return Result(State.SENT, "not in a block yet", attempt.action, attempt.hash)

    def _again(self, attempt: Attempt) -> None:
        of = self.journal.action(attempt.action)
        if of.kind != FILL and not self.may_send(of.market):
            self._give_way(attempt)
        elif self._carrier.hand_over(attempt):
            self._tell(attempt)

    def _give_way(self, attempt: Attempt) -> None:
        """Another process keeps its market: nothing takes its nonce, for what waits behind it."""
        now = self.fees.offer(self.chain.base_fee()) or (0, 0)
        fees = self.fees.raised(attempt.max_fee, attempt.tip, now)
        if fees is None:
            return
        self._take(attempt.nonce, fees, ELSEWHERE)

    # ---- looking back
    def reconcile(self) -> list[Attempt]:
        """Bring the journal up to date with the chain, send again what is not mined, raise the
        fee of what is stuck. What is still open comes back: until it is not, only what is urgent is sent."""
        self.chain.check(self.journal)
        for action in self.journal.unsigned_actions():
            self.journal.abandon(action.id, "the process ended before it was signed")
        # before the receipts: what is mined in between is found next time
        used = self.chain.nonce(self.journal.next_nonce())
        self._regain(used)
        self._look_again(used)
        for attempt, receipt in self.chain.receipts(self.journal.open_attempts()):
            if receipt is not None:
                self._finish(attempt, receipt)
                self._tell(attempt)
        for attempt in self.journal.open_attempts():
            if attempt.nonce < used:
                self.journal.dropped(attempt.hash, "its nonce was used by another transaction")
                self._tell(attempt)
        newest = {a.nonce: a for a in self.journal.open_attempts()}
        for attempt in newest.values():
            is_late = self._carrier.age(attempt) > self.fees.stuck_seconds
            if is_late and self._carrier.was_left_out(attempt):
                self._bump(attempt)
            else:
                self._again(attempt)
        self._fill()
        waiting = self.journal.open_attempts()
        self._carrier.forget_all_but(waiting)
        return waiting or self._strangers.waiting(self.chain, self.journal, used)

    def _regain(self, used: int) -> None:
        """What was sent that the journal does not know: before it began, as where the one before was lost,
        past its end, where it is a copy, and since, where another machine has this key."""
        first, begins = self._met, self._met is None and self.journal.is_empty
        what = "sent with this key by somebody else"
        if first is None:
            first = self.journal.next_nonce()
            what = "sent before this journal began" if begins else "sent, and the journal lacks it"
        if self._looks_back <= 0 or not (begins or self.journal.lacks(first, used)):
            self._met, self._looks_back = max(first, used), LOOKS_BACK
            return
        self._looks_back -= 1
        try:
            found = regain(self.engine, self.account, self._ours, used, time.time(), self._acts)
            seen = self.engine.block()
        except RpcError as error:
            self._log.warning("what was sent before is not found", reason=str(error))
            found, seen = [], 0
        self._met, self._looks_back = max(first, used), LOOKS_BACK
        for each in found:
            if each.nonce < first or self.journal.holds(each.hash):
                continue
            self.journal.regain(each, f"{what}; the chain has it", seen)
            state = "waits" if each.receipt is None else "mined"
            self._log.warning(what, hash=each.hash, nonce=each.nonce, state=state)

    def _look_again(self, used: int) -> None:
        """Blocks go away: what was mined in a young one may be open again, or have turned out
        differently, in a block of the same number too; and so may what was mined before a keeper that
        was away for longer. Nodes err: what one refused, or did not know, may be mined all the same, for as
        long as its nonce is not used."""
        now = time.time()
        doubted = self.journal.given_up(now - self.fees.doubt_seconds, self._looked_from, now - DAY)
        for attempt, receipt in self.chain.receipts(doubted):
            if receipt is not None:
                self._finish(attempt, receipt)
                self._tell(attempt)
        self._looked_from = used
        young = self.chain.settled(self.engine.block() - self.fees.watch_blocks)
        recent = list(self.chain.receipts(self.journal.recent_attempts(young, used)))
        if sum(receipt is None and attempt.nonce >= used for attempt, receipt in recent) > MOST_GAP:
            why = f"more than {MOST_GAP} that it calls mined are in no block"
            raise self.chain.forgotten(self.journal, why)
        for attempt, receipt in recent:
            if receipt is None:
                self.journal.reopen(attempt.hash)
            elif not Outcome.of(receipt, most=attempt.max_fee).is_of(attempt):
                self._finish(attempt, receipt)
            else:
                continue
            self._tell(attempt)

    def _tell(self, attempt: Attempt) -> None:
        """Say what became of an action that nobody waits for any more."""
        of = self.journal.action(attempt.action)
        is_well = of.state is State.MINED and of.kind != FILL
        (self._log.info if is_well else self._log.warning)(
            f"sent before: {of.state}", hash=attempt.hash, intent=of.kind, reason=of.reason,
            note=of.note, action=of.id, market=of.market,
        )  # fmt: skip

    def _bump(self, attempt: Attempt) -> None:
        """The same transaction with a higher fee, as far as the cap goes."""
        urgent = self.journal.action(attempt.action).urgent
        now = self.fees.offer(self.chain.base_fee(), urgent=urgent) or (0, 0)
        raised = self.fees.raised(attempt.max_fee, attempt.tip, now, urgent=urgent)
        tx = transaction(attempt.raw, self.signer.address)
        paid = self.journal.paid_since(time.time() - DAY)
        if raised is not None:
            bid = Bid(0, paid, tx.gas, urgent, self.chain.data(tx))
            raised = self.fees.within(raised, bid, attempt.max_fee)
        if raised is None:
            self._again(attempt)
            return
        self._log.warning(
            "a transaction waits: its fee is raised", hash=attempt.hash,
            gwei=round(raised[0] / GWEI, 3), nonce=attempt.nonce,
        )  # fmt: skip
        self._again(self._carrier.sign(attempt.action, tx, attempt.nonce, raised))

    def _fill(self) -> None:
        """What waits behind a nonce that nobody uses waits for good: after a node that counted wrong, or a
        fork that took back what somebody else sent with this key. An empty transaction takes its place."""
        waiting = self.journal.open_attempts()
        if not waiting:
            return
        # what has a receipt that stands is used, whatever a node that is behind counts
        used = max(self.chain.nonce(0), self.journal.mined_nonce())
        gap = waiting[0].nonce - used
        if gap <= 0:
            return
        if gap > MOST_GAP:
            self._far(used)
            return
        fees = self.fees.offer(self.chain.base_fee())
        if fees is None:
            return
        reason = f"nonce {waiting[0].nonce} waits for this one"
        market = self.journal.action(waiting[0].action).market
        self._tell(self._take(used, fees, reason, market))

    def _take(self, nonce: int, fees: tuple[int, int], reason: str, market: str = "") -> Attempt:
        """A nonce, by an empty transaction that is handed over."""
        action = self.journal.plan(FILL, (nonce,), reason, self.engine.block(), market=market)
        empty = Tx(self.account, self.account, b"", FILL_GAS)
        empty = replace(empty, gas=self.chain.gas(empty))
        attempt = self._carrier.sign(action, empty, nonce, fees)
        self._carrier.hand_over(attempt)
        return attempt

    def _far(self, used: int) -> None:
        """A nonce far past the chain's was a node's error, where the journal is known to be of this chain:
        what was signed with it has no effect for now, and is looked for should its turn come."""
        waiting = self.journal.open_attempts()
        if not self.journal.is_proved:
            sent = min(attempt.nonce for attempt in waiting)
            raise foreign(self.journal, f"it sent nonce {sent}, and the chain is at {used}")
        for attempt in waiting:
            self.journal.dropped(
                attempt.hash, f"nonce {attempt.nonce} is far past the chain's {used}"
            )
            self._tell(attempt)

    def _finish(self, attempt: Attempt, receipt: Mapping[str, Any]) -> Result:
        outcome = Outcome.of(receipt, self.engine.block(), attempt.max_fee)
        note = "" if outcome.state is State.MINED else self.chain.why(attempt, outcome.block)
        self.journal.finished(attempt.hash, outcome, note)
        return Result(outcome.state, note, attempt.action, attempt.hash)
