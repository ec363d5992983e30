"""`tandem bench`: measure, side by side with peers."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from tandem.errors import ConfigError, SetupError
from tandem.terminal.ending import EXIT_FAULT
from tandem.terminal.json_text import to_json

WHO = "researcher"

_ROOT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--only", help="Run only the benchmarks whose name contains this.")
@click.option("--check", is_flag=True, help="Run nothing; fail where a table and results differ.")
@click.option(
    "--write", is_flag=True, help="Keep the rows in results.json, docs/bench.md and README."
)
@click.option("--list", "as_list", is_flag=True, help="Name the benchmarks and run nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def bench(only: str | None, check: bool, write: bool, as_list: bool, as_json: bool) -> None:
    """Measure and print. With --write, bench/results.json and the tables of docs/bench.md and
    README keep the rows.

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
        click.echo("\n".join(b.key for b in registry.discover()))
        return
    if check:
        found = run.differences()
        click.echo("\n".join(found) if found else "The tables and results.json agree.")
        if found:
            click.echo(f"what to do next: run `{run.WRITE}`, commit both files", err=True)
            sys.exit(EXIT_FAULT)
        return
    rows = run.measure(only, lambda text: click.echo(text, err=True))
    if write:
        run.keep(rows, lambda text: click.echo(text, err=True))
    if as_json:
        click.echo(to_json([row.as_json() for row in rows]))
    else:
        click.echo(run.table([row.as_json() for row in rows]))
