"""The report's figures, from the rows and events of a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import plotly.graph_objects as go

from keeper.pages import palette
from keeper.pages.figures import Panel, blank, line, moments
from keeper.pages.palette import AMBER, BLUE, CARD, GREY, INK, MUTED, RED, TEAL
from keeper.replay.headlines import signed, term_tone
from keeper.replay.types import PNL_NAMES, Event, StepRow
from tandem.units import HOUR

TERM_COLOURS = {
    "premium": TEAL, "fees": palette.MINT, "delta": palette.VIOLET, "gamma": RED, "theta": BLUE,
    "vega": AMBER, "funding": palette.BROWN, "hedge_cost": palette.PINK, "pool_lag": palette.GOLD,
    "residual": GREY,
}  # fmt: skip
LINES_DRAWN = 4_000
SETTLEMENTS_DRAWN = 40
FALL_WITHIN = 6 * HOUR
"""The largest fall is looked for within so many seconds."""
AROUND = 3 * HOUR
"""Shown before its top and after its bottom."""


def thinned(rows: Sequence[StepRow], limit: int = LINES_DRAWN) -> list[StepRow]:
    """At most about `limit` rows; the extremes of spot, residuals, floor and worst jump are kept."""
    if len(rows) <= limit:
        return list(rows)
    kept = ("spot", "residual", "residual_before", "floor", "worst_jump")
    series = [np.nan_to_num([getattr(row, name) for row in rows]) for name in kept]
    keep = {0, len(rows) - 1}
    for chunk in np.array_split(np.arange(len(rows)), max(limit // (2 * len(kept)), 1)):
        for values in series:
            keep |= {int(chunk[values[chunk].argmin()]), int(chunk[values[chunk].argmax()])}
    return [rows[i] for i in sorted(keep)]


def largest_fall(rows: Sequence[StepRow], within: int = FALL_WITHIN) -> tuple[int, int] | None:
    """Indices of the top and the bottom of the largest relative fall of spot within so many seconds;
    None where spot never falls."""
    best, found = 1.0, None
    tops: list[int] = []  # candidates for the highest spot of the last `within` seconds, falling
    first = 0
    for i, row in enumerate(rows):
        while len(tops) > first and rows[tops[-1]].spot <= row.spot:
            tops.pop()
        tops.append(i)
        while rows[tops[first]].time < row.time - within:
            first += 1
        ratio = row.spot / rows[tops[first]].spot
        if ratio < best:
            best, found = ratio, (tops[first], i)
    return found


def around_fall(rows: Sequence[StepRow]) -> list[StepRow]:
    """The hours around the largest fall; nothing where they are most of the run."""
    fall = largest_fall(rows)
    if fall is None:
        return []
    start, end = rows[fall[0]].time - AROUND, rows[fall[1]].time + AROUND
    near = [row for row in rows if start <= row.time <= end]
    return near if 2 * (end - start) < rows[-1].time - rows[0].time else []


def timeline(rows: Sequence[StepRow], events: Sequence[Event]) -> list[Panel]:
    """Price, delta and hedge, residual with its bands, solvency and the gate over one time axis."""
    drawn = thinned(rows)
    when = moments([row.time for row in drawn])
    settled = [e.time for e in events if e.kind == "settle"]
    panels = [
        Panel("Spot, and where the hedge moved", _price(rows, drawn, when)),
        Panel("Delta of the options sold, and the hedge against it, ETH", _delta(drawn, when)),
        Panel("Residual, before and after the keeper acted, ETH", _residual(drawn, when)),
        Panel("NAV, and the floor under it, USD", _worth(drawn, when)),
        *_worst_jump(drawn, when),
    ]
    for time in [t for t in settled if rows[0].time <= t <= rows[-1].time][:SETTLEMENTS_DRAWN]:
        panels[0].figure.add_vline(
            x=moments([time])[0], line={"color": GREY, "width": 1, "dash": "dot"}
        )
    for panel in panels:
        panel.figure.update_xaxes(range=[when[0], when[-1]] if len(when) > 1 else None)
    return panels


def _price(
    rows: Sequence[StepRow], drawn: Sequence[StepRow], when: Sequence[datetime]
) -> go.Figure:
    figure = blank(270)
    line(figure, when, [row.spot for row in drawn], "spot", INK, 1.6)
    for name, colour, symbol, sign in (
        ("hedge bought", BLUE, "triangle-up", 1),
        ("hedge sold", AMBER, "triangle-down", -1),
    ):
        acts = [row for row in rows if row.hedged * sign > 0]
        figure.add_trace(
            go.Scatter(
                x=moments([row.time for row in acts]), y=[row.spot for row in acts], name=name,
                mode="markers", customdata=[row.hedged for row in acts],
                marker={"color": colour, "symbol": symbol, "size": 9,
                        "line": {"color": CARD, "width": 0.8}},
                hovertemplate="%{customdata:+.3f} ETH",
            )
        )  # fmt: skip
    return figure.update_yaxes(tickformat="$,.0f")


def _delta(drawn: Sequence[StepRow], when: Sequence[datetime]) -> go.Figure:
    figure = blank(220)
    line(figure, when, [-row.book_delta for row in drawn], "delta sold", AMBER, 2.2)
    line(figure, when, [row.hedge for row in drawn], "hedge", BLUE, 1.4, step=True)
    return figure


def _residual(drawn: Sequence[StepRow], when: Sequence[datetime]) -> go.Figure:
    figure = blank(270)
    for values, name, colour, dash in (
        ([row.hard_band for row in drawn], "hard band", RED, "solid"),
        ([row.trigger for row in drawn], "trigger", AMBER, "dash"),
    ):
        for sign in (1, -1):
            line(figure, when, [sign * v for v in values], name, colour, 1.1, dash=dash,
                 legend=sign > 0)  # fmt: skip
    line(figure, when, [row.residual_before for row in drawn], "before", palette.VIOLET, 1.2)
    line(figure, when, [row.residual for row in drawn], "after", BLUE, 1.5)
    return figure


def _worth(drawn: Sequence[StepRow], when: Sequence[datetime]) -> go.Figure:
    figure = blank(220)
    line(figure, when, [row.nav for row in drawn], "NAV", INK, 1.8)
    line(
        figure, when, [row.floor for row in drawn], "floor", TEAL, 1.6, fill="rgba(12,122,109,0.12)"
    )
    line(figure, [when[0], when[-1]], [0.0, 0.0], "zero", RED, 1.0, legend=False)
    return figure.update_yaxes(tickformat="$~s", rangemode="tozero")


def _worst_jump(drawn: Sequence[StepRow], when: Sequence[datetime]) -> list[Panel]:
    """What the gate published, with gaps where no mark stood; nothing where none ever did."""
    worst = [row.worst_jump for row in drawn]
    if np.isnan(worst).all():
        return []
    figure = blank(220)
    line(figure, when, worst, "worst jump", RED, 1.6, step=True, form="%{y:$,.0f}")
    limit = [row.jump_limit for row in drawn]
    line(figure, when, limit, "limit for opens", AMBER, 1.2, dash="dash", form="%{y:$,.0f}")
    figure.update_yaxes(tickformat="$~s", rangemode="tozero")
    return [Panel("Loss by the worst jump, hedge counted, and the most for opens, USD", figure)]


def waterfall(pnl: dict[str, float]) -> go.Figure:
    """Profit by cause down to what was earned, then what a lagging pool gave or took, which is no
    profit of the protocol's, then the change of NAV."""
    causes = [name for name in PNL_NAMES if name in pnl and name != "pool_lag"]
    values = [pnl[name] for name in causes]
    names, starts = list(causes), [0.0, *np.cumsum(values)[:-1].tolist()] if values else []
    colours = [term_tone(name, pnl[name]).colour for name in causes]

    def add(name: str, start: float, value: float, colour: str) -> None:
        names.append(name)
        starts.append(start)
        values.append(value)
        colours.append(colour)

    earned = sum(values)
    add("earned", 0.0, earned, INK)
    if "pool_lag" in pnl:
        lag = pnl["pool_lag"]
        add("pool_lag", earned, lag, term_tone("pool_lag", lag).colour)
        add("change of NAV", 0.0, earned + lag, MUTED)
    figure = blank(70 + 30 * len(names))
    ends = [start + value for start, value in zip(starts, values, strict=True)]
    figure.add_trace(
        go.Bar(
            orientation="h", y=[name.replace("_", " ") for name in names], x=values, base=starts,
            marker={"color": colours}, hovertemplate="%{y}: %{text}<extra></extra>",
            text=[signed(value) for value in values], textposition="none",
        )
    )  # fmt: skip
    for name, start, end, value in zip(names, starts, ends, values, strict=True):
        figure.add_annotation(
            x=max(start, end), y=name.replace("_", " "), text=signed(value), showarrow=False,
            xanchor="left", xshift=5, font={"size": 12, "color": INK},
        )  # fmt: skip
    low, high = min([0.0, *starts, *ends]), max([0.0, *starts, *ends])
    reach = max(high - low, 1.0)
    figure.update_xaxes(tickformat="$~s", nticks=6, range=[low - 0.04 * reach, high + 0.3 * reach])
    figure.update_yaxes(autorange="reversed", tickformat="", showgrid=False)
    return figure.update_layout(showlegend=False, hovermode="closest", margin={"l": 98}, bargap=0.3)


def earned(rows: Sequence[StepRow], height: int = 430) -> go.Figure:
    """Profit by cause as it grew; `earned` is their sum without the pool's lag."""
    figure = blank(height)
    drawn = thinned(rows)
    when = moments([row.time for row in drawn])
    for name in PNL_NAMES:
        values = [getattr(row.pnl, name) for row in drawn]
        if max(map(abs, values)) >= 0.01:
            shown = name.replace("_", " ")
            line(figure, when, values, shown, TERM_COLOURS[name], 1.5, form="%{y:$,.0f}")
    total = [row.pnl.earned for row in drawn]
    line(figure, when, total, "earned", INK, 2.6, form="%{y:$,.0f}")
    return figure.update_yaxes(tickformat="$~s")


def gas(events: Sequence[Event]) -> go.Figure | None:
    """Gas of each kind of transaction; None when none was recorded."""
    used: dict[str, list[int]] = {}
    for event in events:
        if event.gas:
            used.setdefault(event.kind, []).append(event.gas)
    if not used:
        return None
    figure = blank(max(200, 70 + 46 * len(used)))
    box: dict[str, Any] = {
        "orientation": "h", "boxpoints": "outliers", "marker": {"color": BLUE, "size": 4},
        "line": {"width": 1.3}, "fillcolor": "rgba(47,111,222,0.14)",
    }  # fmt: skip
    for kind, values in sorted(used.items(), key=lambda item: float(np.median(item[1]))):
        name = f"{kind.replace('_', ' ')} × {len(values)}"
        figure.add_trace(go.Box(x=values, name=name, **box))
    figure.update_layout(showlegend=False, hovermode="closest", margin={"l": 104})
    return figure.update_xaxes(rangemode="tozero", tickformat="~s").update_yaxes(tickformat="")
