"""The keeper dies, or the venue takes all that lies there, at one moment of a replay: what comes of it.

*Dead* means that from then on nobody rebalances, tops up, sweeps, lowers the hedge, marks, processes exits
or signs a surface. Strangers go on: they settle what is past (anybody may), liquidate, and holders redeem and
try to trade. *Wiped* means that the venue's owner closes our position and withdraws all that lies there, and
does so again at every price: what is sent there later is lost too (`Exchange.turn`).

Beside what LPs lose stands the gate's L(j) as it was published just before, nothing interpolated: at the jump
of its grid that is nearest to the move, and at the worst. It is what an instant jump costs, book and hedge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from keeper.replay.ledger import Ledger
from keeper.replay.settings import ReplaySettings
from keeper.replay.types import StepRow
from tandem.client import gate
from tandem.feeds.tabular import utc
from tandem.feeds.visits import Visits
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import HOUR, USD, WAD
from tandem.venues import Exchange, Robber


@dataclass(frozen=True, slots=True)
class Published:
    """What the gate said last. USD."""

    age: int
    """Seconds since the whole book was marked; trades since then are in it."""
    account: float
    """What lay at the venue by that mark."""
    jumps: Mapping[int, float]
    """L(j), book and hedge, by jump in per cent."""
    bare: Mapping[int, float]
    """The book alone, no hedge paying, and what lay at the venue lost besides."""

    @classmethod
    def of(cls, snap: Snapshot) -> Published | None:
        """None where nothing was ever marked."""
        mark = snap.gate.mark
        if not mark.time:
            return None
        lies = mark.equity / USD
        alone = zip(gate.JUMPS, snap.gate.losses, strict=True)
        bare = {jump: loss / WAD + lies for jump, loss in alone}
        return cls(snap.timestamp - mark.time, lies, gate.hedged(snap), bare)

    def nearest(self, move: float) -> int:
        """The jump of the grid that is nearest to a move, per cent."""
        return min(self.jumps, key=lambda jump: (abs(jump - 100 * move), jump))


def largest_hour(visits: Visits) -> int:
    """When the largest move within an hour begins."""
    times, logs = visits.time, np.log(visits.price)
    best, when = -1.0, int(times[0])
    ends = np.searchsorted(times, times + HOUR, side="right")
    for i in range(len(times) - 1):
        moves = np.abs(logs[i : ends[i]] - logs[i])
        if moves.max() > best:
            best, when = float(moves.max()), int(times[i])
    return when


@dataclass(slots=True)
class Aftermath:
    """Keeps what is asked of a run in which something ends."""

    settings: ReplaySettings
    ledger: Ledger
    exchange: Exchange
    venue: str
    is_dead: bool = False
    robber: Robber | None = None
    before: StepRow | None = None
    """The last price at which all was well."""
    published: Published | None = None
    least: int | None = None
    """The lowest floor seen since, token units."""
    is_over: bool = False
    """Whether the window has ended, and the last price stands."""
    taken: float = 0.0
    """In the window, USD."""
    taken_later: float = 0.0
    left_open: int = 0
    """Units that nobody settled."""
    refused: list[str] = field(default_factory=list)

    @property
    def is_asked(self) -> bool:
        """Whether anything ends in this run."""
        return self.settings.keeper_dies is not None or self.settings.venue_wiped is not None

    def begins(self, time: int, until: int, row: StepRow, snap: Snapshot) -> bool:
        """Whether something ends between this price and the next one; what was published then is kept."""
        s = self.settings
        dies, wiped = (
            at is not None and time <= at < until for at in (s.keeper_dies, s.venue_wiped)
        )
        if (dies or wiped) and self.before is None:
            self.before, self.published = row, Published.of(snap)
        self.is_dead = self.is_dead or dies
        if wiped:
            self.robber = self.exchange.turn()
        return dies or wiped

    def rob(self) -> None:
        """The venue's owner takes what there is."""
        if self.robber is None:
            return
        found = self.robber.take(self.venue)
        self.ledger.robbed(found)
        self.taken += 0.0 if self.is_over else found.amount
        self.taken_later += found.amount if self.is_over else 0.0
        if found.refused:
            self.refused.append(found.refused)

    def saw(self, snap: Snapshot) -> None:
        """A state after the moment."""
        if self.before is not None:
            self.least = snap.floor if self.least is None else min(self.least, snap.floor)

    # ---- figures
    def figures(self, rows: Sequence[StepRow]) -> dict[str, Any]:
        """For `summary`; money in USD, moves as shares of the last good price."""
        start, s, ledger = self.before, self.settings, self.ledger
        later = [row for row in rows if start is not None and row.time > start.time]
        if start is None or not later:
            return {}
        hour = [row for row in later if row.time <= start.time + HOUR] or later[:1]
        far = max(later, key=lambda row: abs(row.spot - start.spot))
        worst = max(later, key=lambda row: _loss(start, row))
        return {
            "keeper_dead_from": None if s.keeper_dies is None else utc(s.keeper_dies),
            "venue_wiped_from": None if s.venue_wiped is None else utc(s.venue_wiped),
            "spot": round(start.spot, 2),
            "nav_usd": round(start.nav, 2),
            "floor_least_usd": None if self.least is None else self.least / USD,
            "taken_usd": round(self.taken, 2),
            "taken_later_usd": round(self.taken_later, 2),
            "owed_usd": ledger.owed / USD,
            "paid_usd": ledger.paid / USD,
            "unpaid_holdings": ledger.unpaid,
            "left_open_eth": self.left_open / 10**6,
            "first_hour": self._row(start, max(hour, key=lambda row: abs(row.spot - start.spot))),
            "largest_move": self._row(start, far),
            "worst": self._row(start, worst),
            "end": self._row(start, later[-1]),
            "published": self._words(),
        }

    def _row(self, start: StepRow, row: StepRow) -> dict[str, Any]:
        move = row.spot / start.spot - 1.0
        found: dict[str, Any] = {
            "at": utc(row.time), "move": round(move, 6), "loss_usd": round(_loss(start, row), 2),
        }  # fmt: skip
        if self.published is not None:
            jump = self.published.nearest(move)
            found |= {
                "jump": jump,
                "published_usd": round(self.published.jumps[jump], 2),
                "bare_usd": round(self.published.bare[jump], 2),
            }
        return found

    def _words(self) -> dict[str, Any] | None:
        said = self.published
        if said is None:
            return None
        worst, bare = (max(each, key=lambda jump: each[jump]) for each in (said.jumps, said.bare))
        return {
            "age_s": said.age,
            "account_usd": round(said.account, 2),
            "worst_jump": worst,
            "worst_usd": round(said.jumps[worst], 2),
            "bare_worst_usd": round(said.bare[bare], 2),
            "jumps": {str(jump): round(loss, 2) for jump, loss in said.jumps.items()},
        }


def _loss(start: StepRow, row: StepRow) -> float:
    """What LPs lost from one price to another, their own flows apart. USD."""
    return start.pnl.total - row.pnl.total
