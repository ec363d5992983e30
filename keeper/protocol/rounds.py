"""Which oracle round settles an expiry: found here, proved on chain (oracles/ChainlinkSpot.vy).

The first round at or after the expiry, in the newest phase that was alive at it; should that phase
have fallen silent, round 1 of the next one, with the silent phase's last round as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from keeper.engine.base import Contract
from keeper.errors import Reverted

PHASE_SHIFT = 64
HINT_SHIFT = 80
NUMBER_MASK = 2**64 - 1
MOST_PHASES = 8
MOST_GAPS = 8


@dataclass(frozen=True, slots=True)
class _Round:
    answer: int
    updated_at: int


def settlement_round(feed: Contract, spot: Contract, expiry: int) -> int | None:
    """The `round_id` that `Market.settle(expiry, …)` takes; None while there is none."""
    id_, _, _, updated_at, _ = feed.call("latestRoundData")
    if updated_at < expiry:
        return None
    found = _search(feed, expiry, id_ >> PHASE_SHIFT, id_ & NUMBER_MASK)
    for gap in range(MOST_GAPS if found is not None else 0):  # rounds that do not count
        candidate = (found or 0) + gap
        try:
            spot.call("settlement_price", expiry, candidate)
        except Reverted:
            continue
        return candidate
    return None


def _search(feed: Contract, expiry: int, current: int, number: int) -> int | None:
    for phase in range(current, max(current - MOST_PHASES, 0), -1):
        first = _read(feed, phase, 1)
        if first is None or (first.updated_at >= expiry and phase > 1):
            continue
        last = number if phase == current else _last(feed, phase)
        low, high = 1, last + 1  # the first number at or after the expiry, last + 1 = none
        while low < high:
            middle = (low + high) // 2
            read = _read(feed, phase, middle)
            if read is not None and read.updated_at < expiry:
                low = middle + 1
            else:
                high = middle
        if low <= last:
            return phase << PHASE_SHIFT | low
        return (phase + 1) << PHASE_SHIFT | 1 | last << HINT_SHIFT
    return None


def _last(feed: Contract, phase: int) -> int:
    """The last round of a phase that is over."""
    high = 1
    while _read(feed, phase, high) is not None:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _read(feed, phase, middle) is None else (middle, high)
    return low


def _read(feed: Contract, phase: int, number: int) -> _Round | None:
    try:
        read = feed.call("getRoundData", phase << PHASE_SHIFT | number)
    except Reverted:
        return None
    return _Round(read[1], read[3]) if read[3] else None
