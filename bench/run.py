"""Run benchmarks, keep their rows in results.json, and show them in the README."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.registry import ROOT, Row, commit, discover, machine
from keeper.errors import ConfigError, SetupError

RESULTS = ROOT / "bench" / "results.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
COMMAND = "python -m bench"


def measure(only: str | None, say: Callable[[str], object]) -> list[Row]:
    """Rows of every benchmark whose key contains `only`, stamped with commit and machine."""
    chosen = [b for b in discover() if only is None or only in b.key]
    if not chosen:
        names = ", ".join(b.key for b in discover())
        raise ConfigError(f"no benchmark matches {only!r}", f"choose a part of one of: {names}")
    at, where = commit(), machine()
    rows: list[Row] = []
    for found in chosen:
        say(f"measuring {found.key} ...")
        try:
            made = list(found.run())
        except ImportError as error:
            raise SetupError(
                f"{found.key} needs {error.name}",
                "run `make setup-dev`, or choose others by --only",
            ) from error
        rows += [replace(row, group=found.key, commit=at, machine=where) for row in made]
    return rows


def load(path: Path = RESULTS) -> list[dict[str, Any]]:
    """The rows on file; none where there is no file yet."""
    if not path.is_file():
        return []
    try:
        return list(json.loads(path.read_text())["rows"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} is not a results file: {error}", f"run `{COMMAND}`") from error


def merge(old: list[dict[str, Any]], new: list[Row]) -> list[dict[str, Any]]:
    """New rows replace all old ones of the benchmarks that made them; the rest stays."""
    groups = {row.group for row in new}
    kept = [row for row in old if row["group"] not in groups]
    return sorted((*kept, *(row.as_json() for row in new)), key=lambda r: str(r["group"]))


def save(rows: list[dict[str, Any]], path: Path = RESULTS) -> None:
    """Write results.json."""
    path.write_text(json.dumps({"command": COMMAND, "rows": rows}, indent=1) + "\n")


def number(x: float) -> str:
    """For people: three significant digits, thousands apart, tiny ones with an exponent."""
    if x == 0 or not 1e-3 <= abs(x) < 1e15:
        return f"{x:.1e}" if x else "0"
    if abs(x) >= 1000:
        digits = len(f"{abs(x):.0f}")
        return f"{round(x, 3 - digits if digits > 6 else 0):,.0f}"
    return f"{x:.3g}"


def table(rows: list[dict[str, Any]]) -> str:
    """The README's table, from nothing but results.json."""
    lines = [
        "| what | measured | goal | peers | how the peers were measured | commit |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        value = f"**{number(row['value'])}** {row['unit']}".strip()
        if row["low"] is not None and row["high"] is not None:
            value += f" ({number(row['low'])} to {number(row['high'])})"
        cells = (row["name"], value, row["goal"], row["peer"], row["peer_source"], row["commit"])
        lines.append("| " + " | ".join(str(cell) or "–" for cell in cells) + " |")
    machines = sorted({row["machine"] for row in rows})
    note = "Medians, in brackets the least and the most of repeated runs."
    return "\n".join([*lines, "", f"{note} Machine: {'; '.join(machines)}. Again: `{COMMAND}`."])


def _parts(readme: str) -> tuple[str, str, str]:
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.find(BEGIN) > readme.find(END):
        raise ConfigError(
            "README.md has no place for the table",
            f"put one line {BEGIN} and below it one line {END} where the table belongs",
        )
    head, rest = readme.split(BEGIN)
    body, tail = rest.split(END)
    return head, body, tail


def write_readme(rows: list[dict[str, Any]], path: Path = README) -> None:
    """Put the table between the markers."""
    head, _, tail = _parts(path.read_text())
    path.write_text(f"{head}{BEGIN}\n{table(rows)}\n{END}{tail}")


def differences(results: Path = RESULTS, readme: Path = README) -> list[str]:
    """Lines in which the README's table and results.json differ; none where they agree."""
    shown = _parts(readme.read_text())[1].strip().splitlines()
    meant = table(load(results)).splitlines()
    gone = [f"README only: {line}" for line in shown if line not in meant]
    new = [f"results.json only: {line}" for line in meant if line not in shown]
    if not gone and not new and shown != meant:
        return ["the README's table is in another order"]
    return gone + new
