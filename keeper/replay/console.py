"""How a run shows itself: a line per event that matters, a progress bar, a summary, files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from keeper.feeds.tabular import utc
from keeper.replay import picture, report
from keeper.replay.run import ReplayResult, Watch
from keeper.replay.types import Event

STYLES = {
    "revert": "red",
    "liquidation": "bold red",
    "rebalance": "cyan",
    "settle": "bold green",
    "top_up": "yellow",
    "sweep": "yellow",
    "open": "dim",
    "close": "dim",
    "redeem": "dim",
}
QUIET = frozenset({"open", "close", "redeem"})
"""Kinds that are shown only when everything is asked for."""


@contextmanager
def watching(console: Console, *, everything: bool = False) -> Iterator[Watch]:
    """A watcher that prints events above a progress bar."""
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
    with bar:
        task = bar.add_task("replay", total=None)

        def watch(done: int, of: int, events: Sequence[Event]) -> None:
            for event in events:
                if everything or event.kind not in QUIET:
                    show(console, event)
            bar.update(task, completed=done, total=of)

        yield watch


def show(console: Console, event: Event) -> None:
    """One event as one line."""
    gas = f"  {event.gas:,} gas" if event.gas else ""
    line = f"{utc(event.time)}  {event.kind:<11} {event.text}{gas}"
    console.print(line, style=STYLES.get(event.kind, ""), highlight=False, soft_wrap=True)


def write_out(folder: Path, result: ReplayResult, title: str) -> list[Path]:
    """summary.json, report.html and picture.svg of a run; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    summary = folder / "summary.json"
    summary.write_text(json.dumps(result.summary, indent=2) + "\n", encoding="utf-8")
    written = [summary]
    if result.rows:
        page = folder / "report.html"
        written.append(report.write(page, result.summary, result.rows, result.events, title))
        image = folder / "picture.svg"
        written.append(picture.write(image, result.rows, result.events))
    return written


def stderr_console() -> Console:
    """Where progress goes, so that stdout stays clean for data."""
    return Console(file=sys.stderr)
