"""Verdicts over time, and the page that shows them: score per contract with its interval, survivors."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from mutation.mutants import Mutant
from mutation.sandbox import KILLED, LATE, SURVIVED

VERDICTS = "docs/mutation.json"
PAGE = "docs/mutation.md"
BEGIN, END = "<!-- written by scripts/mutate.py --write -->", "<!-- end of what is written -->"
Z = 1.96


@dataclass(frozen=True, slots=True)
class Outcome:
    """One mutant and what became of it."""

    mutant: Mutant
    verdict: str
    seconds: float


def interval(killed: int, tried: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if tried == 0:
        return 0.0, 1.0
    p, n = killed / tried, tried
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def keep(root: Path, outcomes: list[Outcome]) -> None:
    """Verdicts by mutant; a later one replaces an earlier one. Why a survivor lives is kept."""
    path = root / VERDICTS
    known: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    for outcome in outcomes:
        if outcome.verdict not in (KILLED, LATE, SURVIVED):
            continue
        m = outcome.mutant
        key = f"{m.file} | {' '.join(m.old.split())} | {' '.join(m.new.split())}"
        why = known.get(key, {}).get("why", "")
        known[key] = {"verdict": outcome.verdict} | ({"why": why} if why else {})
    path.write_text(json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n")


def table(known: dict[str, dict[str, str]]) -> str:
    """Score per source, then every survivor with its reason."""
    files: dict[str, list[dict[str, str]]] = defaultdict(list)
    for key, entry in known.items():
        files[key.split(" | ")[0]].append(entry)
    lines = [
        "| source | mutants | killed | 95 % interval | by its own tests | equivalent, explained |",
        "|---|---|---|---|---|---|",
    ]
    everything = [entry for entries in files.values() for entry in entries]
    for file, entries in [*sorted(files.items()), ("**all**", everything)]:
        explained = sum(bool(e.get("why")) for e in entries)
        tried = len(entries) - explained
        killed = sum(e["verdict"] != SURVIVED for e in entries)
        own = sum(e["verdict"] == KILLED for e in entries)
        low, high = interval(killed, tried)
        share = f"{killed / tried:.0%}" if tried else "–"
        lines.append(
            f"| {file} | {len(entries)} | {share} | {low:.0%} – {high:.0%} | {own} | {explained} |"
        )
    lines += ["", "Survivors:", "", "| source | was | reads | why it lives |", "|---|---|---|---|"]
    for key, entry in known.items():
        if entry["verdict"] == SURVIVED:
            file, old, new = (part.replace("|", "\\|") for part in key.split(" | "))
            lines.append(
                f"| {file} | `{old}` | `{new}` | {entry.get('why') or 'a test is missing'} |"
            )
    return "\n".join(lines)


def write_page(root: Path) -> None:
    """docs/mutation.md with the verdicts that are kept."""
    page = root / PAGE
    text = page.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    known = json.loads((root / VERDICTS).read_text())
    page.write_text(f"{head}{BEGIN}\n\n{table(known)}\n\n{END}{tail}")
