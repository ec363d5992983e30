"""`tandem demo`: one trade, one refusal, then ten days with a crash."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from keeper.cli._options import venue_option
from tandem.errors import EngineError
from tandem.files import check_file, check_folder
from tandem.terminal.common import SEED, Place
from tandem.terminal.ending import cut_short
from tandem.terminal.json_text import to_json
from tandem.terminal.stdout import for_programs, put

WHO = "newcomer"


@click.command()
@click.option("--out", default=Path("out/demo"), type=Place(), show_default=True)
@click.option(
    "--engine", type=click.Choice(["anvil", "pyrevm"]), default="anvil", show_default=True
)
@venue_option
@click.option("--seed", type=SEED, default=1, show_default=True, help="Same seed, same run.")
@click.option("--picture", type=Place(), help="Write the picture here as well.")
@click.option("--verbose", is_flag=True, help="Show every trade, not only what matters.")
@for_programs("--json", "as_json", told="Print the summary as JSON, nothing else.")
def demo(
    out: Path,
    engine: str,
    venue: str,
    seed: int,
    picture: Path | None,
    verbose: bool,
    as_json: bool,
) -> None:
    """One option with its hedge, one that cannot be hedged, then ten days with a crash.

    Everything runs on a local chain with the real bytecode of a perpetual exchange, or of a lending
    market and a spot pool. Writes summary.json, report.html and picture.svg to the output folder.

    \b
    Examples:
      tandem demo
      tandem demo --venue aave
      tandem demo --venue morpho
      tandem demo --engine pyrevm --seed 7 --out out/seven
    """
    from keeper.replay import console as show
    from keeper.replay import picture as drawing
    from keeper.replay import report as page
    from keeper.replay.inputs import settings_for
    from keeper.replay.run import replay as run
    from keeper.replay.showcase import show_one, shown
    from tandem.feeds import path
    from tandem.terminal.screen import Screen

    check_folder(out)
    if picture is not None:
        check_file(picture)
    console = Screen(stderr=as_json, to_end=True)
    first = show_one(engine, venue)
    if not first.reason or not first.untouched:
        raise EngineError(
            "the demo's unhedgeable trade did not revert whole", "please report this as a bug"
        )
    settings = settings_for(
        path.demo(), seed=seed, engine=engine, venue=venue, visits=path.DEMO_VISITS
    )
    if not as_json:
        console.print(shown(first), highlight=False)
        console.print("\n[bold]Ten days, with one crash by the five minutes[/]")
    with show.watching(console, settings, everything=verbose, bar_only=as_json) as watch:
        result = run(settings, watch)
    result.summary["command"] = show.command_line()
    try:
        written = show.write_out(out, result, "Tandem demo")
        if picture is not None and result.rows:
            written.append(drawing.write(picture, result.rows, result.events))
    finally:  # a folder that cannot be written takes no figures with it
        if as_json:
            put(to_json(result.summary, one_line=True))
        else:
            console.print(page.terminal(result.summary))
    if not as_json:
        console.print("\n" + "\n".join(f"wrote {file}" for file in written), highlight=False)
    if not result.complete:
        raise cut_short()
