"""The search: rooms of one book and one weather, in each of which plans are drawn, played and varied."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from books import BOOKS
from outcome import Result
from plans import Plan, random_plan, random_weather, varied
from play import stage
from worlds import World

PER_ROOM = 32  # plans
FRESH = 0.45  # of them that vary nothing
KEPT = 24  # best plans of a book, which later rooms vary too


@dataclass(slots=True)
class Found:
    """What a search has seen."""

    played: int = 0
    refused: int = 0
    done: Counter[str] = field(default_factory=Counter)
    best: list[Result] = field(default_factory=list)

    def add(self, results: list[Result], kept: int = KEPT) -> None:
        """Keep the best, and of those that do the same under one weather one alone."""
        ways: dict[tuple[object, ...], Result] = {}
        for r in sorted([*self.best, *results], key=lambda r: r.taken, reverse=True):
            ways.setdefault((r.plan.book, r.plan.weather, tuple(a.kind for a in r.plan.acts)), r)
        self.best = list(ways.values())[:kept]

    @property
    def profits(self) -> list[Result]:
        """Plans that brought more than they cost, and than they knew; best first."""
        return [r for r in self.best if r.taken > 0]


def room(
    random: Random, elite: list[Result], book: str, world: World | None = None
) -> list[Result]:
    """Plans under one weather: some fresh, others varied from the best of here and elsewhere."""
    weather = random_weather(random)
    mine: list[Result] = []
    with stage(book, weather, world) as course:
        for _ in range(PER_ROOM):
            acted = (r for r in mine if r.done)  # a plan of refusals leads nowhere
            parents = [*heapq.nlargest(4, acted, key=lambda r: r.taken), *elite]
            if not parents or random.random() < FRESH:
                plan = random_plan(random, book, weather)
            else:
                plan = varied(random, random.choice(parents).plan, weather)
            mine.append(course.play(plan))
    return mine


def search(
    plans: int,
    seed: int,
    books: tuple[str, ...] = tuple(BOOKS),
    world: World | None = None,
    tell: Callable[[Found], None] | None = None,
) -> Found:
    """So many plans, the same for the same seed. A room is told of when it is done."""
    random, found = Random(seed), Found()
    elites: dict[str, Found] = {book: Found() for book in books}
    while found.played < plans:
        book = books[random.randrange(len(books))]
        results = room(random, elites[book].best, book, world)
        elites[book].add([r for r in results if r.done], KEPT)
        found.add(results, 4 * KEPT)
        found.played += len(results)
        found.refused += sum(not r.done for r in results)
        found.done.update(kind for r in results for kind in r.done)
        if tell:
            tell(found)
    return found


def shrunk(found: Result, world: World | None = None) -> Result:
    """The same without the acts that bring nothing."""
    best = found
    with stage(found.plan.book, found.plan.weather, world) as course:
        for place in reversed(range(len(found.plan.acts))):
            acts = best.plan.acts
            tried = course.play(replace(best.plan, acts=acts[:place] + acts[place + 1 :]))
            if tried.taken >= 0.98 * best.taken:
                best = tried
    return best


def again(plan: Plan, world: World | None = None) -> Result:
    """One plan, by itself."""
    with stage(plan.book, plan.weather, world) as course:
        return course.play(plan)
