"""A run without contracts: a few options on the shipped path, hedged by the default policy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from worlds import world, world_once

from keeper.policy import MarketState, create
from keeper.replay.pnl import attribute, cents, liability, running
from keeper.replay.summary import worst_fall
from keeper.replay.types import Event, Leg, PnlFlows, PnlState, PnlTerms, StepRow
from tandem.feeds.path import demo
from tandem.feeds.realised import realised_path
from tandem.feeds.surface import Modelled
from tandem.feeds.visits import PathSettings, visits_of

__all__ = ["world", "world_once"]

COST = 1e-3
CASH = 1_000_000.0


@dataclass
class Run:
    summary: dict[str, Any] = field(default_factory=dict)
    rows: list[StepRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def _delta(state: PnlState, bump: float = 1e-4) -> float:
    up = liability(replace(state, spot=state.spot * (1 + bump)))
    down = liability(replace(state, spot=state.spot * (1 - bump)))
    return -(up - down) / (2 * bump * state.spot)


@pytest.fixture(scope="session")
def simulated() -> Run:
    """A run without a chain. Longer than a function should be: its accounts are kept line by line, in the
    order of the day."""
    visits = visits_of(demo(), PathSettings(visits=4))
    vols = realised_path(visits)
    start = int(visits.time[0])
    first, last = start + 8 * 3600 + 7 * 86_400, start + 8 * 3600 + 28 * 86_400
    book = {
        Leg(first, 2800.0, False, 5600.0): 12.0,
        Leg(first, 2600.0, True): 9.0,
        Leg(last, 3000.0, False, 6000.0): 14.0,
        Leg(last, 2400.0, True): 10.0,
    }
    source, policy, run = Modelled(), create("threshold", cost=COST), Run()
    cash, hedge = CASH, 0.0
    states: list[PnlState] = []
    flows: list[PnlFlows] = []
    rows: list[StepRow] = []
    for i, (time, spot) in enumerate(zip(visits.time.tolist(), visits.price.tolist(), strict=True)):
        surface = {s.expiry: s for s in source.slices(time, float(vols[i]), (first, last))}
        settled: dict[int, float] = {}
        if first <= time and any(leg.expiry == first for leg in book):
            due = {leg: size for leg, size in book.items() if leg.expiry == first}
            settled[first] = sum(size * leg.payoff(spot) for leg, size in due.items())
            book = {leg: size for leg, size in book.items() if leg not in due}
            cash -= settled[first]
            run.events.append(
                Event(time, "settle", "first expiry settled", settled[first], 128_000)
            )
        state = PnlState(time, spot, 0.0, hedge, book, surface)
        delta = _delta(state)
        gamma = (_delta(replace(state, spot=spot * 1.002)) - delta) / (0.002 * spot)
        gross = sum(book.values())
        band = 0.1 * gross
        market = MarketState(
            time=time, spot=spot, book_delta=delta, gamma=gamma, vega=0.0, hedge=hedge,
            residual=delta + hedge, hard_band=band, min_trigger=band / 4, nav=CASH,
            gross_units=gross, gas_cost=0.2, realised_vol=float(vols[i]), sigma_atm=0.6,
            tau_weighted=20 / 365,
        )  # fmt: skip
        decision = policy.decide(market)
        order = 0.0
        if decision.target_residual is not None:
            order = decision.target_residual - market.residual
            cash -= order * spot + abs(order) * spot * COST + 0.2
            hedge += order
            run.events.append(Event(time, "rebalance", decision.reason, order, 741_000))
        if i % 7 == 3:
            run.events.append(
                Event(time, "open", "trader bought <1> & paid", 31.5, 790_000 + 900 * i % 99_000)
            )
        nav = cash + hedge * spot - liability(state)
        states.append(replace(state, nav=nav, hedge=hedge))
        if i:
            cost, gas = abs(order) * spot * COST, 0.2 if order else 0.0
            flows.append(PnlFlows(hedge_cost=cost + gas, settled=settled))
        maximum = sum(s * leg.strike for leg, s in book.items())
        rows.append(
            StepRow(
                time, spot, delta, hedge, delta + hedge, band * 0.6, band, cash - maximum, nav,
                hedged=order, residual_before=market.residual,
                realised_vol=float(vols[i]), implied_vol=float(surface[last].vol(0.0)),
            )
        )  # fmt: skip
    sums = [PnlTerms(), *running(attribute(states, flows))]
    run.rows = [replace(row, pnl=terms) for row, terms in zip(rows, sums, strict=True)]
    run.summary = _summary(run, cents(sums[-1]))
    return run


def _summary(run: Run, pnl: dict[str, float]) -> dict[str, Any]:
    rows = run.rows
    over = [abs(row.residual) / row.hard_band for row in rows]
    return {
        "blocks": len(rows), "visits": len(rows), "visits_planned": len(rows), "trades": 212,
        "days": (rows[-1].time - rows[0].time) / 86_400, "worst_fall_usd": worst_fall(rows),
        "others_reverted": {"keeper rebalance: hedge: inside trigger": 7},
        "opens_reverted": {"gate: over": 3, "limits: vega hour": 1},
        "closes_reverted": {"limits: vega hour": 1},
        "hedges": sum(row.hedged != 0 for row in rows),
        "max_abs_residual_delta_eth": max(abs(row.residual) for row in rows),
        "hedge_cost_per_eth_pool_at_index_usd": 2.71, "hedged_eth": 125.0,
        "max_residual_over_band": max(over), "max_residual_over_band_between": 2.31,
        "residual_over_band_minutes": 34,
        "max_open_residual_over_band": 0.71,
        "floor_min_usd": min(row.floor for row in rows),
        "floor_min_over_nav": min(row.floor / row.nav for row in rows),
        "nav_start_usd": rows[0].nav, "nav_end_usd": rows[-1].nav, "lp_flows_usd": 0.0,
        "pnl": pnl, "options_settled": 2, "payouts_usd": 11_234.5,
        "gas": {"mint_p50": 801_234, "mint_max": 912_345, "rebalance_p50": 741_000},
        "wall_s": 61.2,
    }  # fmt: skip
