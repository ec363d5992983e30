"""GT-6: what is remembered of a venue fades where every mark of two hours saw less. So it stays for whoever
puts it back for a moment in each, as what the first mark of a deployment saw does (docs/weaknesses.md)."""

from __future__ import annotations

import pytest
import worlds
from filling import at_once
from test_a_lent_purse import LENT, REFUSED, back, buy, full, lend_for_a_moment, remark
from worlds import ETH, USD, World, build

from tandem.model import svi
from tandem.units import DAY, HOUR, WAD
from tandem.venues import Depth

MARKED = full
"""The fixture, of a poor venue."""
NEARLY = 2 * HOUR - 240


def lies_there(w: World) -> None:
    """Five millions, for six days of marks."""
    w.curie.deposit(w.stranger, LENT)
    for _ in range(12):
        w.engine.advance(DAY // 2)
        w.freshen()
        remark(w)


def recalled(w: World, days: int) -> int:
    """What a mark of his counts, once he has made one every two hours for days, each behind one of
    somebody else's that saw nothing of it; token units."""
    found = 0
    for _ in range(days * DAY // (2 * HOUR)):
        w.engine.advance(NEARLY)
        w.freshen()
        assert remark(w).mark.purse < 150_000 * USD
        found = int(lend_for_a_moment(w).mark.purse)
    return found


@pytest.mark.proves("GT-6")
def test_a_moment_every_two_hours_keeps_what_once_lay_there(full: World) -> None:
    """Two days behind the last dollar of five millions the worst jump is let grow to 370,684 USD of a
    million, at a gate of 200,000."""
    w = full
    with w.undone():
        lies_there(w)
        assert remark(w).mark.purse > LENT
        back(w, w.stranger)
        assert recalled(w, days=2) > LENT
        w.curie.deposit(w.stranger, LENT)
        remark(w)
        at_once(lambda units: buy(w, units), 4 * ETH, known=REFUSED)
        back(w, w.stranger)
        after = remark(w)
    assert after.limit + 155_000 * WAD < after.worst < after.limit + 185_000 * WAD


@pytest.mark.proves("GT-6")
def test_without_him_it_is_gone_in_a_day(full: World) -> None:
    w = full
    with w.undone():
        lies_there(w)
        back(w, w.stranger)
        for _ in range(24):
            w.engine.advance(HOUR)
            w.freshen()
            remark(w)
        assert lend_for_a_moment(w).mark.purse < 150_000 * USD


@pytest.mark.proves("GT-6")
def test_the_first_mark_of_a_deployment_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lends for a moment around it, before any other: two days later five millions count."""

    def furnish(w: World, capital: int, smile: svi.Slice, *, margin: bool) -> World:
        for person in (w.curie.arbitrageur, w.curie.liquidator, w.curie.maker):
            left = 60_000 * USD if person == w.curie.arbitrageur else 5_000 * USD
            back(w, person, left)
        return usual(w, capital, smile, margin=margin, then=lambda: lend_for_a_moment(w) and None)

    usual = worlds.furnish
    monkeypatch.setattr(worlds, "furnish", furnish)
    w = build(depth=Depth(usd=100_000.0, tail=0.02), margin=False)
    assert recalled(w, days=2) > LENT
