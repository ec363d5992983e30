"""What is known of each of several nodes, and which of them is asked first.

An operator lists nodes in the order in which he prefers them. The first serves that is of the right
chain, is not resting after a failure, is not behind what another one has shown, fails seldom and is not
far slower than the rest; as soon as one before it is all of that again it is returned to.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

WEIGHT = 1 / 16
"""Of one request in the averages."""
FIRST_REST, LONGEST_REST = 0.5, 30.0
"""Seconds that a node rests after its first failure, and after many in a row."""
LATE_BLOCKS, LATE_SECONDS = 2, 5
"""A node is behind that lacks more blocks than this of what another has shown, and more time."""
OFTEN = 0.2
"""Share of requests that fail from which a node comes after those that answer."""
ANSWERS = "answers"
SLOW, SLOW_SECONDS = 4.0, 0.25
"""A node is slow that takes so many times as long as the fastest, and so many seconds longer."""


@dataclass(slots=True)
class Health:
    """One node. Times are monotonic seconds; what is told of it has no address but its host."""

    place: int
    """In the operator's order."""
    shown: str
    chain: int | None = None
    """None: nobody asked since it failed."""
    asked_chain: float = -math.inf
    number: int = 0
    """Of the latest block that it showed."""
    timestamp: int = 0
    latency: float = 0.0
    """Seconds a request, on average over the last ones."""
    errors: float = 0.0
    """Share of the last requests that failed."""
    answers: int = 0
    failures: int = 0
    in_a_row: int = 0
    rests_until: float = -math.inf
    looked: float = -math.inf
    """When it was asked last, by whom ever."""

    def answered(self, took: float, now: float) -> None:
        """It answered in form."""
        self.latency = took if not self.answers else self.latency + WEIGHT * (took - self.latency)
        self.errors -= WEIGHT * self.errors
        self.answers += 1
        self.in_a_row = 0
        self.rests_until = -math.inf
        self.looked = now

    def failed(self, now: float) -> None:
        """It did not, and rests: for longer each time, and never as long as others do that failed with it."""
        self.errors += WEIGHT * (1 - self.errors)
        self.failures += 1
        self.in_a_row += 1
        rest = min(FIRST_REST * 2 ** (self.in_a_row - 1), LONGEST_REST)
        self.rests_until = now + rest * random.uniform(0.5, 1.0)
        self.chain = None
        self.looked = now


@dataclass(frozen=True, slots=True)
class Report:
    """One node as it was seen, for people and for metrics."""

    node: str
    """Scheme, host and port."""
    state: str
    block: int
    latency_ms: float
    error_share: float
    answers: int
    failures: int


@dataclass(slots=True)
class Board:
    """All of them. expected: the chain that they are to be of; None: any."""

    nodes: list[Health]
    expected: int | None = None

    def is_foreign(self, one: Health) -> bool:
        """Whether it said that it is of another chain."""
        return None not in (self.expected, one.chain) and one.chain != self.expected

    def all_foreign(self) -> bool:
        """Whether there is nobody to listen to."""
        return all(map(self.is_foreign, self.nodes))

    def best(self) -> Health:
        """Who shows the latest block."""
        return max(self.nodes, key=lambda n: (not self.is_foreign(n), n.number))

    def is_behind(self, one: Health) -> bool:
        """Whether another has shown blocks that it lacks, and for how long."""
        best = self.best()
        late = best.number - one.number > LATE_BLOCKS and one.number > 0
        return late and best.timestamp - one.timestamp > LATE_SECONDS

    def ranked(self, now: float) -> list[Health]:
        """Whom to ask first."""
        fastest = min((n.latency for n in self.nodes if n.answers), default=0.0)

        def rank(one: Health) -> tuple[bool, bool, bool, bool, bool, int]:
            is_slow = one.latency > max(SLOW * fastest, fastest + SLOW_SECONDS)
            return (
                self.is_foreign(one),
                now < one.rests_until,
                self.is_behind(one),
                one.errors > OFTEN,
                is_slow,
                one.place,
            )

        return sorted(self.nodes, key=rank)

    def state(self, one: Health, now: float) -> str:
        """In a word, for people."""
        if self.is_foreign(one):
            return f"is of chain {one.chain}"
        if now < one.rests_until:
            return "does not answer"
        if self.is_behind(one):
            return f"is {self.best().number - one.number} blocks behind"
        return ANSWERS if one.answers else "was not asked yet"
