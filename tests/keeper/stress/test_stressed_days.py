"""What a day costs: the keeper's compiled twin decides as the policy does, and the accounts add up."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from keeper.policy import MarketState, create
from keeper.stress import days, gate
from keeper.stress.book import EQUITY, Stood, example
from keeper.stress.days import Keeping, Marks
from tandem.feeds.surface import FLAT, Modelled, SurfaceSpec, term_vol
from tandem.model import jumps
from tandem.model.bands import contract_band
from tandem.model.black76 import intrinsic
from tandem.model.jumps import Holding
from tandem.model.payoff import book_of
from tandem.units import DAY, UNIT

SPOT, LONG, NAV = 2_500.0, 0.7, 1e6


def walk(paths: int, hours: int, vol: float = LONG, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return vol / math.sqrt(8_760) * rng.standard_normal((paths, hours))


@pytest.fixture(scope="module")
def stood() -> Stood:
    return example(SPOT, LONG, NAV)


@pytest.fixture(scope="module")
def made(stood: Stood) -> Marks:
    return days.marks(stood, walk(6, 24 * 9), np.full(6, LONG), LONG)


def test_the_example_just_fills_the_gate(stood: Stood) -> None:
    assert stood.worst == pytest.approx(0.2, rel=1e-5)
    assert stood.worst <= 0.2 + 1e-9
    assert stood.position == pytest.approx(stood.delta)
    assert stood.equity == pytest.approx(EQUITY * abs(stood.position) * SPOT)


@pytest.mark.parametrize(
    "keeping",
    [Keeping(), Keeping(risk_aversion=80.0, gas=5.0), Keeping(risk_aversion=1e7, gas=0.0)],
    ids=["as it runs", "dear gas", "as often as the contract lets it"],
)
def test_the_keeper_is_the_threshold_policy_under_the_contracts_band(
    stood: Stood, made: Marks, keeping: Keeping
) -> None:
    hedges = days.kept_hedges(stood, made, keeping)
    policy = create("threshold", risk_aversion=keeping.risk_aversion, cost=keeping.cost)
    orders = 0
    for i in range(len(hedges)):
        at = stood.position
        for t in range(hedges.shape[1]):
            s, g = made.spot[i, t], made.gamma[i, t]
            band = contract_band(s, g, stood.nav, stood.gross, keeping.lot)
            decided = policy.decide(
                MarketState(
                    time=3_600 * t, spot=s, book_delta=-made.delta[i, t], gamma=-g, vega=0.0,
                    hedge=at, residual=at - made.delta[i, t], hard_band=band.hard,
                    min_trigger=band.minimum_trigger, nav=stood.nav, gross_units=stood.gross,
                    gas_cost=keeping.gas, realised_vol=made.level[i, t], sigma_atm=math.nan,
                    tau_weighted=made.tau[i, t], lot=keeping.lot,
                )
            )  # fmt: skip
            if decided.target_residual is not None:
                at, orders = made.delta[i, t] + decided.target_residual, orders + 1
            assert hedges[i, t] == pytest.approx(at, abs=1e-9)
    assert orders > 20


def test_days_add_up_to_what_book_and_hedge_earned(stood: Stood, made: Marks) -> None:
    keeping = Keeping()
    found = days.day_losses(stood, made, keeping)
    hedge = days.kept_hedges(stood, made, keeping)
    for i in range(len(hedge)):
        earned, at = 0.0, stood.position
        for t in range(hedge.shape[1]):
            earned += at * (made.spot[i, t] - made.spot[i, t - 1]) if t else 0.0
            if hedge[i, t] != at:
                earned -= keeping.cost * abs(hedge[i, t] - at) * made.spot[i, t] + keeping.gas
                at = hedge[i, t]
        earned -= made.value[i, -1] - made.value[i, 0]
        assert -found.kept[i].sum() * NAV == pytest.approx(earned, abs=1e-5)
    alone = stood.position * (made.spot[:, -1] - made.spot[:, 0])
    assert np.abs(alone).max() < stood.equity
    np.testing.assert_allclose(
        -found.dead.sum(axis=1) * NAV, alone - (made.value[:, -1] - made.value[:, 0]), atol=1e-5
    )


def test_an_account_that_is_used_up_ends_the_hedge(stood: Stood) -> None:
    returns = np.zeros((1, 72))
    returns[0, 10], returns[0, 30] = math.log(0.7), math.log(1.6)
    earned = days._alone(SPOT * np.exp(np.cumsum(returns, axis=1)), 2.0, 500.0)
    assert earned[0, 9] == 0.0
    assert earned[0, 10] == -500.0
    assert earned[0, 71] == -500.0, "what is closed earns nothing when spot comes back"


def test_a_kept_account_pays_no_more_in_a_step_than_it_holds() -> None:
    spot = np.array([[100.0, 50.0, 100.0]])
    earned = days._earned(spot, np.full((1, 3), 4.0), 4.0, 0.0, 0.0)
    assert earned[0].tolist() == pytest.approx([0.0, -EQUITY * 400.0, -EQUITY * 400.0 + 200.0])


def test_what_is_owed_at_expiry_stays_owed_and_is_hedged_no_more() -> None:
    book = book_of([(False, 2_400, 2 * UNIT, 5_000)])
    held = Holding(book, 30 / 8_760, np.full(2, LONG))
    alone = Stood("", (held,), SPOT, 0.0, 0.0, NAV, 2.0)
    found = days.marks(alone, walk(3, 48), np.full(3, LONG), LONG)
    at = found.spot[:, 30]
    owed = 2.0 * (intrinsic(False, at, 2_400.0) - intrinsic(False, at, 5_000.0))
    for t in (30, 31, 48):
        np.testing.assert_allclose(found.value[:, t], owed, atol=2.0)
    assert not found.delta[:, 30:].any()
    assert not found.gamma[:, 30:].any()
    assert found.delta[:, 29].any()


def test_volatility_follows_the_law_of_replayed_surfaces() -> None:
    """What their source quotes at the money of a flat smile, within its own bounds."""
    spec = SurfaceSpec(shapes=FLAT, premium=1.0, long_vol=LONG, min_shape_days=0.0)
    for level in (0.01, 0.3, 0.7, 1.9, 9.0):
        for days_left in (1, 7, 40):
            (made,) = Modelled(spec).slices(0, level, [days_left * DAY])
            factor = days.term_factor(np.array([level]), LONG, days_left / 365)
            assert factor[0] * LONG == pytest.approx(made.vol(0.0), rel=1e-12)


def test_a_markets_own_book_begins_at_its_own_volatility(stood: Stood) -> None:
    first = np.array([0.3, 1.4])
    own = days.marks(replace(stood, now=True), np.zeros((2, 24)), first, LONG)
    other = days.marks(stood, np.zeros((2, 24)), first, LONG)
    assert own.value[0, 0] == pytest.approx(own.value[1, 0])
    assert other.value[0, 0] < own.value[0, 0] < other.value[1, 0]
    found = days.day_losses(replace(stood, now=True), own, Keeping())
    assert found.opening == pytest.approx(stood.worst)


def test_what_is_published_on_a_day_is_the_gates_worst_at_that_days_volatility(
    stood: Stood,
) -> None:
    made = days.marks(stood, np.zeros((1, 24)), np.array([1.4]), LONG)
    found = days.day_losses(stood, made, Keeping())
    shaken = tuple(
        replace(h, vols=h.vols * days.term_factor(np.array([1.4]), LONG, h.tau)) for h in stood.held
    )
    wanted = jumps.losses(shaken, SPOT, stood.position, stood.equity).max()
    assert found.opening[0] == pytest.approx(wanted / NAV, rel=1e-12)


def test_what_is_published_first_is_of_the_hedge_that_stands_not_of_what_a_keeper_makes_of_it(
    stood: Stood,
) -> None:
    bare = replace(stood, position=-5.0, equity=200.0)
    made = days.marks(bare, np.zeros((1, 24)), np.full(1, LONG), LONG)
    assert days.kept_hedges(bare, made, Keeping())[0, 0] > 0.0
    found = days.day_losses(bare, made, Keeping())
    assert found.opening[0] == pytest.approx(bare.worst)


def test_what_is_published_moves_with_spot_time_and_hedge(stood: Stood) -> None:
    """The worst L(j) at the end of a day is that of the book as it stands then."""
    returns = walk(1, 24, seed=9) + 0.01
    made = days.marks(stood, returns, np.full(1, LONG), LONG)
    position = float(days.kept_hedges(stood, made, Keeping())[0, -1])
    spot, level = float(made.spot[0, -1]), made.level[0, -1:]
    held = tuple(
        replace(
            h, tau=h.tau - 1 / 365, vols=h.vols * days.term_factor(level, LONG, h.tau - 1 / 365)
        )
        for h in stood.held
    )
    wanted = jumps.losses(held, spot, position, EQUITY * abs(position) * spot).max()
    found = days.day_losses(stood, made, Keeping())
    assert found.later[0] == pytest.approx(wanted / NAV, rel=1e-9)
    assert found.later[0] != pytest.approx(found.opening[0], rel=0.01)


def test_a_crash_is_revalued_at_the_volatility_that_it_makes(stood: Stood) -> None:
    """An hour of -30 % takes the trailing day past the surface's own bound: the gate's shock of 1.5 is
    less than what such an hour does."""
    returns = np.zeros((1, 24))
    returns[0, 0] = math.log(0.7)
    found = days.marks(stood, returns, np.full(1, LONG), LONG)
    short = math.sqrt(
        LONG**2 * 0.5 ** (1 / 24) + (1 - 0.5 ** (1 / 24)) * math.log(0.7) ** 2 * 8_760
    )
    assert found.level[0, 1] == pytest.approx(short)
    wanted = 0.0
    for h in stood.held:
        tau = h.tau - 1 / 8_760
        vol = term_vol(min(short, 2.5), LONG, SurfaceSpec().reversion_per_year, tau)
        later = replace(h, tau=tau, vols=h.vols * vol / LONG)
        wanted += jumps.owed([later], [0.7 * SPOT])[0]
    assert found.value[0, 1] == pytest.approx(wanted, rel=1e-12)
    assert vol / LONG > jumps.SOLD_VOL


def test_the_better_the_hedge_the_larger_the_book_that_one_gate_carries(stood: Stood) -> None:
    rows = gate.carried(stood)
    by_share = rows[:-1]
    assert [row.unhedged for row in by_share] == list(gate.SHARES)
    assert all(a.most < b.most for a, b in itertools.pairwise(by_share))
    assert by_share[-1].most == pytest.approx(stood.gross, rel=1e-4)
    assert rows[-1].most >= by_share[-1].most
    for row in rows:
        assert row.most * row.worst == pytest.approx(0.2 * NAV)
