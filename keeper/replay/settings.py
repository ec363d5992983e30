"""What a replay is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from keeper.policy import DEFAULT
from tandem import venues
from tandem.feeds.candles import Candles
from tandem.feeds.flow import FlowSpec
from tandem.feeds.recorded import RecordedSurfaces, Recording
from tandem.feeds.surface import Modelled, Surfaces, SurfaceSpec
from tandem.feeds.visits import PathSettings, Visits, visits_of


def millionths(fee_bps: float) -> int:
    """A fee as venues count it."""
    return round(fee_bps * 100)


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """One run. Money in USD, sizes in ETH."""

    candles: Candles
    path: PathSettings = field(default_factory=PathSettings)
    engine: str = "pyrevm"
    seed: int = 1
    nav: float = 1_000_000.0
    trades_per_day: float = 24.0
    depth: float = 2_000_000.0
    """USD that move the venue's pool by 2 %."""
    venue: str = venues.DEFAULT
    """What the hedge stands on (`tandem.venues`)."""
    fee_bps: float | None = None
    """The venue's trading fee; None for its usual one."""
    arbitrage_lag: int = 1
    """Blocks after a price that the pool follows it: 0 is the price's own block."""
    insurance: float = 1_000_000.0
    """USD in the venue's insurance fund, which pays for accounts that are liquidated too late."""
    expiries: int = 4
    """Weekly expiries on sale at a time."""
    policy: str = DEFAULT
    """As it is typed (`keeper.policy.spec`)."""
    gas_price: int = 50_000_000
    """Wei per gas that the keeper reckons with: an order costs some 15 cents on a roll-up."""
    refresh_seconds: int = 61
    """A slice is posted again when it is that old and somebody needs it."""
    always_quoted: bool = False
    """Surfaces at all times, as a live keeper posts them; else where somebody trades."""
    flow: FlowSpec = field(default_factory=FlowSpec)
    surface: SurfaceSpec = field(default_factory=SurfaceSpec)
    recording: Recording | None = None
    """Surfaces as they were quoted on the days of the candles; None for modelled ones."""
    lp_flows: bool = True
    """A second LP deposits after a quarter of the window and asks to leave at half of it."""
    keeper_dies: int | None = None
    """Nobody keeps the market after the last price at or before this time."""
    venue_wiped: int | None = None
    """After that price the venue's owner empties the account, and again after every top-up."""
    terms: dict[str, int] = field(default_factory=dict)
    """Changes to the protocol's default parameters."""
    visits: Visits = field(init=False, repr=False, compare=False)
    """The prices of `candles` by `path`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "visits", visits_of(self.candles, self.path))

    @property
    def fee(self) -> int:
        """The venue's trading fee, millionths."""
        if self.fee_bps is None:
            return venues.recipe(self.venue).fee
        return millionths(self.fee_bps)

    def surfaces(self) -> Surfaces:
        """Who says what is posted, from the beginning."""
        if self.recording is None:
            return Modelled(self.surface)
        return RecordedSurfaces(self.recording, self.surface, opens=int(self.visits.time[0]))
