"""How much of each series can be opened now, and what stops more.

The chain itself is asked, many sizes in one round trip: what is found here was quoted, hedge
included, and the reason is the one for which the next size was refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tandem.engine.remote import RemoteEngine
from tandem.errors import Reverted
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deal import Wanted, quotes
from tandem.protocol.handles import Handles
from tandem.protocol.series import Series
from tandem.protocol.terms import max_trade
from tandem.units import BPS, WAD, decimal

LEAST = 10_000
"""Units: 0.01 of the asset, the smallest trade."""
POINTS = 7
ROUNDS = 3
"""Each cuts what is unknown to an eighth: to 1/512 of the largest trade."""
OVER_CAP = "limits: size over cap"


@dataclass(frozen=True, slots=True)
class Room:
    """size: ETH that a mint of now takes at most, rounded down; reason: why not more."""

    size: Decimal
    reason: str


@dataclass(slots=True)
class _Search:
    """Units that are quoted, units that are refused, and why those are."""

    good: int
    bad: int
    reason: str

    def points(self) -> list[int]:
        """Sizes between the two, whole hundredths of an ETH, rising."""
        width = self.bad - self.good
        if width <= LEAST:
            return []
        between = {self.good + width * i // (POINTS + 1) for i in range(1, POINTS + 1)}
        whole = {point // LEAST * LEAST for point in between}
        return sorted(point for point in whole if self.good < point < self.bad)


def rooms(
    engine: RemoteEngine, h: Handles, every: Sequence[Series], now: Snapshot
) -> Mapping[Series, Room]:
    """Room of each series at the block that calls are pinned to, whose state `now` is."""
    notional = now.funds.nav * max_trade(now.parameters) // BPS
    most = notional * WAD // now.spot if now.spot else 0
    if most < LEAST:
        return {series: Room(Decimal(0), OVER_CAP) for series in every}
    ends = _ask(engine, h, [(s, u) for s in every for u in (LEAST, most)])
    found: dict[Series, Room] = {}
    open_: dict[Series, _Search] = {}
    for series in every:
        least, largest = ends[series, LEAST], ends[series, most]
        if least:
            found[series] = Room(Decimal(0), least)
        elif not largest:
            found[series] = Room(decimal(most // LEAST * LEAST), OVER_CAP)
        else:
            open_[series] = _Search(LEAST, most, largest)
    for _ in range(ROUNDS):
        asked = [(s, u) for s, search in open_.items() for u in search.points()]
        for (series, units), refusal in _ask(engine, h, asked).items():
            _narrow(open_[series], units, refusal)
    return found | {s: Room(decimal(search.good), search.reason) for s, search in open_.items()}


def _narrow(search: _Search, units: int, refusal: str) -> None:
    if not refusal and units < search.bad:
        search.good = max(search.good, units)
    elif refusal and units < search.bad:
        search.bad, search.reason = units, refusal


def _ask(
    engine: RemoteEngine, h: Handles, asked: Sequence[tuple[Series, int]]
) -> dict[tuple[Series, int], str]:
    """Why each size would be refused, "" where it would not."""
    answers = quotes(engine, h, [Wanted(series, units) for series, units in asked])
    return {
        key: answer.reason if isinstance(answer, Reverted) else ""
        for key, answer in zip(asked, answers, strict=True)
    }
