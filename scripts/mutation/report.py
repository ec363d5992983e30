"""Verdicts over time, and the page that shows them: score per contract with its interval, survivors."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from generate_terms import splice

from mutation.mutants import Mutant
from mutation.sandbox import ALIVE, BROKE, KILLED, LATE, SLOW, SURVIVED

VERDICTS = "docs/mutation.json"
PAGE = "docs/mutation.md"
DECIDED = (KILLED, LATE, SURVIVED)
BEGIN, END = "<!-- written by scripts/mutate.py --write -->", "<!-- end of what is written -->"
Z = 1.96
# What a test made of a survivor. Who lived its own tests and dies by them met a new one, and whether
# the others would have noticed was not asked.
MENDED = {(SURVIVED, KILLED), (SURVIVED, LATE), (ALIVE, KILLED)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One mutant and what became of it."""

    mutant: Mutant
    verdict: str
    seconds: float


def interval(killed: float, tried: float) -> tuple[float, float]:
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


def undecided(root: Path, own: bool) -> Callable[[Mutant], bool]:
    """Whether a mutant has no verdict yet. own: who lives its own tests is asked no more."""
    known = {key: entry["verdict"] for key, entry in verdicts(root).items()}
    return lambda mutant: known.get(key_of(mutant)) in ((None,) if own else (None, ALIVE))


def keep(root: Path, outcomes: list[Outcome]) -> None:
    """Verdicts by mutant; a later one replaces an earlier one. Why a survivor lives is kept, and that
    one was a survivor when it was drawn ("first"): a test written for it says nothing of the rest."""
    known = verdicts(root)
    for outcome in outcomes:
        if outcome.verdict in (SLOW, BROKE):
            continue
        m = outcome.mutant
        before = known.get(key_of(m), {})
        if outcome.verdict == ALIVE and before.get("verdict") in (LATE, SURVIVED):
            continue  # what the others said of it is known
        facts = {"file": m.file, "was": m.was, "reads": m.reads, "verdict": outcome.verdict}
        if (before.get("verdict"), outcome.verdict) in MENDED:
            before = before | {"first": SURVIVED}
        known[key_of(m)] = facts | {k: before[k] for k in ("first", "why") if k in before}
    (root / VERDICTS).write_text(
        json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n"
    )


def _counts(entry: dict[str, str]) -> bool:
    """A survivor that is equivalent, or out of reach, does not. Who lived its own tests and waits for the
    others does: those who died by their own are in the score, and without him it would be of them alone."""
    found = entry["verdict"]
    return found == ALIVE or (found in DECIDED and not (found == SURVIVED and entry.get("why")))


def _killed(entry: dict[str, str], drawn: bool = False) -> bool:
    """drawn: as it was when it was drawn, before a test was written for it."""
    lives = entry["verdict"] in (SURVIVED, ALIVE)
    return not lives and not (drawn and entry.get("first") == SURVIVED)


def _by_source(files: dict[str, list[dict[str, str]]], there: dict[str, int]) -> list[str]:
    """Score per source, those that nobody asked too, and of all. there: how many mutants a source has."""
    columns = (
        "source, decided, of, as drawn, 95 % interval, killed now, by its own, undecided, explained"
    )
    lines = [f"| {columns.replace(', ', ' | ')} |", "|---|---|---|---|---|---|---|---|---|"]
    everything = [entry for entries in files.values() for entry in entries]
    listed = [(file, files.get(file, [])) for file in sorted(files.keys() | there.keys())]
    for file, entries in [*listed, ("**all**", everything)]:
        counted = list(filter(_counts, entries))
        tried, killed = len(counted), sum(map(_killed, counted))
        drawn = sum(_killed(e, True) for e in counted)
        own = sum(e["verdict"] == KILLED for e in counted)
        waiting = sum(e["verdict"] == ALIVE for e in counted)
        decided = sum(e["verdict"] in DECIDED for e in entries)
        low, high = interval(drawn, tried) if tried else (0.0, 1.0)
        shares = [f"{n / tried:.0%}" if tried else "–" for n in (drawn, killed)]
        lines.append(
            f"| {file} | {decided} | {there.get(file, sum(there.values()))} | {shares[0]}"
            f" | {low:.0%} – {high:.0%} | {shares[1]} | {own} | {waiting} | {decided + waiting - tried} |"
        )
    return lines


def _by_contract(
    files: dict[str, list[dict[str, str]]],
    there: dict[str, int],
    made_of: dict[str, tuple[str, ...]],
) -> list[str]:
    """Score per contract: of those of its sources that have a verdict, each by how many mutants it has.
    The interval is Wilson's of as many mutants as tell as much where all weigh the same (Kish)."""
    lines = [
        "| contract | sources | decided | of | as drawn | 95 % interval | killed now |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, sources in sorted(made_of.items()):
        total, strata = sum(there.get(f, 0) for f in sources), []
        for file in sources:
            entries = list(filter(_counts, files.get(file, ())))
            if entries:
                now, then = sum(map(_killed, entries)), sum(_killed(e, True) for e in entries)
                strata.append((there.get(file, 0), len(entries), now, then))
        tried, known = sum(n for _, n, _, _ in strata), sum(of for of, *_ in strata)
        if not known:
            lines.append(f"| {name} | 0 of {len(sources)} | 0 | {total} | – | 0% – 100% | – |")
            continue
        now, then = (sum(s[0] * s[i] / s[1] for s in strata) / known for i in (2, 3))
        alike = known**2 / sum(of * of / n for of, n, _, _ in strata)
        low, high = interval(then * alike, alike)
        lines.append(
            f"| {name} | {len(strata)} of {len(sources)} | {tried} | {total}"
            f" | {then:.1%} | {low:.0%} – {high:.0%} | {now:.1%} |"
        )
    return lines


def table(
    known: dict[str, dict[str, str]], there: dict[str, int], made_of: dict[str, tuple[str, ...]]
) -> str:
    """Score per contract and per source, then the survivors. made_of: contract -> its sources."""
    files: dict[str, list[dict[str, str]]] = defaultdict(list)
    for entry in known.values():
        files[entry["file"]].append(entry)
    lines = [*_by_contract(files, there, made_of), "", *_by_source(files, there)]
    lines += ["", "Survivors:", "", "| source | was | reads | why it lives |", "|---|---|---|---|"]
    for entry in known.values():
        if entry["verdict"] == SURVIVED:
            file, old, new = (entry[k].replace("|", "\\|") for k in ("file", "was", "reads"))
            lines.append(
                f"| {file} | `{old}` | `{new}` | {entry.get('why') or 'a test is missing'} |"
            )
    return "\n".join(lines)


def write_page(root: Path, there: dict[str, int], made_of: dict[str, tuple[str, ...]]) -> None:
    """docs/mutation.md with the verdicts that are kept. there: how many mutants a source has."""
    page = root / PAGE
    page.write_text(splice(page.read_text(), table(verdicts(root), there, made_of), BEGIN, END))
