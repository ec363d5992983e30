"""A view that is asked again: the same answer while nothing has changed, and never an old one."""

from __future__ import annotations

import pytest

from tandem.engine import open_engine
from tandem.engine.abi import Abi
from tandem.engine.artifacts import Artifact, compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Outcome, Tx
from tandem.engine.revm import RevmEngine

# a constructor, and then the time and the contract's balance
PROBE = Artifact(
    "Probe",
    Abi.spelled("function run() view returns (uint256,uint256)"),
    bytes.fromhex("600b8060095f395ff3" + "425f524760205260405ff3"),
)


def test_a_view_that_was_asked_before_sees_what_has_changed_since(engine: BaseEngine) -> None:
    owner = engine.accounts[0]
    probe, token = engine.deploy(PROBE), engine.deploy(compile_vyper("USDC"))
    time = engine.now()
    assert probe.call("run") == probe.call("run") == (time, 0)
    engine.fund(probe, 5)
    assert probe.call("run") == (time, 5)
    engine.advance(10)
    assert probe.call("run") == (time + 10, 5)
    mark = engine.snapshot()
    assert token.call("balanceOf", owner) == 0
    token.send("mint", owner, 3, sender=owner)
    assert token.call("balanceOf", owner) == 3
    engine.revert(mark)
    assert token.call("balanceOf", owner) == 0
    token.send("mint", owner, 3, sender=owner)
    moved = token.abi.function("transfer", 2).encode((probe.address, 1))
    assert engine.transact_unless_refused(Tx(owner, token.address, moved, 200_000))[0]
    assert token.call("balanceOf", owner) == 2


def test_pyrevm_runs_a_view_once_for_each_state(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Tx] = []
    run = RevmEngine._try

    def counted(engine: RevmEngine, tx: Tx) -> Outcome:
        ran.append(tx)
        return run(engine, tx)

    monkeypatch.setattr(RevmEngine, "_try", counted)
    with open_engine("pyrevm") as engine:
        owner, other = engine.accounts[:2]
        token = engine.deploy(compile_vyper("USDC"))
        for _ in range(3):
            token.call("balanceOf", owner)
        assert len(ran) == 1
        token.call("balanceOf", other)
        token.call("balanceOf", owner, sender=other)
        assert len(ran) == 3
        engine.advance(1)
        token.call("balanceOf", owner)
        assert len(ran) == 4
