"""What `tandem doctor` says of the price besides its age: if it is doubted, and what a second feed says."""

from __future__ import annotations

from collections.abc import Iterator

from keeper.cli._nodes import WARN, Line
from keeper.feed_watch import FeedWatch
from tandem.errors import Reverted
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.protocol.rounds import second_feed
from tandem.terminal.common import usd
from tandem.units import HOUR, WAD

DOUBTED = (
    "a keeper trades on it once the venue, or another round of the feed, says the same; until then it "
    "settles, notes and tops up alone"
)
APART = 0.02
"""Share of the price from which on a second feed's is told: both are sent to within one, or near it."""
COUNTS = (
    "it counts once the first has said nothing for three days: the owner should hear of it before"
)


def price_lines(h: Handles, s: Snapshot) -> Iterator[Line]:
    """Of a price that the contracts believe."""
    if doubt := FeedWatch(h).doubt(s):
        yield Line(WARN, "price", doubt, DOUBTED)
    second = second_feed(h.spot)
    if second is None:
        return
    try:
        latest, decimals = second.latestRoundData(), second.decimals()
    except Reverted:  # which is told of what stands outside
        return
    price = max(latest.answer, 0) * WAD // 10**decimals
    off = price / s.spot - 1
    if abs(off) > APART:
        age = (s.timestamp - latest.updated_at) / HOUR
        found = (
            f"says {usd(price / WAD)}, {age:.1f} h old, which is {100 * off:+.1f} % off the price"
        )
        yield Line(WARN, "second feed", found, COUNTS)
