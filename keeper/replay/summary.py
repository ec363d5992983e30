"""The figures of a run, as `summary.json` and `--json` show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from keeper.replay.carry import cents_of
from keeper.replay.ledger import Ledger
from keeper.replay.pnl import cents
from keeper.replay.settings import ReplaySettings
from keeper.replay.types import PnlTerms, StepRow
from tandem.feeds.candles import Candles
from tandem.feeds.tabular import utc
from tandem.feeds.visits import PathKind
from tandem.protocol.snapshot import Snapshot
from tandem.units import DAY, HOUR, MINUTE, USD, WAD


@dataclass(slots=True)
class Extremes:
    """Largest figures seen, in the units of their names."""

    residual_eth: float = 0.0
    after_over_band: float = 0.0
    between_over_band: float = 0.0
    outside: int = 0
    """Seconds for which a hedge was outside its hard band, whether or not a keeper was bringing it home."""

    def between(self, snap: Snapshot) -> None:
        """A new price, before anybody has acted on it."""
        if snap.stance.hard:
            ratio = abs(snap.stance.residual) / snap.stance.hard
            self.between_over_band = max(self.between_over_band, ratio)

    def after(self, snap: Snapshot) -> None:
        """After what the keeper did when a price came; the minutes after it are not waited for."""
        residual, hard = abs(snap.stance.residual), snap.stance.hard
        self.residual_eth = max(self.residual_eth, residual / WAD)
        if hard:
            self.after_over_band = max(self.after_over_band, residual / hard)


def worst_fall(rows: Sequence[StepRow]) -> float:
    """The most that what LPs earned fell from an earlier high, USD above 0; deposits and exits move
    NAV and are no part of it."""
    earned = np.array([row.pnl.earned for row in rows])
    return float(np.max(np.maximum.accumulate(earned) - earned, initial=0.0))


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
    """Everything that a reader may want to compare. Money in USD, sizes in ETH. Longer than a function
    should be: it is one table, a line for each figure."""
    first, last = (rows[0].nav, rows[-1].nav) if rows else (0.0, 0.0)
    start, end, flows = round(first, 2), round(last, 2), round(lp_flows, 2)
    pnl = cents(earned, round((end - start - flows) * 100))
    return {
        "complete": complete,
        "engine": settings.engine,
        "seed": settings.seed,
        "blocks": blocks,
        "prices": Path(settings.candles.source).name,
        "visits": len(rows),
        "visits_planned": len(settings.visits),
        "starts": utc(int(settings.visits.time[0])),
        "ends": utc(rows[-1].time) if rows else None,
        "days": round((rows[-1].time - rows[0].time) / DAY, 4) if rows else 0.0,
        "path": settings.path.kind.value,
        "path_is_stress": settings.path.kind is PathKind.EXTREMES,
        **_gaps(settings.candles),
        "visits_per_candle": round((len(settings.visits) - 1) / len(settings.candles), 3),
        "arbitrage_lag_blocks": settings.arbitrage_lag,
        "informed_share": settings.flow.informed,
        "informed_of": settings.flow.knowledge.value if settings.flow.informed else None,
        "reservation": settings.flow.reservation,
        "surfaces": "modelled" if settings.recording is None else "recorded",
        "vol_premium": settings.surface.premium if settings.recording is None else None,
        "trade_sizes": "drawn" if settings.flow.sizes is None else "recorded",
        "surface_posts": ledger.posts,
        "surface_posts_mended": dict(sorted(ledger.mended.items())),
        "surface_posts_held_back": dict(sorted(ledger.held_back.items())),
        "surface_posts_refused": sum(
            count for who, count in ledger.refused.items() if who.startswith("surface: ")
        ),
        "trades": ledger.trades,
        "open_cost_over_mark": ledger.open_cost(),
        "opens": ledger.opens,
        "opens_reverted": dict(sorted(ledger.opens_reverted.items())),
        "closes_reverted": dict(sorted(ledger.closes_reverted.items())),
        "others_reverted": dict(sorted(ledger.refused.items())),
        "wishes_unlisted": ledger.unlisted,
        "opens_too_dear": ledger.too_dear,
        "hedges": ledger.hedges,
        "hedged_eth": round(sum(ledger.hedging.eth.values()), 3),
        "hedge_cost_per_eth_usd": ledger.hedging.per_eth(),
        "hedge_cost_per_eth_pool_at_index_usd": ledger.hedging.per_eth(at_index=True),
        "hedge_cost_per_eth_pool_behind_usd": ledger.hedging.per_eth(at_index=False),
        "pool_depth_usd": settings.depth,
        "venue": settings.venue,
        "pool_fee_bps": settings.fee / 100,
        "nav_deposited_usd": settings.nav,
        "trades_per_day": settings.trades_per_day,
        "policy": settings.policy,
        "liquidations": ledger.liquidations,
        "max_abs_residual_delta_eth": round(most.residual_eth, 6),
        "max_residual_over_band": round(most.after_over_band, 6),
        "max_residual_over_band_between": round(most.between_over_band, 6),
        "residual_over_band_minutes": round(most.outside / MINUTE),
        "max_open_residual_over_band": round(ledger.open_over_band, 6),
        "floor_min_usd": min((round(row.floor, 2) for row in rows), default=None),
        "floor_min_over_nav": min(
            (round(row.floor / row.nav, 6) if row.nav > 0 else 0.0 for row in rows), default=None
        ),
        **_worst_jump(rows),
        "worst_fall_usd": round(worst_fall(rows), 2),
        "nav_start_usd": start,
        "nav_end_usd": end,
        "lp_flows_usd": flows,
        "pnl": pnl,
        "carry": cents_of(ledger.carry.total, pnl["funding"]),
        "options_settled": ledger.settled_units,
        "payouts_usd": round(ledger.payouts / USD, 2),
        "gas": ledger.gas_figures(),
        "gas_is_real": settings.engine == "anvil",
        "wall_s": round(wall, 2),
    }


def _gaps(candles: Candles) -> dict[str, float]:
    """Where the prices leave time out: the last one stands until the next comes."""
    places, seconds = candles.gaps()
    return {"gaps_bridged": places, "hours_without_prices": round(seconds / HOUR, 4)}


def _worst_jump(rows: Sequence[StepRow]) -> dict[str, float | None]:
    """The most that the gate published, and its largest share of what opens may leave; None unmarked."""
    marked = [row for row in rows if not isnan(row.worst_jump)]
    shares = [row.worst_jump / row.jump_limit for row in marked if row.jump_limit > 0]
    return {
        "worst_jump_max_usd": max((round(row.worst_jump, 2) for row in marked), default=None),
        "worst_jump_max_over_limit": max((round(share, 6) for share in shares), default=None),
    }
