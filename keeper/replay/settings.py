"""What a replay is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from keeper.feeds.candles import Candles
from keeper.feeds.flow import FlowSpec
from keeper.feeds.surface import SurfaceSpec


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """One run. Money in USD, sizes in ETH."""

    candles: Candles
    engine: str = "pyrevm"
    seed: int = 1
    nav: float = 1_000_000.0
    trades_per_day: float = 24.0
    depth: float = 2_000_000.0
    """USD that move the venue's pool by 2 %."""
    fee_bps: float = 10.0
    """The venue's trading fee."""
    insurance: float = 1_000_000.0
    """USD in the venue's insurance fund, which pays for accounts that are liquidated too late."""
    expiries: int = 4
    """Weekly expiries on sale at a time."""
    policy: str = "threshold"
    risk_aversion: float = 5.0
    flow: FlowSpec = field(default_factory=FlowSpec)
    surface: SurfaceSpec = field(default_factory=SurfaceSpec)
    lp_flows: bool = True
    """A second LP deposits after a quarter of the window and asks to leave at half of it."""
    terms: dict[str, int] = field(default_factory=dict)
    """Changes to the protocol's default parameters."""
