"""When the keeper marks the book for the jump gate (GT-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_planner import FAR, NOW, WORD, Always, account, expiry, gate, kinds, snapshot

from keeper.planner import Facts, Kind, PlannerSettings, plan
from tandem.protocol import terms
from tandem.units import WAD

OLD = gate(3_000)


@pytest.mark.proves("GT-4")
@pytest.mark.parametrize(
    ("mark", "due"),
    [
        (gate(2_999), False),
        (OLD, True),
        (gate(600, 2_539 * WAD), True),  # 1.5 % of spot
        (gate(600, 2_530 * WAD), False),
        (gate(600, fresh=False), True),  # an expiry of its book is past
    ],
)
def test_the_gate_is_marked_before_its_mark_ends(mark: Any, due: bool) -> None:
    found = plan(snapshot(gate=mark), Facts(), Always(None))
    assert kinds(found) == ([Kind.REMARK] if due else [])


@pytest.mark.proves("GT-4")
@pytest.mark.parametrize(
    ("changes", "facts", "settings"),
    [
        ({"surface_time": NOW - 901}, Facts(), PlannerSettings()),  # it would be refused
        ({"surface_time": NOW - 871}, Facts(), PlannerSettings()),  # once it is mined
        ({}, Facts(slices={FAR: WORD}), PlannerSettings()),  # and marked on what is about to go
        ({"spot_fresh": False}, Facts(), PlannerSettings()),
        ({}, Facts(), PlannerSettings(gate=False)),
        ({"expiries": (expiry(NOW - 100),)}, Facts(), PlannerSettings()),  # nobody could open
        ({"terms": terms.defaults(flags=1)}, Facts(), PlannerSettings()),
        ({"terms": terms.defaults(flags=2)}, Facts(), PlannerSettings()),
    ],
)
def test_nobody_marks_where_it_is_refused_or_nobody_could_open(
    changes: dict[str, Any], facts: Facts, settings: PlannerSettings
) -> None:
    found = plan(snapshot(gate=OLD, **changes), facts, Always(None), settings)
    assert Kind.REMARK not in kinds(found)


@pytest.mark.parametrize(
    ("flags", "lacks", "age", "due"),
    [
        (256, 0, 600, True),
        (256, 10**8, 600, False),  # it still lacks: a look would see the same
        (256, 0, 100, False),  # a look a minute ago saw it
        (0, 0, 600, False),
    ],
)
def test_where_margin_is_there_again_the_breaker_looks_at_once(
    flags: int, lacks: int, age: int, due: bool
) -> None:
    """A distress ends with the next look: opens waited for the hour's mark, up to fifty minutes after the
    top-up."""
    first, *rest = terms.defaults()
    changes = {"terms": (first | flags, *rest), "account": account(lacks)}
    found = plan(snapshot(gate=gate(age), **changes), Facts(), Always(None))
    marks = [i.reason for i in found.intents if i.kind is Kind.REMARK]
    assert marks == (["margin is there again"] if due else [])


def test_a_gate_that_was_never_marked_is_marked_and_says_so() -> None:
    found = plan(snapshot(gate=gate(NOW, 0, fresh=False)), Facts(), Always(None))
    assert found.intents[-1].reason == "the gate was never marked"


@pytest.mark.proves("GT-6")
@pytest.mark.parametrize(
    ("worst", "due"),
    [(None, False), (10**5, False), (98_001, False), (97_999, True), (-1, True)],
)
def test_a_mark_that_counts_too_little_is_made_again(worst: int | None, due: bool) -> None:
    """A mark of now has to win a hundredth of the gate, here 2,000 of 200,000 USD."""
    facts = Facts(worst_anew=None if worst is None else worst * WAD)
    found = plan(snapshot(), facts, Always(None))
    reasons = [i.reason for i in found.intents if i.kind is Kind.REMARK]
    assert reasons == (["the gate's mark counts less than the venue can pay"] if due else [])


@pytest.mark.proves("BR-6")
@pytest.mark.parametrize(
    ("units", "due"), [(None, False), (0, False), (100_000, False), (100_001, True)]
)
def test_a_mark_behind_an_emptied_pool_is_made_again(units: int | None, due: bool) -> None:
    """The one that stands lets in nothing; a tenth of an ether is worth no mark."""
    now = snapshot()
    now = replace(now, gate=replace(now.gate, mark=replace(now.gate.mark, hour=0)))
    found = plan(now, Facts(hour_anew=units), Always(None))
    reasons = [i.reason for i in found.intents if i.kind is Kind.REMARK]
    assert reasons == (["the gate's mark lets in less than the venue's depth"] if due else [])
