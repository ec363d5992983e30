"""`tandem bench`: measure side by side with peers, and keep the README's table true."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import rich_click as click

from keeper.errors import SetupError

_ROOT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--only", help="Run only the benchmarks whose name contains this.")
@click.option("--check", is_flag=True, help="Run nothing; fail where README and results differ.")
@click.option("--list", "as_list", is_flag=True, help="Name the benchmarks and run nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def bench(only: str | None, check: bool, as_list: bool, as_json: bool) -> None:
    """Measure; write bench/results.json and the README's table.

    Peers run in the same process, in turns with ours. Needs the development packages
    (`make setup-dev`). --check exits with 1 where the README and results.json differ.
    """
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
        click.echo("\n".join(found) if found else "README and results.json agree.")
        if found:
            click.echo(f"what to do next: run `{run.COMMAND}`, commit both files", err=True)
            sys.exit(1)
        return
    rows = run.measure(only, lambda text: click.echo(text, err=True))
    merged = run.merge(run.load(), rows)
    run.save(merged)
    if run.README.is_file() and run.BEGIN in run.README.read_text():
        run.write_readme(merged)
    else:
        click.echo("README.md has no markers: only results.json was written", err=True)
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], indent=1))
    else:
        click.echo(run.table([row.as_json() for row in rows]))
