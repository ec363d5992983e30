"""What is counted is what the chain and the journal say."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from keeper.cycle import Keeper
from keeper.execution.outbox import Result
from keeper.execution.sender import Sender
from keeper.execution.surface_desk import Demand
from keeper.gauges import Sight, of_market
from keeper.journal import State
from keeper.journal_rows import Wanted, read_entries
from keeper.logs import QUIET
from keeper.metrics import REFUSED, Meter
from keeper.runner import Runner
from metrics.asking import figure
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError, EngineError
from tandem.units import USD, WAD


@pytest.fixture
def meter(keeper: Keeper) -> Meter:
    made = Meter()
    assert isinstance(keeper.observer.engine, RemoteEngine)
    made.watch(keeper, keeper.observer.engine.node)
    return made


def said(meter: Meter, name: str, **labels: str) -> float | None:
    return figure(meter.text().decode(), name, **labels)


def test_what_was_seen_is_what_the_chain_says(keeper: Keeper, meter: Meter, market: Any) -> None:
    """After a move of the price that leaves a residual."""
    market.engine.advance(700)
    market.move(2_650)
    market.rest()
    keeper.plan()
    now = market.tandem.snapshot()
    assert now.stance.residual
    assert now.open_expiries
    assert said(meter, "tandem_block_height") == market.engine.block()
    assert said(meter, "tandem_block_time_seconds") == now.timestamp
    asset = keeper.observer.handles.asset
    assert said(meter, "tandem_residual_asset", asset=asset) == now.stance.residual / WAD
    assert said(meter, "tandem_hard_band_asset", asset=asset) == now.stance.hard / WAD
    assert said(meter, "tandem_margin_lacking_usd") == now.account.top_up / USD
    assert said(meter, "tandem_surface_age_seconds") == now.timestamp - now.surface_time > 500
    assert said(meter, "tandem_surface_age_limit_seconds") == now.parameters["surface_age"]
    assert said(meter, "tandem_notes") == len(keeper.plan()[1].notes)
    assert said(meter, "tandem_keeper_info", asset=asset, account=keeper.account) == 1


def test_where_nothing_is_open_no_slice_is_in_use(keeper: Keeper, meter: Meter) -> None:
    """It said 0 s, as of one that had just been posted."""
    keeper.plan()
    snapshot = keeper.observer.observe(keeper.account)[0]
    none = replace(snapshot, expiries=tuple(replace(e, units=0) for e in snapshot.expiries))
    ages = {
        sample.name: sample.value
        for family in of_market(Sight(1, none, 0), "ETH")
        for sample in family.samples
    }
    assert math.isnan(ages["tandem_surface_age_seconds"])


def test_what_is_listed_and_cannot_be_traded_is_counted(
    keeper: Keeper, meter: Meter, market: Any
) -> None:
    """Of what is open *TandemSurfaceOld* speaks; where nothing was, nobody said that nobody posts."""
    market.engine.advance(901)
    keeper.plan()
    listed = len(market.tandem.snapshot().expiries)
    assert said(meter, "tandem_expiries_untraded") == listed > 0
    keeper.cycle()
    keeper.plan()
    assert said(meter, "tandem_expiries_untraded") == 0
    desk = keeper.observer.desk
    assert desk is not None
    market.engine.advance(901)
    desk.demand = Demand.NOBODY
    keeper.plan()
    assert said(meter, "tandem_expiries_untraded") == 0  # traders are not its to serve


def test_gas_and_wei_are_the_receipts_and_are_counted_once(
    keeper: Keeper, meter: Meter, market: Any
) -> None:
    market.engine.advance(700)
    market.move(2_650)
    market.rest()
    done = meter.cycle(keeper)
    meter.cycle(keeper)
    mined = [each.result for each in done if each.result.state is State.MINED]
    receipts = [market.engine.request("eth_getTransactionReceipt", [r.hash]) for r in mined]
    gas = [int(r["gasUsed"], 16) for r in receipts]
    wei = [g * int(r["effectiveGasPrice"], 16) for g, r in zip(gas, receipts, strict=True)]
    kinds = {each.intent.kind for each in done if each.result in mined}
    assert {"post", "rebalance"} <= kinds
    assert sum(said(meter, "tandem_gas_used_total", kind=kind) or 0 for kind in kinds) == sum(gas)
    paid = sum(said(meter, "tandem_paid_wei_total", kind=kind) or 0 for kind in kinds)
    assert paid == pytest.approx(sum(wei))
    counted = [said(meter, "tandem_actions_total", kind=k, state="mined") or 0 for k in kinds]
    assert sum(counted) == len(mined)
    assert said(meter, "tandem_cycle_seconds_count") == 2


def test_what_the_journal_held_before_is_not_counted_again(
    keeper: Keeper, meter: Meter, market: Any
) -> None:
    market.engine.advance(700)
    assert meter.cycle(keeper)
    assert isinstance(keeper.observer.engine, RemoteEngine)
    after = Meter()
    after.watch(keeper, keeper.observer.engine.node)
    after.cycle(keeper)
    assert said(meter, "tandem_actions_total", kind="post", state="mined") == 1
    assert said(after, "tandem_actions_total", kind="post", state="mined") == 0


def test_what_is_mined_after_its_cycle_is_counted_then(
    keeper: Keeper, meter: Meter, market: Any
) -> None:
    """Nobody mines for a while: it is open, then it is an action that was mined."""
    market.engine.advance(700)
    assert isinstance(keeper.sender, Sender)
    keeper.sender.fees = replace(keeper.sender.fees, wait_seconds=0.2, stuck_seconds=600)
    market.engine.request("evm_setAutomine", [False])
    try:
        (sent,) = meter.cycle(keeper)
        assert sent.result.state is State.SENT
        assert said(meter, "tandem_open_transactions") == 1
        assert said(meter, "tandem_actions_total", kind="post", state="mined") == 0
        market.engine.request("evm_mine", [])
    finally:
        market.engine.request("evm_setAutomine", [True])
    meter.cycle(keeper)
    assert said(meter, "tandem_open_transactions") == 0
    assert said(meter, "tandem_actions_total", kind="post", state="mined") == 1
    (entry,) = read_entries(keeper.sender.journal.path, Wanted())
    assert entry.attempt is not None
    assert said(meter, "tandem_gas_used_total", kind="post") == entry.attempt.gas_used


def test_what_was_never_written_down_is_counted_as_refused(
    keeper: Keeper, meter: Meter, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.engine.advance(700)
    assert isinstance(keeper.sender, Sender)
    refusal = Result(State.DROPPED, "gas costs more than the cap")
    monkeypatch.setattr(keeper.sender, "send", lambda *_, **__: refusal)
    assert meter.cycle(keeper)
    assert said(meter, "tandem_actions_total", kind="post", state=REFUSED) == 1
    assert said(meter, "tandem_actions_total", kind="post", state="dropped") == 0


def test_a_cycle_that_fails_is_counted_and_no_success(keeper: Keeper, meter: Meter) -> None:
    runner = Runner(None, 60, QUIET, meter)

    def away() -> None:
        raise EngineError("no node answers")

    def wrong() -> None:
        raise ConfigError("no good")

    assert runner.once(away) is None
    assert said(meter, "tandem_cycles_failed_total") == 1
    assert "no cycle has succeeded yet" in meter.lacks()
    with pytest.raises(ConfigError):
        runner.once(wrong)
    assert said(meter, "tandem_cycles_failed_total") == 2
    runner.once(lambda: meter.cycle(keeper))
    assert said(meter, "tandem_cycles_failed_total") == 2
    assert meter.lacks() == meter.stuck() == ""
    meter.let_go()
    assert meter.lacks() == "the journal is not held"


def test_two_nodes_of_one_host_are_two(keeper: Keeper, meter: Meter) -> None:
    assert isinstance(keeper.observer.engine, RemoteEngine)
    assert keeper.observer.engine.node is not None
    (report,) = keeper.observer.engine.node.reports()
    meter._reports = lambda: [report, report]
    assert said(meter, "tandem_node_up", place="1") == 1
    assert said(meter, "tandem_node_up", place="2") == 1
    assert said(meter, "tandem_node_block_height", place="2") == report.block > 0
    assert said(meter, "tandem_node_latency_seconds", place="1") == report.latency_ms / 1_000
    assert said(meter, "tandem_node_error_share", place="1") == report.error_share


def test_what_the_account_holds_is_what_the_chain_says_and_is_asked_now_and_then(
    keeper: Keeper, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    meter = Meter(clock=lambda: now[0])
    assert isinstance(keeper.observer.engine, RemoteEngine)
    meter.watch(keeper, keeper.observer.engine.node)
    market.engine.request("anvil_setBalance", [keeper.account, hex(2 * 10**18)])
    assert said(meter, "tandem_account_balance_eth") is None
    meter.cycle(keeper)
    held = market.engine.balance(keeper.account)
    assert said(meter, "tandem_account_balance_eth") == pytest.approx(held / WAD)
    assert isinstance(keeper.sender, Sender)
    assert said(meter, "tandem_action_cap_eth") == keeper.sender.fees.action_most / WAD
    market.engine.request("anvil_setBalance", [keeper.account, hex(10**18)])
    meter.cycle(keeper)
    assert said(meter, "tandem_account_balance_eth") == pytest.approx(held / WAD)
    now[0] += 61

    def away(_: Any) -> int:
        raise EngineError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(keeper.observer.engine, "balance", away)
        meter.cycle(keeper)
    assert said(meter, "tandem_account_balance_eth") == pytest.approx(held / WAD)
    meter.cycle(keeper)
    assert said(meter, "tandem_account_balance_eth") == pytest.approx(1.0, rel=1e-3)
