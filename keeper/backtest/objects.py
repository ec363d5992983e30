"""Any policy over all steps of all episodes, as the object that runs live: it sees states, and no array.

Some hundred thousand states a second; what is built in has a compiled twin (`twins`) that decides alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from keeper.backtest.episodes import Episodes
from keeper.backtest.twins import Costs
from keeper.policy import MarketState, Policy
from keeper.policy.asked import asked, nearest, stop_at
from tandem.model.bands import contract_band

Float = npt.NDArray[np.float64]


def hedges(
    made: Episodes,
    costs: Costs,
    policy: Callable[[], Policy],
    first: Float | None = None,
    watch: Callable[[], object] = lambda: None,
) -> Float:
    """The hedge after each price [n, m], shares of the notional. policy: makes a fresh one for each
    episode. first [n]: the hedge that the sale leaves; else the policy is asked at the sale as at any
    price. watch: called before each episode."""
    out = np.zeros(made.delta.shape)
    for i in range(len(made)):
        watch()
        mine, hedge = policy(), 0.0
        for t in range(int(made.life[i])):
            if t == 0 and first is not None:
                hedge = float(first[i])
            else:
                state = state_of(made, costs, i, t, hedge)
                target = asked(mine, state).target_residual
                if target is not None and _may(state):
                    hedge = float(made.delta[i, t]) + stop_at(target, state) / costs.size
            out[i, t] = hedge
    return out


def _may(state: MarketState) -> bool:
    """Whether the contract lets anybody order, by a lot at least."""
    distance = abs(state.residual)
    return distance >= state.min_trigger and distance - nearest(state) >= state.lot


def state_of(made: Episodes, costs: Costs, i: int, t: int, hedge: float) -> MarketState:
    """What a policy sees of episode i at step t. hedge: share of the notional."""
    size = costs.size
    spot = float(made.start[i] * made.spot[i, t])
    delta, gamma = float(made.delta[i, t]) * size, float(made.slope[i, t]) * size / spot
    gross = float(made.open[i, t]) * size
    hard = trigger = math.inf
    if math.isfinite(costs.nav):
        band = contract_band(spot, gamma, costs.nav, gross, costs.lot)
        hard, trigger = band.hard, band.minimum_trigger
    else:
        trigger = 0.0
    return MarketState(
        time=int(made.time[i]) + t * made.step,
        spot=spot,
        book_delta=-delta,
        gamma=gamma,
        vega=math.nan,
        hedge=hedge * size,
        residual=hedge * size - delta,
        hard_band=hard,
        min_trigger=trigger,
        nav=costs.nav,
        gross_units=gross,
        gas_cost=costs.gas,
        venue_fee=costs.cost,
        realised_vol=float(made.vol[i]),
        sigma_atm=float(made.vol[i]),
        tau_weighted=float(made.tau[i, t]),
        lot=costs.lot,
    )
