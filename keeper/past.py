"""What the price feed said before a keeper began: its rounds, from the latest backwards, some at a time.

Laws:

- What was read is kept: a node that fails costs a try, and nothing that is known.
- Of two nodes that answer both tell a round alike, or nothing is learnt. Rounds are named by number, so that
  neither which one is behind nor what a feed no longer keeps makes them differ.
- Nobody waits longer for it than he says: who hedges can do without it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from keeper.agreement import LEAVE_OUT, DisagreeError
from tandem.engine.abi import Function
from tandem.engine.base import Call, Tx
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError, Reverted
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.structs import Round
from tandem.protocol.rounds import NUMBER_MASK, PHASE_SHIFT

TOGETHER = 50
"""Rounds in one post."""
MOST = 4_096
"""Rounds in all."""
LONGEST = 20
"""Bits of the number of a phase's last round."""
UNSOUGHT = 0, 2**LONGEST + 1
Told = Round | None


@dataclass(slots=True)
class Past:
    """From `since` on, seconds UTC, and no more than `MOST` rounds. Of a phase of the feed nothing counts
    from where the next one began."""

    feed: PriceFeed
    since: int
    is_whole: bool = field(default=False, init=False)
    latest: Told = field(default=None, init=False)
    _unit: int = field(default=0, init=False)
    _next: int = field(default=0, init=False)
    """Of the round that is read next, once the latest is known."""
    _first: int = field(default=0, init=False)
    _ends: float = field(default=math.inf, init=False)
    """Where the phase that is read was followed by the next, seconds UTC."""
    _between: tuple[int, int] = field(default=UNSOUGHT, init=False)
    """Numbers of the phase before: of a round that is there, or 0, and of one that is not."""
    _rounds: list[Round] = field(default_factory=list[Round], init=False)
    """The latest first."""

    def read(self, seconds: float) -> None:
        """Some of it, for about so long. Raises DisagreeError, after which it begins anew; EngineError."""
        engine, until = self.feed.engine, time.monotonic() + seconds
        node = engine.node if isinstance(engine, RemoteEngine) else None
        try:
            with node.within(seconds, is_strict=False) if node else nullcontext():
                while not self.is_whole and time.monotonic() < until:
                    self._step()
        except DisagreeError:
            self._next, self.latest, self._rounds = 0, None, []
            self._ends, self._between = math.inf, UNSOUGHT
            raise

    def prices(self, until: int) -> list[tuple[int, float]]:
        """(seconds UTC, USD), by rising time, none of them later than `until`. A round that is out of the
        order of its neighbours teaches nothing, nor an answer of nothing or less."""
        told = [
            r
            for r in reversed(self._rounds)
            if r.answer > 0 and self.since <= r.updated_at <= until
        ]
        prices: list[tuple[int, float]] = []
        for n, each in enumerate(told):
            at, before = each.updated_at, prices[-1][0] if prices else 0
            after = told[n + 1].updated_at if n + 1 < len(told) else at + 1
            if before < at and (at < after or after <= before):
                prices.append((at, each.answer / self._unit))
        return prices

    @property
    def price(self) -> float:
        """The latest, USD; 0 where there is none."""
        return self.latest.answer / self._unit if self.latest and self.latest.answer > 0 else 0.0

    # ---- inside
    def _step(self) -> None:
        if self.latest is None:
            self._begin()
            return
        phase, number = self._next >> PHASE_SHIFT, self._next & NUMBER_MASK
        if not number:
            self._turn_back(phase - 1)
            return
        asked = range(number, max(number - TOGETHER, 0), -1)
        for found in _agreed(
            self.feed, [phase << PHASE_SHIFT | each for each in asked], self._first
        ):
            is_over = found is None or found.updated_at < self.since
            if found is None or is_over or len(self._rounds) >= MOST:
                self.is_whole = True
                return
            if found.updated_at < self._ends:
                self._rounds.append(found)
        self._next -= len(asked)

    def _turn_back(self, phase: int) -> None:
        """Nearer to the last round of an earlier phase: first by how many bits its number has. All that there
        is was read where there is no such phase, or it keeps none of its first rounds."""
        low, high = self._between
        if phase < 1:
            self.is_whole = True
            return
        numbers = [2**n for n in range(LONGEST + 1)]
        if self._between != UNSOUGHT:
            step = -(-(high - low) // (TOGETHER + 1))
            numbers = list(range(low + step, high, step))
        told = _agreed(self.feed, [phase << PHASE_SHIFT | each for each in numbers], 0)
        there = [each for each, found in zip(numbers, told, strict=True) if found is not None]
        low = max(there, default=low)
        high = min((each for each in numbers if each > low), default=high)
        self._between = low, high
        if not low:
            self.is_whole = True
        elif high - low == 1:
            self._ends = self._rounds[-1].updated_at if self._rounds else self._ends
            self._next, self._between = phase << PHASE_SHIFT | low, UNSOUGHT

    def _begin(self) -> None:
        """From the latest round that all who answer have."""
        self._unit = self._unit or 10 ** self.feed.decimals()
        told = _told(self.feed, "latestRoundData", [()])
        latest = [each for (each,) in told if each is not None]
        if latest and len(latest) < len(told):
            raise DisagreeError("one of two nodes knows no round of the price feed", LEAVE_OUT)
        if not latest:
            self.is_whole = True
            return
        self.latest = min(latest, key=lambda each: each.id)
        self._next = self._first = self.latest.id


def _agreed(feed: PriceFeed, ids: Sequence[int], first: int) -> list[Told]:
    """Each round, None where one does not have it; the first both must have. Raises DisagreeError."""
    rounds = list(zip(*_told(feed, "getRoundData", [(each,) for each in ids]), strict=True))
    for number, told in zip(ids, rounds, strict=True):
        known = [each for each in told if each is not None]
        is_first = number == first and 0 < len(known) < len(told)
        if is_first or any(each != known[0] for each in known):
            raise DisagreeError(
                f"two nodes disagree about round {number} of the price feed", LEAVE_OUT
            )
    return [None if None in told else told[0] for told in rounds]


def _told(feed: PriceFeed, fn: str, args: Sequence[tuple[int, ...]]) -> list[list[Told]]:
    """What each of two nodes says, or the one that there is; of one that is not there, None."""
    engine = feed.engine
    function = feed.abi.function(fn, len(args[0]))
    if isinstance(engine, RemoteEngine) and engine.node is not None:
        txs = [Tx(feed.address, feed.address, function.encode(each), 0) for each in args]
        calls = [("eth_call", [RemoteEngine.fields_of(tx), "latest"]) for tx in txs]
        rows = [_decoded(function, answers) for answers in engine.node.witnesses_of(calls)]
        found = [row for row in rows if row is not None]
        if not found:
            raise EngineError(
                "no node tells the price feed's rounds", "`tandem doctor` shows each node"
            )
        return found
    calls_ = [Call(feed, fn, each, engine.accounts[0]) for each in args]
    try:
        return [[_there(Round.decode(each)) for each in engine.call_many(calls_)]]
    except Reverted:
        return [[_alone(feed, each) for each in args]]


def _alone(feed: PriceFeed, args: tuple[int, ...]) -> Told:
    try:
        return _there(feed.getRoundData(*args) if args else feed.latestRoundData())
    except Reverted:
        return None


def _decoded(function: Function, answers: Sequence[object]) -> list[Told] | None:
    """A node's answers; None where it says what is no round."""
    rounds: list[Told] = []
    for answer in answers:
        if isinstance(answer, RpcError):
            rounds.append(None)
            continue
        try:
            rounds.append(_there(Round.decode(function.decode(bytes.fromhex(str(answer)[2:])))))
        except (EngineError, ValueError, TypeError):
            return None
    return rounds


def _there(told: Round) -> Told:
    """Some feeds say zeros of what is not there."""
    return told if told.updated_at else None
