"""What a price feed said before now: its rounds, from the latest backwards."""

from __future__ import annotations

from collections.abc import Sequence

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.structs import Round
from tandem.protocol.rounds import NUMBER_MASK, PHASE_SHIFT

TOGETHER = 64
"""Rounds in one request."""
MOST = 4_096
"""Rounds in all: a month of a feed that speaks ten times in two hours."""


def past_prices(feed: PriceFeed, since: int) -> list[tuple[int, float]]:
    """(seconds UTC, USD) of each round from `since` on, by rising time; of the feed's present phase alone,
    and of no more than `MOST` rounds. Where a feed keeps no more, or says nothing, what there is. Raises
    EngineError where the node does not answer."""
    try:
        latest, unit = feed.latestRoundData(), 10 ** feed.decimals()
    except Reverted:
        return []
    phase, number = latest.id >> PHASE_SHIFT, latest.id & NUMBER_MASK
    found = [latest]
    while number > 1 and len(found) < MOST and found[-1].updated_at > since:
        asked = range(number - 1, max(number - 1 - TOGETHER, 0), -1)
        told = _told(feed, [phase << PHASE_SHIFT | each for each in asked])
        found += told
        number = asked[-1] if len(told) == len(asked) else 0
    prices: list[tuple[int, float]] = []
    for each in reversed(found):
        is_later = not prices or each.updated_at > prices[-1][0]
        if each.answer > 0 and each.updated_at >= max(since, 1) and is_later:
            prices.append((each.updated_at, each.answer / unit))
    return prices


def _told(feed: PriceFeed, ids: Sequence[int]) -> list[Round]:
    """Of rounds in this order those before the first that is not there: one that reverts, or says zeros."""
    who = feed.engine.accounts[0]
    try:
        told = feed.engine.call_many([Call(feed, "getRoundData", (each,), who) for each in ids])
    except Reverted:
        told = []
        for each in ids:
            try:
                told.append(feed.call("getRoundData", each))
            except Reverted:
                break
    rounds = [Round.decode(each) for each in told]
    missing = next((n for n, each in enumerate(rounds) if not each.updated_at), len(rounds))
    return rounds[:missing]
