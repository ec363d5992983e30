"""What a keeper makes of the price feed: whether it fails, and whether a price that jumps is believed.

One that jumps is not traded on until somebody else says the same: the venue, or the feed once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.protocol.reverts import in_words
from tandem.protocol.rounds import second_feed
from tandem.units import HOUR

NOTE_SECONDS = 2 * HOUR
JUMP = 0.10
"""Share of the price from one look to the next past which it is doubted."""
APART = 0.03
"""How near another round's price has to be."""


@dataclass(slots=True)
class Doubt:
    """What a keeper believes of spot. Prices WAD, times seconds."""

    _believed: int = 0
    _jumped: int = 0
    _since: int = 0
    """The round's time at which it was seen there first."""

    def of(
        self,
        spot: int,
        updated: int,
        venue: Callable[[], int],
        before: Callable[[], int] = lambda: 0,
    ) -> str:
        """Why nothing is traded at this price, "" where it is believed. updated: when the feed's round
        began; venue: asked for its price only where it matters, 0 where it says none; before: for that of the
        feed's round before, by who has just begun. The venue says the same where it is nearer to the new
        price than to the old: a pool follows a jump as far as its makers let it."""
        self._believed = self._believed or before()
        if not self.jumps(spot):
            return self._take(spot)
        said = venue()
        if not self._believed:
            if not said or _near(spot, said, JUMP):
                return self._take(spot)
        elif said and abs(said / spot - 1) < abs(said / self._believed - 1):
            return self._take(spot)
        if not self._jumped or not _near(spot, self._jumped, APART):
            self._jumped, self._since = spot, updated
        elif updated > self._since:
            return self._take(spot)
        if not self._believed:
            return (
                f"the first price that is seen is {100 * (spot / said - 1):+.0f} % off the venue's"
            )
        move = spot / self._believed - 1
        return f"the price feed moved {100 * move:+.0f} % at once, and nobody else says so"

    @property
    def has_begun(self) -> bool:
        """Whether a price was believed."""
        return bool(self._believed)

    def jumps(self, spot: int) -> bool:
        """Whether a price is far from the one that is believed; the first one has none to be near to."""
        return not _near(spot, self._believed, JUMP)

    def _take(self, spot: int) -> str:
        self._believed, self._jumped = spot, 0
        return ""


@dataclass(slots=True)
class FeedWatch:
    """One market's feed."""

    handles: Handles
    _doubt: Doubt = field(default_factory=Doubt)
    _noted: bool = True
    """Whether a note that a feed fails may stand; who begins to keep a market does not know."""

    def likely(self, snapshot: Snapshot, account: str, gas: int) -> Iterator[Call]:
        """What will be asked by this snapshot."""
        h = self.handles
        if not snapshot.spot_fresh or self._noted:
            for name in (
                "failing_since",
                "status_failing_since",
                "failing_last",
                "status_failing_last",
            ):
                yield Call(h.spot, name, (), None)
            yield h.spot.watch().by(account, gas)
        if not snapshot.spot_fresh:
            yield Call(h.spot, "spot", (), None)
        if snapshot.spot_fresh and not self._doubt.has_begun:
            yield Call(h.feed, "latestRoundData", (), None)
        elif (
            snapshot.spot_fresh and not snapshot.is_venue_down and self._doubt.jumps(snapshot.spot)
        ):
            yield Call(h.venue, "price", (), None)

    def doubt(self, snapshot: Snapshot) -> str:
        """Why spot is not traded on, "" where it is. What the contracts do not believe trades nothing."""

        def venue() -> int:
            if snapshot.is_venue_down:
                return 0
            try:
                return self.handles.venue.price()
            except Reverted:
                return 0

        if not snapshot.spot_fresh:
            return ""
        before = partial(self._before, snapshot)
        return self._doubt.of(snapshot.spot, snapshot.spot_time, venue, before)

    def _before(self, snapshot: Snapshot) -> int:
        """What spot was by the round before, of whichever feed it is; 0 where none says."""
        for feed in self._feeds():
            with suppress(Reverted):
                latest = feed.latestRoundData()
                if latest.answer > 0 and latest.updated_at == snapshot.spot_time:
                    old = feed.getRoundData(latest.id - 1)
                    return snapshot.spot * max(old.answer, 0) // latest.answer
        return 0

    def _feeds(self) -> Iterator[PriceFeed]:
        yield self.handles.feed
        if second := second_feed(self.handles.spot):
            yield second

    def refused(self, snapshot: Snapshot) -> str:
        """Why the contracts believe no price, in words, "" where they do: a feed that is late and a sequencer
        that has just come back are told apart by nothing else."""
        if snapshot.spot_fresh:
            return ""
        try:
            self.handles.spot.spot()
        except Reverted as error:
            return in_words(error.reason)
        return ""

    def note(self, snapshot: Snapshot, account: str, gas: int) -> bool | None:
        """Whether the price feed or the sequencer's fails, where a note of it is due: the first at once,
        others so early that no two are too far apart (AV-2), and one that voids them when both answer.
        Spot may be fresh by those very notes, so once there are any the feeds themselves are asked."""
        if snapshot.spot_fresh and not self._noted:
            return None
        spot = self.handles.spot
        since = spot.failing_since() or spot.status_failing_since()
        fails = spot.watch().simulate(account, gas)
        self._noted = fails or since != 0
        last = max(spot.failing_last(), spot.status_failing_last())
        if fails and since and snapshot.timestamp < last + NOTE_SECONDS:
            return None
        return fails if self._noted else None


def _near(one: int, other: int, share: float) -> bool:
    return abs(one - other) <= share * other
