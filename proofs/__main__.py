"""`make prove`: every lemma, and the copy of the contracts of which it is false.

    python -m proofs                 all of them
    python -m proofs --only SV-14    one, goal by goal
    python -m proofs --json          for machines
    python -m proofs --write         bring docs/solvency.md's table up to date

Fails where a lemma is not proved, assumes what is never so, or holds of its broken copy too: then it says
nothing of what was broken.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from proofs import books, bounty, doors, exits, floor, payoffs, words
from proofs.lemma import LEMMAS, Lemma, Shown, Verdict, refuted, show
from proofs.sources import Sources
from scripts.generate_terms import splice

PARTS = (payoffs, words, books, floor, exits, doors, bounty)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "solvency.md"
BEGIN, END = "written by python -m proofs --write", "end of what is written"


@dataclass(frozen=True)
class Outcome:
    """How a lemma came out: its goals, and those of the copy that is broken."""

    lemma: Lemma
    goals: list[Shown]
    broken: list[Shown]

    @property
    def is_proved(self) -> bool:
        return all(goal.verdict is Verdict.PROVED for goal in self.goals)

    @property
    def is_sharp(self) -> bool:
        """Whether it is false of its copy."""
        return any(goal.verdict is Verdict.FALSE for goal in self.broken)

    @property
    def seconds(self) -> float:
        return sum(goal.seconds for goal in (*self.goals, *self.broken))


def outcome(found: Lemma, sources: Sources) -> Outcome:
    """Raises LookupError where the passage that is to be broken is not there."""
    copy = sources.breaking(*found.broken)
    return Outcome(found, [*map(show, found.goals(sources))], refuted(found.goals(copy)))


def lemmas() -> list[Lemma]:
    """All of them, in the order of their numbers."""
    return sorted(LEMMAS.values(), key=lambda one: int(one.id.partition("-")[2]))


def _table(outcomes: list[Outcome], in_full: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("", "lemma", "goals", "its broken copy", "s"):
        table.add_column(column, justify="right" if column in ("goals", "s") else "left")
    for o in outcomes:
        proved = sum(g.verdict is Verdict.PROVED for g in o.goals)
        copy = "false, as it must be" if o.is_sharp else "[red]holds, too[/red]"
        count = f"{proved} of {len(o.goals)}"
        table.add_row(o.lemma.id, o.lemma.says, count, copy, f"{o.seconds:.1f}")
        for goal in o.goals:
            if in_full or goal.verdict is not Verdict.PROVED:
                table.add_row("", f"  {goal.name}: {goal.verdict.value} {goal.example}", "", "", "")
    return table


def _row(one: Lemma) -> str:
    statements = ", ".join(f"`{id}`" for id in one.proves)
    laws = ", ".join(one.laws)
    code = f"[{Path(one.broken[0]).name}](../contracts/{one.broken[0]})"
    return f"| **{one.id}** | {one.says} | {statements} | {laws} | {code} |"


def table() -> str:
    """The lemmas, for docs/solvency.md."""
    head = ("| | lemma | statement | law | broken in |", "|---|---|---|---|---|")
    return "\n".join([*head, *map(_row, lemmas())])


def spliced(page: str) -> str:
    """docs/solvency.md as it should read."""
    return splice(page, table(), BEGIN, END)


def _record(o: Outcome) -> dict[str, object]:
    return {
        "id": o.lemma.id,
        "says": o.lemma.says,
        "proved": o.is_proved,
        "false_of_its_broken_copy": o.is_sharp,
        "seconds": round(o.seconds, 2),
        "goals": {g.name or "it": g.verdict.value for g in o.goals},
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="proofs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="one lemma, by its id")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument(
        "--write", action="store_true", help="the table of docs/solvency.md; proves nothing"
    )
    asked = parser.parse_args()
    if asked.write:
        PAGE.write_text(spliced(PAGE.read_text()))
        return 0
    chosen = [one for one in lemmas() if asked.only in ("", one.id)]
    if not chosen:
        parser.error(f"no lemma {asked.only}; there are {', '.join(one.id for one in lemmas())}")
    console, sources = Console(stderr=asked.json), Sources()
    waiting = track(chosen, "proving", console=console, disable=not console.is_terminal)
    outcomes = [outcome(one, sources) for one in waiting]
    if asked.json:
        print(json.dumps([*map(_record, outcomes)], indent=2))
    else:
        console.print(_table(outcomes, bool(asked.only)))
    return 0 if all(o.is_proved and o.is_sharp for o in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
