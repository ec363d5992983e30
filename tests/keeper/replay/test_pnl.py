"""Attribution: it adds up, each cause gets its own, and nothing is left over.

The ledger under test is simulated here with its own Black formula (scipy), cash and hedge account.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm

from keeper.replay.pnl import AttributionError, attribute, cents, liability, running, total
from keeper.replay.types import PNL_NAMES, Leg, PnlFlows, PnlState, PnlTerms
from tandem.feeds import flow
from tandem.feeds.path import PathSpec
from tandem.feeds.path import simulate as simulate_path
from tandem.feeds.realised import realised_path
from tandem.feeds.surface import Modelled
from tandem.feeds.visits import PathKind, PathSettings, visits_of
from tandem.model.svi import Slice
from tandem.units import YEAR

WEEK = 7 * 86_400


def black(is_put: bool, forward: float, strike: float, tau: float, vol: float) -> float:
    spread = vol * math.sqrt(tau)
    d1 = math.log(forward / strike) / spread + spread / 2
    sign = -1.0 if is_put else 1.0
    return sign * float(forward * ndtr(sign * d1) - strike * ndtr(sign * (d1 - spread)))


def worth(leg: Leg, smile: Slice, spot: float, time: int) -> float:
    tau = max(leg.expiry - time, 60) / YEAR
    forward = spot * math.exp(smile.basis * tau)

    def one(strike: float, is_put: bool) -> float:
        return black(is_put, forward, strike, tau, float(smile.vol(math.log(strike / forward))))

    return one(leg.strike, leg.is_put) - (one(leg.cap, False) if leg.cap else 0.0)


def book_worth(
    book: Mapping[Leg, float], surface: Mapping[int, Slice], spot: float, time: int
) -> float:
    return sum(size * worth(leg, surface[leg.expiry], spot, time) for leg, size in book.items())


@dataclass
class Ledger:
    """A Vault of the simplest kind: cash, a hedge account, a book."""

    cash: float = 1_000_000.0
    account: float = 0.0
    hedge: float = 0.0

    def nav(self, spot: float, liability_usd: float) -> float:
        return self.cash + self.account + self.hedge * spot - liability_usd


def simulate() -> tuple[list[PnlState], list[PnlFlows]]:
    """The demo path through each hour's extremes, so that its crash is one step; seeded flow,
    hedged at every fourth visit, settled at expiry. Longer than a function should be: the accounts are kept
    line by line, in the order of the day, so that they can be checked by eye."""
    hours = simulate_path(PathSpec(fine_before=0, fine_after=0))
    visits = visits_of(hours, PathSettings(PathKind.EXTREMES))
    vols = realised_path(visits)
    start, end = int(visits.time[0]), int(visits.time[-1])
    expiries = [start + 8 * 3600 + day * 86_400 for day in (4, 8, 15, 30, 45)]
    spec = flow.FlowSpec(trades_per_day=20)
    grouped = flow.by_visit(flow.arrivals(spec, start, end), visits)
    grouped[0] = flow.standing_book(spec, start, end) + grouped[0]
    source, ledger, book = Modelled(), Ledger(), dict[Leg, float]()
    states: list[PnlState] = []
    flows: list[PnlFlows] = []
    kept: dict[int, Slice] = {}
    for i, (time, spot) in enumerate(zip(visits.time.tolist(), visits.price.tolist(), strict=True)):
        surface = {s.expiry: s for s in source.slices(time, float(vols[i]), expiries)}
        kept = {**kept, **surface}
        paid: dict[str, float] = {"premium": 0.0, "fees": 0.0, "hedge_cost": 0.0}
        paid["pool_lag"] = 0.0
        settled: dict[int, float] = {}
        for expiry in {leg.expiry for leg in book if leg.expiry <= time}:
            due = [leg for leg in book if leg.expiry == expiry]
            settled[expiry] = sum(book.pop(leg) * leg.payoff(spot) for leg in due)
            ledger.cash -= settled[expiry]
        for intent in grouped[i]:
            wanted = [e for e in expiries if e > time + 86_400]
            if intent.kind is flow.Kind.CLOSE:
                if not book:
                    continue
                leg = list(book)[intent.choose(len(book))]
                size = -min(intent.size, book[leg])
            else:
                expiry = min(wanted, key=lambda e: abs(e - time - intent.tenor_days * 86_400))
                smile = surface[expiry]
                tau = smile.tau(time)
                strike = round(
                    intent.strike(float(smile.forward(spot, tau)), float(smile.vol(0.0)), tau), -1
                )
                cap = intent.cap_multiple and strike * intent.cap_multiple
                leg, size = Leg(expiry, strike, intent.is_put, cap), intent.size
            mark = worth(leg, kept[leg.expiry], spot, time) * size
            premium, fee = mark + 0.01 * abs(mark), 0.0003 * abs(size) * spot
            ledger.cash += premium + fee
            paid["premium"] += premium
            paid["fees"] += fee
            left = book.get(leg, 0.0) + size
            book[leg] = left
            if left <= 0:
                del book[leg]
        if i % 4 == 0:
            bump = spot * 1e-5
            up = book_worth(book, kept, spot + bump, time)
            down = book_worth(book, kept, spot - bump, time)
            order = (up - down) / (2 * bump) - ledger.hedge
            cost = abs(order) * spot * 5e-4
            ledger.hedge += order
            ledger.account -= order * spot + cost
            paid["hedge_cost"] += cost + 0.1
            gift = 0.3 * abs(order)
            ledger.account += gift
            paid["pool_lag"] += gift
            ledger.cash -= 0.1
        funding = -ledger.hedge * spot * 2e-6
        ledger.account += funding
        deposit = 50_000.0 if i == 400 else 0.0
        ledger.cash += deposit
        nav = ledger.nav(spot, book_worth(book, kept, spot, time))
        live = {e: s for e, s in kept.items() if e > time or any(g.expiry == e for g in book)}
        states.append(PnlState(time, spot, nav, ledger.hedge, dict(book), live))
        if i:
            flows.append(PnlFlows(funding=funding, lp_flows=deposit, settled=settled, **paid))
    return states, flows


@pytest.fixture(scope="module")
def run() -> tuple[list[PnlState], list[PnlFlows], list[PnlTerms]]:
    states, flows = simulate()
    return states, flows, attribute(states, flows)


Run = tuple[list[PnlState], list[PnlFlows], list[PnlTerms]]


def test_the_terms_add_up_to_the_change_of_nav_to_the_cent(run: Run) -> None:
    states, flows, terms = run
    change = states[-1].nav - states[0].nav - sum(each.lp_flows for each in flows)
    assert total(terms).total == pytest.approx(change, abs=1e-6)
    assert sum(round(value * 100) for value in cents(total(terms)).values()) == round(change * 100)


def test_nothing_is_left_unexplained_through_a_crash_and_settlements(run: Run) -> None:
    states, flows, terms = run
    assert sum(len(each.settled) for each in flows) == 1
    assert min(b.spot / a.spot for a, b in itertools.pairwise(states)) < 0.86
    sizes = sum(abs(getattr(total(terms), name)) for name in PNL_NAMES)
    assert abs(total(terms).residual) < 1e-6 * sizes
    assert max(abs(each.residual) for each in terms) < 1e-5
    for name in PNL_NAMES[:-1]:
        assert abs(getattr(total(terms), name)) > 1.0


def test_a_payment_that_was_not_reported_shows_as_residual(run: Run) -> None:
    states, flows, _ = run
    hidden = [replace(flows[0], fees=flows[0].fees - 1234.0), *flows[1:]]
    assert total(attribute(states, hidden)).residual == pytest.approx(1234.0, abs=1e-3)


def test_the_crash_is_paid_by_gamma_and_calm_time_earns_theta(run: Run) -> None:
    states, _, terms = run
    crash = min(range(len(terms)), key=lambda i: states[i + 1].spot / states[i].spot)
    assert terms[crash].gamma < -1_000
    assert sorted(each.gamma for each in terms).index(terms[crash].gamma) < 2  # or its way back
    assert total(terms).theta > 0 > total(terms).gamma
    assert all(each.gamma <= 1.0 for each in terms)


def test_a_small_step_gives_the_second_order_terms() -> None:
    leg = Leg(expiry=30 * 86_400, strike=2500.0, is_put=False, cap=None)
    flat = {leg.expiry: Slice(0.36, 0.0, 0.0, 0.0, 1.0)}
    spot, vol, tau = 2500.0, 0.6, 30 / 365
    before = PnlState(0, spot, 0.0, 0.0, {leg: 10.0}, flat)
    after = PnlState(60, spot * 1.001, 0.0, 0.0, {leg: 10.0}, flat)
    (terms,) = attribute([before, after], [PnlFlows()])
    d1 = vol * math.sqrt(tau) / 2
    gamma = norm.pdf(d1) / (spot * vol * math.sqrt(tau))
    theta = spot * norm.pdf(d1) * vol / (2 * math.sqrt(tau))
    assert terms.delta == pytest.approx(-10 * norm.cdf(d1) * spot * 0.001, rel=1e-9)
    assert terms.gamma == pytest.approx(-10 * 0.5 * gamma * (spot * 0.001) ** 2, rel=5e-3)
    assert terms.theta == pytest.approx(10 * theta * 60 / YEAR, rel=5e-3)
    assert terms.vega == pytest.approx(0.0, abs=1e-9)


def test_a_new_surface_is_vega_and_a_hedged_delta_is_none() -> None:
    leg = Leg(expiry=30 * 86_400, strike=2500.0, is_put=True)
    old = {leg.expiry: Slice(0.36, 0.0, 0.0, 0.0, 1.0)}
    new = {leg.expiry: Slice(0.3721, 0.0, 0.0, 0.0, 1.0)}
    d1 = 0.6 * math.sqrt(30 / 365) / 2
    hedge = 10 * (float(norm.cdf(d1)) - 1)
    before = PnlState(0, 2500.0, 0.0, hedge, {leg: 10.0}, old)
    after = PnlState(0, 2510.0, 0.0, hedge, {leg: 10.0}, new)
    (terms,) = attribute([before, after], [PnlFlows()])
    assert terms.delta == pytest.approx(0.0, abs=1e-6)
    vega = 2510 * norm.pdf(math.log(2510 / 2500) / (2 * d1) + d1) * math.sqrt(30 / 365)
    assert terms.vega == pytest.approx(-10 * vega * 0.01, rel=0.01)


def test_the_liability_is_that_of_an_independent_formula(run: Run) -> None:
    states, _, _ = run
    for state in states[::97]:
        assert liability(state) == pytest.approx(
            book_worth(state.book, state.surface, state.spot, state.time), abs=1e-6
        )


def test_running_sums_end_in_the_total(run: Run) -> None:
    _, _, terms = run
    assert running(terms)[-1].as_dict() == pytest.approx(total(terms).as_dict())


def test_states_and_flows_must_fit() -> None:
    state = PnlState(0, 2500.0, 0.0, 0.0, {Leg(WEEK, 2500.0, True): 1.0}, {})
    with pytest.raises(AttributionError, match="1 states and 1 flows"):
        attribute([state], [PnlFlows()])
    with pytest.raises(AttributionError, match="no smile"):
        attribute([state, state], [PnlFlows()])


def test_payoffs_are_capped() -> None:
    call = Leg(0, 2000.0, False, 4000.0)
    assert [call.payoff(price) for price in (1500, 2500, 9000)] == [0, 500, 2000]
    assert Leg(0, 2000.0, True).payoff(1500) == 500
    assert Leg(0, 2000.0, True, 1800.0).payoff(1500) == 200
    assert np.isfinite(Leg(0, 2000.0, False).payoff(1e9))
