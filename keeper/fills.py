"""Fills as the chain tells them: those of the days before a keeper began, and those since.

Laws:

- Mark-outs are told everything in the order of time: while the days before are read, what is seen waits.
- A fill of before counts as it would for a keeper that had kept all the time: by the price that the feed said
  when so long had passed, and by the slice that stood then.
- Nobody waits longer for it than `SECONDS` of a look, and of several markets one at a time. A node that fails
  costs a try; what is not known after `PATIENCE` is done without.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any

from keeper.before import Before
from keeper.cycle import Keeper
from keeper.markouts import HORIZONS, MOST_FILLS, Fill, MarkOuts, Side, worth
from keeper.past import Past
from tandem.engine.abi import EventType
from tandem.engine.base import Event
from tandem.engine.log_pages import block_at, pages, question, raw, time_of
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError, Reverted
from tandem.model.svi import Slice, unpack
from tandem.protocol.bindings.market import OptionClosed, OptionMinted
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.bindings.vol_surface import SlicePosted
from tandem.protocol.handles import Handles
from tandem.protocol.series import Series
from tandem.units import HOUR, UNIT, USD, WAD

WIDEST = 5_000
"""Blocks of logs that are asked for at once."""
SECONDS = 1.0
"""Of one look."""
PATIENCE = HOUR
"""Seconds of the chain."""
FIRST_STEP = 1_024
"""Blocks back, and then twice as many, until one lies before the first moment."""
POST, DUE, FILL = range(3)
"""What comes first of one second."""


@dataclass(slots=True)
class Earlier:
    """Fills from where the feed's rounds begin until a block. last: that block; now: when it was, seconds
    UTC."""

    rounds: Past
    handles: Handles
    engine: RemoteEngine
    last: int
    now: int
    is_whole: bool = field(default=False, init=False)
    _next: int | None = field(default=None, init=False)
    """The block that is read next."""
    _width: int = field(default=WIDEST, init=False)
    _posts: list[tuple[int, int, Slice]] = field(default_factory=list, init=False)
    _fills: deque[tuple[int, Event]] = field(
        default_factory=lambda: deque(maxlen=len(Side) * MOST_FILLS), init=False
    )

    def read(self, seconds: float) -> None:
        """Some of it, for about so long. Raises EngineError."""
        began = time.monotonic()
        if began < Before.free_at:
            return
        node = self.engine.node
        try:
            with node.within(seconds) if node else nullcontext():
                self._read(began + seconds)
        finally:
            ended = time.monotonic()
            Before.free_at = ended + (ended - began)

    def _read(self, until: float) -> None:
        if not self.rounds.is_whole:
            self.rounds.read(until - time.monotonic())
        if self._next is None and self.rounds.is_whole:
            self._next = self._first()
        while self._next is not None and self._next <= self.last and time.monotonic() < until:
            end = min(self._next + self._width - 1, self.last)
            try:
                self._page(self._next, end)
            except EngineError:  # too much at once, perhaps
                self._width = max(self._width // 2, 1)
                raise
            self._next, self._width = end + 1, min(2 * self._width, WIDEST)
        self.is_whole = self._next is not None and self._next > self.last

    def _page(self, first: int, last: int) -> None:
        market, surface = self.handles.market.address, self.handles.surface.address
        kinds = [[topic_of(kind.TYPE) for kind in (OptionMinted, OptionClosed, SlicePosted)]]
        found = self.engine.request(
            "eth_getLogs", [question([market, surface], kinds, first, last)]
        )
        told = [(log, event) for log in found for event in self.engine.decode_logs([raw(log)])]
        fills = [(log, event) for log, event in told if event.name != SlicePosted.__name__]
        times = self._times([log for log, _ in fills])
        self._posts += [
            (event["valid_from"], event["expiry"], unpack(event["slice_word"]))
            for _, event in told
            if event.name == SlicePosted.__name__ and not event["is_ahead"]
        ]
        self._fills += [(times[log["blockNumber"]], event) for log, event in fills]

    def _times(self, logs: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """When their blocks were made, seconds UTC. Some nodes say it with a log."""
        said = {log["blockNumber"]: log.get("blockTimestamp") for log in logs}
        known = {block: int(time, 16) for block, time in said.items() if time is not None}
        asked = [block for block in said if block not in known]
        told = self.engine.request_many(
            [("eth_getBlockByNumber", [block, False]) for block in asked]
        )
        return known | {
            block: int(each["timestamp"], 16) for block, each in zip(asked, told, strict=True)
        }

    def _first(self) -> int:
        """The first block that is not before the rounds."""
        low, step = self.last, FIRST_STEP
        while low > 0 and time_of(self.engine, low) >= self.rounds.since:
            low, step = max(low - step, 0), 2 * step
        return block_at(self.engine, self.rounds.since, low, self.last)

    def tell(self, outs: MarkOuts) -> None:
        """All of it, in the order of time. What is not due yet waits there. Raises EngineError."""
        prices, age = self.rounds.prices(self.now), self.handles.spot.MAX_AGE()
        slices: dict[int, Slice] = {}

        def due(at: int) -> None:
            place = bisect_right(prices, at, key=itemgetter(0)) - 1
            if place >= 0 and at - prices[place][0] <= age:
                outs.saw(at, prices[place][1], slices)

        def fill(at: int, event: Event) -> None:
            outs.add_all(fill_of(event, at, slices))

        happened: list[tuple[int, int, Callable[[], None]]] = [
            (at, POST, partial(slices.__setitem__, expiry, smile))
            for at, expiry, smile in self._posts
        ]
        for at, event in self._fills:
            happened.append((at, FILL, partial(fill, at, event)))
            moments = [at + after for after in HORIZONS.values() if at + after <= self.now]
            happened += [(moment, DUE, partial(due, moment)) for moment in moments]
        for _, _, happens in sorted(happened, key=itemgetter(0, 1)):
            happens()


@dataclass(slots=True)
class Fills:
    """Of one keeper's market."""

    outs: MarkOuts = field(default_factory=MarkOuts)
    _block: int | None = field(default=None, init=False)
    _then: int = field(default=0, init=False)
    """When the logs were read last, by the chain."""
    _slices: dict[int, Slice] = field(default_factory=dict[int, Slice], init=False)
    _earlier: Earlier | None = field(default=None, init=False)
    _meanwhile: list[Callable[[], None]] | None = field(default=None, init=False)
    """What was seen while the days before are read; None where nothing is waited for."""

    def watch(self, keeper: Keeper) -> None:
        """Whose they are."""
        if keeper.observer.past is not None and isinstance(keeper.observer.engine, RemoteEngine):
            self._meanwhile = []

    def saw(self, snapshot: Snapshot) -> None:
        """Told of each block that is looked at."""
        self._slices |= {e.expiry: unpack(e.slice) for e in snapshot.expiries if e.slice}
        if snapshot.spot_fresh:
            now, spot, slices = snapshot.timestamp, snapshot.spot / WAD, dict(self._slices)
            self._tell(partial(self.outs.saw, now, spot, slices))

    def read(self, engine: RemoteEngine, keeper: Keeper, seen: Snapshot) -> None:
        """Those of the blocks since the last look, and some of those before the first one. A log says no
        time: the blocks of a look lie evenly in its time. Raises EngineError."""
        head, first = keeper.observer.block, self._block
        if first is None:
            self._block, self._then = head, seen.timestamp
            self._begin(engine, keeper, seen)
            return
        with suppress(EngineError, Reverted):
            self._look_back(seen.timestamp)
        topics = [[topic_of(kind.TYPE) for kind in (OptionMinted, OptionClosed)]]
        where = [keeper.observer.handles.market.address]
        for end, found in pages(engine, where, topics, first + 1, head, WIDEST):
            for log in found:
                share = (int(log["blockNumber"], 16) - first) / (head - first)
                at = self._then + round(share * (seen.timestamp - self._then))
                for event in engine.decode_logs([raw(log)]):
                    self._tell(partial(self.outs.add_all, fill_of(event, at, self._slices)))
            self._block = end
        self._then = seen.timestamp

    # ---- inside
    def _tell(self, told: Callable[[], None]) -> None:
        if self._meanwhile is None:
            told()
        else:
            self._meanwhile.append(told)

    def _begin(self, engine: RemoteEngine, keeper: Keeper, seen: Snapshot) -> None:
        rounds = keeper.observer.rounds
        if rounds is None:
            self._go_on()
            return
        self._earlier = Earlier(
            rounds, keeper.observer.handles, engine, keeper.observer.block, seen.timestamp
        )

    def _look_back(self, now: int) -> None:
        if self._earlier is None:
            return
        if now > self._earlier.now + PATIENCE:
            self._go_on()
            return
        self._earlier.read(SECONDS)
        if self._earlier.is_whole:
            self._earlier.tell(self.outs)
            self._go_on()

    def _go_on(self) -> None:
        """Nothing is waited for any more."""
        waited, self._meanwhile, self._earlier = self._meanwhile or [], None, None
        for told in waited:
            told()


def fill_of(event: Event, at: int, slices: Mapping[int, Slice]) -> list[Fill]:
    """One, or none where nobody knows what it was worth. at: seconds UTC."""
    series, spot = Series.from_id(event["series"]), event["spot"] / WAD
    smile = slices.get(series.expiry)
    if smile is None or at >= series.expiry:
        return []
    now = worth(series, smile, at, spot)
    side = Side.OPEN if event.name == OptionMinted.__name__ else Side.CLOSE
    premium, units = event["premium"] / USD, event["units"] / UNIT
    return [Fill(at, side, series, units, premium, spot, now.delta, now.vega)]


def topic_of(kind: EventType) -> str:
    """As a node is asked for it."""
    return "0x" + kind.topic.hex()
