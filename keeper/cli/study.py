"""`tandem study`: what LPs would have earned: many replays side by side, one table and one page."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from click import get_current_context
from click.core import ParameterSource

from tandem.terminal.common import Between, Place, json_option
from tandem.terminal.ending import cut_short
from tandem.terminal.json_text import to_json
from tandem.terminal.stdout import put

WHO = "researcher"

SHOWN = {"show", "out", "against", "as_json"}
"""What has a say where nothing is replayed."""


def no_replay(context: click.Context) -> None:
    """Raises UsageError where somebody asks for a replay as well: what is there has its own."""
    asked = [
        param.opts[0]
        for param in context.command.params
        if param.name not in SHOWN
        and context.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
    ]
    if asked:
        raise click.UsageError(f"--show replays nothing, and takes no {', no '.join(asked)}.")


class Numbers(click.ParamType):
    """Numbers between commas."""

    name = "numbers"
    example = "8,24,72"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float | None, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(map(self.one, str(value).split(",")))
        except ValueError:
            self.fail(f"{value!r} is no list of {self.name}: give {self.example}", param, ctx)

    def one(self, part: str) -> float | None:
        """One of them. Raises ValueError."""
        return float(part)


class Bounds(Numbers):
    """Shares between commas; `any` is None."""

    name = "shares"
    example = "any,0.5,0.2"

    def one(self, part: str) -> float | None:
        return None if part == "any" else super().one(part)


@click.command()
@click.option("--prices", "files", type=Place(), multiple=True,
              help="Parquet or CSV of candles; may be given again.")  # fmt: skip
@click.option("--window", "spans", multiple=True, metavar="FROM..TO",
              help="Days UTC; may be given again. Else four months each.")  # fmt: skip
@click.option("--chain", type=Place(),
              help="Option chain: surfaces where it overlaps, shapes and flow elsewhere.")  # fmt: skip
@click.option("--seeds", default=2, show_default=True, type=click.IntRange(1, 1_000),
              help="Paths and flows of each window.")  # fmt: skip
@click.option("--trades-per-day", "trades", default="24", type=Numbers(), show_default=True)
@click.option("--vol-premium", "premiums", default="1", type=Numbers(), show_default=True,
              help="Implied over realised volatility, where surfaces are modelled.")  # fmt: skip
@click.option("--informed", "informed", default="0", type=Numbers(), show_default=True,
              help="Share of traders who know what comes.")  # fmt: skip
@click.option("--knowledge", type=click.Choice(["direction", "volatility"]), default="direction",
              show_default=True, help="What informed traders know of the next hour.")  # fmt: skip
@click.option("--reservation", "reservations", default="any", type=Bounds(), show_default=True,
              help="What traders pay above the mark at most, on average.")  # fmt: skip
@click.option("--policy", "policies", multiple=True, metavar="NAME[:K=V,...]",
              help="When the keeper hedges; may be given again. Else threshold.")  # fmt: skip
@click.option("--visits", type=click.IntRange(1), help="Prices in a candle; else every 5 minutes.")
@click.option("--nav", default=1_000_000.0, show_default=True, type=Between(10_000, 1e9))
@click.option("--jobs", type=click.IntRange(1, 256), help="Replays at a time; else one a core.")
@click.option("--out", default=Path("out/study"), show_default=True, type=Place())
@click.option("--against", type=Place(), metavar="OUT",
              help="Another study, of other code: what is traded beside it at the same error.")  # fmt: skip
@click.option("--show", is_flag=True, help="Replay nothing: put together what OUT holds.")
@json_option
def study(
    files: tuple[Path, ...],
    spans: tuple[str, ...],
    chain: Path | None,
    seeds: int,
    trades: tuple[float, ...],
    premiums: tuple[float, ...],
    informed: tuple[float, ...],
    knowledge: str,
    reservations: tuple[float | None, ...],
    policies: tuple[str, ...],
    visits: int | None,
    nav: float,
    jobs: int | None,
    out: Path,
    against: Path | None,
    show: bool,
    as_json: bool,
) -> None:
    """Replay recorded prices on the real contracts, again and again, and say what LPs earned.

    Every combination of window, seed, policy, trades a day, volatility premium, share of informed
    traders and bound on what traders pay above the mark is one replay. Results are kept in
    OUT/rows.jsonl as they come: after Ctrl-C, or with more seeds, the same command with the same code
    goes on from there; with other code it begins anew. What a lagging pool gave is left out of every
    return.

    \b
    Examples:
      tandem study --prices eth_1h.parquet --seeds 4
      tandem study --prices eth_1h.parquet --trades-per-day 8,24,72 --vol-premium 1,1.1
      tandem study --prices eth_1h.parquet --policy threshold --policy clock:hours=4
      tandem study --show
      tandem study --prices eth_1h.parquet --window 2024-06-01..2024-10-01 --informed 0,0.1,0.2
    """
    from keeper.policy import DEFAULT
    from keeper.study import session, table
    from keeper.study.grid import Axes

    others = table.lines(session.kept(against)) if against else []
    if show:
        no_replay(get_current_context())
        rows, complete = session.kept(out), True
        planned = len(rows)
    else:
        if not files:
            raise click.UsageError("Missing option '--prices'.")
        asked = tuple(dict.fromkeys(policies)) or (DEFAULT,)
        axes = Axes(seeds, trades, premiums, informed, asked, reservations)
        chosen = session.plan(
            files, spans, axes, knowledge=knowledge, chain=chain, visits=visits, nav=nav
        )
        rows, complete = session.run(chosen, out, jobs, quiet=as_json)
        planned = len(chosen)
    found = table.lines(rows)
    written = session.write(out, found, rows, planned=planned)
    if as_json:
        put(to_json(session.as_json(found, rows, others, complete=complete)))
    else:
        session.show(found, written, others)
    if not complete:
        left = planned - len(rows)
        click.echo(f"stopped with {left} of {planned} replays to go: type the same again", err=True)
        raise cut_short()
