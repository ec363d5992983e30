"""Surfaces that the contract takes: each slice of a batch as it is wanted, or as near to that as its law
allows (`surface_law`), or held back.

A smile is quoted near the forward and extrapolated far from it, and what lies between two good smiles
need not be good. So a slice that would be refused keeps its level, slope and curvature at the money and
has its wings flattened; where that does not do, it is lifted over a nearer expiry; where nothing of the
kind is good, there is nothing to post. It never goes only part of the way from what stands: how far it may
be from there is the contract's to judge, and what is signed is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from tandem.errors import DomainError
from tandem.feeds.looks import with_wings
from tandem.feeds.tabular import Float
from tandem.model.surface_law import GUARD, Place, Refusal, deviations, refusal
from tandem.model.svi import Slice, pack, unpack
from tandem.units import YEAR

MOST_LIFT = 0.025
"""Of a year's variance: two vol points at 60 %."""
_WINGS = tuple(np.linspace(1.0, 0.0, 9).tolist())
"""Shares that are tried, in this order: a way may be open in its middle alone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The slice of an expiry that was signed last. age: seconds since the moment that it describes."""

    slice: Slice
    age: float


@dataclass(slots=True)
class Batch:
    """Slices to post, in this order, and the reasons for which some were mended and some held back; by
    expiry."""

    posts: dict[int, Slice] = field(default_factory=dict)
    mended: dict[int, Refusal] = field(default_factory=dict)
    held_back: dict[int, Refusal] = field(default_factory=dict)


def admitted(
    wanted: Mapping[int, Slice], standing: Mapping[int, Standing], now: int, max_age: float
) -> Batch:
    """What to post of the slices wanted, by expiry in seconds, after `now`. standing: what is on chain.
    max_age: seconds after which a slice binds its neighbours no more.

    Where a whole surface rises, the farther expiry has to come first, and where it falls the nearer: so
    whatever can go as it is goes, again and again, before anything is mended."""
    batch, fresh = Batch(), {e: s.slice for e, s in standing.items() if s.age <= max_age}
    waiting = dict(sorted(wanted.items()))
    while waiting:
        refused: dict[int, Refusal] = {}
        for expiry, each in waiting.items():
            taken, reason = _tried(each, _place(expiry, standing, fresh, now))
            if reason is None:
                batch.posts[expiry] = fresh[expiry] = taken
            else:
                refused[expiry] = reason
        if len(refused) == len(waiting):
            expiry, reason = next(iter(refused.items()))
            del refused[expiry]
            found = _mended(waiting[expiry], _place(expiry, standing, fresh, now))
            if found is None:
                batch.held_back[expiry] = reason
            else:
                batch.posts[expiry] = fresh[expiry] = found
                batch.mended[expiry] = reason
        waiting = {expiry: waiting[expiry] for expiry in refused}
    return batch


def _place(
    expiry: int, standing: Mapping[int, Standing], fresh: Mapping[int, Slice], now: int
) -> Place:
    """What the slice of an expiry is measured against when its turn comes."""

    def grid(other: int | None) -> Float | None:
        return None if other is None else deviations(fresh[other], other - now)

    return Place(
        life=expiry - now,
        is_first=expiry not in standing,
        nearer=grid(max((e for e in fresh if now < e < expiry), default=None)),
        farther=grid(min((e for e in fresh if e > expiry), default=None)),
    )


def _tried(wanted: Slice, place: Place) -> tuple[Slice, Refusal | None]:
    """A slice as its word spells it, and why it is refused."""
    try:
        spelt = unpack(pack(wanted))
    except DomainError:
        return wanted, refusal(wanted, place)
    return spelt, refusal(spelt, place)


def _mended(wanted: Slice, place: Place) -> Slice | None:
    """The first slice that is taken of those ever farther from a refused one: with flatter wings; last,
    the same ones lifted over the nearer expiry."""
    tried = [with_wings(wanted, share) for share in _WINGS]
    lifted = (_over_nearer(each, place) for each in tried)
    for each in chain(tried, lifted):
        found, reason = _tried(each, place)
        if reason is None:
            return found
    return None


def _over_nearer(x: Slice, place: Place) -> Slice:
    """As much higher as its total variance lies under the nearer expiry's somewhere, where that is not
    much: at the money it is a price."""
    if place.nearer is None:
        return x
    wanted = (place.nearer * (1.0 + 4.0 * GUARD)) ** 2
    short = float(np.max(wanted - deviations(x, place.life) ** 2)) * YEAR / place.life
    return replace(x, a=x.a + short) if 0.0 < short <= MOST_LIFT else x
