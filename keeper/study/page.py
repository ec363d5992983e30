"""A study as one page that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import plotly.graph_objects as go

from keeper.pages import glossary, page
from keeper.pages.figures import Panel, blank
from keeper.pages.palette import GREY, INK
from keeper.study import columns, table
from keeper.study.runner import Row
from keeper.study.table import Line

ABOUT = (
    "Returns are shares of the capital that LPs put in, simple, a year; what a pool behind the index "
    "gave or took is left out. Seeds vary the path inside the recorded candles and the flow, windows "
    "vary the market."
)
WORDS = (
    "LP",
    "premium",
    "informed",
    "reservation",
    "drawdown",
    "Sharpe",
    "hedge cost",
    "pool lag",
    "surface",
)


def html(found: Sequence[Line], rows: Sequence[Row], planned: int) -> str:
    """The page: returns by window, the share of informed traders, and the table; a banner where fewer
    replays than planned are in it."""
    surfaces = ", ".join(sorted({surface for line in found for surface in line.surfaces}))
    panels = [Panel("By window, with the 90 % over seeds, % of capital", _windows(found))]
    if (drawn := _informed(found)) is not None:
        panels.append(Panel("By the share of traders who know what comes, % of capital", drawn))
    return page.render(
        page.Page(
            title="What LPs would have earned",
            banners=_unfinished(len(rows), planned),
            subtitle=f"{len(rows):,} replays of the real contracts · surfaces {surfaces}",
            blocks=[
                page.Figures("Return a year", panels, ABOUT),
                page.Table(
                    "Every condition", columns.HEAD, columns.cells(found),
                    numbers=frozenset(range(1, len(columns.HEAD))),
                ),
                *_under(
                    "How the book was hedged", columns.HEDGED_HEAD, columns.hedged(found)),
                *_under("Why opens were refused", columns.REFUSED_HEAD, columns.reasons(found)),
                page.Words("Glossary", [page.Item(*pair) for pair in glossary.explained(*WORDS)]),
            ],
        )
    )  # fmt: skip


def _under(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[page.Table]:
    """A table, where it has rows."""
    return [page.Table(title, head, rows, numbers=frozenset(range(1, len(head))))] if rows else []


def _unfinished(done: int, planned: int) -> list[page.Banner]:
    if done == planned:
        return []
    text = f"{done:,} of {planned:,} replays are in these figures; the same command goes on."
    return [page.Banner("Cut short", text)]


def _windows(found: Sequence[Line]) -> go.Figure:
    figure = blank(420)
    for line in found:
        names = list(line.windows)
        means = [100 * line.windows[n].mean for n in names]
        reach = [100 * (line.windows[n].high - line.windows[n].mean) for n in names]
        shown = [0.0 if isnan(r) else r for r in reach]
        figure.add_bar(
            x=names, y=means, name=table.name(line), hovertemplate="%{y:.1f} %",
            error_y={"type": "data", "array": shown, "color": INK},
        )  # fmt: skip
    figure.update_xaxes(type="category")
    return figure.update_layout(barmode="group", showlegend=True)


def _informed(found: Sequence[Line]) -> go.Figure | None:
    drawn = table.by_informed(found)
    if not drawn:
        return None
    figure = blank(320)
    for key, group in drawn.items():
        figure.add_scatter(
            x=[100 * x.informed for x in group], y=[100 * x.overall.mean for x in group],
            name=f"{key.policy}, {key.trades_per_day:g} trades a day, premium {key.vol_premium:g}, "
            f"{key.knowledge}",
            mode="lines+markers",
            hovertemplate="%{y:.1f} %",
        )  # fmt: skip
    figure.add_hline(y=0, line={"width": 1, "color": GREY})
    figure.update_xaxes(title={"text": "% of traders"})
    return figure.update_layout(showlegend=True)
