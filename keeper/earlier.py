"""Fills of the days before a keeper began, from the market's logs and the price feed's rounds.

Some of it is read at a time: what was found is kept, and a node that bounds what it is asked is met by that.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any

from keeper.before import Before
from keeper.markouts import HORIZONS, MOST_FILLS, Fill, MarkOuts, Side, worth
from keeper.past import Past
from tandem.engine.base import Event
from tandem.engine.log_pages import Width, question, raw, time_of
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError
from tandem.model.svi import Slice, unpack
from tandem.protocol.bindings.market import OptionClosed, OptionMinted
from tandem.protocol.bindings.vol_surface import SlicePosted
from tandem.protocol.handles import Handles
from tandem.protocol.series import Series
from tandem.units import UNIT, USD, WAD

WIDEST = 5_000
"""Blocks of logs that are asked for at once."""
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
    _width: Width = field(default_factory=lambda: Width(WIDEST), init=False)
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
            end = self._width.end(self._next, self.last)
            try:
                self._page(self._next, end)
            except EngineError as error:  # too much at once, perhaps
                is_smaller = self._width.refused(end - self._next + 1)
                if not is_smaller or not isinstance(error, RpcError):
                    raise
                continue
            self._next = end + 1
            self._width.took()
        self.is_whole = self._next is not None and self._next > self.last

    def _page(self, first: int, last: int) -> None:
        market, surface = self.handles.market.address, self.handles.surface.address
        kinds = [[kind.TYPE.asked for kind in (OptionMinted, OptionClosed, SlicePosted)]]
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
