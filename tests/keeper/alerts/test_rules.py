"""What a keeper calls wrong by itself is what the rules for Prometheus do, by the same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from queries import names, parts

from keeper.alerts.memory import Labels, Memory
from keeper.alerts.rules import HALTED, Rule, rules, windows
from keeper.tables import FeeTable

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"
LISTED: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load((GUIDE / "monitoring" / "alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
}
OURS = {rule.name: rule for rule in rules(FeeTable())}


def seconds(text: str | None) -> float:
    return promql.parse_duration(text).total_seconds() if text else 0.0


def test_the_same_alerts_but_the_one_that_a_process_which_is_gone_cannot_give() -> None:
    assert OURS.keys() | {HALTED} == LISTED.keys()


@pytest.mark.parametrize("name", OURS)
def test_numbers_and_figures_are_those_of_the_rules_for_prometheus(name: str) -> None:
    rule, listed = OURS[name], LISTED[name]
    expression = listed["expr"]
    numbers = [each.val for each in parts(expression, promql.NumberLiteral)]
    assert rule.limit in numbers or (rule.limit == 1 and not numbers)
    assert rule.held == seconds(listed.get("for"))
    assert rule.severity == listed["labels"]["severity"]
    ranges = {each.range.total_seconds() for each in parts(expression, promql.MatrixSelector)}
    assert ranges == ({rule.window} if rule.window else set())
    assert names(expression) == set(rule.figures)


NOW = 1_000_000.0
KIND: Labels = (("kind", "post"),)
GOOD: dict[tuple[str, Labels], float] = {
    ("tandem_since_success_seconds", ()): 5,
    ("tandem_unkept_seconds", ()): 5,
    ("tandem_cycles_failed_total", ()): 3,
    ("tandem_node_up", (("node", "a"), ("place", "1"))): 1,
    ("tandem_node_up", (("node", "b"), ("place", "2"))): 1,
    ("tandem_block_time_seconds", ()): NOW,
    ("tandem_residual_asset", (("asset", "ETH"),)): -0.5,
    ("tandem_hard_band_asset", (("asset", "ETH"),)): 1.0,
    ("tandem_margin_lacking_usd", ()): 0,
    ("tandem_account_unknown", ()): 0,
    ("tandem_unsettled_seconds", ()): 600,
    ("tandem_surface_age_seconds", ()): 300,
    ("tandem_surface_age_limit_seconds", ()): 3_600,
    ("tandem_open_transactions", ()): 0,
    ("tandem_actions_total", (*KIND, ("state", "reverted"))): 1,
    ("tandem_actions_total", (*KIND, ("state", "refused"))): 5,
    ("tandem_actions_total", (*KIND, ("state", "mined"))): 500,
    ("tandem_paid_wei_total", KIND): 1e16,
    ("tandem_paused_seconds", ()): 0,
    ("tandem_account_balance_eth", ()): 1.0,
    ("tandem_action_cap_eth", ()): 0.05,
    ("tandem_flow_toxicity", ()): 1.6,
    ("tandem_venue_basis", (("venue", "v"),)): 0.009,
    ("tandem_venue_funding_day", (("venue", "v"),)): -0.001,
    ("tandem_signer_up", (("signer", "s"),)): 1,
}


def broken(rule: Rule, change: dict[tuple[str, Labels], float], after: float) -> dict[str, float]:
    """What a rule says once figures have been good, and then another for so long."""
    memory = Memory(windows(list(OURS.values())))
    for at in range(0, 1_200, 10):
        memory.add(float(at), GOOD, NOW)
        assert not rule.broken(memory), at
    for at in range(1_200, 1_201 + int(after), 10):
        memory.add(float(at), GOOD | change, NOW)
    return dict(rule.broken(memory))


CASES: list[tuple[str, dict[tuple[str, Labels], float], dict[str, float]]] = [
    ("TandemNoCycleSucceeds", {("tandem_since_success_seconds", ()): 301}, {"": 301}),
    ("TandemNobodyKeeps", {("tandem_unkept_seconds", ()): 121}, {"": 121}),
    ("TandemCyclesFail", {("tandem_cycles_failed_total", ()): 14}, {"": 11}),
    ("TandemNodeAway", {("tandem_node_up", (("node", "b"), ("place", "2"))): 0}, {"b": 0}),
    ("TandemChainStands", {("tandem_block_time_seconds", ()): NOW - 301}, {"": 301}),
    ("TandemResidualPastHardBand",
     {("tandem_residual_asset", (("asset", "ETH"),)): -1.1}, {"": -1.1}),
    ("TandemMarginLacks", {("tandem_margin_lacking_usd", ()): 0.02}, {"": 0.02}),
    ("TandemAccountUnknown", {("tandem_account_unknown", ()): 1}, {"": 1}),
    ("TandemExpiryUnsettled", {("tandem_unsettled_seconds", ()): 3_601}, {"": 3_601}),
    ("TandemSurfaceOld", {("tandem_surface_age_seconds", ()): 2_881}, {"": 2_881}),
    ("TandemSurfaceMissing", {("tandem_expiries_untraded", ()): 2}, {"": 2}),
    ("TandemTransactionsWait", {("tandem_open_transactions", ()): 1}, {"": 1}),
    ("TandemActionsRevert", {("tandem_actions_total", (*KIND, ("state", "reverted"))): 4}, {"post": 3}),
    ("TandemActionsRefused",
     {("tandem_actions_total", (*KIND, ("state", "refused"))): 26}, {"post": 21}),
    ("TandemGasDear", {("tandem_paid_wei_total", KIND): 0.42e18}, {"": 0.41e18}),
    ("TandemPaused", {("tandem_paused_seconds", ()): 86_401}, {"": 86_401}),
    ("TandemGasMoneyLow", {("tandem_account_balance_eth", ()): 0.04}, {"": 0.04}),
    ("TandemFlowToxic", {("tandem_flow_toxicity", ()): 1.7}, {"": 1.7}),
    ("TandemBasisWide", {("tandem_venue_basis", (("venue", "v"),)): -0.011}, {"v": -0.011}),
    ("TandemFundingDear", {("tandem_venue_funding_day", (("venue", "v"),)): 0.02}, {"v": 0.00724}),
    ("TandemSignerAway", {("tandem_signer_up", (("signer", "s"),)): 0}, {"s": 0.4132}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "said"), CASES)
def test_each_is_seen_when_it_is_so_and_not_before(
    name: str, change: dict[tuple[str, Labels], float], said: dict[str, float]
) -> None:
    found = broken(OURS[name], change, 700)
    assert found == pytest.approx(said, rel=1e-3)
    for label, value in found.items():
        assert OURS[name].said(label, value)


@pytest.mark.parametrize(
    ("name", "figure", "label"),
    [
        ("TandemNodeAway", "tandem_node_up", "node"),
        ("TandemSignerAway", "tandem_signer_up", "signer"),
    ],
)
@pytest.mark.parametrize("gone", ["1", "2"])
def test_one_of_two_of_one_host_is_seen(name: str, figure: str, label: str, gone: str) -> None:
    """Two nodes of one provider, by two keys: their mean was a half, which is not less than that."""
    memory, rule = Memory(windows(list(OURS.values()))), OURS[name]
    for at in range(0, 1_500, 10):
        up = {
            (figure, ((label, "https://h"), ("place", place))): float(place != gone)
            for place in ("1", "2")
        }
        memory.add(float(at), up, NOW)
    assert rule.broken(memory) == {"https://h": 0.0}


def test_every_rule_is_tried() -> None:
    assert {name for name, _, _ in CASES} == OURS.keys()


def test_what_lies_at_the_account_is_held_against_what_the_last_day_cost() -> None:
    dear = {
        ("tandem_paid_wei_total", KIND): 1e16 + 0.34e18,
        ("tandem_account_balance_eth", ()): 1.0,
    }
    assert broken(OURS["TandemGasMoneyLow"], dear, 0) == {"": 1.0}
    assert not broken(OURS["TandemGasMoneyLow"], {("tandem_account_balance_eth", ()): 0.06}, 0)


def test_what_a_node_takes_of_nobody_is_refused_too() -> None:
    """It is signed and in the journal as dropped, in each block anew: nobody was told for how long."""
    dropped = ("tandem_actions_total", (*KIND, ("state", "dropped")))
    memory, rule = Memory(windows(list(OURS.values()))), OURS["TandemActionsRefused"]
    for at in range(0, 600, 10):
        memory.add(float(at), GOOD | {dropped: float(at // 20)}, NOW)
    assert rule.broken(memory) == {"post": 29}


def test_a_counter_counts_within_its_window_alone() -> None:
    """Twelve cycles failed, and a quarter of an hour later it is forgotten."""
    memory, rule = Memory(windows(list(OURS.values()))), OURS["TandemCyclesFail"]
    failed = ("tandem_cycles_failed_total", ())
    for at in range(0, 3_000, 10):
        memory.add(float(at), GOOD | {failed: 3 + 12 * (at >= 1_000)}, NOW)
        assert bool(rule.broken(memory)) == (1_000 <= at < 1_900), at


def test_what_is_remembered_does_not_grow_with_the_time() -> None:
    memory = Memory({"tandem_paid_wei_total": 86_400.0})
    for at in range(0, 200_000, 10):
        memory.add(float(at), {("tandem_paid_wei_total", KIND): float(at)})
    (series,) = memory._series.values()
    assert len(series.past) < 300
    grown = memory.increase("tandem_paid_wei_total", 86_400.0, "kind")["post"]
    assert grown == pytest.approx(86_400, rel=0.01)


def test_a_day_of_other_caps_is_judged_by_these() -> None:
    found = {rule.name: rule for rule in rules(FeeTable(day_eth=2.0))}
    assert found["TandemGasDear"].limit == pytest.approx(1.6e18)
