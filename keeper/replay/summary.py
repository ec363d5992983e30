"""The figures of a run, as `summary.json` and `--json` show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keeper.replay.ledger import Ledger
from keeper.replay.pnl import cents
from keeper.replay.settings import ReplaySettings
from keeper.replay.types import PnlTerms, StepRow
from keeper.snapshot import Snapshot

USD = 10**6


@dataclass(slots=True)
class Extremes:
    """Largest figures seen, in the units of their names."""

    residual_eth: float = 0.0
    after_over_band: float = 0.0
    between_over_band: float = 0.0

    def between(self, snap: Snapshot) -> None:
        """A new price, before anybody has acted on it."""
        if snap.stance.hard:
            ratio = abs(snap.stance.residual) / snap.stance.hard
            self.between_over_band = max(self.between_over_band, ratio)

    def after(self, residual: float, hard: float) -> None:
        """After the last of our transactions at a price."""
        self.residual_eth = max(self.residual_eth, residual)
        if hard:
            self.after_over_band = max(self.after_over_band, residual / hard)


def summarise(
    settings: ReplaySettings,
    ledger: Ledger,
    most: Extremes,
    rows: list[StepRow],
    lp_flows: float,
    earned: PnlTerms,
    *,
    blocks: int,
    complete: bool,
    wall: float,
) -> dict[str, Any]:
    """Everything that a reader may want to compare. Money in USD, sizes in ETH."""
    first, last = (rows[0].nav, rows[-1].nav) if rows else (0.0, 0.0)
    start, end, flows = round(first, 2), round(last, 2), round(lp_flows, 2)
    return {
        "complete": complete,
        "engine": settings.engine,
        "seed": settings.seed,
        "blocks": blocks,
        "visits": len(rows),
        "trades": ledger.trades,
        "trades_reverted": dict(sorted(ledger.reverted.items())),
        "others_reverted": dict(sorted(ledger.refused.items())),
        "wishes_unlisted": ledger.unlisted,
        "hedges": ledger.hedges,
        "hedged_eth": round(sum(ledger.hedging.eth.values()), 3),
        "hedge_cost_per_eth_usd": ledger.hedging.per_eth(),
        "hedge_cost_per_eth_pool_at_index_usd": ledger.hedging.per_eth(at_index=True),
        "hedge_cost_per_eth_pool_behind_usd": ledger.hedging.per_eth(at_index=False),
        "pool_depth_usd": settings.depth,
        "pool_fee_bps": settings.fee_bps,
        "liquidations": ledger.liquidations,
        "max_abs_residual_delta_eth": round(most.residual_eth, 6),
        "max_residual_over_band": round(most.after_over_band, 6),
        "max_residual_over_band_between": round(most.between_over_band, 6),
        "max_open_residual_over_band": round(ledger.open_over_band, 6),
        "floor_min_usd": min((round(row.floor, 2) for row in rows), default=None),
        "floor_min_over_nav": min(
            (round(row.floor / row.nav, 6) if row.nav > 0 else 0.0 for row in rows), default=None
        ),
        "nav_start_usd": start,
        "nav_end_usd": end,
        "lp_flows_usd": flows,
        "pnl": cents(earned, round((end - start - flows) * 100)),
        "options_settled": ledger.settled_units,
        "payouts_usd": round(ledger.payouts / USD, 2),
        "gas": ledger.gas_figures(),
        "gas_is_real": settings.engine == "anvil",
        "wall_s": round(wall, 2),
    }
