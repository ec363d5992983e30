"""A back-test as one page that needs no network: the frontier of clocks, and where policies lie beside it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import plotly.graph_objects as go

from keeper.backtest import words
from keeper.backtest.judging import CLOCKS, YARDSTICK
from keeper.backtest.outcomes import Outcome
from keeper.backtest.session import Found, Judged
from keeper.pages import page
from keeper.pages.figures import Panel, blank
from keeper.pages.palette import AMBER, BLUE, GREY, INK, PINK, TEAL, VIOLET, Tone

COLOURS = (BLUE, AMBER, TEAL, PINK, VIOLET)
ABOUT = (
    "Left is more exact, down is cheaper. Grey: clocks that hedge everything every 2 to 96 hours. A line is "
    "a policy as its calibrated setting varies, the large point where it was frozen. Cost holds entry and "
    "unwind; error is the root of the mean, over episodes, of the squares of (hedge − delta) × move."
)
WORDS = {
    "cost of a clock as exact": "The policy's cost over that of a clock with the same tracking error, "
    "between the clocks tried. Below 1 it is cheaper.",
    "tracking error": "How far the hedged book strays from what it would be with a hedge at every price, "
    "% of the first spot per unit of notional.",
    "90 %": "In about nine of ten such histories the interval of the cost holds the figure that longer and "
    "longer ones tend to; from blocks of 28 days, checked on simulated prices.",
    "calibrated": "Chosen on the training days so that the tracking error is that of the 8 h clock, then "
    "frozen. On days that are calmer or wilder the error drifts from the clock's.",
}


def html(found: Found, command: str) -> str:
    """The page; a banner where some policies were not reached."""
    asked = found.asked
    swept = {each.policy.text: [(t, u) for _, t, u in each.swept] for each in found.judged}
    test = _frontier(
        found.test_clocks, found.judged, [each.test.outcome for each in found.judged],
        {text: [u for _, u in both] for text, both in swept.items()},
    )  # fmt: skip
    train = _frontier(
        found.train_clocks, found.judged, [each.train.outcome for each in found.judged],
        {text: [t for t, _ in both] for text, both in swept.items()},
    )  # fmt: skip
    panels = [
        Panel(f"Unseen: {asked.test}", test),
        Panel(f"Calibrated on: {asked.train}", train),
    ]
    return page.render(
        page.Page(
            title="What hedging costs",
            subtitle=words.about(asked),
            banners=_unfinished(found),
            cards=[_card(each) for each in found.judged],
            blocks=[
                page.Figures("Cost by tracking error", panels, ABOUT, beside=True),
                page.Table(
                    "Policies on unseen days", words.HEAD, words.cells(found),
                    numbers=frozenset(range(1, len(words.HEAD))),
                ),
                page.Words("Words", [page.Item(*each) for each in WORDS.items()]),
                page.Facts("Again", [("prices", ", ".join(asked.files))], command),
            ],
        )
    )  # fmt: skip


def _card(judged: Judged) -> page.Card:
    ratio = judged.test.cost_ratio
    tone = Tone.PLAIN
    if isfinite(ratio.low):
        tone = Tone.GOOD if ratio.high < 1 else Tone.BAD if ratio.low > 1 else Tone.PLAIN
    return page.Card(
        words.name(judged), words.shown(ratio.value, ".2f"),
        f"of a clock as exact, 90 % {words.between(ratio)}", tone,
    )  # fmt: skip


def _unfinished(found: Found) -> list[page.Banner]:
    if found.complete:
        return []
    done, all_ = len(found.judged), len(found.asked.policies)
    return [page.Banner("Cut short", f"{done} of {all_} policies are in these figures.")]


def _frontier(
    clocks: Sequence[Outcome], judged: Sequence[Judged], frozen: Sequence[Outcome],
    swept: dict[str, list[Outcome]],
) -> go.Figure:  # fmt: skip
    figure = blank(420)
    figure.add_scatter(
        x=[each.error for each in clocks], y=[each.cost for each in clocks], name="clocks",
        mode="lines+markers+text", text=[f"{hours} h" for hours in CLOCKS], line={"color": GREY},
        marker={"size": [9 if hours == YARDSTICK else 5 for hours in CLOCKS]},
        textposition="top right", textfont={"color": GREY, "size": 10},
        hovertemplate="%{text}: cost %{y:.3f} %<extra></extra>",
    )  # fmt: skip
    for i, (each, point) in enumerate(zip(judged, frozen, strict=True)):
        colour, name = COLOURS[i % len(COLOURS)], words.name(each)
        curve = swept[each.policy.text]
        if curve:
            figure.add_scatter(
                x=[o.error for o in curve], y=[o.cost for o in curve], name=name, mode="lines+markers",
                line={"color": colour}, marker={"size": 4}, showlegend=False, hoverinfo="skip",
            )  # fmt: skip
        figure.add_scatter(
            x=[point.error], y=[point.cost], name=name, mode="markers",
            marker={"size": 12, "color": colour, "line": {"color": INK, "width": 1}},
            hovertemplate="cost %{y:.3f} %",
        )  # fmt: skip
    figure.update_xaxes(type="log", title={"text": "tracking error, %"}, tickformat=".2~f")
    figure.update_yaxes(type="log", title={"text": "cost, % of spot"}, tickformat=".2~f")
    return figure.update_layout(showlegend=True, hovermode="closest")
