"""Fills as the chain tells them: those of the days before a keeper began, and those since.

Laws:

- Mark-outs are told everything in the order of time: while the days before are read, what is seen waits, for
  no longer than `PATIENCE`, whoever looks or does not.
- A fill of before counts as it would for a keeper that had kept all the time: by the price that the feed said
  when so long had passed, and by the slice that stood then.
- Nobody waits longer for it than `SECONDS` of a look, and of several markets one at a time. A node that fails
  costs a try, and nothing that is known; what is not known after `PATIENCE` is done without.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter

from keeper.cycle import Keeper
from keeper.earlier import DUE, FILL, WIDEST, Earlier, Happened, fill_of
from keeper.markouts import MarkOuts
from tandem.engine.log_pages import pages, raw
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError, Reverted, TandemError
from tandem.model.svi import Slice, unpack
from tandem.protocol.bindings.market import OptionClosed, OptionMinted
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import HOUR, WAD

SECONDS = 1.0
"""Of one look."""
PATIENCE = HOUR
"""Seconds of the chain."""


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
        topics = [[kind.TYPE.asked for kind in (OptionMinted, OptionClosed)]]
        where, then = [keeper.observer.handles.market.address], self._then

        def time_at(block: int) -> int:
            return then + round((block - first) / (head - first) * (seen.timestamp - then))

        for end, found in pages(engine, where, topics, first + 1, head, WIDEST):
            told = [(log, event) for log in found for event in engine.decode_logs([raw(log)])]
            for log, event in told:
                at = time_at(int(log["blockNumber"], 16))
                fills = fill_of(event, at, self._slices)
                self._tell((at, FILL, partial(self.outs.add_all, fills)))
            self._block, self._then = end, time_at(end)

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
