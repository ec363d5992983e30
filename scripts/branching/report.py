"""What is said of the ways that tests went."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generate_terms import splice

from branching.decisions import Decision

GOAL = 0.98
BEGIN, END = "<!-- written by scripts/branches.py --write -->", "<!-- end of what is written -->"


@dataclass(frozen=True, slots=True)
class Way:
    """Of a decision: that it holds, or that it does not. why: a proof that no test can go it; "" for none."""

    decision: Decision
    holds: bool
    gone: bool
    why: str


def name_of(decision: Decision, holds: bool) -> str:
    """What a way is called in docs/branches.json."""
    return f"{decision.file}: {decision.text} is {str(holds).lower()}"


@dataclass(frozen=True, slots=True)
class Ways:
    """All of them, in the order of the sources."""

    all: tuple[Way, ...]

    @classmethod
    def of(cls, decisions: list[Decision], seen: set[int], root: Path) -> Ways:
        """seen: numbers as `instrumented` gives them."""
        why: dict[str, str] = json.loads((root / "docs" / "branches.json").read_text())
        found: list[Way] = []
        for number, decision in enumerate(decisions):
            for holds in (False, True):
                reason = why.get(name_of(decision, holds), "")
                found.append(Way(decision, holds, 2 * number + holds in seen, reason))
        return cls(tuple(found))

    @property
    def share(self) -> float:
        """Of the ways that are not explained, those gone."""
        counted = [way for way in self.all if way.gone or not way.why]
        return sum(way.gone for way in counted) / len(counted)

    def rows(self) -> Iterator[str]:
        """The table: a line a source."""
        every, gone, explained = Counter[str](), Counter[str](), Counter[str]()
        for way in self.all:
            file = way.decision.file
            every[file] += 1
            gone[file] += way.gone
            explained[file] += bool(way.why) and not way.gone
        yield "| source | ways | gone | explained | share |"
        yield "|---|---|---|---|---|"
        names = [*sorted(every), "**all**"]
        for counts in (every, gone, explained):
            counts["**all**"] = sum(counts.values())
        for name in names:
            left = every[name] - explained[name]
            share = f"{gone[name] / left:.1%}" if left else "–"
            yield f"| {name} | {every[name]} | {gone[name]} | {explained[name]} | {share} |"

    def lines(self) -> Iterator[str]:
        """The table, and what no test went."""
        yield from self.rows()
        yield ""
        for way in self.all:
            if not way.gone:
                place = f"{way.decision.file}:{way.decision.line}"
                asks = (
                    way.decision.text
                    if len(way.decision.text) < 70
                    else way.decision.text[:67] + "..."
                )
                reason = way.why or "no test goes there"
                yield f"- `{place}` `{asks}` is never {str(way.holds).lower()}: {reason}"


def write_page(root: Path, ways: Ways) -> None:
    """Bring what docs/branches.md lists up to date."""
    page = root / "docs" / "branches.md"
    page.write_text(splice(page.read_text(), "\n".join(ways.lines()), BEGIN, END))
