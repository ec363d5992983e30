"""The report of a run: one HTML file that needs no network, and a summary for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from keeper.pages import glossary, page
from keeper.pages.figures import Panel
from keeper.replay import aftermath_words, charts, headlines
from keeper.replay.facts import Columns, Facts
from keeper.replay.types import PNL_NAMES, Event, StepRow
from tandem.errors import TandemError
from tandem.feeds.tabular import utc
from tandem.files import write_file

EVENTS_SHOWN = 2_000
COMMAND_WIDTH = 40
NUMEROUS = frozenset({"open", "close", "redeem"})
"""Kinds of events that are left out first."""


class EmptyRunError(TandemError):
    """A report was asked for a run in which nothing happened."""


def write(
    path: Path,
    summary: Mapping[str, Any],
    rows: Sequence[StepRow],
    events: Sequence[Event],
    title: str = "Tandem replay",
    subtitle: str = "",
) -> Path:
    """Write the report of a run to `path` and return it."""
    return write_file(path, html(summary, rows, events, title, subtitle))


def html(
    summary: Mapping[str, Any],
    rows: Sequence[StepRow],
    events: Sequence[Event],
    title: str = "Tandem replay",
    subtitle: str = "",
) -> str:
    """The report as one self-contained page."""
    if not rows:
        raise EmptyRunError("the run has no steps", "replay a window with at least one candle")
    period = f"{utc(rows[0].time)} to {utc(rows[-1].time)} UTC"
    return page.render(
        page.Page(
            title=title,
            subtitle=" · ".join(filter(None, (subtitle, period, headlines.surfaces(summary)))),
            banners=[*headlines.banners(summary), *aftermath_words.banners(summary)],
            cards=[*aftermath_words.cards(summary), *headlines.cards(summary)],
            blocks=[
                page.Figures("The run", charts.timeline(rows, events), linked=True),
                *_zoom(summary, rows, events),
                *([] if headlines.is_stress(summary) else [_profit(summary, rows)]),
                *aftermath_words.tables(summary),
                *_refusals(summary),
                _settings(summary),
                *_gas(summary, events),
                _events(events),
                page.Words("Glossary", [page.Item(*pair) for pair in glossary.explained()]),
            ],
        )
    )


def _zoom(
    summary: Mapping[str, Any], rows: Sequence[StepRow], events: Sequence[Event]
) -> list[page.Block]:
    near = charts.around_fall(rows)
    found = charts.largest_fall(near) if near else None
    if found is None:
        return []
    top, bottom = near[found[0]], near[found[1]]
    minutes = (bottom.time - top.time) / 60
    span = f"{minutes / 60:.2g} hours" if minutes >= 90 else f"{minutes:.0f} minutes"
    fall = headlines.percent(100 * (bottom.spot / top.spot - 1), 1)
    note = (
        f"{top.spot:,.2f} to {bottom.spot:,.2f} USD ({fall}) in {span}, "
        f"from {utc(top.time)} UTC: the largest fall within {charts.FALL_WITHIN // 3600} hours."
    )
    panels = charts.timeline(near, events)
    if not headlines.is_stress(summary):
        panels.append(Panel("Earned by LPs since the run began, USD", charts.earned(near, 270)))
    return [page.Figures("The worst hours", panels, note, linked=True)]


def _profit(summary: Mapping[str, Any], rows: Sequence[StepRow]) -> page.Block:
    by_cause = charts.waterfall(dict(summary.get("pnl", {})))
    panels = [Panel("Profit by cause", by_cause), Panel("Profit over time", charts.earned(rows))]
    note = " ".join(filter(None, (headlines.POOL_LAG, headlines.carry(summary))))
    return page.Figures("Profit", panels, note, beside=True)


def _refusals(summary: Mapping[str, Any]) -> list[page.Block]:
    items = headlines.refusals(summary)
    note = "What the chain refused, and what to do about it. Each reverted whole: nothing was left."
    return [page.Words("Refused", items, note)] if items else []


def _settings(summary: Mapping[str, Any]) -> page.Block:
    command = pasteable(str(summary.get("command", "")))
    note = "The same command with the same files gives the same run." if command else ""
    return page.Facts("Settings", headlines.settings(summary), command, note)


def pasteable(command: str) -> str:
    """The command on lines short enough for a telephone; a shell takes it as one."""
    lines = [""]
    for part in command.replace(" --", "\0--").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) >= COMMAND_WIDTH:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".strip()
    return " \\\n  ".join(lines)


def _gas(summary: Mapping[str, Any], events: Sequence[Event]) -> list[page.Block]:
    drawn = charts.gas(events)
    real = "Counted by anvil, as a chain counts it."
    unreal = (
        "Counted by pyrevm, which is fast and says too little: run --engine anvil for real ones."
    )
    note = real if headlines.gas_is_real(summary) else unreal
    return (
        [] if drawn is None else [page.Figures("Gas", [Panel("Of each transaction", drawn)], note)]
    )


def chosen(events: Sequence[Event], limit: int = EVENTS_SHOWN) -> list[Event]:
    """At most `limit` events in their order: the numerous kinds are left out first, then the latest."""
    if len(events) <= limit:
        return list(events)
    by_weight = sorted(range(len(events)), key=lambda i: (events[i].kind in NUMEROUS, i))
    return [events[i] for i in sorted(by_weight[:limit])]


def _events(events: Sequence[Event]) -> page.Block:
    shown = chosen(events)
    left = len(events) - len(shown)
    return page.Table(
        "Events",
        ("time, UTC", "kind", "what happened", "amount", "gas"),
        [
            (
                utc(event.time),
                event.kind.replace("_", " "),
                event.text,
                "" if event.amount is None else f"{event.amount:,.2f}",
                "" if event.gas is None else f"{event.gas:,}",
            )
            for event in shown
        ],
        numbers=frozenset({3, 4}),
        choose=1,
        note=f"{left:,} of {len(events):,} events are left out: opens and closes first, then the "
        "latest." if left else "",
    )  # fmt: skip


# ---- for a terminal
def terminal(summary: Mapping[str, Any]) -> Group:
    """The same banners, figures and causes in words for a terminal of any width."""
    parts: list[RenderableType] = []
    for banner in [*headlines.banners(summary), *aftermath_words.banners(summary)]:
        parts.append(Text(f"{banner.title}: {banner.text}\n", style="bold yellow"))
    rows = [
        (card.label, Text(card.figure, style=card.tone.style), card.note)
        for card in [*aftermath_words.cards(summary), *headlines.cards(summary)]
    ]
    prices, blocks = (int(headlines.number(summary, key)) for key in ("visits", "blocks"))
    wall = f"{headlines.number(summary, 'wall_s'):.1f} s"
    rows.append(("Wall time", Text(wall), f"{prices:,} prices, {blocks:,} blocks"))
    if said := headlines.surfaces(summary):
        source, _, rest = said.removeprefix("surfaces ").partition(", ")
        rows.append(("Surfaces", Text(source), rest))
    title = "The run" if summary.get("complete", True) else "The run, cut short"
    parts += [Facts(title, rows), *_aftermath(summary)]
    if not headlines.is_stress(summary):
        parts += [Text(), _causes(summary)]
    return Group(*parts)


def _aftermath(summary: Mapping[str, Any]) -> list[RenderableType]:
    """What LPs lost once hedging ended, beside what was published; what does not fit is on the page."""
    parts: list[RenderableType] = []
    for table in aftermath_words.tables(summary):
        shown = (0, 2, 3, 4, 5)
        rows = [[row[column] for column in shown] for row in table.rows]
        numbers = frozenset(i for i, column in enumerate(shown) if column in table.numbers)
        head = ("", "move", "LPs lost", "jump", "published")
        parts += [Text(), Columns(f"{table.title}, USD", head, rows, numbers)]
    return parts


def _causes(summary: Mapping[str, Any]) -> Facts:
    pnl, carry = dict(summary.get("pnl", {})), dict(summary.get("carry", {}))
    rows: list[tuple[str, Text, str]] = []
    for name in [name for name in PNL_NAMES if name in pnl and name != "pool_lag"]:
        tone = headlines.term_tone(name, round(pnl[name], 2))
        figure = Text(f"{pnl[name]:+,.2f}", style=tone.style)
        rows.append((name.replace("_", " "), figure, glossary.CAUSES[name]))
        if name == "funding" and len(carry) > 1:
            rows += [(f"  at {at}", Text(f"{paid:+,.2f}", "dim"), "") for at, paid in carry.items()]
    lag = pnl.get("pool_lag", 0.0)
    rows.append(("earned", Text(f"{sum(pnl.values()) - lag:+,.2f}", style="bold"), ""))
    if lag:
        rows.append(("pool lag", Text(f"{lag:+,.2f}"), glossary.CAUSES["pool_lag"]))
        rows.append(("change of NAV", Text(f"{sum(pnl.values()):+,.2f}"), ""))
    return Facts("Profit by cause, USD", rows)
