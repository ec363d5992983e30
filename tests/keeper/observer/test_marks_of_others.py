"""GT-6: what a venue has is remembered by the marks of two hours, of which one is a keeper's own, whoever
else marks sooner. Who marked each forty minutes beside money that he lent for a moment was the only one."""

from __future__ import annotations

import pytest
from emptied import hedged_on_a_lender, marked_empty, remark
from test_distress import keeper_of
from worlds import HOUR, USD, World

from keeper.cycle import Keeper
from keeper.planner import GATE_SECONDS, OWN_SECONDS, Kind

LOOKS, MINUTE = 600, 60


@pytest.fixture
def hedged() -> World:
    return hedged_on_a_lender()


def quietly(w: World, seconds: int) -> None:
    """Prices and surfaces go on; nobody marks."""
    w.engine.advance(seconds)
    w.push_wad(w.spot)
    if w.tandem.snapshot().surface_age > 5 * MINUTE:
        w.post()


def own_marks(w: World, keeper: Keeper) -> list[str]:
    """Why a keeper marked in a minute in which it was asked."""
    return [each.intent.reason for each in keeper.cycle() if each.intent.kind is Kind.REMARK]


@pytest.mark.proves("GT-6")
def test_of_two_hours_one_mark_is_its_own_whoever_else_marks(hedged: World) -> None:
    w, made = hedged, list[int]()
    keeper = keeper_of(w)
    remark(w)
    keeper.cycle()
    began = w.engine.now()
    for look in range(72):
        quietly(w, LOOKS)
        if own_marks(w, keeper):
            made.append(w.engine.now())
        if look % 4 == 3:
            remark(w)
    gaps = [later - sooner for sooner, later in zip([began, *made], made, strict=False)]
    assert len(made) >= 6
    assert min(gaps) >= OWN_SECONDS
    assert max(gaps) < OWN_SECONDS + LOOKS + MINUTE


@pytest.mark.proves("GT-6")
def test_where_nobody_else_marks_it_marks_no_oftener(hedged: World) -> None:
    w = hedged
    keeper = keeper_of(w)
    remark(w)
    said = list[str]()
    for _ in range(24):
        quietly(w, LOOKS)
        said += own_marks(w, keeper)
    assert len(said) == 24 * LOOKS // GATE_SECONDS
    assert all("s old" in each for each in said)


@pytest.mark.proves("GT-6")
def test_who_empties_a_lender_for_a_moment_each_minute_keeps_no_mark_of_the_keepers_from_coming(
    hedged: World,
) -> None:
    """What counts was halved by the hour from the second on: no mark of these was anybody else's."""
    w, marks = hedged, 0
    keeper = keeper_of(w)
    remark(w)
    there = w.tandem.snapshot().gate.mark.purse
    keeper.cycle()
    began = w.engine.now()
    while w.engine.now() < began + 4 * HOUR:
        marked_empty(w)
        quietly(w, MINUTE // 2)
        marks += len(own_marks(w, keeper))
    assert 4 * MINUTE // 2 < marks <= 4 * MINUTE
    remark(w)
    assert w.tandem.snapshot().gate.mark.purse > there - 2_000 * USD
