"""What a trade should cost and do, from the documents alone: Black-76 and SVI in doubles for the
model's part, Fractions and integers for money. Nothing here reads a contract."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tandem.model import bands, black76, smile, svi
from tandem.protocol.series import Series

WAD = 10**18
YEAR = 31_536_000
UNIT = 10**6
IMPUTED = Fraction(60, 10_000)
Holdings = Mapping[Series, int]
Slices = Mapping[int, svi.Slice]


@dataclass(frozen=True, slots=True)
class Option:
    """One series per 1 ETH: value and Greeks with respect to spot, and what spreads are made of."""

    value: float
    delta: float
    gamma: float
    vega: float
    spread_vega: float
    leg_delta: float


@dataclass(frozen=True, slots=True)
class Price:
    """One trade. Token units; `order` in ETH, signed as the hedge trades."""

    premium: float
    fee: float
    charge: float
    own: float
    half_spread: float


def _leg(
    slice_: svi.Slice, spot: float, tau: float, is_put: bool, strike: int
) -> tuple[float, ...]:
    forward = float(slice_.forward(spot, tau))
    growth = forward / spot
    k = math.log(strike / forward)
    g = black76.price(is_put, forward, float(strike), tau, float(slice_.vol(k)))
    delta = smile.spot_delta(g, spot, growth, slice_.vol_slope(k), slice_.stickiness)
    return float(g.value), float(delta), float(smile.spot_gamma(g, growth)), float(g.vega)


def option(series: Series, slice_: svi.Slice, spot: float, now: int) -> Option:
    """The series as the model has it."""
    word = svi.unpack(svi.pack(slice_))  # the chain sees the packed numbers
    tau = max(series.expiry - now, 60) / YEAR
    main = _leg(word, spot, tau, series.is_put, series.strike)
    far = (0.0,) * 4
    if series.other:
        far = _leg(word, spot, tau, series.is_put, series.other)
    width = abs(series.strike - series.other)
    return Option(
        value=min(max(main[0] - far[0], 0.0), width),
        delta=main[1] - far[1],
        gamma=main[2] - far[2],
        vega=main[3] - far[3],
        spread_vega=main[3] + far[3],
        leg_delta=main[1],
    )


def book(held: Holdings, slices: Slices, spot: float, now: int) -> tuple[float, float, float]:
    """Delta, gamma and vega of everything sold."""
    sums = [0.0, 0.0, 0.0]
    for series, units in held.items():
        o = option(series, slices[series.expiry], spot, now)
        for i, part in enumerate((o.delta, o.gamma, o.vega)):
            sums[i] += part * units / UNIT
    return sums[0], sums[1], sums[2]


def payoff(series: Series, price: int | Fraction) -> Fraction:
    """USD per 1 ETH, exact."""
    x = Fraction(price)
    if series.is_put:
        return max(series.strike - max(x, Fraction(series.other)), Fraction(0))
    return max(min(x, Fraction(series.other)) - series.strike, Fraction(0))


def maximum(held: Holdings, expiry: int) -> int:
    """The most that one expiry can have to pay, token units: brute force over every kink."""
    mine = {s: n for s, n in held.items() if s.expiry == expiry}
    kinks = {0, *(s.strike for s in mine), *(s.other for s in mine)}
    return max(int(sum(n * payoff(s, x) for s, n in mine.items())) for x in kinks)


def maxima(held: Holdings) -> int:
    """The sum over expiries."""
    return sum(maximum(held, e) for e in {s.expiry for s in held})


def with_units(held: Holdings, series: Series, units: int) -> dict[Series, int]:
    """The holdings after a trade."""
    after = dict(held)
    after[series] = after.get(series, 0) + units
    return after


def half_spread(
    terms: Mapping[str, int], held: Holdings, slices: Slices, spot: float, now: int, nav: float
) -> float:
    """Base and slope at the fuller of the book's vega and gamma. nav USD -> volatility."""
    _, gamma, vega = book(held, slices, spot, now)
    vega_cap = nav * terms["vega_cap"] * 1e-5 * 100  # per 1.00 of volatility
    gamma_cap = nav * terms["gamma_cap"] * 1e-4
    load = max(abs(vega) / vega_cap, abs(gamma) * spot * spot / 100 / gamma_cap)
    return (terms["half_spread"] + terms["spread_slope"] * min(load, 1.0)) * 1e-4


def price(
    terms: Mapping[str, int],
    held: Holdings,
    slices: Slices,
    series: Series,
    units: int,
    spot: float,
    now: int,
    nav: float,
) -> Price:
    """An opening trade of `units`, or a closing one of `-units`. nav USD."""
    after = with_units(held, series, units)
    spread = half_spread(terms, after, slices, spot, now, nav)
    o = option(series, slices[series.expiry], spot, now)
    size = abs(units) / UNIT
    margin = spread * o.spread_vega
    if units > 0:
        premium = min(o.value + margin, abs(series.strike - series.other)) * size
    else:
        premium = (o.value - min(margin, o.value / 2)) * size
    fee = min(spot * size * terms["fee"] * 1e-5, premium / 10)
    added = (maximum(after, series.expiry) - maximum(held, series.expiry)) / UNIT
    charge = 0.0
    if units > 0 and added > 0:
        used = added * (series.expiry - now) / YEAR * 1e-4
        above = max(premium - o.value * size, 0.0)
        charge = max(used * terms["capital_charge"], used * terms["least_premium"] - above)
    return Price(
        premium=premium * UNIT,
        fee=fee * UNIT,
        charge=charge * UNIT,
        own=o.delta * units / UNIT,
        half_spread=spread,
    )


def band(
    terms: Mapping[str, int], held: Holdings, slices: Slices, spot: float, now: int, nav: float
) -> bands.Band:
    """Half-width, hard band and trigger, ETH. nav USD."""
    _, gamma, _ = book(held, slices, spot, now)
    gross = sum(held.values()) / UNIT
    cost = terms["hedge_cost"] * 1e-4
    return bands.contract_band(spot, gamma, nav, gross, 0.001, cost, float(terms["risk_aversion"]))


def order(own: float, residual: float, width: float) -> float:
    """The one netted order of a trade, as the design words it."""
    if abs(residual) > width:
        return own - residual
    if own * residual > 0:  # the residual already holds part of what the trade needs
        return own - residual if abs(own) > abs(residual) else 0.0
    return own


def fill_cost(size: int, quote_delta: int, fee: int, spot: int) -> Fraction:
    """order x (fill - oracle) + venue fee, WAD USD, exact."""
    return Fraction(fee) - quote_delta - Fraction(size * spot, WAD)


def borne(own: int, size: int, cost: int, spot: int) -> Fraction:
    """The trader's share before the cap on gains, WAD USD, exact."""
    covered = min(abs(own), abs(size)) if own * size > 0 else 0
    share = Fraction(cost * covered, abs(size)) if covered else Fraction(0)
    return share + Fraction((abs(own) - covered) * spot, WAD) * IMPUTED


def in_tokens(cost: int) -> int:
    """WAD USD to token units, rounded against the trader."""
    return math.ceil(Fraction(cost, 10**12))
