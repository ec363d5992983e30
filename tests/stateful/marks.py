"""What a mark of the gate should be, worked out anew: losses by jumps in doubles, from what was sold and
the slices that were signed; what lies at the venue and how deep its market is, as the venue says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from laws import undecided
from ledger import Ledger
from numpy.typing import NDArray
from venue_marks import Memory, apart, counted, depth, lies, purse
from worlds import World

from tandem.model import jumps, svi
from tandem.model.payoff import book_of
from tandem.protocol.series import Series
from tandem.units import HOUR, UNIT, USD, WAD

Float = NDArray[np.float64]

SPOTS = 1.0 + np.array(jumps.GATE)
YEAR = 31_536_000
LIFE = 60
"""Seconds that an expiry keeps which waits for its price."""


@dataclass(slots=True)
class Mark:
    """A mark of the whole book, and what was traded since.

    losses [8]: of the book by jump, and of venues that are against each other, USD; counted [8]: as the
    gate may count them, because a trade that turns a strike from bought to sold counts there as sold, and
    because of what the venues could pay no more counts than is remembered;
    undecided: whether the model cannot say.
    sizes: options that it counts, bought back ones too, ETH. trades: since. limit: 1e-4 of NAV. opened:
    units until then. hour, most: units that an hour adds, and that the venue's market takes home. lies,
    purse: at the venue, and what it has besides, USD; least: what counts of that; memories: of what
    each venue has."""

    time: int
    spot: int
    until: int
    limit: int
    opened: int
    hour: int
    most: int
    lies: float
    purse: float
    least: float
    memories: Sequence[Memory]
    losses: Float
    counted: Float
    sizes: float
    undecided: bool
    trades: int = 0

    def add(self, change: Float, counted: Float, units: int) -> None:
        """A trade of so many units, what it changes, and as what the gate counts that."""
        self.losses = self.losses + change
        self.counted = self.counted + counted
        self.sizes += units / UNIT
        self.trades += 1

    def worst(self, losses: Float, position: int, spot: int, *, least: bool = False) -> float:
        """With a hedge (WAD ETH) at a price (WAD USD): the largest loss over the jumps, USD. least: with what
        counts of what the venues could pay (GT-6)."""
        pays = self.least if least else self.purse
        notional = position / WAD * spot / WAD
        lies = self.lies + abs(notional) / 25  # what it may have won inside a fiftieth either way
        gains = np.clip(notional * np.array(jumps.GATE), -max(lies, 0.0), pays)
        return float((losses - gains).max())


def losses(held: Mapping[Series, int], slices: Sequence[svi.Slice], spot: float, now: int) -> Float:
    """Of one expiry ahead, by jump [8], USD; slices: the one it is marked by, and what is quoted beside."""
    if not held:
        return np.zeros(len(jumps.GATE))
    (expiry,) = {s.expiry for s in held}
    each = [_holding(held, slice_, spot, expiry - now) for slice_ in slices]
    after = [jumps.owed([h.shocked(jumps.SOLD_VOL, jumps.BOUGHT_VOL)], spot * SPOTS) for h in each]
    return np.max(after, axis=0) - jumps.owed(each[:1], [spot])[0]


def alone(
    series: Series,
    units: int,
    after: Mapping[Series, int],
    slice_: svi.Slice,
    spot: float,
    now: int,
) -> Float:
    """A trade by itself, by jump [8], USD, negative units closed. Calls that come count as sold where there
    are calls then, and as bought where there are fewer than none; those that go likewise."""
    option = _holding({series: units}, slice_, spot, series.expiry - now)
    nodes = dict(book_of((s.is_put, s.strike, n, s.other) for s, n in after.items()).nodes)
    left = np.array([nodes.get(int(k), 0) for k in option.book.strikes])
    sold = (left > 0) | ((left == 0) & (option.book.slopes < 0))
    vols = option.vols * np.where(sold, jumps.SOLD_VOL, jumps.BOUGHT_VOL)
    there = jumps.owed([replace(option, vols=vols)], spot * SPOTS)
    return there - jumps.owed([option], [spot])[0]


def _holding(
    held: Mapping[Series, int], slice_: svi.Slice, spot: float, life: int
) -> jumps.Holding:
    smile = svi.unpack(svi.pack(slice_))  # the chain sees the packed numbers
    tau = life / YEAR
    book = book_of((s.is_put, s.strike, units, s.other) for s, units in held.items())
    forward = float(smile.forward(spot, tau))
    vols = np.asarray(smile.vol(np.log(book.strikes / forward)))
    return jumps.Holding(book, tau, vols, log(forward / spot) / tau)


def of_book(world: World, book: Ledger, spot: float, now: int) -> Float:
    """Of everything sold. What waits for its price counts at its maximum."""
    total = np.zeros(len(jumps.GATE))
    sold = book.sold()
    for expiry in {s.expiry for s in sold}:
        held = {s: n for s, n in sold.items() if s.expiry == expiry}
        if expiry > now:
            total += losses(held, book.quoted(world.slices[expiry], expiry, now), spot, now)
        else:
            waits = _holding(held, world.slices[expiry], spot, LIFE)
            total += book.maximum(expiry) / USD - jumps.owed([waits], [spot])[0]
    return total


def marked(world: World, book: Ledger, spot: int, now: int) -> Mark:
    """What the mark of this moment should be. spot: WAD USD."""
    terms = world.terms()
    nav = world.tandem.vault.call("funds")[3]
    units = sum(book.sold().values())
    wild = 8 + (terms["flags"] >> 3 & 31)
    bare = of_book(world, book, spot / WAD, now)
    there, has = lies(world, spot), purse(world)
    before = book.marks[-1] if book.marks else None
    since = now - before.time if before else 0
    steady, memories = counted(world, spot, before.memories if before else [], since)
    return Mark(
        time=now,
        spot=spot,
        until=min((s.expiry for s in book.sold() if s.expiry > now), default=now + 2 * HOUR),
        limit=terms["gate"],
        opened=book.opened,
        hour=nav * (terms["hour"] * 8 // wild) * WAD // (10_000 * spot),
        most=round(depth(world) * terms["chunk"] / 1e4 * 60 * terms["unwind"] * UNIT),
        lies=there,
        purse=max(has - there, 0.0),
        least=max(min(steady, has) - there, 0.0),
        memories=memories,
        losses=bare + apart(world, spot, has),
        counted=bare + apart(world, spot, min(steady, has)),
        sizes=units / UNIT,
        undecided=undecided(book, spot, now),
    )
