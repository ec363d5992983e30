"""Fills as the chain tells them: those of the days before a keeper began, and those since.

Laws:

- Mark-outs are told everything in the order of time: while the days before are read, what is seen waits, for
  no longer than `PATIENCE`, whoever looks or does not.
- A fill of before counts as it would for a keeper that had kept all the time: by the price that the feed said
  when so long had passed, and by the slice that stood then.
- Nobody waits longer for it than `SECONDS` of a look, and of several markets one at a time. A node that fails
  costs a try, and nothing that is known; what is not known after `PATIENCE` is done without.

Longer than most, because what was before and what is seen meanwhile are told as one.
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
from tandem.engine.log_pages import PATIENCE as TAKEN
from tandem.engine.log_pages import pages, question, raw, time_of
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError, Reverted, TandemError
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
MOST = 20 * MOST_FILLS
"""Fills, the latest: of a side and horizon those count that are old enough, whatever came since."""
POST, DUE, FILL = range(3)
"""What comes first of one second."""
Happened = tuple[int, int, Callable[[], None]]
"""When, seconds UTC; which of those; and what is done of it."""


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
    is_held: bool = field(default=False, init=False)
    """Whether others were reading when it was its turn."""
    _age: int | None = field(default=None, init=False)
    """For how long a price counts, seconds."""
    _before: int | None = field(default=None, init=False)
    """The latest block that is known to be before the rounds, -1 where none is."""
    _after: int = field(init=False)
    """The first that is known not to be, or the one after the last."""
    _step: int = field(default=FIRST_STEP, init=False)
    _next: int | None = field(default=None, init=False)
    """The block that is read next."""
    _width: int = field(default=WIDEST, init=False)
    _taken: int = field(default=0, init=False)
    """Pages since one was refused or was wider."""
    _posts: list[tuple[int, int, Slice]] = field(default_factory=list, init=False)
    _fills: deque[tuple[int, Event]] = field(default_factory=lambda: deque(maxlen=MOST), init=False)

    def __post_init__(self) -> None:
        self._after = self.last + 1

    def read(self, seconds: float) -> None:
        """Some of it, for about so long. Raises EngineError."""
        began = time.monotonic()
        self.is_held = began < Before.free_at
        if self.is_held:
            return
        node = self.engine.node
        try:
            with node.within(seconds, is_strict=False) if node else nullcontext():
                self._read(began + seconds)
        finally:
            ended = time.monotonic()
            Before.free_at = ended + (ended - began)

    def _read(self, until: float) -> None:
        if not self.rounds.is_whole:
            self.rounds.read(until - time.monotonic())
        if not self.rounds.is_whole:
            return
        if self._age is None:
            self._age = self.handles.spot.MAX_AGE()
        if self._next is None:
            self._seek(until)
        while self._next is not None and self._next <= self.last and time.monotonic() < until:
            end = min(self._next + self._width - 1, self.last)
            try:
                self._page(self._next, end)
            except EngineError as error:  # too much at once, perhaps
                half, self._taken = (end - self._next + 1) // 2, 0
                self._width = half or WIDEST
                if not half or not isinstance(error, RpcError):
                    raise
                continue
            self._next, self._taken = end + 1, self._taken + 1
            if self._taken == TAKEN:
                self._width, self._taken = min(2 * self._width, WIDEST), 0
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
        known = {block: int(time, 16) for block, time in said.items() if isinstance(time, str)}
        asked = [block for block in said if block not in known]
        told = self.engine.request_many(
            [("eth_getBlockByNumber", [block, False]) for block in asked]
        )
        if None in told:
            raise EngineError("a node tells a log of a block that it lacks", "it is asked again")
        return known | {
            block: int(each["timestamp"], 16) for block, each in zip(asked, told, strict=True)
        }

    def _seek(self, until: float) -> None:
        """Nearer to the first block that is not before the rounds: back by steps, and then by halves."""
        while self._before is None or self._after - self._before > 1:
            if time.monotonic() >= until:
                return
            if self._before is None:
                tried = max(self._after - self._step, 0)
            else:
                tried = (self._before + self._after) // 2
            if time_of(self.engine, tried) < self.rounds.since:
                self._before = tried
                continue
            self._after, self._step = tried, 2 * self._step
            if not tried:
                self._before = -1
        self._next = self._after

    def happened(self, outs: MarkOuts, until: int) -> list[Happened]:
        """What is known of it by now. until: from when on others say what the market is, seconds UTC."""
        if self._age is None:
            return []
        prices, age, slices = self.rounds.prices(until), self._age, dict[int, Slice]()

        def due(at: int) -> None:
            place = bisect_right(prices, at, key=itemgetter(0)) - 1
            if place >= 0 and at - prices[place][0] <= age:
                outs.saw(at, prices[place][1], slices)

        def fill(at: int, event: Event) -> None:
            outs.add_all(fill_of(event, at, slices))

        happened: list[Happened] = [
            (at, POST, partial(slices.__setitem__, expiry, smile))
            for at, expiry, smile in self._posts
        ]
        for at, event in self._fills:
            happened.append((at, FILL, partial(fill, at, event)))
            moments = [at + after for after in HORIZONS.values() if at + after < until]
            happened += [(moment, DUE, partial(due, moment)) for moment in moments]
        return happened


@dataclass(slots=True)
class Fills:
    """Of one keeper's market."""

    outs: MarkOuts = field(default_factory=MarkOuts)
    _block: int | None = field(default=None, init=False)
    _then: int = field(default=0, init=False)
    """When the logs were read last, by the chain."""
    _slices: dict[int, Slice] = field(default_factory=dict[int, Slice], init=False)
    _earlier: Earlier | None = field(default=None, init=False)
    _meanwhile: list[Happened] | None = field(default=None, init=False)
    """What was seen while the days before are read; None where nothing is waited for."""

    def watch(self, keeper: Keeper) -> None:
        """Whose they are."""
        if keeper.observer.past is not None and isinstance(keeper.observer.engine, RemoteEngine):
            self._meanwhile = []

    def saw(self, snapshot: Snapshot) -> None:
        """Told of each block that is looked at."""
        self._slices |= {e.expiry: unpack(e.slice) for e in snapshot.expiries if e.slice}
        now = snapshot.timestamp
        if self._meanwhile and now > self._meanwhile[0][0] + PATIENCE:
            self._go_on()
        if snapshot.spot_fresh:
            saw = partial(self.outs.saw, now, snapshot.spot / WAD, dict(self._slices))
            self._tell((now, DUE, saw))

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
                    fills = fill_of(event, at, self._slices)
                    self._tell((at, FILL, partial(self.outs.add_all, fills)))
            self._block = end
        self._then = seen.timestamp

    def go_on(self, now: int) -> None:
        """Those of before, where others were reading when it was their turn. Raises EngineError."""
        if self._earlier is not None and self._earlier.is_held:
            self._look_back(now)

    # ---- inside
    def _tell(self, told: Happened) -> None:
        if self._meanwhile is None:
            told[-1]()
        else:
            self._meanwhile.append(told)

    def _begin(self, engine: RemoteEngine, keeper: Keeper, seen: Snapshot) -> None:
        rounds = keeper.observer.rounds
        if self._meanwhile is None:  # nobody waits for it, or not any more
            return
        if rounds is None:
            self._go_on()
            return
        self._earlier = Earlier(
            rounds, keeper.observer.handles, engine, keeper.observer.block, seen.timestamp
        )

    def _look_back(self, now: int) -> None:
        if self._earlier is None:
            return
        if now <= self._earlier.now + PATIENCE:
            self._earlier.read(SECONDS)
            if not self._earlier.is_whole:
                return
        self._go_on()

    def _go_on(self) -> None:
        """Nothing is waited for any more: what is known, and what was seen, in the order of time."""
        earlier, waited = self._earlier, self._meanwhile or []
        self._meanwhile = self._earlier = None
        known: list[Happened] = []
        if earlier is not None:
            first = min((at for at, kind, _ in waited if kind == DUE), default=earlier.now)
            known = earlier.happened(self.outs, first)
        for _, _, happens in sorted([*known, *waited], key=itemgetter(0, 1)):
            with suppress(TandemError):  # of what a node made up
                happens()


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
