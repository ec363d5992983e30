"""R14, R17: opens of an hour are bounded, whatever is closed, and to use them up costs the more."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from hour_bench import bought, room, sold_back
from worlds import ETH, FLAT, USD, WIDE, World, build

from keeper.stress.book import of_snapshot
from tandem.errors import Reverted
from tandem.model import jumps
from tandem.protocol.deploy import DeploySettings
from tandem.units import HOUR

HOURLY = 40 * ETH  # a tenth of a million at 2,500
TERMS = WIDE | {"hour": 1_000, "gate": 4_000}


@pytest.fixture(scope="module")
def once() -> World:
    return build(settings=DeploySettings(terms=TERMS))


@pytest.fixture
def w(once: World) -> Iterator[World]:
    with once.undone():
        yield once


@pytest.mark.proves("BR-4")
def test_r14_an_hour_of_opens_is_a_tenth_of_nav(w: World) -> None:
    got = bought(w)
    assert HOURLY * 0.97 < got <= HOURLY * 1.03  # NAV grows by what buyers pay
    assert room(w) < ETH // 5


@pytest.mark.proves("BR-4")
def test_r14_the_room_comes_back_by_the_hour_and_never_above_it(w: World) -> None:
    bought(w)
    for part in (1, 2):
        w.engine.advance(HOUR // 2)
        w.freshen()
        assert room(w) == pytest.approx(HOURLY * part / 2, rel=0.05)
    w.engine.advance(10 * HOUR)
    w.freshen()
    assert room(w) <= HOURLY * 1.03


def within(w: World, seconds: int) -> int:
    """What can be opened in so long, units, by who tries every five minutes."""
    start, total = w.engine.now(), 0
    while w.engine.now() - start < seconds - 360:
        total += bought(w)
        w.curie.converge()
        w.engine.advance(300)
        w.freshen()
    total += bought(w)
    assert w.engine.now() - start < seconds
    return total


@pytest.mark.proves("BR-4", "BR-5")
def test_r14_what_is_closed_makes_no_room(w: World) -> None:
    """R14: an hour's delta and vega are bounded. Who held 120 options that were worth nothing any more opened
    as many others within minutes, 160 in all, and captured signers with such a friend cost LPs more
    than `signers_hour` said."""
    within(w, 3 * HOUR)
    held = w.tandem.balance_of(w.call(2_500))
    assert held > 2.5 * HOURLY
    before = room(w)
    sold_back(w, w.call(2_500))
    spent = 2 * HOURLY - (room(w) - before)
    assert within(w, HOUR) <= 1.03 * spent
    assert HOURLY < w.tandem.balance_of(w.call(2_500)) < 0.8 * held


SHUTS = ((2_500, 5_000, True), (3_000, 4_000, True), (2_750, 3_000, False))


@pytest.mark.proves("BR-4")
@pytest.mark.parametrize(("strike", "cap", "far"), SHUTS)
def test_r17_who_keeps_others_out_by_turning_over_pays_for_it_each_hour(
    w: World, strike: int, cap: int, far: bool
) -> None:
    """The hour can be used up by who sells back at once what he bought: an hour of a million at 465 to
    1,110 USD."""
    series, purse = w.call(strike, cap, far=far), w.usdc(w.trader)
    bought(w, series=series)
    with w.refuses("gate: hour is full"):
        w.tandem.quote(w.put(2_500), ETH)
    sold_back(w, series)
    cost = purse - w.usdc(w.trader)
    assert cost > 400 * USD


@pytest.mark.proves("BR-4")
def test_r17_marking_every_second_neither_gives_nor_takes_room(w: World) -> None:
    bought(w)
    w.engine.advance(HOUR // 4)
    w.freshen()
    with w.undone():
        w.engine.advance(120)
        rested = room(w)
    for _ in range(40):
        w.engine.advance(2)
        w.tandem.stress.send("remark", sender=w.stranger)
    assert room(w) == pytest.approx(rested, rel=0.01)


@pytest.mark.proves("BR-4")
def test_r14_a_quote_says_what_a_mint_says(w: World) -> None:
    bought(w)
    with w.refuses("gate: hour is full"):
        w.tandem.quote(w.call(2_500), ETH)
    with w.refuses("gate: hour is full"):
        w.mint(w.call(2_500), ETH)


@pytest.mark.proves("BR-5")
def test_what_captured_signers_can_cost_grows_with_what_is_open_and_what_an_hour_adds(
    w: World,
) -> None:
    """Of an empty million: three tenths of NAV, which an hour lets in, at an expiry's first slice, three of
    volatility."""
    before = w.tandem.breaker.signers_hour() / 1e6
    assert before == pytest.approx(300_000 * (0.1401 * 3 + 0.0066), rel=0.02)
    got = bought(w) / ETH
    after = w.tandem.breaker.signers_hour() / 1e6
    assert after - before == pytest.approx(got * 2_500 * (0.1401 * 0.3 + 0.0066), rel=0.05)


@pytest.mark.proves("BR-4", "BR-5")
def test_r14_an_hour_lets_in_as_much_again_as_at_its_beginning(w: World) -> None:
    """BR-4: `hour` at once, and as much again as the hour goes: who says that an hour adds `hour` and no more
    counts half of what captured signers sell in it (`signers_hour` did: 43,000 USD of an empty million)."""
    assert HOURLY * 1.8 < within(w, HOUR) <= HOURLY * 2.06


def owed(w: World) -> float:
    """What the whole book is worth by the slices that stand, USD, from the model."""
    stood = of_snapshot(w.tandem.snapshot())
    return float(jumps.owed(stood.held, [stood.spot])[0])


def wilder(w: World, points: float) -> None:
    """Every slice with so many more points of volatility, from now."""
    w.push_wad(w.spot)
    w.post({e: replace(x, a=(math.sqrt(x.a) + points / 100) ** 2) for e, x in w.slices.items()})


@pytest.fixture
def full() -> World:
    """A book of 200 puts and some calls, of a million whose owner lets little be opened since."""
    w = build(
        smile=replace(FLAT, a=0.6**2), settings=DeploySettings(terms=TERMS | {"hour": 60_000})
    )
    for _ in range(20):
        w.mint(w.put(2_500, far=True), 10 * ETH)
        with suppress(Reverted):
            w.top_up()
        w.curie.converge()
    w.set_terms(hour=100)
    w.freshen()
    return w


@pytest.mark.proves("BR-5")
@pytest.mark.parametrize("hours", [6, 20])
def test_captured_signers_cost_no_more_within_an_hour_than_is_said_whatever_they_saved_up(
    full: World, hours: int
) -> None:
    """BR-5: "the most that captured signers can cost LPs within an hour". A slice moves by the time since the
    one that stands: silence counts up to six hours, and posts that are ahead of the limit all of the time
    (`SF-3`). By the one slice after six hours 200 puts cost 36,000 USD, 116,000 after twenty, where 33,000
    were said."""
    w = full
    points = 9.9 * hours
    for _ in range(hours - 1 if hours > 6 else 0):
        w.engine.advance(HOUR)
        wilder(w, points)
        w.slices = {e: replace(x, a=0.6**2) for e, x in w.slices.items()}
    before = owed(w)
    w.engine.advance(HOUR if hours > 6 else 6 * HOUR)
    said = w.tandem.breaker.signers_hour() / 1e6
    wilder(w, points)
    assert all(x.slice_word == x.last for x in w.tandem.surface.slices()), "believed"
    cost = owed(w) - before
    assert said / 6 < cost <= said


@pytest.mark.proves("BR-5")
def test_each_hour_of_silence_adds_as_much_up_to_six(full: World) -> None:
    """The wings' move of an hour at the most vega of what is open, and the basis' of an hour. The hour that
    is asked for is the first."""
    w, said = full, list[float]()
    w.post(w.slices)
    w.tandem.stress.send("remark", sender=w.stranger)
    for _ in range(9):
        said.append(w.tandem.breaker.signers_hour() / 1e6)
        w.engine.advance(HOUR)
    open_, added = 200 * 2_500, 3 * 0.01 * w.tandem.snapshot().funds.nav / 1e6
    each = open_ * 0.1401 * 0.3 + (open_ + added) * 0.0066
    steps = [after - before for before, after in pairwise(said)]
    assert steps == pytest.approx([each] * 5 + [0.0] * 3, rel=2e-3)


@pytest.mark.proves("BR-5")
def test_what_slices_save_up_that_are_ahead_of_their_limit_ends_at_a_volatility_of_five_and_twenty_hours(
    full: World,
) -> None:
    """The wings of all that is open and an hour may add, at five; and the basis from one of its ends to the
    other."""
    w, said = full, list[float]()
    w.post(w.slices)
    w.tandem.stress.send("remark", sender=w.stranger)
    open_, added = 200 * 2_500, 3 * 0.01 * w.tandem.snapshot().funds.nav / 1e6
    passed = HOUR + max(w.engine.now() - each.since for each in w.tandem.surface.slices())
    for _ in range(23):
        said.append(w.tandem.breaker.signers_hour() / 1e6)
        w.engine.advance(HOUR)
        wilder(w, 300)
        w.slices = {e: replace(x, a=0.6**2) for e, x in w.slices.items()}
    move = 3 * w.terms()["surface_move"] * passed // HOUR / 10_000
    first = (open_ * move + added * 3) * 0.1401 + (open_ + added) * 0.0066 * passed / HOUR
    assert said[0] == pytest.approx(first, rel=1e-6)
    most = 200 * 2_500 + 3 * 0.01 * w.tandem.snapshot().funds.nav / 1e6
    assert said[-1] == said[-4] == pytest.approx(most * (5 * 0.1401 + 20 * 0.0066), rel=1e-7)
    assert said[-4] - said[-5] == pytest.approx(most * 0.0066, rel=0.03)


@pytest.mark.proves("BR-5")
def test_an_hour_that_was_marked_before_it_was_tightened_counts_until_the_next_mark(
    once: World,
) -> None:
    """Opens go by the mark: who has tightened `hour` is told what they may still add."""
    with once.undone():
        w = once
        before = w.tandem.breaker.signers_hour()
        w.set_terms(hour=100)
        assert w.tandem.breaker.signers_hour() == pytest.approx(before, rel=1e-3)
        assert bought(w) > 0.97 * HOURLY
        w.tandem.stress.send("remark", sender=w.stranger)
        assert w.tandem.breaker.signers_hour() < before / 3
