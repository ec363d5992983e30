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


def key_of(m: Mutant) -> str:
    """Under which a mutant's verdict is kept, wherever its line moves."""
    return f"{m.file} | {m.was} | {m.reads} | {m.nth}"


def verdicts(root: Path) -> dict[str, dict[str, str]]:
    """What is kept."""
    path = root / VERDICTS
    return json.loads(path.read_text()) if path.exists() else {}


def keep(root: Path, outcomes: list[Outcome]) -> None:
    """Verdicts by mutant; a later one replaces an earlier one. Why a survivor lives is kept."""
    known = verdicts(root)
    for outcome in outcomes:
        if outcome.verdict not in (KILLED, LATE, SURVIVED):
            continue
        m = outcome.mutant
        key = key_of(m)
        why = known.get(key, {}).get("why", "")
        facts = {"file": m.file, "was": m.was, "reads": m.reads, "verdict": outcome.verdict}
        known[key] = facts | ({"why": why} if why else {})
    (root / VERDICTS).write_text(
        json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n"
    )


def table(known: dict[str, dict[str, str]], there: dict[str, int]) -> str:
    """Score per source, then every survivor with its reason. there: how many mutants a source has."""
    files: dict[str, list[dict[str, str]]] = defaultdict(list)
    for entry in known.values():
        files[entry["file"]].append(entry)
    lines = [
        "| source | tried | of | killed | 95 % interval | by its own tests | equivalent, explained |",
        "|---|---|---|---|---|---|---|",
    ]
    everything = [entry for entries in files.values() for entry in entries]
    for file, entries in [*sorted(files.items()), ("**all**", everything)]:
        explained = sum(e["verdict"] == SURVIVED and bool(e.get("why")) for e in entries)
        of = there.get(file, sum(there.values()))
        tried = len(entries) - explained
        killed = sum(e["verdict"] != SURVIVED for e in entries)
        own = sum(e["verdict"] == KILLED for e in entries)
        low, high = interval(killed, tried)
        share = f"{killed / tried:.0%}" if tried else "–"
        lines.append(
            f"| {file} | {len(entries)} | {of} | {share} | {low:.0%} – {high:.0%} | {own} | {explained} |"
        )
    lines += ["", "Survivors:", "", "| source | was | reads | why it lives |", "|---|---|---|---|"]
    for entry in known.values():
        if entry["verdict"] == SURVIVED:
            file, old, new = (entry[k].replace("|", "\\|") for k in ("file", "was", "reads"))
            lines.append(
                f"| {file} | `{old}` | `{new}` | {entry.get('why') or 'a test is missing'} |"
            )
    return "\n".join(lines)


def write_page(root: Path, there: dict[str, int]) -> None:
    """docs/mutation.md with the verdicts that are kept. there: how many mutants a source has."""
    page = root / PAGE
    text = page.read_text()
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{BEGIN}\n\n{table(verdicts(root), there)}\n\n{END}{tail}")
