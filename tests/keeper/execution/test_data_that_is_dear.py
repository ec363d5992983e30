"""What an OP chain takes for a transaction's data, beside its gas, is part of what one and a day may cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keeper.execution.sender import Sender
from keeper.journal import State
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Tx
from tandem.engine.data_fees import OP_ORACLE, data_beside
from tandem.engine.remote import RemoteEngine
from tandem.units import WAD


def taking(engine: RemoteEngine, wei: int, tx: Tx) -> None:
    """The chain's fee contract asks so much for it."""
    mock = compile_vyper("DataFees")
    engine.request("evm_setAutomine", [True])
    code = engine.code(engine.deploy(mock, sender=engine.accounts[1]))
    engine.request("anvil_setCode", [OP_ORACLE, "0x" + code.hex()])
    engine.request("anvil_setStorageAt", [OP_ORACLE, "0x1", f"0x{1:064x}"])
    size = data_beside(engine, tx)
    engine.request("anvil_setStorageAt", [OP_ORACLE, "0x1", f"0x{wei // size:064x}"])


@pytest.mark.parametrize(
    ("ether", "urgent", "sent"),
    [(0.02, False, True), (0.06, False, False), (0.06, True, True), (2.5, True, False)],
)
def test_data_counts_in_every_cap(
    ether: float, urgent: bool, sent: bool, engine: RemoteEngine, mint: Tx,
    start: Callable[..., Sender], effects: Callable[[], float],
) -> None:  # fmt: skip
    """By the defaults 0.05 ETH for what can wait, 2 for a day of what cannot: only gas was counted."""
    taking(engine, round(ether * WAD), mint)
    done = start(wait_seconds=5).send("mint", (), "due", mint, urgent=urgent)
    assert (done.state is State.MINED, effects()) == (sent, int(sent))
    assert sent or "more than the caps leave" in done.note


def test_a_fee_contract_that_says_nothing_stops_nothing(
    engine: RemoteEngine, mint: Tx, start: Callable[..., Sender]
) -> None:
    engine.request("evm_setAutomine", [True])
    engine.request("anvil_setCode", [OP_ORACLE, "0x60006000fd"])
    assert start(wait_seconds=5).send("mint", (), "due", mint).state is State.MINED
