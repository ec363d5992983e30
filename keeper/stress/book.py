"""The book that is stressed: a market's own, or an example that just fills the gate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tandem.errors import ConfigError
from tandem.model import jumps, svi
from tandem.model.jumps import GATE, SHARE_OF_NAV, Holding
from tandem.model.payoff import book_of
from tandem.protocol.bindings.structs import Snapshot
from tandem.terminal.common import when
from tandem.units import UNIT, USD, WAD

EQUITY = 0.15
"""What the vault keeps at the venue, a share of the hedge's notional."""
EXAMPLE = (
    (7, ((True, 0.90), (False, 1.00), (False, 1.12))),
    (14, ((True, 0.90), (False, 1.00), (False, 1.12))),
    (28, ((True, 0.85), (False, 1.00), (False, 1.20))),
    (42, ((True, 0.85), (False, 1.00), (False, 1.20))),
)
"""Days to expiry, and (is a put, strike over spot) of what is sold there, alike in size."""
CALL_CAP = 2.0
"""A call of the example stops growing at twice its strike."""


@dataclass(frozen=True, slots=True)
class Stood:
    """One book at one moment. ETH and USD; position and equity are the hedge's at the venue."""

    name: str
    held: tuple[Holding, ...]
    spot: float
    position: float
    equity: float
    nav: float
    gross: float
    """ETH of options outstanding."""
    now: bool = False
    """Whether volatilities are those of this very day; else they are the record's mean, and each path
    begins with those of its own day."""
    gate: float = SHARE_OF_NAV
    """What the worst L(j) may be after an open, share of NAV."""

    def losses(self, jumps_of: tuple[float, ...] = GATE) -> list[float]:
        """L(j) as shares of NAV."""
        found = jumps.losses(self.held, self.spot, self.position, self.equity, jumps_of)
        return [float(x) / self.nav for x in found]

    @property
    def worst(self) -> float:
        """The worst L(j) of the gate, share of NAV."""
        return max(self.losses())

    @property
    def wiped(self) -> float:
        """What LPs lose with the venue's account and nothing else, share of NAV."""
        return max(self.equity, 0.0) / self.nav

    @property
    def delta(self) -> float:
        """ETH: the position that hedges everything."""
        return jumps.delta_of(self.held, self.spot)


def hedged(name: str, held: tuple[Holding, ...], spot: float, nav: float, gross: float) -> Stood:
    """A book whose hedge is its delta, with the equity that the vault keeps for it."""
    position = jumps.delta_of(held, spot)
    return Stood(name, held, spot, position, EQUITY * abs(position) * spot, nav, gross)


def example(spot: float, vol: float, nav: float) -> Stood:
    """`EXAMPLE` at one volatility, hedged, of the size whose worst L(j) is the gate's share of NAV.
    Raises ConfigError where that is less than a millionth of an ETH or more than the chain holds."""
    unit = hedged("", _example(spot, vol, UNIT), spot, nav, 1.0)
    options = sum(len(sold) for _, sold in EXAMPLE)
    size = int(UNIT * SHARE_OF_NAV / unit.worst) if unit.worst > 0 else 0
    if not 0 < size < 2**62:
        raise ConfigError(f"no book fits {nav:g} USD at a spot of {spot:g}", "give prices in USD")
    name = f"example: {options} options in {len(EXAMPLE)} expiries that fill the gate"
    return hedged(name, _example(spot, vol, size), spot, nav, options * size / UNIT)


def _example(spot: float, vol: float, size: int) -> tuple[Holding, ...]:
    made: list[Holding] = []
    for days, sold in EXAMPLE:
        rows = [(is_put, max(round(spot * over), 1), size, None) for is_put, over in sold]
        book = book_of((p, k, n, None if p else math.ceil(CALL_CAP * k)) for p, k, n, _ in rows)
        made.append(Holding(book, days / 365.0, np.full(len(book.nodes), vol)))
    return tuple(made)


NOT_LIVE = "leave --live, --rpc, --deployment and --market out, for the example's book"


def of_snapshot(s: Snapshot) -> Stood:
    """A market's book as it stands, on the surface that is posted. Raises ConfigError where nothing is
    open, an expiry has no surface, LPs own nothing, or nobody knows what lies at the venues."""
    spot, nav = s.spot / WAD, s.funds.nav / USD
    if not s.open_expiries or nav <= 0 or spot <= 0:
        raise ConfigError("the market has no open options to stress", NOT_LIVE)
    if not s.account_known:
        raise ConfigError(
            "a venue does not say what its account is worth", f"ask again later, or {NOT_LIVE}"
        )
    held: list[Holding] = []
    for each in s.open_expiries:
        if not each.slice:
            raise ConfigError("an open expiry has no surface", f"post one, or {NOT_LIVE}")
        smile, tau = svi.unpack(each.slice), each.tau(s.timestamp)
        forward = float(smile.forward(spot, tau))
        vols = np.asarray(smile.vol(np.log(each.book.strikes / forward)))
        held.append(Holding(each.book, tau, vols, smile.basis))
    mark = s.gate.mark  # whose gate opens go by, however the term was changed since
    gate = mark.limit if mark.time else s.parameters["gate"]
    return Stood(
        f"the market's at {when(s.timestamp)}", tuple(held), spot, s.position / WAD,
        s.account.equity / WAD, nav, s.gross / UNIT, now=True, gate=gate / 10_000,
    )  # fmt: skip
