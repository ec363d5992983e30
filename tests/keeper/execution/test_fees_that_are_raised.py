"""What waits is made dearer with each block that leaves it out, and counts once whichever of it is mined."""

from __future__ import annotations

from itertools import pairwise

from listening import Said

from keeper.journal import State
from tandem.engine.base import Tx
from tandem.engine.remote import RemoteEngine
from tandem.units import GWEI

from .test_sender import Effects, Start, leave_out, mine, send


def test_a_stuck_transaction_is_replaced_with_a_tenth_more_up_to_the_cap(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    heard = Said()
    sender = start(log=heard, stuck_seconds=0.0, most=GWEI // 100 * 13 // 10, tip=GWEI // 100)
    result = send(sender, mint)
    assert result.state is State.SENT
    for _ in range(5):
        leave_out(engine)
        sender.reconcile()
    first, *others = sender.journal.attempts(result.action)
    fees = [a.max_fee for a in (first, *others)]
    assert heard.warned == ["a transaction waits: its fee is raised"] * 2
    assert len(fees) == 3  # 1.0, 1.125, 1.266 and then the cap of 1.3 is too near
    assert all(new >= old * 1.1 for old, new in pairwise(fees))
    assert max(fees) <= sender.fees.most
    assert {a.nonce for a in others} == {first.nonce}
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1
    states = sorted(a.state for a in sender.journal.attempts(result.action))
    assert states == [State.MINED, State.REPLACED, State.REPLACED]


def test_while_no_block_comes_no_fee_is_raised(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    """A sequencer that stood for 35 minutes had an urgent one at 3,462 times its first tip, and nobody was
    ahead of it. It is sent again at each look all the same, and once raised waits for the next block."""
    heard = Said()
    sender = start(log=heard, stuck_seconds=0.0)
    result = send(sender, mint)
    for count in (1, 2, 3):
        for _ in range(4):
            engine.request("anvil_dropAllTransactions", [])
            (waits,) = {each.nonce for each in sender.reconcile()}
            assert engine.nonce(engine.accounts[0]) == waits
            assert engine.waiting(engine.accounts[0]) == 1
        assert len(sender.journal.attempts(result.action)) == count
        leave_out(engine)
        sender.reconcile()
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1


def test_a_process_each_time_raises_none_either(
    engine: RemoteEngine, mint: Tx, start: Start
) -> None:
    """`tandem run --once` did not know whether a block had come since it signed: each run raised it."""
    sender = start(stuck_seconds=0.0)
    result = send(sender, mint)
    for count in (1, 2):
        for _ in range(3):
            sender = start(stuck_seconds=0.0)
            sender.reconcile()
            assert len(sender.journal.attempts(result.action)) == count
        leave_out(engine)
        sender.reconcile()
    mine(engine)
    assert sender.reconcile() == []


def test_an_original_that_is_mined_after_all_counts_once(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    sender = start(stuck_seconds=0.0)
    result = send(sender, mint)
    leave_out(engine)
    sender.reconcile()
    first, second = sender.journal.attempts(result.action)
    engine.request("anvil_dropTransaction", [second.hash])
    engine.request("eth_sendRawTransaction", ["0x" + first.raw.hex()])
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1
    states = {a.hash: a.state for a in sender.journal.attempts(result.action)}
    assert states == {first.hash: State.MINED, second.hash: State.REPLACED}
