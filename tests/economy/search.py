"""The search: rooms of one book and one weather, in each of which plans are drawn, played and varied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from random import Random

from books import BOOKS
from outcome import Result
from plans import Plan, Weather, like, random_plan, random_weather, turned, varied
from play import IDLE, stage
from worlds import World

PER_ROOM = 16  # plans
FRESH = 0.45  # of them that vary nothing
AGAIN = 0.4  # of the rooms: under a weather like one in which an LP lost
NOTHING = IDLE | {"pool"}  # plans of these alone lead nowhere
CENT = 0.01  # USD, what an hour's worth is known to; `hold` alone costs no gas, and its seconds are 0.0001
KEPT = 24  # best plans of a book, which later rooms vary too


def led(results: Iterable[Result], kept: int, by: Callable[[Result], float]) -> list[Result]:
    """The best by a measure, and of those that do the same under one weather one alone."""
    ways: dict[tuple[object, ...], Result] = {}
    for r in sorted(results, key=by, reverse=True):
        ways.setdefault((r.plan.book, r.plan.weather, tuple(a.kind for a in r.plan.acts)), r)
    return list(ways.values())[:kept]


def leads(r: Result) -> float:
    """What an LP lost and nobody knew, the less the farther the parties are from having it: USD."""
    lost = max(-r.outside - r.known, 0.0)
    return lost * lost / (lost + max(-r.taken, 0.0) + 1)


def better(random: Random, some: list[Result]) -> Result | None:
    """One of these, the earlier the likelier; None where there is none."""
    return some[int(len(some) * random.random() ** 3)] if some else None


@dataclass(slots=True)
class Elite:
    """Plans of one book that are worth varying: what was taken is what a search is for, but of what an LP
    lost somebody may yet pay less for than he did."""

    taken: list[Result] = field(default_factory=list)
    lost: list[Result] = field(default_factory=list)

    def add(self, results: list[Result]) -> None:
        acted = [r for r in results if {*r.done} - NOTHING]
        self.taken = led([*self.taken, *acted], KEPT, lambda r: r.taken)
        self.lost = led([*self.lost, *acted], KEPT, leads)

    def one(self, random: Random) -> Result | None:
        """One of them, the better the likelier; None where there is none."""
        return better(random, random.choice((self.taken, self.taken, self.lost)))


@dataclass(slots=True)
class Found:
    """What a search has seen."""

    played: int = 0
    refused: int = 0
    done: Counter[str] = field(default_factory=Counter)
    best: list[Result] = field(default_factory=list)

    def add(self, results: list[Result], kept: int = KEPT) -> None:
        self.best = led([*self.best, *results], kept, lambda r: r.taken)

    @property
    def profits(self) -> list[Result]:
        """Plans that brought more than they cost, and than they knew; best first."""
        return [r for r in self.best if r.taken > CENT]


def next_plan(random: Random, elites: tuple[Elite, ...], book: str, weather: Weather) -> Plan:
    """A fresh one, or one varied from the best of here or elsewhere."""
    parent = None if random.random() < FRESH else random.choice(elites).one(random)
    if parent is None:
        return random_plan(random, book, weather)
    return varied(random, parent.plan, weather)


def room(random: Random, elite: Elite, book: str, world: World | None = None) -> list[Result]:
    """Plans under one weather. Who loses by a push that he unwinds, pushes the other way next."""
    known = better(random, elite.lost) if random.random() < AGAIN else None
    weather = like(random, known.plan.weather) if known else random_weather(random)
    here, played, other = Elite(), list[Result](), list[Plan]()
    with stage(book, weather, world) as course:
        while len(played) < PER_ROOM:
            fresh = not other
            plan = next_plan(random, (here, elite), book, weather) if fresh else other.pop()
            found = course.play(plan)
            if fresh and found.taken < 0 and "unwind" in found.done:
                other.append(turned(plan))
            played.append(found)
            here.add([found])
    return played


def search(
    plans: int,
    seed: int,
    books: tuple[str, ...] = tuple(BOOKS),
    world: World | None = None,
    tell: Callable[[Found], None] | None = None,
) -> Found:
    """So many plans, the same for the same seed. A room is told of when it is done."""
    random, found = Random(seed), Found()
    elites = {book: Elite() for book in books}
    while found.played < plans:
        book = books[random.randrange(len(books))]
        results = room(random, elites[book], book, world)
        elites[book].add(results)
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
