"""Run benchmarks, keep their rows in results.json, and show them: all on a page, the first in README."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import ge, gt, le, lt
from pathlib import Path
from typing import Any

from bench.registry import ROOT, Row, commit, discover, machine
from tandem.errors import ConfigError, SetupError
from tandem.terminal.common import screen_width, told

RESULTS = ROOT / "bench" / "results.json"
PAGE = ROOT / "docs" / "bench.md"
README = ROOT / "README.md"
FIRST = (
    "mint less the same hedge bare, 64 nodes",
    "value, delta, gamma, vega (and theta) of one node incl. SVI and ln K, warm",
    "exact book delta (with gamma and vega), 64 nodes in 8 expiries",
    "price + 4 Greeks, one core",
    "prices that a replay visits, pyrevm, one core",
)
"""Rows that come first on the page, and alone in README."""
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
COMMAND = "python -m bench"
WRITE = f"{COMMAND} --write"


def measure(only: str | None, say: Callable[[str], object]) -> Iterator[list[Row]]:
    """Rows of each benchmark whose key contains `only`, as it ends, stamped with commit and machine."""
    chosen = [b for b in discover() if only is None or only in b.key]
    if not chosen:
        names = ", ".join(b.key for b in discover())
        raise ConfigError(f"no benchmark matches {only!r}", f"choose a part of one of: {names}")
    at, where = commit(), machine()
    for found in chosen:
        say(f"measuring {found.key} ...")
        try:
            made = list(found.run())
        except ImportError as error:
            raise SetupError(
                f"{found.key} needs {error.name}",
                "run `make setup-dev`, or choose others by --only",
            ) from error
        yield [replace(row, group=found.key, commit=at, machine=where) for row in made]


def load() -> list[dict[str, Any]]:
    """The rows on file; none where there is no file yet."""
    path = RESULTS
    if not path.is_file():
        return []
    try:
        return list(json.loads(path.read_text())["rows"])
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} is not a results file: {error}", f"run `{WRITE}`") from error


def merge(old: list[dict[str, Any]], new: list[Row]) -> list[dict[str, Any]]:
    """New rows replace all old ones of the benchmarks that made them; the rest stays."""
    groups = {row.group for row in new}
    kept = [row for row in old if row["group"] not in groups]
    return sorted((*kept, *(row.as_json() for row in new)), key=lambda r: str(r["group"]))


def save(rows: list[dict[str, Any]]) -> None:
    """Write results.json."""
    RESULTS.write_text(json.dumps({"command": COMMAND, "rows": rows}, indent=1) + "\n")


def keep(rows: list[Row], say: Callable[[str], object]) -> None:
    """Put new rows into results.json and, where they have a place for them, into page and README."""
    merged = merge(load(), rows)
    save(merged)
    for path, text in _shown(merged).items():
        if path.is_file() and BEGIN in path.read_text():
            _write(path, text)
        else:
            say(f"{path.name} has no markers: it was not written")


def _shown(rows: list[dict[str, Any]]) -> dict[Path, str]:
    """What stands between the markers, by file."""
    first = [row for row in ordered(rows) if row["name"] in FIRST]
    return {PAGE: table(rows), README: short_table(first)}


def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first rows in their order, then the others as they stand."""
    place = {name: i for i, name in enumerate(FIRST)}
    return sorted(rows, key=lambda row: place.get(row["name"], len(FIRST)))


def number(x: float) -> str:
    """For people: three significant digits, thousands apart, tiny ones with an exponent."""
    if x == 0 or not 1e-3 <= abs(x) < 1e15:
        return f"{x:.1e}" if x else "0"
    if abs(x) >= 1000:
        digits = len(f"{abs(x):.0f}")
        return f"{round(x, 3 - digits if digits > 6 else 0):,.0f}"
    return f"{x:.3g}"


def table(rows: list[dict[str, Any]]) -> str:
    """The page's table, from nothing but results.json."""
    lines = [
        "| what | measured | goal | peers | how the peers were measured | commit |",
        "|---|---|---|---|---|---|",
    ]
    for row in ordered(rows):
        cells = (row["name"], _measured(row), _goal(row), row["peer"], row["peer_source"])
        lines.append(_line(*cells, row["commit"]))
    machines = sorted({row["machine"] for row in rows})
    note = "Medians, in brackets the least and the most of repeated runs."
    return "\n".join([*lines, "", f"{note} Machine: {'; '.join(machines)}. Again: `{COMMAND}`."])


def lines(rows: list[dict[str, Any]]) -> list[str]:
    """For a terminal: the page's table, and each row by itself where that does not fit."""
    page = table(rows).splitlines()
    if max(map(len, page)) <= screen_width():
        return page
    found: list[str] = []
    for row in ordered(rows):
        found += told("", row["name"])
        cells = [("measured", _measured(row).replace("**", "")), ("goal", _goal(row)),
                 ("peers", row["peer"]), ("measured by", row["peer_source"])]  # fmt: skip
        for name, value in cells:
            found += told(f"  {name.ljust(11)}  ", value) if value else []
    return [*found, "", *told("", page[-1])]


def short_table(rows: list[dict[str, Any]]) -> str:
    """README's table: no sources and no commits, which the page has."""
    lines = ["| what | measured | goal | peers |", "|---|---|---|---|"]
    lines += [_line(row["name"], _measured(row), _goal(row), row["peer"]) for row in rows]
    return "\n".join(lines)


def _line(*cells: object) -> str:
    return "| " + " | ".join(str(cell) or "–" for cell in cells) + " |"


def is_missed(value: float, goal: str) -> bool:
    """Whether a figure is on the wrong side of its goal; where there is none it is not."""
    side, _, bound = goal.partition(" ")
    sides: dict[str, Callable[[float, float], bool]] = {"≤": gt, "<": ge, "≥": lt, ">": le}
    return side in sides and sides[side](value, float(bound.replace(",", "")))


def _goal(row: dict[str, Any]) -> str:
    """So that nobody has to compare two figures to see it."""
    return row["goal"] + (", missed" if is_missed(row["value"], row["goal"]) else "")


def _measured(row: dict[str, Any]) -> str:
    value = f"**{number(row['value'])}** {row['unit']}".strip()
    if row["low"] is not None and row["high"] is not None:
        value += f" ({number(row['low'])} to {number(row['high'])})"
    return value


def _parts(path: Path) -> tuple[str, str, str]:
    text = path.read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.find(BEGIN) > text.find(END):
        raise ConfigError(
            f"{path.name} has no place for the table",
            f"put one line {BEGIN} and below it one line {END} where the table belongs",
        )
    head, rest = text.split(BEGIN)
    body, tail = rest.split(END)
    return head, body, tail


def _write(path: Path, text: str) -> None:
    head, _, tail = _parts(path)
    path.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}")


def differences() -> list[str]:
    """Lines in which page or README and results.json differ; none where they agree."""
    found: list[str] = []
    for path, text in _shown(load()).items():
        shown, meant = _parts(path)[1].strip().splitlines(), text.splitlines()
        lines = [f"{path.name} only: {line}" for line in shown if line not in meant]
        lines += [f"results.json only: {line}" for line in meant if line not in shown]
        if not lines and shown != meant:
            lines = [f"the table of {path.name} is in another order"]
        found += lines
    return found
