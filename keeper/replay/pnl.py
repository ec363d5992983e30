"""Why NAV moved: each step's change split by cause, by revaluing the book one input at a time.

Spot first (delta is the tangent, gamma the rest, so a jump of any size is attributed in full),
then time, then the surface; trades and payouts last, at the new prices. Volatility stays with its
strike while spot and time move. What is left is the residual: only numbers, or something that
happened and was not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from keeper.replay.types import PNL_NAMES, PnlFlows, PnlState, PnlTerms
from keeper.replay.valuation import AttributionError, Moment, Nodes, sweep, worth
from tandem.model.svi import Slice
from tandem.units import YEAR

__all__ = [
    "YEAR",
    "AttributionError",
    "attribute",
    "cents",
    "liability",
    "running",
    "step",
    "total",
]


def liability(state: PnlState, nodes: Nodes | None = None) -> float:
    """USD value of everything sold, at mid. `nodes`: the state's book, where it is known."""
    return worth(nodes or Nodes.of(state.book), Moment(state.time, state.spot, state.surface))


def attribute(states: Sequence[PnlState], flows: Sequence[PnlFlows]) -> list[PnlTerms]:
    """The terms of each step; `flows[i]` happened between `states[i]` and `states[i + 1]`.

    Their sum is nav_end - nav_start - LP flows. Raises AttributionError where the lengths differ
    or a smile is missing.
    """
    if len(flows) != len(states) - 1:
        raise AttributionError(
            f"{len(states)} states and {len(flows)} flows", "give one set of flows per step"
        )
    pairs = zip(pairwise(states), flows, strict=True)
    return [step(before, after, flow) for (before, after), flow in pairs]


def step(
    before: PnlState, after: PnlState, flows: PnlFlows, nodes: Nodes | None = None
) -> PnlTerms:
    """One step's change of NAV by cause. `nodes`: the book of `before`, where it is known."""
    nodes = nodes or Nodes.of(before.book)
    surface = _with_past(before, after)
    old = Moment(before.time, before.spot, before.surface)
    new = Moment(after.time, after.spot, surface)
    start, delta, moved, aged, end = sweep(nodes, old, new)

    move = after.spot - before.spot
    slope = float(delta.sum())
    released = 0.0
    if flows.settled:
        gone = np.isin(nodes.expiry, list(flows.settled))
        released = float(end[gone].sum()) - sum(flows.settled.values())
    sold = _sold_value(before, after, flows, new)
    terms = PnlTerms(
        premium=flows.premium - sold,
        fees=flows.fees,
        delta=(before.hedge - slope) * move,
        gamma=slope * move - float((moved - start).sum()),
        theta=float((moved - aged).sum()) + released,
        vega=float((aged - end).sum()),
        funding=flows.funding,
        hedge_cost=-flows.hedge_cost,
        pool_lag=flows.pool_lag,
    )
    change = after.nav - before.nav - flows.lp_flows
    return replace(terms, residual=change - terms.total)


def _with_past(before: PnlState, after: PnlState) -> dict[int, Slice]:
    """The new surface, and the last known smile of an expiry that has passed."""
    past = {e: smile for e, smile in before.surface.items() if e <= after.time}
    return {**past, **after.surface}


def _sold_value(before: PnlState, after: PnlState, flows: PnlFlows, new: Moment) -> float:
    """Mark of what was sold, less what was bought back, in this step."""
    if before.book is after.book:
        return 0.0
    change = {
        leg: size
        for leg in {**before.book, **after.book}
        if leg.expiry not in flows.settled
        and (size := after.book.get(leg, 0.0) - before.book.get(leg, 0.0)) != 0.0
    }
    return worth(Nodes.of(change), new) if change else 0.0


def total(terms: Iterable[PnlTerms]) -> PnlTerms:
    """The sum over steps."""
    return sum(terms, PnlTerms())


def running(terms: Iterable[PnlTerms]) -> list[PnlTerms]:
    """The sum so far, after each step."""
    sums: list[PnlTerms] = []
    so_far = PnlTerms()
    for each in terms:
        so_far = so_far + each
        sums.append(so_far)
    return sums


def cents(terms: PnlTerms, whole: int | None = None, places: int = 2) -> dict[str, float]:
    """Each term in whole cents; the residual takes the rounding, so that they add up to `whole`
    cents (the rounded change of NAV), or to their own sum. places: of other units than cents."""
    unit = 10**places
    rounded = {name: round(value, places) for name, value in terms.as_dict().items()}
    others = sum(round(rounded[name] * unit) for name in PNL_NAMES if name != "residual")
    whole = round(terms.total * unit) if whole is None else whole
    rounded["residual"] = (whole - others) / unit
    return rounded
