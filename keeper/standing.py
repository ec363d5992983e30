"""What is wrong, said when it begins and when it is over: not again and again while it lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from keeper.logs import Log
from keeper.planner import Facts
from tandem.client.breaker import reasons
from tandem.engine.health import ANSWERS, OFTEN, Report
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.waits import CRUMBS
from tandem.units import USD, WAD

CLOCK_SECONDS = 120
"""That a block may be away from the machine's clock."""
ENOUGH = 8
"""Requests from which on a share of them that fail says something."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something wrong. event, of: what tells it from others; fields: what is said of it besides."""

    event: str
    of: str = ""
    fields: tuple[tuple[str, Any], ...] = ()


@dataclass(slots=True)
class Standing:
    """What was wrong at the last look."""

    log: Log
    _found: dict[tuple[str, str], Concern] = field(default_factory=dict[tuple[str, str], Concern])

    def look(self, found: Iterable[Concern]) -> None:
        """Say what is new, and what is over."""
        now = {(each.event, each.of): each for each in found}
        for key, each in now.items():
            if key not in self._found:
                self.log.warning(each.event, of=each.of, **dict(each.fields))
        for key, each in self._found.items():
            if key not in now:
                self.log.info(f"{each.event}: it is over", of=each.of)
        self._found = now


def of_market(s: Snapshot, facts: Facts, utc: float | None) -> Iterator[Concern]:
    """What is wrong at a block, of the price, the hedge and its margin. utc: the machine's clock; None where
    the chain has its own time."""
    away = 0 if utc is None else round(utc - s.timestamp)
    if abs(away) > CLOCK_SECONDS:
        yield Concern("the chain and this machine's clock are apart", fields=(("seconds", away),))
    if not s.spot_fresh:
        why = ("reason", facts.spot_refused)
        yield Concern("the contracts believe no price now", fields=(why,))
    if facts.doubt:
        yield Concern("the price is doubted", fields=(("reason", facts.doubt),))
    if facts.surface_note:
        yield Concern(
            "surfaces are not what they should be", fields=(("reason", facts.surface_note),)
        )
    if facts.exits_refused:
        yield Concern("due exits are not paid", fields=(("reason", facts.exits_refused),))
    yield from _of_stops(s)
    yield from _of_hedge(s, facts)


def _of_stops(s: Snapshot) -> Iterator[Concern]:
    """Nobody comes in any more, which no figure of a keeper's own work shows. Where nothing is listed nobody
    would: that market is ended, or not begun."""
    if not s.expiries:
        return
    if s.is_tripped and (why := reasons(s.breaker)):
        yield Concern("the breaker stops opens", fields=(("reason", ", ".join(why)),))
    if s.is_stopped:
        yield Concern("a guardian stops opens and deposits")


def _of_hedge(s: Snapshot, facts: Facts) -> Iterator[Concern]:
    if s.is_venue_down:
        yield Concern("the hedge venue is down")
    if not s.account_known:
        yield Concern("a venue does not say what its account is worth")
    if s.account.top_up >= CRUMBS and s.position:
        lacks = ("usd", round(s.account.top_up / USD, 2))
        yield Concern("margin lacks", fields=(lacks, ("reason", facts.top_up_refused)))
    residual, hard = s.stance.residual / WAD, s.stance.hard / WAD
    if abs(residual) > hard > 0:
        sizes = ("residual", round(residual, 4)), ("hard_band", round(hard, 4))
        yield Concern("the residual is past the hard band", fields=sizes)


def of_nodes(reports: Sequence[Report]) -> Iterator[Concern]:
    """What is wrong with each node. Of one that is alone a cycle that fails says whether it answers."""
    for each in reports:
        if len(reports) > 1 and each.answers + each.failures and each.state != ANSWERS:
            yield Concern("a node is not asked", each.node, (("state", each.state),))
        elif each.error_share > OFTEN and each.answers + each.failures >= ENOUGH:
            share = ("share", round(each.error_share, 2))
            yield Concern("a node often fails", each.node, (share,))
