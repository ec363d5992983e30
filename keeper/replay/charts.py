"""The report's figures, from the rows and events of a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from keeper.replay.types import PNL_NAMES, Event, StepRow

INK, MUTED, GRID_LINE = "#1c2430", "#687385", "#e9edf2"
TEAL, BLUE, AMBER, RED, GREY = "#0f8b7c", "#2f6fde", "#d98a1f", "#c8402f", "#aab4c2"
TERM_COLOURS = {
    "premium": "#0f8b7c", "fees": "#58b6a7", "delta": "#7a5cc7", "gamma": "#c8402f",
    "theta": "#2f6fde", "vega": "#d98a1f", "funding": "#8a6d3b", "hedge_cost": "#b5548f",
    "gas": "#687385", "residual": "#111827",
}  # fmt: skip
LINES_DRAWN = 4_000
_FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"


def moments(times: Sequence[int]) -> list[datetime]:
    """UTC datetimes for an axis."""
    return [datetime.fromtimestamp(time, UTC) for time in times]


def thinned(rows: Sequence[StepRow], limit: int = LINES_DRAWN) -> list[StepRow]:
    """At most about `limit` rows, with the extremes of price and residual and every hedge kept."""
    if len(rows) <= limit:
        return list(rows)
    spot = np.array([row.spot for row in rows])
    residual = np.array([row.residual for row in rows])
    floor = np.array([row.floor for row in rows])
    keep = {0, len(rows) - 1}
    for chunk in np.array_split(np.arange(len(rows)), max(limit // 6, 1)):
        for values in (spot, residual, floor):
            keep |= {int(chunk[values[chunk].argmin()]), int(chunk[values[chunk].argmax()])}
    return [rows[i] for i in sorted(keep)]


def timeline(rows: Sequence[StepRow], events: Sequence[Event]) -> go.Figure:
    """Price, delta and hedge, residual with its bands, and solvency over one time axis."""
    figure = make_subplots(
        rows=4, cols=1, shared_xaxes=True, vertical_spacing=0.055,
        row_heights=[0.28, 0.22, 0.26, 0.24],
        subplot_titles=[
            "Spot, and where the hedge moved",
            "Delta of the options sold, and the hedge against it (ETH)",
            "Residual delta, inside its bands (ETH)",
            "Net asset value and solvency floor (USD)",
        ],
    )  # fmt: skip
    drawn = thinned(rows)
    when = moments([row.time for row in drawn])
    _price(figure, drawn, when, rows, events)
    _line(figure, 2, when, [-row.book_delta for row in drawn], "delta sold", AMBER, 2.2)
    _line(figure, 2, when, [row.hedge for row in drawn], "hedge", BLUE, 1.4, step=True)
    _residual(figure, drawn, when)
    _line(figure, 4, when, [row.nav for row in drawn], "NAV", INK, 1.8)
    _line(figure, 4, when, [row.floor for row in drawn], "floor", TEAL, 1.6, fill=True)
    _line(figure, 4, [when[0], when[-1]], [0.0, 0.0], "zero", RED, 1.0, legend=False)
    _dress(figure, height=1120)
    figure.update_layout(hovermode="x unified")
    layout: Any = figure.layout
    for row in range(1, 5):
        top = layout["yaxis" if row == 1 else f"yaxis{row}"].domain[1]
        place = {"orientation": "h", "x": 1, "xanchor": "right", "y": top, "yanchor": "bottom"}
        figure.update_layout({_legend(row): {**place, "bgcolor": "rgba(0,0,0,0)"}})
    figure.update_xaxes(showspikes=True, spikemode="across", spikethickness=1, spikecolor=GREY)
    figure.update_yaxes(tickformat="$,.0f", row=1)
    figure.update_yaxes(tickformat="$,.0f", rangemode="tozero", row=4)
    return figure


def _price(
    figure: go.Figure, drawn: Sequence[StepRow], when: Sequence[datetime],
    rows: Sequence[StepRow], events: Sequence[Event],
) -> None:  # fmt: skip
    _line(figure, 1, when, [row.spot for row in drawn], "spot", INK, 1.6)
    for name, colour, symbol, sign in (
        ("hedge bought", TEAL, "triangle-up", 1),
        ("hedge sold", RED, "triangle-down", -1),
    ):
        acts = [row for row in rows if row.hedged * sign > 0]
        figure.add_trace(
            go.Scatter(
                x=moments([row.time for row in acts]), y=[row.spot for row in acts], name=name,
                mode="markers", customdata=[row.hedged for row in acts], legend=_legend(1),
                marker={"color": colour, "symbol": symbol, "size": 9,
                        "line": {"color": "white", "width": 0.8}},
                hovertemplate="%{customdata:+.3f} ETH",
            ),
            row=1, col=1,
        )  # fmt: skip
    for event in [event for event in events if event.kind == "settle"][:40]:
        figure.add_vline(
            x=moments([event.time])[0], line={"color": GREY, "width": 1, "dash": "dot"}
        )


def _residual(figure: go.Figure, drawn: Sequence[StepRow], when: Sequence[datetime]) -> None:
    hard = [row.hard_band for row in drawn]
    trigger = [row.trigger for row in drawn]
    for values, name, colour, dash in (
        (hard, "hard band", RED, "solid"),
        (trigger, "trigger", AMBER, "dash"),
    ):
        for sign in (1, -1):
            _line(
                figure, 3, when, [sign * v for v in values], name, colour, 1.1,
                dash=dash, legend=sign > 0,
            )  # fmt: skip
    _line(figure, 3, when, [row.residual for row in drawn], "residual", BLUE, 1.3)


def _line(
    figure: go.Figure, row: int, x: Sequence[datetime], y: Sequence[float], name: str,
    colour: str, width: float, *, dash: str = "solid", legend: bool = True, fill: bool = False,
    step: bool = False,
) -> None:  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=x, y=y, name=name, mode="lines", showlegend=legend, legendgroup=name,
            legend=_legend(row),
            line={
                "color": colour,
                "width": width,
                "dash": dash,
                "shape": "hv" if step else "linear",
            },
            fill="tozeroy" if fill else None, fillcolor="rgba(15,139,124,0.10)" if fill else None,
            hovertemplate="%{y:,.2f}",
        ),
        row=row, col=1,
    )  # fmt: skip


def _legend(row: int) -> str:
    return "legend" if row == 1 else f"legend{row}"


def waterfall(pnl: dict[str, float]) -> go.Figure:
    """Profit by cause, from the start of the run to its end."""
    shown = [name for name in PNL_NAMES if name in pnl]
    values = [*(pnl[name] for name in shown), sum(pnl[name] for name in shown)]
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[*(name.replace("_", " ") for name in shown), "total"],
            x=values,
            measure=["relative"] * len(shown) + ["total"],
            text=[signed(value) for value in values],
            textposition="outside",
            textangle=0,
            constraintext="none",
            textfont={"size": 12, "color": INK},
            cliponaxis=False,
            increasing={"marker": {"color": TEAL}},
            decreasing={"marker": {"color": RED}},
            totals={"marker": {"color": INK}},
            connector={"line": {"color": GREY, "width": 1}},
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    _dress(figure, height=420)
    steps = np.concatenate([[0.0], np.cumsum(values[:-1])])
    reach = max(float(np.ptp(steps)), 1.0)
    figure.update_xaxes(
        tickformat="$,.0f", nticks=6,
        range=[steps.min() - 0.22 * reach, steps.max() + 0.22 * reach],
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", tickformat="", showgrid=False)
    figure.update_layout(showlegend=False, hovermode="closest", margin={"l": 92, "t": 16})
    return figure


def earned(rows: Sequence[StepRow]) -> go.Figure:
    """Profit by cause as it grew."""
    figure = go.Figure()
    drawn = thinned(rows)
    when = moments([row.time for row in drawn])
    for name in PNL_NAMES:
        values = [getattr(row.pnl, name) for row in drawn]
        if max(map(abs, values)) < 0.01:
            continue
        figure.add_trace(
            go.Scatter(
                x=when, y=values, name=name.replace("_", " "), mode="lines",
                line={"color": TERM_COLOURS[name], "width": 1.5}, hovertemplate="%{y:$,.0f}",
            )
        )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=when, y=[row.pnl.total for row in drawn], name="total", mode="lines",
            line={"color": INK, "width": 2.6}, hovertemplate="%{y:$,.0f}",
        )
    )  # fmt: skip
    _dress(figure, height=420)
    figure.update_yaxes(tickformat="$,.0f")
    figure.update_layout(
        hovermode="x unified",
        legend={"y": -0.12, "yanchor": "top", "x": 0, "xanchor": "left"},
        margin={"t": 16, "b": 70},
    )
    return figure


def gas(events: Sequence[Event]) -> go.Figure | None:
    """Gas of each kind of transaction; None when none was recorded."""
    used: dict[str, list[int]] = {}
    for event in events:
        if event.gas:
            used.setdefault(event.kind, []).append(event.gas)
    if not used:
        return None
    figure = go.Figure()
    for kind, values in sorted(used.items(), key=lambda item: float(np.median(item[1]))):
        figure.add_trace(
            go.Box(
                x=values, name=f"{kind} × {len(values)}", orientation="h", boxpoints="outliers",
                marker={"color": BLUE, "size": 4}, line={"width": 1.3},
                fillcolor="rgba(47,111,222,0.14)",
            )
        )  # fmt: skip
    _dress(figure, height=max(220, 90 + 52 * len(used)))
    figure.update_layout(showlegend=False, hovermode="closest")
    figure.update_xaxes(
        rangemode="tozero", title={"text": "gas", "font": {"color": MUTED, "size": 12}}
    )
    return figure


def signed(value: float) -> str:
    """+$1,234 or −$12."""
    sign = "−" if value < 0 else "+"
    return f"{sign}${abs(value):,.0f}" if abs(value) >= 100 else f"{sign}${abs(value):,.2f}"


def _dress(figure: go.Figure, height: int) -> None:
    figure.update_layout(
        height=height, template="plotly_white", paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)", font={"family": _FONT, "size": 12.5, "color": INK},
        margin={"l": 64, "r": 18, "t": 46, "b": 36},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 1, "xanchor": "right",
                "bgcolor": "rgba(0,0,0,0)", "font": {"size": 12}},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": GREY, "activecolor": INK},
        hoverlabel={"bgcolor": "white", "bordercolor": GRID_LINE, "font": {"family": _FONT}},
    )  # fmt: skip
    figure.update_xaxes(gridcolor=GRID_LINE, zeroline=False, linecolor=GREY, ticks="outside",
                        tickcolor=GRID_LINE)  # fmt: skip
    figure.update_yaxes(gridcolor=GRID_LINE, zerolinecolor=GREY, zerolinewidth=1, tickformat=",~r")
    figure.update_annotations(font={"size": 13.5, "color": INK}, x=0, xanchor="left")
