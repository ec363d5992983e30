"""Why NAV moved: each step's change split by cause, by revaluing the book one input at a time.

Spot first (delta is the tangent, gamma the rest, so a jump of any size is attributed in full),
then time, then the surface; trades and payouts last, at the new prices. Volatility stays with its
strike while spot and time move. What is left is the residual: only numbers, or something that
happened and was not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from keeper.errors import TandemError
from keeper.model.black76 import price
from keeper.replay.types import PNL_NAMES, Leg, PnlFlows, PnlState, PnlTerms, Smile

YEAR = 31_536_000
LEAST_SECONDS = 60
"""Time value between expiry and settlement, as the contracts have it."""

Float = npt.NDArray[np.float64]


class AttributionError(TandemError):
    """States and flows that do not fit together."""


@dataclass(frozen=True, slots=True)
class _Nodes:
    """A book as vanilla options: size [n] ETH (sold above 0), strike [n], expiry [n], puts [n]."""

    size: Float
    strike: Float
    expiry: Float
    is_put: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, book: Iterable[tuple[Leg, float]]) -> _Nodes:
        rows: list[tuple[float, float, int, bool]] = []
        for leg, size in book:
            rows.append((size, leg.strike, leg.expiry, leg.is_put))
            if leg.cap is not None and not leg.is_put:
                rows.append((-size, leg.cap, leg.expiry, False))
        columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
        return cls(
            np.array(columns[0], dtype=np.float64),
            np.array(columns[1], dtype=np.float64),
            np.array(columns[2], dtype=np.float64),
            np.array(columns[3], dtype=np.bool_),
        )

    def tau(self, time: int) -> Float:
        return np.maximum(self.expiry - time, LEAST_SECONDS) / YEAR


@dataclass(frozen=True, slots=True)
class _View:
    """Volatility [n] and basis [n] of each node under one surface, spot and time."""

    vol: Float
    basis: Float

    @classmethod
    def of(cls, nodes: _Nodes, surface: Mapping[int, Smile], spot: float, time: int) -> _View:
        vol, basis = np.empty(len(nodes.size)), np.empty(len(nodes.size))
        tau = nodes.tau(time)
        for expiry in np.unique(nodes.expiry):
            smile = surface.get(int(expiry))
            if smile is None:
                raise AttributionError(
                    f"no smile for the expiry {int(expiry)} in the state at {time}",
                    "give each state the surface of every expiry that was open in it",
                )
            its = nodes.expiry == expiry
            vol[its] = smile.vol(np.log(nodes.strike[its] / spot) - smile.basis * tau[its])
            basis[its] = smile.basis
        return cls(vol, basis)


def _value(nodes: _Nodes, view: _View, spot: float, time: int) -> tuple[Float, Float]:
    """Value and spot delta of each node, times its size. [n], [n]"""
    tau = nodes.tau(time)
    growth = np.exp(view.basis * tau)
    greeks = price(nodes.is_put, spot * growth, nodes.strike, tau, view.vol)
    return nodes.size * greeks.value, nodes.size * greeks.delta * growth


def liability(state: PnlState) -> float:
    """USD value of everything sold, at mid."""
    nodes = _Nodes.of(state.book.items())
    view = _View.of(nodes, state.surface, state.spot, state.time)
    return float(_value(nodes, view, state.spot, state.time)[0].sum())


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


def step(before: PnlState, after: PnlState, flows: PnlFlows) -> PnlTerms:
    """One step's change of NAV by cause."""
    nodes = _Nodes.of(before.book.items())
    old = _View.of(nodes, before.surface, before.spot, before.time)
    start, delta = _value(nodes, old, before.spot, before.time)
    moved = _value(nodes, old, after.spot, before.time)[0]
    aged = _value(nodes, old, after.spot, after.time)[0]
    surface = _with_past(before, after)
    new = _View.of(nodes, surface, after.spot, after.time)
    end = _value(nodes, new, after.spot, after.time)[0]

    move = after.spot - before.spot
    slope = float(delta.sum())
    settled = np.isin(nodes.expiry, list(flows.settled))
    released = float(end[settled].sum()) - sum(flows.settled.values())
    sold = _sold_value(before, after, flows, surface)
    terms = PnlTerms(
        premium=flows.premium - sold,
        fees=flows.fees,
        delta=(before.hedge - slope) * move,
        gamma=slope * move - float((moved - start).sum()),
        theta=float((moved - aged).sum()) + released,
        vega=float((aged - end).sum()),
        funding=flows.funding,
        hedge_cost=-flows.hedge_cost,
        gas=-flows.gas,
    )
    change = after.nav - before.nav - flows.lp_flows
    return replace(terms, residual=change - terms.total)


def _with_past(before: PnlState, after: PnlState) -> dict[int, Smile]:
    """The new surface, and the last known smile of an expiry that has passed."""
    past = {e: smile for e, smile in before.surface.items() if e <= after.time}
    return {**past, **after.surface}


def _sold_value(
    before: PnlState, after: PnlState, flows: PnlFlows, surface: Mapping[int, Smile]
) -> float:
    """Mark of what was sold, less what was bought back, in this step."""
    change = {
        leg: size
        for leg in {**before.book, **after.book}
        if leg.expiry not in flows.settled
        and (size := after.book.get(leg, 0.0) - before.book.get(leg, 0.0)) != 0.0
    }
    nodes = _Nodes.of(change.items())
    view = _View.of(nodes, surface, after.spot, after.time)
    return float(_value(nodes, view, after.spot, after.time)[0].sum())


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


def cents(terms: PnlTerms) -> dict[str, float]:
    """Each term in whole cents; the residual takes the rounding, so that they still add up."""
    rounded = {name: round(value, 2) for name, value in terms.as_dict().items()}
    others = sum(round(rounded[name] * 100) for name in PNL_NAMES if name != "residual")
    rounded["residual"] = (round(terms.total * 100) - others) / 100
    return rounded
