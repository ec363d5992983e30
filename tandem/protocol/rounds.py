"""Which oracle round settles an expiry: found here, proved on chain (oracles/ChainlinkSpot.vy).

The first round at or after the expiry, in the newest phase that was alive at it; should that phase
have fallen silent, round 1 of the next one, with the silent phase's last round as evidence. Where
the feed has no such round for three days: the second feed's, then the price that the owner proposed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.units import DAY

PHASE_SHIFT = 64
HINT_SHIFT = 80
SOURCE_SHIFT = 144
SECOND_FEED = 1 << SOURCE_SHIFT
PROPOSAL = 2 << SOURCE_SHIFT
NUMBER_MASK = 2**64 - 1
MOST_PHASES = 8
MOST_GAPS = 8
NEAR = 4
"""Latest rounds that are looked at ahead."""
STEPS = 5
"""Of a search that are looked at ahead at once."""


def proposal_opens(spot: ChainlinkSpot, expiry: int) -> int:
    """From when on the owner's price may settle an expiry (ST-7), seconds; a second feed comes before it."""
    return expiry + spot.PATIENCE() + (DAY if second_feed(spot) else 0)


def second_feed(spot: ChainlinkSpot) -> PriceFeed | None:
    """For the day on which the first ends; None where none is named."""
    address = spot.SECOND()
    return PriceFeed(spot.engine, address) if int(address, 16) else None


def settlement_round(feed: PriceFeed, spot: ChainlinkSpot, expiry: int) -> int | None:
    """The `round_id` that `Market.settle(expiry, …)` takes; None while there is none."""
    for candidate in _candidates(feed, spot, expiry):
        try:
            spot.settlement_price(expiry, candidate)
        except Reverted:
            continue
        return candidate
    return None


def likely_rounds(feed: PriceFeed, spot: ChainlinkSpot, expiry: int) -> Iterator[Call]:
    """What `settlement_round` asks where one of the latest rounds is the first after the expiry: all at once
    instead of one after the other."""
    try:
        latest = feed.latestRoundData()
    except Reverted:
        return
    phase, number = latest.id >> PHASE_SHIFT, latest.id & NUMBER_MASK
    if latest.updated_at < expiry:
        return
    for known in (2, 1):  # whether it keeps its first rounds, and where the phase begins
        yield _call(feed, phase, known)
    for found in range(max(number - NEAR, 0) + 1, number + 1):
        low, high = 1, number + 1
        while low < high:
            middle = (low + high) // 2
            yield _call(feed, phase, middle)
            low, high = (middle + 1, high) if middle < found else (low, middle)
        yield Call(spot, "settlement_price", (expiry, phase << PHASE_SHIFT | found), None)


def _call(feed: PriceFeed, phase: int, number: int) -> Call:
    return Call(feed, "getRoundData", (phase << PHASE_SHIFT | number,), None)


def _candidates(feed: PriceFeed, spot: ChainlinkSpot, expiry: int) -> Iterator[int]:
    """What to try, the best first: rounds of the feed and, once the feed has had its time, of the
    second feed, and the owner's price."""
    yield from _rounds(feed, expiry)
    if feed.engine.now() < expiry + spot.PATIENCE():
        return
    if second := second_feed(spot):
        yield from (SECOND_FEED | candidate for candidate in _rounds(second, expiry))
    yield PROPOSAL


def _rounds(feed: PriceFeed, expiry: int) -> Iterator[int]:
    """Rounds of a feed: the first at or after the expiry and, should it not count, those after it; for
    a phase that has none those of the next, with its last round as evidence."""
    try:
        latest = feed.latestRoundData()
    except Reverted:
        return
    if latest.updated_at < expiry:
        return
    phase, first, last = _search(feed, expiry, latest.id >> PHASE_SHIFT, latest.id & NUMBER_MASK)
    if phase == 0:
        return
    if first <= last:
        yield from (phase << PHASE_SHIFT | first + gap for gap in range(MOST_GAPS))
    else:
        following = (phase + 1) << PHASE_SHIFT | 1
        yield from (following + gap | last << HINT_SHIFT for gap in range(MOST_GAPS))


def _search(feed: PriceFeed, expiry: int, current: int, number: int) -> tuple[int, int, int]:
    """(the newest phase alive at the expiry or 0, its first round at or after it, its last); the
    first is beyond the last where there is none."""
    for phase in range(current, max(current - MOST_PHASES, 0), -1):
        low = _oldest(feed, phase, number) if phase == current else 1
        opening = _updated_at(feed, phase, low)
        if opening is None or (opening >= expiry and phase > 1):
            continue
        last = number if phase == current else _last(feed, phase)
        high, steps = last + 1, 0
        while low < high:
            if phase != current or high <= last - NEAR:  # else `likely_rounds` foresaw it
                if steps % STEPS == 0:
                    feed.engine.foresee(partial(_next_looks, feed, phase, low, high))
                steps += 1
            middle = (low + high) // 2
            time = _updated_at(feed, phase, middle)
            if time is not None and time < expiry:
                low = middle + 1
            else:
                high = middle
        return phase, low, last
    return 0, 0, 0


def _next_looks(feed: PriceFeed, phase: int, low: int, high: int) -> Iterator[Call]:
    """Where a search between these rounds may look in its next steps."""
    spans = [(low, high)]
    for _ in range(STEPS):
        halves: list[tuple[int, int]] = []
        for low, high in spans:
            if low < high:
                middle = (low + high) // 2
                halves += [(low, middle), (middle + 1, high)]
                yield _call(feed, phase, middle)
        spans = halves


def _oldest(feed: PriceFeed, phase: int, last: int) -> int:
    """The first round of a phase that the feed still knows, of those up to `last`: some feeds keep
    their latest rounds alone, and their first."""
    if last < 3 or _updated_at(feed, phase, 2) is not None:
        return 1
    unknown, known = 2, last
    while known - unknown > 1:
        middle = (unknown + known) // 2
        if _updated_at(feed, phase, middle) is None:
            unknown = middle
        else:
            known = middle
    return known


def _last(feed: PriceFeed, phase: int) -> int:
    """The last round of a phase that is over."""
    high = 1
    while _updated_at(feed, phase, high) is not None:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _updated_at(feed, phase, middle) is None else (middle, high)
    return low


def _updated_at(feed: PriceFeed, phase: int, number: int) -> int | None:
    """None where there is no such round: feeds answer zeros, or revert."""
    try:
        return feed.getRoundData(phase << PHASE_SHIFT | number).updated_at or None
    except Reverted:
        return None
