"""GT-6: a mark that was made over an emptied market stands for a minute, where a keeper lives."""

from __future__ import annotations

import pytest
from emptied import hedged_on_a_lender, marked_empty, pass_by, remark
from test_distress import keeper_of
from worlds import USD, World

from keeper.planner import Kind


@pytest.fixture(scope="module")
def hedged() -> World:
    return hedged_on_a_lender()


@pytest.mark.proves("GT-6")
def test_the_keeper_marks_again_after_a_minute(hedged: World) -> None:
    w = hedged
    keeper = keeper_of(w)
    pass_by(w, 60)
    remark(w)
    before = w.tandem.snapshot().gate
    assert keeper.observer.observe(w.tandem.keeper)[1].worst_anew is None, "nothing binds"
    empty = marked_empty(w)
    assert empty.purse < 2 * USD
    assert keeper.observer.observe(w.tandem.keeper)[1].worst_anew is None, "it is of this minute"
    pass_by(w, 60)
    (done,) = [d for d in keeper.cycle() if d.intent.kind is Kind.REMARK]
    assert done.intent.reason == "the gate's mark counts less than the venue can pay"
    after = w.tandem.snapshot().gate
    assert after.mark.purse == pytest.approx(before.mark.purse, rel=0.001)
    assert after.worst == pytest.approx(before.worst, rel=0.01)
