"""Random schedules of faults: which, when, for how long, on which of two nodes; the same for a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SPAN = 9.0
"""Seconds of a schedule; faults begin in the first two thirds, and heal by its end."""
NODE = (
    "refuse",
    "busy",
    "limit",
    "html",
    "half",
    "null",
    "hang",
    "drip",
    "lag",
    "other chain",
    "some bad",
)
"""What one of the nodes, or both, does instead of answering."""
PROCESS = ("kill", "term", "stop")
CHAIN = ("reorg", "stuck", "dear")
WORLD = ("rival", "elsewhere", "jump", "broke")
BOTH = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One of them. begins, lasts: seconds; node: 0, 1 or BOTH; size: of 0 to 1, read by its kind."""

    kind: str
    begins: float
    lasts: float
    node: int
    size: float

    @property
    def ends(self) -> float:
        return self.begins + self.lasts

    def __str__(self) -> str:
        where = (
            f" on {'both' if self.node == BOTH else 'ab'[self.node]}" if self.kind in NODE else ""
        )
        return f"{self.kind}{where} {self.begins:.1f}+{self.lasts:.1f} s, {self.size:.2f}"


def drawn(seed: int) -> tuple[Fault, ...]:
    """Two to six faults, in the order in which they begin. What takes blocks back and what empties a purse do
    not meet: the ledger would not know which came last."""
    random = Random(seed)
    groups = (NODE, NODE, PROCESS, CHAIN, WORLD)
    found: list[Fault] = []
    for _ in range(random.randint(2, 6)):
        kind = random.choice(random.choice(groups))
        begins = random.uniform(0.0, SPAN * 2 / 3)
        lasts = random.uniform(0.3, min(4.0, SPAN - begins))
        node = random.choice((0, 0, 1, BOTH))
        found.append(Fault(kind, begins, lasts, node, random.random()))
    if any(fault.kind == "reorg" for fault in found):
        found = [fault for fault in found if fault.kind != "broke"]
    return tuple(sorted(found, key=lambda fault: fault.begins))
