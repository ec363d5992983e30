"""HG-13, SH-10: a mark of what nobody signs is kept as any other, and margin follows the hedge as before."""

from __future__ import annotations

from contextlib import suppress

import pytest
from filling import puts
from worlds import USD, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD

TERMS = WIDE | {"reserve": 500, "gate": 4_000}


def reaches(w: World, price: int) -> None:
    """The market moves there, and the hedge follows it chunk by chunk, with its margin."""
    w.move(price)
    w.engine.advance(600)
    w.push_wad(w.spot)
    with suppress(Reverted):
        for _ in range(120):
            w.tandem.rebalance(sender=w.stranger)
            with suppress(Reverted):
                w.top_up()
            w.engine.advance(60)
            w.push_wad(w.spot)


@pytest.fixture(scope="module")
def unsigned() -> World:
    """360 puts of a million's floor, hedged; nobody signed for seven hours, and a day has begun."""
    w = build(settings=DeploySettings(terms=TERMS))
    puts(w, 18)
    w.tandem.vault.send("poke", sender=w.stranger)
    w.engine.set_time((w.engine.now() // DAY + 1) * DAY + 6 * 3_600)
    w.push_wad(w.spot)
    w.curie.converge()
    return w


def rally(w: World, *, marked: bool) -> tuple[int, float]:
    """A day of four moves of 6 %, and one of 14: what a stranger may lend the hedge then (token units), and
    how much of it is liquidated, ETH."""
    with w.undone():
        if marked:
            w.tandem.vault.send("process", 0, sender=w.stranger)
        for price in (2_350, 2_500, 2_350, 2_500):
            reaches(w, price)
        w.move(2_850)
        lent = 0
        with suppress(Reverted):
            lent = w.top_up()
        before = w.position()
        while w.curie.liquidatable(w.tandem.venue):
            w.curie.liquidate(w.tandem.venue)
        return lent, (w.position() - before) / WAD


@pytest.mark.proves("HG-13")
def test_without_surfaces_margin_follows_the_hedge(unsigned: World) -> None:
    """HG-13: "Margin follows the hedge, inside the floor": also while nobody signs."""
    lent, liquidated = rally(unsigned, marked=False)
    assert lent > 30_000 * USD
    assert liquidated == 0


@pytest.mark.proves("HG-13", "SH-10")
def test_who_marks_a_book_that_nobody_signs_stops_no_margin(unsigned: World) -> None:
    """HG-13: "past 5 % of NAV a day nothing more is lent" is meant of what LPs have. SH-10: such a
    mark "is kept as any other ... and margin follows the hedge as before"; after a week of silence too."""
    for silence in (0, 7 * DAY):
        with unsigned.undone():
            unsigned.engine.advance(silence)
            unsigned.push_wad(unsigned.spot)
            unsigned.curie.converge()
            lent, liquidated = rally(unsigned, marked=True)
        assert lent > 30_000 * USD
        assert liquidated == 0
