"""Order flow depends on its seed alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from keeper.feeds import flow
from keeper.feeds.path import PathSpec, demo, simulate

START, END = 1_736_121_600, 1_736_121_600 + 10 * flow.DAY
SPEC = flow.FlowSpec(trades_per_day=200.0)


def test_the_same_seed_gives_the_same_intents() -> None:
    assert flow.arrivals(SPEC, START, END) == flow.arrivals(SPEC, START, END)
    assert flow.standing_book(SPEC, START, END) == flow.standing_book(SPEC, START, END)


def test_another_seed_gives_other_intents() -> None:
    assert flow.arrivals(SPEC, START, END) != flow.arrivals(
        flow.FlowSpec(seed=2, trades_per_day=200.0), START, END
    )


def test_arrivals_do_not_depend_on_the_end_or_on_the_grid() -> None:
    long = flow.arrivals(SPEC, START, END)
    short = flow.arrivals(SPEC, START, START + flow.DAY)
    assert short == long[: len(short)]
    visits = demo().visits()
    grouped = flow.by_visit(long, visits)
    coarse = flow.by_visit(long, demo().thin(4).visits())
    last = int(visits.time[-1])
    flat = [intent for group in grouped for intent in group]
    assert flat == [intent for intent in long if intent.time <= last]
    assert [i for g in coarse for i in g][:1500] == flat[:1500]


def test_no_intent_is_seen_before_it_arrives() -> None:
    visits = simulate(PathSpec(days=3, crash_hour=None)).visits()
    grouped = flow.by_visit(flow.arrivals(SPEC, START, END), visits)
    for i, group in enumerate(grouped):
        for intent in group:
            assert intent.time <= visits.time[i]
            assert i == 0 or intent.time > visits.time[i - 1]


def test_arrivals_come_at_the_asked_rate_and_in_order() -> None:
    intents = flow.arrivals(SPEC, START, END)
    assert abs(len(intents) - 2000) < 4 * np.sqrt(2000)
    times = [intent.time for intent in intents]
    assert times == sorted(times)
    closes = sum(intent.kind is flow.Kind.CLOSE for intent in intents)
    assert abs(closes / len(intents) - SPEC.close_share) < 0.05
    assert flow.arrivals(flow.FlowSpec(trades_per_day=0), START, END) == ()


def test_every_intent_keeps_inside_the_limits() -> None:
    for intent in flow.arrivals(SPEC, START, END):
        assert SPEC.min_tenor_days <= intent.tenor_days <= SPEC.max_tenor_days
        assert SPEC.min_abs_delta <= intent.abs_delta <= SPEC.max_abs_delta
        assert SPEC.min_size <= intent.size <= SPEC.max_size
        assert (intent.cap_multiple is None) == intent.is_put
        assert 0 <= intent.choose(3) < 3
        assert 0 <= intent.trader < SPEC.traders


def test_part_of_the_standing_book_expires_inside_the_window() -> None:
    book = flow.standing_book(SPEC, START, END)
    assert len(book) == SPEC.standing
    assert all(intent.kind is flow.Kind.OPEN and intent.time == START for intent in book)
    inside = [intent for intent in book if intent.tenor_days <= 9.5]
    assert len(inside) >= SPEC.standing // 2


@pytest.mark.parametrize("is_put", [False, True])
def test_the_strike_has_the_wanted_delta(is_put: bool) -> None:
    intent = flow.TradeIntent(0, flow.Kind.OPEN, is_put, 30, 0.25, 1.0, None, 0.5, 0)
    forward, vol, tau = 2500.0, 0.7, 30 / 365
    strike = intent.strike(forward, vol, tau)
    d1 = (np.log(forward / strike) + 0.5 * vol**2 * tau) / (vol * np.sqrt(tau))
    delta = norm.cdf(-d1) if is_put else norm.cdf(d1)
    assert delta == pytest.approx(0.25, abs=1e-12)
    assert (strike < forward) == is_put


def test_a_menu_is_drawn_in_proportion_to_its_weights() -> None:
    menu = flow.Menu(
        is_put=np.array([True, False]),
        tenor_days=np.array([10.0, 30.0]),
        abs_delta=np.array([0.2, 0.4]),
        weight=np.array([3.0, 1.0]),
    )
    spec = flow.FlowSpec(trades_per_day=300.0, menu=menu)
    intents = flow.arrivals(spec, START, END)
    puts = [intent for intent in intents if intent.is_put]
    assert abs(len(puts) / len(intents) - 0.75) < 0.04
    assert {intent.tenor_days for intent in puts} == {10.0}
