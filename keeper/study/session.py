"""One study from its flags to its files: checks first, then replays with a progress bar, then a page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rich_click as click

from keeper.policy import DEFAULT
from keeper.replay.progress import long_work
from keeper.study import beside, columns, page, runner, table
from keeper.study.grid import Axes, Case, Window, cases, checked, windows_of
from keeper.study.table import Line
from tandem.errors import ConfigError
from tandem.feeds import candles as feed
from tandem.files import check_folder, write_file
from tandem.terminal.common import progress, told
from tandem.terminal.common import table as aligned
from tandem.terminal.json_text import to_json

SAME = (
    "prices", "chain", "start", "end", "policy", "seed", "trades_per_day", "vol_premium", "informed",
    "knowledge", "reservation",
)  # fmt: skip
"""What makes two rows those of one replay."""


def plan(
    files: Sequence[Path], spans: Sequence[str], axes: Axes, *, knowledge: str, chain: Path | None,
    visits: int | None, nav: float,
) -> list[Case]:  # fmt: skip
    """The cases, each checked as far as that is possible without running it. Raises a TandemError."""
    windows: list[Window] = []
    for path in files:
        candles = feed.load(path)
        if not spans:
            windows += windows_of(path, candles)
            continue
        for span in spans:
            start, end = _span(span)
            inside = candles.timestamps[(candles.timestamps >= start) & (candles.timestamps < end)]
            if len(inside):
                windows.append(checked(Window(path, start, end)))
    if not windows:
        raise ConfigError("no window lies in any of the files", "correct --window or --prices")
    chosen = cases(windows, axes, knowledge=knowledge, chain=chain, visits=visits, nav=nav)
    # Prices and chain are a window's to get wrong, bounds an axis's: each is tried once, because reading
    # a chain takes seconds.
    tried = {c.window: c for c in chosen} | {c.axes: c for c in chosen}
    for case in dict.fromkeys(tried.values()):
        runner.settings_of(case)
    return chosen


def _span(text: str) -> tuple[int, int]:
    first, dots, last = text.partition("..")
    try:
        read = [datetime.fromisoformat(each) for each in (first, last)]
        days = [d if d.tzinfo else d.replace(tzinfo=UTC) for d in read]
    except ValueError:
        days = []
    if not dots or len(days) != 2 or days[0] >= days[1]:
        raise ConfigError(f"--window {text} is no span", "give 2024-06-01..2024-10-01")
    start, end = (int(day.timestamp()) for day in days)
    return start, end


def run(
    chosen: Sequence[Case], out: Path, jobs: int | None, *, quiet: bool
) -> tuple[list[runner.Row], bool]:
    """Rows, and whether all of them are there. Ctrl-C ends it with what is finished."""
    check_folder(out)
    results = _results(out)
    results.rewrite()
    keeps = f"no replay is begun any more, each that is finished is kept in {results.path}"
    with long_work(keeps, quiet=quiet) as (bar, stop):
        task = bar.add_task("replays", total=len(chosen))
        bar.advance(task, sum(case.key() in results.rows for case in chosen))

        def done(row: runner.Row) -> None:
            bar.advance(task)
            earned = columns.percent(row["return_year"])
            bar.console.print(
                f"{row['window']}  seed {row['seed']}  {row['policy']}, "
                f"{row['trades_per_day']:g} trades a day, premium {row['vol_premium']:g}, "
                f"informed {row['informed']:.0%}, reservation {table.bound(row['reservation'])}: "
                f"{earned} a year"
            )

        rows = runner.run(chosen, results, jobs or os.cpu_count() or 1, stop, done)
    return rows, len(rows) == len(chosen)


def _results(out: Path) -> runner.Results:
    """What a folder holds; lines that are no rows are said, because their replays are missing."""
    found = runner.Results(out / "rows.jsonl")
    for number in found.damaged:
        progress(f"warning: {found.path}: line {number} is damaged and left out")
    return found


def kept(out: Path) -> list[runner.Row]:
    """The rows of earlier studies, whatever their axes; of a replay that was run again by other code, the
    last. Raises a TandemError where there is none, or one that no study wrote."""
    read = _results(out).rows
    for key, row in read.items():
        if lacks := runner.OF_A_ROW - row.keys():
            raise runner.StudyError(
                f"{out / 'rows.jsonl'}: the row {key!s:.40} lacks {', '.join(sorted(lacks))}",
                "remove its line, or name another folder",
            )
    found = [{"policy": DEFAULT, "reservation": None} | row for row in read.values()]
    rows = list({tuple(row[name] for name in SAME): row for row in found}.values())
    if not rows:
        raise ConfigError(f"{out} holds no rows of a study", "run `tandem study --prices …` first")
    return rows


def as_json(
    found: Sequence[Line],
    rows: Sequence[runner.Row],
    others: Sequence[Line] = (),
    *,
    complete: bool,
) -> dict[str, Any]:
    """Everything, for programs."""
    even = table.informed_break_even(found)
    return {
        "complete": complete,
        "lines": [asdict(line) for line in found],
        "informed_break_even": [
            group._asdict() | {"share": share} for group, share in even.items()
        ],
        "against": [asdict(each) for each in beside.against(found, others)] if others else [],
        "rows": list(rows),
    }


def write(
    out: Path, found: Sequence[Line], rows: Sequence[runner.Row], *, planned: int
) -> list[Path]:
    """The table and the page, which say so where only some of the planned replays are in them; nothing
    where nothing is finished."""
    if not found:
        return []
    made = {
        "table.md": columns.markdown(found) + "\n" + columns.windows_markdown(found),
        "study.json": to_json(as_json(found, rows, complete=len(rows) == planned)),
        "study.html": page.html(found, rows, planned),
    }
    return [write_file(out / name, text) for name, text in made.items()]


def show(found: Sequence[Line], written: Sequence[Path], others: Sequence[Line] = ()) -> None:
    """The table for a terminal; others: the lines of a study to compare with."""
    if not found:
        click.echo("Nothing is finished.")
        return
    _say("What LPs earned, a year, as a share of their capital")
    for line in aligned([columns.HEAD, *columns.cells(found)]):
        click.echo(line)
    for what, head, rows in (
        (
            "How their book was hedged, with the pool at the index",
            columns.HEDGED_HEAD,
            columns.hedged(found),
        ),
        ("Why opens were refused", columns.REFUSED_HEAD, columns.reasons(found)),
    ):
        if rows:
            _say(what)
            for line in aligned([head, *rows]):
                click.echo(line)
    for verdict in table.verdicts(found):
        _say(verdict)
    if others:
        for each in beside.against(found, others):
            _say(each.words)
    for path in written:
        click.echo(f"wrote {path}")


def _say(sentence: str) -> None:
    for line in told("", sentence):
        click.echo(line)
