"""Surfaces: which slices are due, what they should say, and their signatures.

What they should say comes from a source: modelled from realised volatility and a shape, a recorded option
chain, or what an exchange quotes now. Where a source says nothing of an expiry, nothing is posted for it.
What is signed is what the source says, however far that is from what stands: the contract quotes the worse
of the two until its limit has caught up. When a slice is due depends on who needs one (`Demand`): live,
traders always do, and then it is due where it would grow too old to be traded on, whatever it says, and
before that where traders could take more by it than a post costs (`post_worth`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from keeper.execution.post_worth import worth
from keeper.execution.signers import Signers, SignersError
from tandem.feeds.admission import Standing, admitted
from tandem.feeds.surface import Surfaces
from tandem.model.surface_law import Refusal
from tandem.model.svi import Slice, pack, unpack
from tandem.protocol.bindings.structs import Expiry, Listing, Signature, SignedSlice, Snapshot
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, sign
from tandem.units import DAY

MOST_DAYS = 60
LOOK_SECONDS = 3_600
"""How often a quiet desk compares what stands with what should."""
LEFT_SECONDS = 300
"""That are left to a slice when it is posted anew, until it is too old; half of its age, where that is
less."""
MOVED = 0.005
"""Half a vol point: a smaller move at the money is not worth a transaction per expiry."""


class Demand(Enum):
    """Who needs a surface."""

    NOBODY = 0
    """Only the hedge reads it: what is open, where volatility has moved."""
    MARK = 1
    """The Vault's mark, which exits are paid by: what is open."""
    TRADE = 2
    """Somebody may trade any series: everything listed."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The slice of an expiry that was signed last. valid_from: the moment that it describes. is_settled:
    it stands alone, or will without another post."""

    expiry: int
    slice_word: int
    valid_from: int
    is_settled: bool

    @classmethod
    def of(cls, listing: Listing, now: int) -> Posted:
        """From one element of `VolSurface.slices()` as read at `now`."""
        is_settled = listing.last == listing.slice_word
        return cls(listing.expiry, listing.last, now - listing.age, is_settled)


@dataclass(slots=True)
class SurfaceDesk:
    """Slices for one market. keys: the surface signers', apart from the keeper's own. signers: in processes
    of their own; where there are such, no key is here."""

    domain: SurfaceDomain
    keys: tuple[str, ...]
    source: Surfaces
    refresh_seconds: int = 600
    least_seconds: int = 60
    """Between two posts of a slice, however much moves."""
    demand: Demand = Demand.TRADE
    """Who needs a surface as far as this desk is told."""
    note: Callable[[], str] = str
    """What an operator should know of the source, "" for nothing."""
    end: Callable[[], None] = lambda: None
    """The source asks for quotes no more."""
    mended: Counter[str] = field(default_factory=Counter[str])
    """Slices whose wings were cut to what the contract takes, by what it would have said."""
    held_back: Counter[str] = field(default_factory=Counter[str])
    """Slices that no cut would have made good."""
    signers: Signers | None = None
    _looked_at: int = field(default=0, init=False)
    _mended: dict[int, Refusal] = field(default_factory=dict[int, Refusal], init=False)
    _held_at: dict[int, int] = field(default_factory=dict[int, int], init=False)
    _due: dict[int, int] = field(default_factory=dict[int, int], init=False)
    _signed: dict[SlicePost, list[Signature]] = field(
        default_factory=dict[SlicePost, list[Signature]], init=False
    )

    @property
    def signatures(self) -> int:
        """Of a post."""
        return self.signers.count if self.signers else len(self.keys)

    def notes(self) -> str:
        """What an operator should know of source and signers, "" for nothing."""
        faults = self.signers.faults() if self.signers else []
        said = f"surface signers: {'; '.join(faults)}" if faults else ""
        return "; ".join(filter(None, (self.note(), said)))

    def may_be_due(
        self, snapshot: Snapshot, posted: Mapping[int, Posted], demand: Demand
    ) -> list[int]:
        """Expiries to look at: listed ahead, and missing in `posted` or older there than the refresh
        time. What others posted since makes slices younger, never older; what was held back waits as
        if it had been posted. A desk that nobody needs looks each hour at what is open."""
        now, refresh = snapshot.timestamp, self.refresh(snapshot)
        if demand is Demand.NOBODY and now - self._looked_at < LOOK_SECONDS:
            return []
        return [
            e.expiry
            for e in _ahead(snapshot)
            if (e.units or demand is Demand.TRADE)
            and _age(posted.get(e.expiry), now) >= refresh
            and now - self._held_at.get(e.expiry, 0) >= refresh
        ]

    @staticmethod
    def too_old(snapshot: Snapshot, posted: Mapping[int, Posted]) -> list[int]:
        """Expiries that a slice may be posted for, and that have none that a trade would go by."""
        now, most = snapshot.timestamp, snapshot.parameters["surface_age"]
        return [e.expiry for e in _ahead(snapshot) if _age(posted.get(e.expiry), now) > most]

    def refresh(self, snapshot: Snapshot) -> int:
        """Seconds after which a slice is posted anew, whatever it says: while five minutes or half of the
        age are left at which it is too old to be traded on, however the term is set."""
        age = snapshot.parameters["surface_age"]
        return min(self.refresh_seconds, age - min(age // 2, LEFT_SECONDS))

    def moved(
        self,
        snapshot: Snapshot,
        posted: Mapping[int, Posted],
        vol: float,
        demand: Demand,
        cost: Callable[[], float],
    ) -> list[int]:
        """Expiries whose slice is no more what its source says, by more than a post costs, in USD: what
        costs nothing is due as soon as it may be."""
        if demand is not Demand.TRADE or not snapshot.spot_fresh:
            return []
        now, refresh = snapshot.timestamp, self.refresh(snapshot)
        least = max(self.least_seconds, snapshot.parameters["surface_window"])
        young = {
            e: p
            for e, p in posted.items()
            if least <= _age(p, now) < refresh <= now - self._held_at.get(e, 0)
        }
        if not young:
            return []
        wanted = self._wanted(snapshot, vol)
        taken = {e: _worth(snapshot, e, p, wanted.get(e)) for e, p in young.items()}
        if not any(taken.values()):
            return []
        price = cost()
        return [e for e, usd in taken.items() if usd > price]

    def due(
        self,
        snapshot: Snapshot,
        posted: Mapping[int, Posted],
        vol: float,
        demand: Demand,
        cost: Callable[[], float] = lambda: math.inf,
    ) -> dict[int, int]:
        """expiry -> the slice to post now, in the order in which the contract takes them. vol: realised,
        1/sqrt(year). cost: USD of a post, asked where something moved."""
        moved = self.moved(snapshot, posted, vol, demand, cost)
        late = self.may_be_due(snapshot, posted, demand)
        if not late and not moved:
            return {}
        now, wanted = snapshot.timestamp, self._wanted(snapshot, vol)
        late = [e for e in (*late, *moved) if e in wanted]
        if demand is Demand.NOBODY:
            self._looked_at = now
            late = late if any(_moved(wanted[e], posted.get(e)) for e in late) else []
        batch = admitted(
            {e: wanted[e] for e in late},
            {e: Standing(unpack(p.slice_word), _age(p, now)) for e, p in posted.items()},
            now,
            snapshot.parameters["surface_age"],
        )
        self._mended = batch.mended
        self.held_back.update(batch.held_back.values())
        # what was cut is never what was wanted: it moves again by its age alone
        self._held_at |= dict.fromkeys((*batch.held_back, *batch.mended), now)
        self._due = {e: pack(chosen) for e, chosen in batch.posts.items()}
        return dict(self._due)

    def _wanted(self, snapshot: Snapshot, vol: float) -> dict[int, Slice]:
        """What the source says of each expiry that a slice may be posted for."""
        listed = [e.expiry for e in _ahead(snapshot)]
        return {s.expiry: s for s in self.source.slices(snapshot.timestamp, vol, listed)}

    def signed(self, expiry: int, word: int, now: int) -> SignedSlice:
        """What `VolSurface.post` takes. Raises SignersError where too few sign."""
        post = SlicePost(expiry, word, now)
        signatures = sign(self.domain, post, self.keys) if self.signers is None else self._by(post)
        if (why := self._mended.pop(expiry, None)) is not None:
            self.mended[why] += 1
        return SignedSlice(expiry, word, now, tuple(signatures))

    def _by(self, post: SlicePost) -> list[Signature]:
        """Of the signers, who are asked about all that is due at once."""
        if self.signers is None:
            return []
        if post not in self._signed:
            due = [SlicePost(e, word, post.valid_from) for e, word in self._due.items()]
            self._signed = self.signers.sign(self.domain, due if post in due else [post])
        if post not in self._signed:
            raise SignersError(
                f"too few signatures of expiry {post.expiry}: {'; '.join(self.signers.faults())}",
                "see why they refuse: a signer judges by prices of its own",
            )
        return self._signed[post]


def _ahead(snapshot: Snapshot) -> list[Expiry]:
    """What is listed that a slice may be posted for."""
    now = snapshot.timestamp
    return [e for e in snapshot.expiries if now < e.expiry < now + MOST_DAYS * DAY]


def _age(standing: Posted | None, now: int) -> float:
    """Seconds since the moment that a slice describes."""
    return now - standing.valid_from if standing else float("inf")


def _worth(snapshot: Snapshot, expiry: int, standing: Posted, wanted: Slice | None) -> float:
    """USD, of one expiry; nothing where the source says nothing of it, or it is listed no more."""
    found = next((each for each in snapshot.expiries if each.expiry == expiry), None)
    if found is None or wanted is None:
        return 0.0
    return worth(snapshot, found, unpack(standing.slice_word), wanted)


def _moved(wanted: Slice, standing: Posted | None) -> bool:
    """Whether volatility at the money is elsewhere than was said last, or what was said last does not
    stand yet."""
    if standing is None or not standing.is_settled:
        return True
    return abs(float(wanted.vol(0.0)) - float(unpack(standing.slice_word).vol(0.0))) > MOVED
