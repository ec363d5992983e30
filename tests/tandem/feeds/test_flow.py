"""Order flow depends on its seed alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from tandem.feeds import flow
from tandem.feeds.path import PathSpec, demo, simulate
from tandem.feeds.visits import visits_of

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
    visits = visits_of(demo())
    grouped = flow.by_visit(long, visits)
    coarse = flow.by_visit(long, visits_of(demo().thin(4)))
    last = int(visits.time[-1])
    flat = [intent for group in grouped for intent in group]
    assert flat == [intent for intent in long if intent.time <= last]
    assert [i for g in coarse for i in g][:1500] == flat[:1500]


def test_no_intent_is_seen_before_it_arrives() -> None:
    visits = visits_of(simulate(PathSpec(days=3, crash_hour=None)))
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


@pytest.mark.parametrize(("median", "largest"), [(1.0, 6.0), (0.3, 2.0), (1.0, 1.2), (5.0, 6.0)])
def test_the_mean_size_is_that_of_the_sizes_drawn(median: float, largest: float) -> None:
    spec = flow.FlowSpec(median_size=median, max_size=largest)
    drawn = median * np.exp(spec.size_spread * np.random.default_rng(7).standard_normal(400_000))
    drawn = drawn.clip(spec.min_size, largest)
    assert spec.mean_size == pytest.approx(drawn.mean(), abs=4 * drawn.std() / 632)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e9])
def test_sizes_of_a_chain_keep_their_proportions_and_what_is_traded_a_day(unit: float) -> None:
    amounts = unit * np.array([1.0, 1.0, 1.0, 2.0, 3.0, 900.0])
    spec = flow.sized(flow.FlowSpec(trades_per_day=2_000.0), amounts)
    assert spec.sizes is not None
    assert spec.sizes[4] == pytest.approx(3 * spec.sizes[0])
    assert spec.sizes[5] == spec.max_size
    assert spec.sizes.mean() == pytest.approx(flow.FlowSpec().mean_size)
    drawn = np.array([intent.size for intent in flow.arrivals(spec, START, END)])
    assert set(drawn) == set(spec.sizes.round(2))
    assert abs(drawn.mean() - spec.mean_size) < 4 * drawn.std() / np.sqrt(len(drawn))


VOL = 0.52


def black(spot: float, tau: float, strike: float, sign: float) -> tuple[float, float]:
    """Value and delta of a call (sign 1) or a put (-1)."""
    width = VOL * np.sqrt(tau)
    d1 = np.log(spot / strike) / width + width / 2
    delta = sign * norm.cdf(sign * d1)
    return float(spot * delta - sign * strike * norm.cdf(sign * (d1 - width))), float(delta)


def gains(knowledge: flow.Knowledge, share: float) -> np.ndarray:
    """What each opening trade is worth an hour later, less the mid it was bought at, USD per option.
    A buyer who knows the volatility hedges with the mid's delta; one who knows the sign does not."""
    visits = visits_of(simulate(PathSpec(days=12, crash_hour=None, vol_of_vol=4.0)))
    spec = flow.FlowSpec(trades_per_day=150.0, informed=share, knowledge=knowledge)
    grouped = flow.by_visit(flow.arrivals(spec, int(visits.time[0]), int(visits.time[-1])), visits)
    found = []
    for i, group in enumerate(flow.with_knowledge(grouped, visits, spec)[:-12]):
        now, later = float(visits.price[i]), visits.price[i : i + 13]
        for intent in group:
            if intent.kind is not flow.Kind.OPEN:
                continue
            tau = intent.tenor_days / 365
            option = (intent.strike(now, VOL, tau), -1.0 if intent.is_put else 1.0)
            bought, end = black(now, tau, *option)[0], black(later[-1], tau - 1 / 8_760, *option)[0]
            hedged = 0.0
            if knowledge is flow.Knowledge.VOLATILITY:
                for step in range(12):
                    delta = black(later[step], tau - step / 12 / 8_760, *option)[1]
                    hedged -= delta * float(later[step + 1] - later[step])
            found.append(end - bought + hedged)
    return np.array(found)


@pytest.mark.parametrize(
    "knowledge",
    [flow.Knowledge.DIRECTION, pytest.param(flow.Knowledge.VOLATILITY, marks=pytest.mark.long)],
)
def test_informed_traders_beat_the_mid_and_others_do_not(knowledge: flow.Knowledge) -> None:
    informed, others = gains(knowledge, 1.0), gains(knowledge, 0.0)
    errors = [each.std() / np.sqrt(len(each)) for each in (informed, others)]
    assert informed.mean() > 5 * errors[0]
    assert others.mean() < 3 * errors[1]
    half = gains(knowledge, 0.5).mean()
    assert others.mean() < half < informed.mean()


def test_who_is_not_informed_trades_as_if_nobody_were() -> None:
    visits = visits_of(simulate(PathSpec(days=3, crash_hour=None)))
    spec = flow.FlowSpec(trades_per_day=200.0, informed=0.3)
    grouped = flow.by_visit(flow.arrivals(spec, START, END), visits)
    known = flow.with_knowledge(grouped, visits, spec)
    plain = flow.by_visit(flow.arrivals(flow.FlowSpec(trades_per_day=200.0), START, END), visits)
    flat = [[i for group in each for i in group] for each in (known, plain)]
    assert [(a, b) for a, b in zip(*flat, strict=True) if not a.informed and a != b] == []
    assert 0.2 < np.mean([intent.informed for intent in flat[0]]) < 0.4


@pytest.mark.parametrize("mean", [0.05, 0.2, 1.0])
def test_a_cost_above_the_mark_keeps_the_share_of_traders_that_the_law_says(mean: float) -> None:
    """Exponential bounds: exp(-cost / mean) of them, whatever the cost; twenty thousand draws, four standard
    errors."""
    spec = flow.FlowSpec(trades_per_day=2_000.0, reservation=mean)
    bounds = np.array([intent.most_above for intent in flow.arrivals(spec, START, END)])
    for cost in (0.0, 0.02, 0.1, 0.5):
        share = np.exp(-cost / mean)
        noise = np.sqrt(share * (1 - share) / len(bounds))
        assert abs(np.mean(bounds >= cost) - share) <= 4 * noise


def test_a_bound_on_prices_changes_nothing_else_of_who_comes() -> None:
    bound = flow.arrivals(replace(SPEC, reservation=0.2, informed=0.3), START, END)
    free = flow.arrivals(replace(SPEC, informed=0.3), START, END)
    assert [replace(intent, most_above=np.inf) for intent in bound] == list(free)
    assert {intent.most_above for intent in free} == {np.inf}
    assert all((intent.most_above == np.inf) is intent.informed for intent in bound)
    assert all(
        i.most_above == np.inf
        for i in flow.standing_book(replace(SPEC, reservation=0.0), START, END)
    )
