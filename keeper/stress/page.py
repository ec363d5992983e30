"""A stress test as one page that needs no network."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from keeper.pages import glossary, page
from keeper.pages.figures import Panel, blank, moments
from keeper.pages.palette import AMBER, BLUE, GREY, INK, RED, TEAL, Tone
from keeper.stress import words
from keeper.stress.session import Found
from keeper.stress.words import percent
from tandem.model.jumps import BOUGHT_VOL, GATE, PUBLISHED, SOLD_VOL

ABOUT = (
    "The worst day of each path: its loss of book and hedge, share of NAV. SVCJ: paths of models that "
    "the record could have come from. Shuffled: blocks of the record in another order."
)
WORDS = ("LP", "NAV", "hedge", "residual", "hard band", "surface")


def html(found: Found, command: str) -> str:
    """The page."""
    asked = found.asked
    tails, gates, fitted = words.tail_rows(found), words.gate_rows(found), words.fit_rows(found)
    figures = [
        Panel("By an instant jump of spot, % of NAV", _jumps(found)),
        Panel("Share of paths whose worst day costs more, log scale", _tails(found), ABOUT),
        Panel(
            "What recorded days cost, beside what was published that day, % of NAV", _lived(found)
        ),
        Panel("ETH that the gate carries, by what is left unhedged, % of delta", _gate(found)),
    ]
    return page.render(
        page.Page(
            title="How bad a jump could be",
            subtitle=f"{asked.stood.name} · {asked.paths:,} paths of {asked.horizon} days a source",
            banners=_banners(found),
            cards=_cards(found),
            blocks=[
                page.Figures("Losses of LPs", figures),
                page.Table("The worst day of a path", tails[0], tails[1:],
                           numbers=frozenset(range(2, len(tails[0])))),
                page.Table("The better the hedge, the larger the book", gates[0], gates[1:],
                           numbers=frozenset(range(4)),
                           note="The last row is the hedge whose worst jump is least."),
                *_quoted(found),
                page.Table("SVCJ, fitted", fitted[0], fitted[1:], numbers=frozenset({1, 2, 3, 4})),
                page.Facts("The same again", [("seed", str(asked.seed))], command),
                page.Words("Glossary", [page.Item(*pair) for pair in glossary.explained(*WORDS)]),
            ],
        )
    )  # fmt: skip


def _quoted(found: Found) -> list[page.Table]:
    if not found.quoted:
        return []
    rows = words.quoted_rows(found)
    note = (
        f"Same strikes of one expiry, weighted by vega. The gate counts what is sold at {SOLD_VOL:g} times "
        f"its volatility, what is bought at {BOUGHT_VOL:g}; options of a week or more may be opened."
    )
    numbers = frozenset(range(len(rows[0]))) - {2}
    return [
        page.Table(
            "What quoted volatility did within a day", rows[0], rows[1:], numbers=numbers, note=note
        )
    ]


def _banners(found: Found) -> list[page.Banner]:
    made: list[page.Banner] = []
    if not found.complete:
        made.append(page.Banner("Cut short", f"{found.done} of {found.planned} worlds are in it."))
    hours = len(found.asked.record.returns)
    if hours < words.SHORT:
        text = f"{hours:,} hours say little of jumps: intervals are wide for a reason."
        made.append(page.Banner("Short record", text))
    if found.fit.p_value < 0.01:
        text = (
            "A model of one volatility does not explain this record "
            f"(p {found.fit.p_value:.1g}): read its tail beside the shuffled record's."
        )
        made.append(page.Banner("SVCJ is refused", text))
    return made


def _cards(found: Found) -> list[page.Card]:
    lived, stood = found.realised, found.asked.stood
    over = Tone.BAD if lived.past(True) else Tone.GOOD
    cards = [
        page.Card(
            "Published", percent(stood.worst), f"worst L(j); the gate is {100 * stood.gate:g} %"
        ),
        page.Card(
            "Realised", percent(lived.worst(True)), "worst recorded day, with a keeper", over
        ),
        page.Card(
            "Realised, keeper dead",
            percent(lived.worst(False)),
            "worst recorded day",
            Tone.BAD if lived.past(False) else Tone.GOOD,
        ),
    ]
    for tail in found.tails:
        last = tail.quantiles[-1]
        keeper = "with a keeper" if tail.keeper else "keeper dead"
        note = f"{100 * last.level:g} % of paths stay under it, {keeper}"
        cards.append(page.Card(tail.source, percent(last.value), note))
    return cards


def _jumps(found: Found) -> go.Figure:
    figure = blank(300)
    losses = found.asked.stood.losses(PUBLISHED)
    colours = [BLUE if j in GATE else GREY for j in PUBLISHED]
    figure.add_bar(
        x=[f"{j:+.0%}" for j in PUBLISHED], y=[100 * loss for loss in losses], name="L(j)",
        marker={"color": colours}, hovertemplate="%{y:.2f} %",
    )  # fmt: skip
    figure.add_hline(
        y=100 * found.asked.stood.gate, line={"width": 1, "color": RED, "dash": "dash"}
    )
    figure.update_xaxes(type="category")
    return figure


def _tails(found: Found) -> go.Figure:
    figure = blank(420)
    for (source, keeper), worst in found.worst_days.items():
        x = 100 * np.asarray(worst)
        share = 1.0 - (np.arange(len(x)) + 0.5) / len(x)
        keep = np.unique(np.linspace(0, len(x) - 1, 400).astype(int))
        keep = np.union1d(keep, np.arange(max(len(x) - 100, 0), len(x)))
        figure.add_scatter(
            x=x[keep], y=share[keep], mode="lines",
            name=f"{source}, {'with a keeper' if keeper else 'keeper dead'}",
            line={"color": BLUE if source == "SVCJ" else AMBER, "dash": "solid" if keeper else "dot"},
            hovertemplate="%{y:.4f}",
        )  # fmt: skip
    lived = found.realised
    figure.add_vline(x=100 * lived.worst(True), line={"width": 1.5, "color": TEAL},
                     annotation={"text": "realised", "font": {"color": TEAL}})  # fmt: skip
    figure.add_vline(x=100 * found.asked.stood.worst, line={"width": 1.5, "color": RED},
                     annotation={"text": "published", "font": {"color": RED}})  # fmt: skip
    figure.update_yaxes(type="log", tickformat=".2~%")
    figure.update_xaxes(title={"text": "loss of the worst day, % of NAV"})
    return figure.update_layout(showlegend=True)


def _lived(found: Found) -> go.Figure:
    lived, figure = found.realised, blank(320)
    x = moments(lived.times)
    for name, y, colour in (
        ("published worst L(j)", lived.published, RED),
        ("keeper dead", lived.dead, GREY),
        ("with a keeper", lived.kept, TEAL),
    ):
        figure.add_scatter(
            x=x, y=100 * y, name=name, mode="lines", line={"color": colour, "width": 1.2},
            hovertemplate="%{y:.2f} %",
        )  # fmt: skip
    return figure.update_layout(showlegend=True)


def _gate(found: Found) -> go.Figure:
    figure = blank(320)
    rows = sorted(found.carried, key=lambda row: -row.unhedged)
    figure.add_scatter(
        x=[100 * row.unhedged for row in rows], y=[row.most for row in rows],
        mode="lines+markers+text", text=[f"{row.jump:+.0%}" for row in rows],
        textposition="top center", textfont={"color": INK}, line={"color": BLUE},
        hovertemplate="%{y:,.1f} ETH",
    )  # fmt: skip
    figure.update_xaxes(title={"text": "% of delta left unhedged"}, autorange="reversed")
    return figure
