"""How a run shows itself: a line per event that matters, a progress bar, a summary, files."""

from __future__ import annotations

import shlex
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from keeper.replay import picture, report
from keeper.replay.run import ReplayResult, Watch
from keeper.replay.settings import ReplaySettings
from keeper.replay.types import Event
from tandem.files import write_file
from tandem.protocol.reverts import explain
from tandem.terminal.json_text import to_json

STYLES = {
    "revert": "red",
    "refused": "red",
    "liquidation": "bold red",
    "rebalance": "cyan",
    "bounty": "cyan",
    "settle": "bold green",
    "top_up": "yellow",
    "sweep": "yellow",
    "delever": "bold yellow",
    "shift": "yellow",
    "end": "bold red",
    "deposit": "green",
    "exit": "green",
    "open": "dim",
    "close": "dim",
    "redeem": "dim",
}
QUIET = frozenset({"open", "close", "redeem"})
"""Kinds that are shown only when everything is asked for."""
REVERTS = frozenset({"revert", "refused"})
WIDTH = 100
NARROW = 60
"""Columns below which a text stands under its moment and kind, not beside them."""
OUTPUTS = frozenset({"out", "picture", "report", "verbose", "as_json"})
"""Options that say where a run is shown and change nothing of it."""


@dataclass(slots=True)
class Lines:
    """One line per event that matters; a revert reason in full the first time only."""

    console: Console
    everything: bool = False
    with_gas: bool = True
    _known: set[str] = field(default_factory=set)

    def show(self, event: Event) -> None:
        """The event, where it matters."""
        reason = event.text.partition(": ")[2] if event.kind in REVERTS else ""
        first = bool(reason) and reason not in self._known
        if not self.everything and (event.kind in QUIET or (reason and not first)):
            return
        self._line(event)
        if first:
            self._known.add(reason)
            words = explain(reason)
            self._line(Event(0, "", f"{words.what} {words.todo}"))

    def _line(self, event: Event) -> None:
        when = f"{datetime.fromtimestamp(event.time, UTC):%d %b %H:%M}" if event.time else ""
        gas = f"{event.gas / 1e3:,.0f}k gas" if event.gas and self.with_gas else ""
        style = STYLES.get(event.kind, "") if event.time else "dim"
        kind, text = Text(event.kind.replace("_", " "), style=style), Text(event.text, style=style)
        if self.console.width >= NARROW:
            self._row(when, kind, text, gas)
            return
        if when:
            self._row(when, kind, "", gas)
        self.console.print(Padding(text, (0, 0, 0, 2)), highlight=False)

    def _row(self, when: str, kind: Text, text: Text | str, gas: str) -> None:
        row = Table.grid(padding=(0, 1))
        row.width = min(self.console.width, WIDTH)
        row.add_column(width=12, no_wrap=True, style="dim")
        row.add_column(width=11, no_wrap=True)
        row.add_column(ratio=1)
        row.expand = True
        if self.with_gas:
            row.add_column(width=10, no_wrap=True, justify="right", style="dim")
        row.add_row(when, kind, text, *([gas] if self.with_gas else []))
        self.console.print(row, highlight=False)


@contextmanager
def watching(
    console: Console, settings: ReplaySettings, *, everything: bool = False, bar_only: bool = False
) -> Generator[Watch]:
    """A watcher that prints events above a progress bar, or shows the bar alone."""
    if not bar_only:
        console.print(opening(settings), style="dim", highlight=False)
    bar = Progress(
        TextColumn("replay"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("prices"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    lines = Lines(console, everything, with_gas=settings.engine == "anvil")
    with bar:
        task = bar.add_task("replay", total=len(settings.visits))

        def watch(done: int, of: int, events: Sequence[Event]) -> None:
            for event in () if bar_only else events:
                lines.show(event)
            bar.update(task, completed=done, total=of)

        yield watch


def opening(settings: ReplaySettings) -> str:
    """What the run is about to do, in a line or two."""
    return (
        f"{len(settings.candles):,} candles from {Path(settings.candles.source).name}; LPs deposit "
        f"{settings.nav:,.0f} USD; {settings.trades_per_day:g} trades a day, seed {settings.seed}.\n"
        f"The venue's pool takes {settings.depth:,.0f} USD within 2 % at a fee of "
        f"{settings.fee / 100:g} bp; an arbitrageur follows each price after "
        f"{settings.arbitrage_lag} block{'' if settings.arbitrage_lag == 1 else 's'}."
    )


def command_line() -> str:
    """The command in progress as one that gives the same run again: every option with its value,
    outputs left out."""
    context = click.get_current_context()
    words = ["tandem", context.info_name or ""]
    for option in context.command.params:
        value = context.params.get(option.name or "")
        if value is None or option.name in OUTPUTS or not isinstance(option, click.Option):
            continue
        if option.is_flag:
            words += [option.opts[0]] if value else []
            continue
        shown = f"{value:.12g}" if isinstance(value, float) else str(value)
        words += [option.opts[0], shown]
    return shlex.join(words)


def write_out(folder: Path, result: ReplayResult, title: str) -> list[Path]:
    """summary.json, report.html and picture.svg of a run; the files written."""
    written = [write_file(folder / "summary.json", to_json(result.summary) + "\n")]
    if result.rows:
        page = folder / "report.html"
        written.append(report.write(page, result.summary, result.rows, result.events, title))
        image = folder / "picture.svg"
        written.append(picture.write(image, result.rows, result.events))
    return written
