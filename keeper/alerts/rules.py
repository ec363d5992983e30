"""When something is wrong. The same alerts as docs/guide/monitoring/alerts.yaml has, with the same numbers,
but for TandemKeeperGone: a process that is gone says nothing, one that halts says that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from keeper.alerts.memory import Memory
from keeper.tables import FeeTable
from tandem.units import DAY, HOUR, MINUTE, WAD

HALTED = "TandemKeeperGone"
"""What a keeper says of itself that cannot go on."""
OF_A_KEY = frozenset(
    ("TandemNodeAway", "TandemTransactionsWait", "TandemGasDear", "TandemGasMoneyLow")
)
"""What is of a key and its nodes, and said once for all of its markets."""
RUN_BOOK = "docs/guide/operators.md"
DAYS_OF_GAS = 3
"""Times the last day's cost that an account should hold."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One alert. limit: the number of the condition; held: seconds for which it has to hold; window: seconds
    of the past that it looks at; look: what is wrong now, by the label that tells one from another."""

    name: str
    severity: str
    limit: float
    held: float
    text: str
    look: Callable[[Memory, Rule], Mapping[str, float]]
    figures: Sequence[str]
    window: float = 0.0

    def broken(self, memory: Memory) -> Mapping[str, float]:
        """What is wrong now: by label, and how much."""
        return self.look(memory, self)

    def said(self, label: str, value: float) -> str:
        """What a person is told."""
        return self.text.format(label=label, value=value)


def rules(fees: FeeTable) -> tuple[Rule, ...]:
    """All of them. fees: what a day may cost bounds one of them. Longer than a function should be: it is one
    table."""
    return (
        Rule("TandemNoCycleSucceeds", "critical", 300, MINUTE,
             "No cycle has succeeded for {value:.0f} s.", _over, ["tandem_since_success_seconds"]),
        Rule("TandemNobodyKeeps", "critical", 120, MINUTE,
             "No process has kept the market for {value:.0f} s.", _over, ["tandem_unkept_seconds"]),
        Rule("TandemCyclesFail", "warning", 10, 5 * MINUTE,
             "{value:.0f} cycles failed within a quarter of an hour.", _grown,
             ["tandem_cycles_failed_total"], 15 * MINUTE),
        Rule("TandemNodeAway", "warning", 0.5, MINUTE,
             "The node {label} does not answer, lags, or is of another chain.", _away,
             ["tandem_node_up"], 10 * MINUTE),
        Rule("TandemChainStands", "critical", 300, 2 * MINUTE,
             "The block that was seen last is {value:.0f} s old.", _stands, ["tandem_block_time_seconds"]),
        Rule("TandemResidualPastHardBand", "critical", 1, 10 * MINUTE,
             "{value:g} of delta is not hedged, which is past the hard band.", _beyond,
             ["tandem_residual_asset", "tandem_hard_band_asset"]),
        Rule("TandemMarginLacks", "critical", 0.01, 10 * MINUTE,
             "The hedge lacks {value:,.2f} USD of margin.", _over, ["tandem_margin_lacking_usd"]),
        Rule("TandemAccountUnknown", "critical", 0, 2 * MINUTE,
             "One of the venues does not say what its account is worth: LPs wait.", _over,
             ["tandem_account_unknown"]),
        Rule("TandemExpiryUnsettled", "critical", 3_600, 5 * MINUTE,
             "An expiry is past for {value:.0f} s and has no price: holders, LPs and deposits wait.", _over,
             ["tandem_unsettled_seconds"]),
        Rule("TandemSurfaceOld", "warning", 0.8, 2 * MINUTE,
             "The oldest slice in use is {value:.0f} s old; soon nobody trades on it.", _beyond,
             ["tandem_surface_age_seconds", "tandem_surface_age_limit_seconds"]),
        Rule("TandemSurfaceMissing", "warning", 0, 5 * MINUTE,
             "{value:.0f} listed expiries have no slice that anybody could trade on.", _over,
             ["tandem_expiries_untraded"]),
        Rule("TandemTransactionsWait", "warning", 0, MINUTE,
             "For ten minutes there has been a transaction that is in no block.", _least,
             ["tandem_open_transactions"], 10 * MINUTE),
        Rule("TandemActionsRevert", "warning", 2, 0,
             "{label} was reverted {value:.0f} times within an hour, and paid for.", _reverted,
             ["tandem_actions_total"], HOUR),
        Rule("TandemActionsRefused", "warning", 20, 5 * MINUTE,
             "{label} is due and is not sent, {value:.0f} times within half an hour.", _refused,
             ["tandem_actions_total"], HOUR // 2),
        Rule("TandemGasDear", "warning", 0.8 * fees.day_eth * WAD, 0,
             "{value:.3g} wei were paid in a day, four fifths of what it may cost.", _grown,
             ["tandem_paid_wei_total"], DAY),
        Rule("TandemPaused", "warning", DAY, 0,
             "The operator paused the keeper {value:.0f} s ago.", _over, ["tandem_paused_seconds"]),
        Rule("TandemGasMoneyLow", "warning", DAYS_OF_GAS, 5 * MINUTE,
             "The account holds {value:.6f} ETH: less than three days of what the last one cost, or than one "
             "transaction may.", _poor,
             ["tandem_account_balance_eth", "tandem_action_cap_eth", "tandem_paid_wei_total"], DAY),
        Rule("TandemFlowToxic", "warning", 1.645, HOUR,
             "LPs lose on the fills of late: an hour later by {value:.1f} standard errors.", _over,
             ["tandem_flow_toxicity"]),
        Rule("TandemBasisWide", "warning", 0.01, 0,
             "The venue {label} is {value:+.2%} from the index.", _far, ["tandem_venue_basis"], 10 * MINUTE),
        Rule("TandemFundingDear", "warning", 0.003, 0,
             "The hedge at {label} pays {value:.2%} of itself in a day.", _dear,
             ["tandem_venue_funding_day"], HOUR // 2),
        Rule("TandemSignerAway", "warning", 0.5, 0,
             "The surface signer {label} does not sign what it is asked.", _unsigned,
             ["tandem_signer_up"], 20 * MINUTE),
    )  # fmt: skip


def windows(listed: Sequence[Rule]) -> dict[str, float]:
    """How far back each figure is asked for."""
    found: dict[str, float] = {}
    for rule in listed:
        for name in rule.figures if rule.window else ():
            found[name] = max(found.get(name, 0.0), rule.window)
    return found


def _over(memory: Memory, rule: Rule) -> Mapping[str, float]:
    value = memory.one(rule.figures[0])
    return {} if value is None or value <= rule.limit else {"": value}


def _stands(memory: Memory, rule: Rule) -> Mapping[str, float]:
    made = memory.one(rule.figures[0])
    return {} if made is None or memory.utc - made <= rule.limit else {"": memory.utc - made}


def _beyond(memory: Memory, rule: Rule) -> Mapping[str, float]:
    """The size of one figure, over so many times another."""
    value, bound = (memory.one(name) for name in rule.figures)
    is_so = value is not None and bound is not None and abs(value) > rule.limit * bound
    return {"": value} if is_so and value is not None else {}


def _grown(memory: Memory, rule: Rule) -> Mapping[str, float]:
    return _more(memory.increase(rule.figures[0], rule.window, ""), rule)


def _reverted(memory: Memory, rule: Rule) -> Mapping[str, float]:
    return _more(memory.increase(rule.figures[0], rule.window, "kind", state="reverted"), rule)


def _refused(memory: Memory, rule: Rule) -> Mapping[str, float]:
    """Before it was signed or after it: what no node takes is in the journal, and goes nowhere."""
    found: dict[str, float] = {}
    for state in ("refused", "dropped"):
        grown = memory.increase(rule.figures[0], rule.window, "kind", state=state)
        for kind, more in grown.items():
            found[kind] = found.get(kind, 0.0) + more
    return _more(found, rule)


def _more(found: Mapping[str, float], rule: Rule) -> Mapping[str, float]:
    return {label: value for label, value in found.items() if value > rule.limit}


def _away(memory: Memory, rule: Rule) -> Mapping[str, float]:
    shares = memory.mean(rule.figures[0], rule.window, "node")
    return {node: share for node, share in shares.items() if share < rule.limit}


def _unsigned(memory: Memory, rule: Rule) -> Mapping[str, float]:
    shares = memory.mean(rule.figures[0], rule.window, "signer")
    return {signer: share for signer, share in shares.items() if share < rule.limit}


def _far(memory: Memory, rule: Rule) -> Mapping[str, float]:
    means = memory.mean(rule.figures[0], rule.window, "venue")
    return {venue: mean for venue, mean in means.items() if abs(mean) > rule.limit}


def _dear(memory: Memory, rule: Rule) -> Mapping[str, float]:
    return _more(memory.mean(rule.figures[0], rule.window, "venue"), rule)


def _least(memory: Memory, rule: Rule) -> Mapping[str, float]:
    value = memory.least(rule.figures[0], rule.window)
    return {} if value is None or value <= rule.limit else {"": value}


def _poor(memory: Memory, rule: Rule) -> Mapping[str, float]:
    """What lies there, against so many times the last day's cost, and against one action's cap."""
    balance, cap = (memory.one(name) for name in rule.figures[:2])
    day = sum(memory.increase(rule.figures[2], rule.window, "").values()) / WAD
    if balance is None or cap is None or balance >= max(cap, rule.limit * day):
        return {}
    return {"": balance}
