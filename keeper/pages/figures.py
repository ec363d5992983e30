"""Figures as a page draws them: one template, and lines over a time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import plotly.graph_objects as go
from markupsafe import Markup

from keeper.pages.palette import (
    AMBER,
    BLUE,
    BROWN,
    CARD,
    GOLD,
    GREY,
    INK,
    LINE,
    PINK,
    RED,
    TEAL,
    VIOLET,
)

FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
CLEAR = "rgba(0,0,0,0)"
_AXIS = {"gridcolor": LINE, "linecolor": GREY, "tickcolor": LINE, "zerolinecolor": GREY}
TEMPLATE = go.layout.Template(
    layout={
        "colorway": [BLUE, AMBER, TEAL, PINK, VIOLET, GOLD, RED, BROWN],
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": 12.5, "color": INK},
        "margin": {"l": 60, "r": 12, "t": 8, "b": 46},
        "legend": {
            "orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left",
            "bgcolor": CLEAR, "font": {"size": 12}, "itemwidth": 30,
        },
        "xaxis": {**_AXIS, "zeroline": False, "ticks": "outside"},
        "yaxis": {**_AXIS, "zerolinewidth": 1, "tickformat": ",~r"},
        "modebar": {"bgcolor": CLEAR, "color": GREY, "activecolor": INK},
        "hoverlabel": {"bgcolor": CARD, "bordercolor": LINE, "font": {"family": FONT, "color": INK}},
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure under a heading."""

    title: str
    figure: go.Figure
    note: str = ""

    @property
    def drawn(self) -> Markup:
        """Data and layout as JSON that may stand inside a script element: plotly escapes < and >."""
        return Markup(self.figure.to_json())  # noqa: S704

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.figure.layout.height)


def moments(times: Sequence[int]) -> list[datetime]:
    """UTC datetimes for an axis."""
    return [datetime.fromtimestamp(time, UTC) for time in times]


def blank(height: int) -> go.Figure:
    """A figure without traces, dressed. height in pixels."""
    return go.Figure(layout={"template": TEMPLATE, "height": height, "hovermode": "x unified"})


def line(
    figure: go.Figure, x: Sequence[datetime], y: Sequence[float], name: str, colour: str,
    width: float = 1.5, *, dash: str = "solid", legend: bool = True, fill: str | None = None,
    step: bool = False, form: str = "%{y:,.2f}",
) -> None:  # fmt: skip
    """Add a line. fill: the colour of the area down to zero; form: what hovering shows."""
    figure.add_trace(
        go.Scatter(
            x=x, y=y, name=name, mode="lines", showlegend=legend, legendgroup=name,
            line={"color": colour, "width": width, "dash": dash, "shape": "hv" if step else "linear"},
            fill="tozeroy" if fill else None, fillcolor=fill, hovertemplate=form,
        )
    )  # fmt: skip
