"""`tandem bench`: measure, side by side with peers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from tandem.errors import ConfigError, SetupError
from tandem.terminal.common import emit, progress
from tandem.terminal.ending import EXIT_FAULT
from tandem.terminal.stdout import for_programs

if TYPE_CHECKING:
    from bench.registry import Row

WHO = "researcher"

_ROOT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--only", help="Run only the benchmarks whose name contains this.")
@click.option("--check", is_flag=True, help="Run nothing; fail where a table and results differ.")
@click.option(
    "--write", is_flag=True, help="Keep the rows in results.json, docs/bench.md and README."
)
@click.option("--list", "as_list", is_flag=True, help="Name the benchmarks and run nothing.")
@for_programs("--json", "as_json", told="Print the rows as JSON, nothing else.")
def bench(only: str | None, check: bool, write: bool, as_list: bool, as_json: bool) -> None:
    """Measure and print. With --write, bench/results.json and the tables of docs/bench.md and
    README keep the rows. Whatever ends it, what was measured is told, and kept.

    Peers run in the same process, in turns with ours. Needs the development packages
    (`make setup-dev`). --check exits with 1 where a table and results.json differ.

    \b
    Examples:
      tandem bench --list
      tandem bench --only pricing
      tandem bench --write
    """
    if write and (check or as_list):
        raise ConfigError("--write measures, --check and --list do not", "pass one of them")
    if not (_ROOT / "bench" / "run.py").is_file():
        raise SetupError("the benchmarks are not installed here", "run it from a checkout")
    if str(_ROOT) not in sys.path:
        sys.path.insert(0, str(_ROOT))
    from bench import registry, run

    if as_list:
        keys = [b.key for b in registry.discover()]
        emit(as_json, keys, keys)
        return
    if check:
        found = run.differences()
        emit(as_json, {"differences": found}, found or ["The tables and results.json agree."])
        if found:
            click.echo(f"what to do next: run `{run.WRITE}`, commit both files", err=True)
            sys.exit(EXIT_FAULT)
        return
    rows: list[Row] = []
    try:
        for made in run.measure(only, progress):
            rows += made
    except BaseException:
        if rows:
            _tell(rows, write=write, as_json=as_json)
        raise
    _tell(rows, write=write, as_json=as_json)


def _tell(rows: list[Row], *, write: bool, as_json: bool) -> None:
    from bench import run

    if write:
        run.keep(rows, progress)
    found = [row.as_json() for row in rows]
    emit(as_json, found, [] if as_json else run.lines(found))
