"""`tandem demo`: what a newcomer runs first."""

from __future__ import annotations

import json
from pathlib import Path

import rich_click as click

from keeper.errors import EngineError

INTERRUPTED = 130
"""What shells report for a command that Ctrl-C ended."""


@click.command()
@click.option("--out", default=Path("out/demo"), type=click.Path(path_type=Path), show_default=True)
@click.option(
    "--engine", type=click.Choice(["anvil", "pyrevm"]), default="anvil", show_default=True
)
@click.option("--seed", default=1, show_default=True, help="Same seed, same run.")
@click.option("--picture", type=click.Path(path_type=Path), help="Write the picture here as well.")
@click.option("--verbose", is_flag=True, help="Show every trade, not only what matters.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON, nothing else.")
def demo(
    out: Path, engine: str, seed: int, picture: Path | None, verbose: bool, as_json: bool
) -> None:
    """One option with its hedge, one that cannot be hedged, then ten days with a crash.

    Everything runs on a local chain with the real bytecode of a perpetual exchange. Writes
    summary.json, report.html and picture.svg to the output folder.
    """
    from rich.console import Console

    from keeper.feeds import path
    from keeper.replay import console as show
    from keeper.replay import picture as drawing
    from keeper.replay import report as page
    from keeper.replay.inputs import settings_for
    from keeper.replay.run import replay as run
    from keeper.replay.showcase import show_one, shown

    console = show.stderr_console() if as_json else Console()
    first = show_one(engine)
    if not first.reason or not first.untouched:
        raise EngineError(
            "the demo's unhedgeable trade did not revert whole", "please report this as a bug"
        )
    if not as_json:
        console.print(shown(first), highlight=False)
    settings = settings_for(path.demo(), seed=seed, engine=engine)
    if not as_json:
        console.print("\n[bold]Ten days by the hour, with one crash[/]")
    with show.watching(console, settings, everything=verbose, bar_only=as_json) as watch:
        result = run(settings, watch)
    if not as_json:
        console.print(page.terminal(result.summary))
    written = show.write_out(out, result, "Tandem demo")
    if picture is not None and result.rows:
        written.append(drawing.write(picture, result.rows, result.events))
    if as_json:
        click.echo(json.dumps(result.summary))
    else:
        console.print("\n" + "\n".join(f"wrote {file}" for file in written), highlight=False)
    if not result.complete:
        raise SystemExit(INTERRUPTED)
