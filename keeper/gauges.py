"""Figures that are told as they are now, by names that Prometheus reads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from keeper.execution.sender import FILL
from keeper.journal_rows import OPEN, State
from keeper.pauses import Pauses
from keeper.planner import Kind
from tandem.engine.health import ANSWERS, Report
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import USD, WAD

BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 180.0, 360.0)
"""Seconds of a cycle."""
REFUSED = "refused"
"""State of an action that the journal does not hold: its simulation or the caps kept it back."""
ENDS = tuple(state for state in State if state not in OPEN)
KINDS = (*Kind, FILL)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a cycle saw last."""

    block: int
    snapshot: Snapshot
    notes: int
    untraded: int = 0  # expiries


@dataclass(frozen=True, slots=True)
class Purse:
    """What gas is paid from. cap: for one transaction that can wait. ETH."""

    balance: float
    cap: float


def of_kept(is_kept: bool) -> Metric:
    """Whether a market is this process's."""
    text = "Whether this process keeps it; 0 while another one does."
    return GaugeMetricFamily("tandem_kept", text, is_kept)


def of_nobody(seconds: float) -> Metric:
    """How long a market that processes share is nobody's."""
    text = "Seconds since some process was known to keep it, where several share it; else 0."
    return GaugeMetricFamily("tandem_unkept_seconds", text, seconds)


def of_keeper(market: str, account: str, asset: str) -> Metric:
    """What is kept, and by whom."""
    labels = ["market", "account", "asset"]
    info = GaugeMetricFamily("tandem_keeper_info", "What is kept, and by whom.", None, labels)
    info.add_metric([market, account, asset], 1)
    return info


def of_loop(since: float) -> Metric:
    """Of a keeper's cycles."""
    words = "Seconds since a cycle succeeded, or since the process began."
    return GaugeMetricFamily("tandem_since_success_seconds", words, since)


def of_journal(count: int) -> Metric:
    """Of what is under way."""
    words = "Signed transactions that may still have an effect."
    return GaugeMetricFamily("tandem_open_transactions", words, count)


def of_purse(purse: Purse) -> Iterator[Metric]:
    """What the account holds, and what one transaction may cost."""
    for name, text, value in (
        ("tandem_account_balance_eth", "What the account holds, ETH.", purse.balance),
        ("tandem_action_cap_eth", "What one transaction that can wait may cost, ETH.", purse.cap),
    ):
        yield GaugeMetricFamily(name, text, value)


def of_nodes(reports: Sequence[Report]) -> Iterator[Metric]:
    """Each node, in the operator's order: two of one provider have the same host."""
    labels = ["node", "place"]
    up = GaugeMetricFamily("tandem_node_up", "Whether it answers and keeps up.", None, labels)
    block = GaugeMetricFamily(
        "tandem_node_block_height", "The latest block it showed.", None, labels
    )
    latency = GaugeMetricFamily(
        "tandem_node_latency_seconds", "Seconds a request, of the last ones.", None, labels
    )
    share = GaugeMetricFamily(
        "tandem_node_error_share", "Of the last requests, the share that failed.", None, labels
    )
    for place, report in enumerate(reports, 1):
        named = [report.node, str(place)]
        up.add_metric(named, report.state == ANSWERS)
        block.add_metric(named, report.block)
        latency.add_metric(named, report.latency_ms / 1_000)
        share.add_metric(named, report.error_share)
    yield from (up, block, latency, share)


def of_market(sight: Sight, asset: str) -> Iterator[Metric]:
    """What the last cycle saw. Sizes are of the asset."""
    s = sight.snapshot
    age = s.surface_age if s.open_expiries else math.nan
    for name, text, value in (
        ("tandem_block_height", "Block that was seen last, by the node's number.", sight.block),
        ("tandem_block_time_seconds", "Its time, seconds UTC.", s.timestamp),
        ("tandem_margin_lacking_usd", "What the next margin top-up lacks; NaN where nobody knows.",
         s.account.top_up / USD if s.account_known else math.nan),
        ("tandem_account_unknown", "Whether one of several venues does not say what its account is worth.",
         not s.account_known),
        ("tandem_unsettled_seconds", "For how long the oldest past expiry without a price is past; else 0.",
         s.timestamp - s.unsettled[0].expiry if s.unsettled else 0),
        ("tandem_surface_age_seconds", "Age of the oldest slice in use; NaN where nothing is open.", age),
        ("tandem_surface_age_limit_seconds", "Age at which nobody trades on a slice any more.",
         s.parameters["surface_age"]),
        ("tandem_expiries_untraded", "Listed expiries that this keeper posts for and nobody can trade.",
         sight.untraded),
        ("tandem_notes", "What the last plan left undone, as `tandem run --dry-run` says it.",
         sight.notes),
    ):  # fmt: skip
        yield GaugeMetricFamily(name, text, value)
    for name, text, size in (
        ("tandem_residual_asset", "Delta that is not hedged; the sign is its own.", s.stance.residual),
        ("tandem_hard_band_asset", "Residual beyond which no open may leave it.", s.stance.hard),
    ):  # fmt: skip
        family = GaugeMetricFamily(name, text, None, ["asset"])
        family.add_metric([asset], size / WAD)
        yield family


def of_pause(pauses: Pauses) -> Iterator[Metric]:
    """What the operator stopped, by kind, and for how long by now."""
    family = GaugeMetricFamily(
        "tandem_paused", "Whether the operator stopped acts of this kind.", None, ["kind"]
    )
    for kind in Kind:
        family.add_metric([kind], pauses.now is not None and pauses.now.stops(kind))
    yield family
    yield GaugeMetricFamily(
        "tandem_paused_seconds", "Seconds since it was paused; 0 where it is not.", pauses.seconds
    )
