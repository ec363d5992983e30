"""From a snapshot's integers to the floats that a policy sees: the one place where they become floats."""

from __future__ import annotations

import math

from keeper.policy.types import MarketState
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import ETHER, UNIT, USD, WAD


def market_state(
    snapshot: Snapshot,
    *,
    realised_vol: float = math.nan,
    gas_cost: float = 0.0,
    venue_fee: float = math.nan,
    lot: float = 0.001,
    asset: str = ETHER,
) -> MarketState:
    """What a policy sees. realised_vol 1/sqrt(year), NaN = unknown; gas_cost USD per rebalance;
    venue_fee a share of notional, NaN = unknown; lot ETH. The state's signs are the LPs': what was sold
    has the opposite delta."""
    # compiled: who only reads a journal need not wait
    from tandem.protocol.snapshot import tenor_and_vol

    tau, vol = tenor_and_vol(snapshot)
    stance = snapshot.stance
    return MarketState(
        time=snapshot.timestamp,
        spot=snapshot.spot / WAD,
        book_delta=-stance.delta / WAD,
        gamma=stance.gamma / WAD,
        vega=stance.vega / WAD,
        hedge=snapshot.position / WAD,
        residual=stance.residual / WAD,
        hard_band=stance.hard / WAD,
        min_trigger=stance.trigger / WAD,
        nav=snapshot.funds.nav / USD,
        gross_units=snapshot.gross / UNIT,
        gas_cost=gas_cost,
        venue_fee=venue_fee,
        realised_vol=realised_vol,
        sigma_atm=vol,
        tau_weighted=tau,
        lot=lot,
        contract_risk_aversion=float(snapshot.parameters["risk_aversion"]),
        asset=asset,
    )
