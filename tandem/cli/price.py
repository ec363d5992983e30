"""`tandem price`: price a file of options, off chain or on."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import rich_click as click

from tandem.errors import Reverted
from tandem.feeds.option_rows import OptionRows, plain, read_rows
from tandem.files import check_file, write_file
from tandem.protocol.bindings.risk import Risk
from tandem.protocol.bindings.structs import PriceGreeks, PriceQuery
from tandem.terminal.common import Place, flowing
from tandem.terminal.json_text import to_json
from tandem.units import decimal

WHO = "auditor"

OUTPUTS = ("value", "delta", "gamma", "vega", "theta")
_BATCH = 64
"""How many options `Risk.prices` takes in one call."""


@click.command()
@click.argument("file", type=Place())
@click.option("--on-chain", is_flag=True, help="Let the contract's own kernel do it, in process.")
@click.option("--json", "as_json", is_flag=True, help='Print {"rows": [...]} in input order.')
@click.option("--out", type=Place(), help="Write CSV, or Parquet, or JSON.")
def price(file: Path, on_chain: bool, as_json: bool, out: Path | None) -> None:
    """Price the options of FILE, undiscounted Black-76.

    FILE is CSV or Parquet with the columns type (call or put), forward, strike, tau_seconds, vol and,
    optionally, cap: for a call the price at which it stops growing, for a put the floor at which it
    does; empty = none. Out come the same rows with value (USD), delta and gamma (with respect to the
    forward), vega (per 1.00 of volatility) and theta (per year). A row out of bounds has no value but
    an error, and the others are priced all the same.

    \b
    Examples:
      tandem price options.csv
      tandem price options.parquet --on-chain --json
    """
    if out is not None:
        check_file(out)
    rows = read_rows(file)
    results = _from_contract(rows) if on_chain else _from_model(rows)
    if out is not None:
        _write(out, rows, results, as_json=as_json or out.suffix == ".json")
    elif as_json:
        click.echo(_json(rows, results))
    elif sys.stdout.isatty():
        _print_table(rows, results)
    else:
        click.echo(_csv(rows, results), nl=False)
    bad = int(np.sum([e is not None for e in results["error"]]))
    if bad and not as_json:
        click.echo(f"{bad} of {rows.frame.height} rows not priced: see their error", err=True)


def _from_model(rows: OptionRows) -> dict[str, list[str | None]]:
    """Columns of decimal strings, each the shortest that reads back as the model's double."""
    from tandem.model.payoff import capped

    ok = rows.sound
    inputs = (rows.is_put, rows.forward, rows.strike, rows.cap, rows.tau, rows.vol)
    greeks = capped(*(x[ok] for x in inputs))
    columns: dict[str, list[str | None]] = {}
    for name in OUTPUTS:
        full: list[str | None] = [None] * rows.frame.height
        for row, number in zip(np.flatnonzero(ok).tolist(), getattr(greeks, name), strict=True):
            full[row] = plain(number)
        columns[name] = full
    columns["error"] = [e or None for e in rows.error.tolist()]
    return columns


def _from_contract(rows: OptionRows) -> dict[str, list[str | None]]:
    """Columns of decimal strings, each the contract's WAD integer to its last digit."""
    from tandem.engine.artifacts import compile_vyper
    from tandem.engine.revm import RevmEngine

    columns: dict[str, list[str | None]] = {
        name: [None] * rows.frame.height for name in (*OUTPUTS, "error")
    }
    columns["error"] = [e or None for e in rows.error.tolist()]
    sound = []
    for row in np.flatnonzero(rows.sound).tolist():
        if rows.seconds(row) % 1:
            columns["error"][row] = "tau_seconds: the contract takes whole seconds"
        else:
            sound.append(row)
    with RevmEngine() as engine:
        risk = Risk.of(engine.deploy(compile_vyper("Risk")))
        for start in range(0, len(sound), _BATCH):
            batch = sound[start : start + _BATCH]
            for row, answer in zip(batch, _ask(risk, rows, batch), strict=True):
                if isinstance(answer, str):
                    columns["error"][row] = answer
                    continue
                for name in OUTPUTS:
                    columns[name][row] = format(decimal(getattr(answer, name), 18), "f")
    return columns


def _ask(risk: Risk, rows: OptionRows, batch: Sequence[int]) -> list[PriceGreeks | str]:
    """One call for the batch; should the contract refuse it, one by one, to say which row it is."""
    try:
        return list(risk.prices([PriceQuery(*rows.query(row)) for row in batch]))
    except Reverted as error:
        if len(batch) == 1:
            return [f"contract: {error.reason}"]
    return [answer for row in batch for answer in _ask(risk, rows, [row])]


def _json(rows: OptionRows, results: dict[str, list[str | None]]) -> str:
    frame = rows.frame.drop(results, strict=False)
    table = [
        given | {name: column[i] for name, column in results.items()}
        for i, given in enumerate(frame.iter_rows(named=True))
    ]
    return to_json({"rows": table})


def _table(rows: OptionRows, results: dict[str, list[str | None]]) -> pl.DataFrame:
    given = rows.frame.drop(results, strict=False)
    return given.with_columns(
        pl.Series(name, column, dtype=pl.String) for name, column in results.items()
    )


def _csv(rows: OptionRows, results: dict[str, list[str | None]]) -> str:
    buffer = io.StringIO()
    _table(rows, results).write_csv(buffer)
    return buffer.getvalue()


def _write(
    out: Path, rows: OptionRows, results: dict[str, list[str | None]], *, as_json: bool
) -> None:
    if as_json:
        write_file(out, _json(rows, results) + "\n")
    elif out.suffix == ".parquet":
        buffer = io.BytesIO()
        _table(rows, results).write_parquet(buffer)
        write_file(out, buffer.getvalue())
    else:
        write_file(out, _csv(rows, results))


def _print_table(rows: OptionRows, results: dict[str, list[str | None]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from tandem.terminal.screen import Screen

    screen = Screen()
    table = Table(box=None, header_style="bold", pad_edge=False)
    frame = _table(rows, results)
    for name in frame.columns:
        table.add_column(name, justify="left" if name in ("type", "error") else "right")
    shown = [{n: _short(n, text) for n, text in row.items()} for row in frame.iter_rows(named=True)]
    for row in shown:
        table.add_row(*map(Text, row.values()))
    unbounded = screen.options.update(width=sum(map(len, frame.columns)) + 10_000)
    if screen.measure(table, options=unbounded).maximum <= screen.width:
        screen.print(table)
        return
    for place, row in enumerate(shown, start=1):
        for line in flowing(f"{place}", [(n, t) for n, t in row.items() if t], screen.width):
            screen.print(Text(line), soft_wrap=True)


def _short(name: str, text: str | None) -> str:
    """Seven significant digits for the eye; what was given is shown as it was given."""
    if text is None:
        return ""
    return f"{float(text):.7g}" if name in OUTPUTS else text
