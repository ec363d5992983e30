"""What a plan is, in words that can be printed, read again and varied. Longer than a file should be: it
knows every act.

full jump=4 lag=-2 vol=3 hours=3 | A mint C2500n 40; A push -60; B rebalance 0; A unwind 100
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from books import BOOKS

from tandem.venues import SEPARATOR

MOST_ACTS = 8
WHO = "ABC"
SERIES = (
    "C2400n", "C2500n", "C2600n", "C2750n", "C2500-2750n", "C2600-3000f", "C2500f", "C2600f",
    "P2250n", "P2400n", "P2500n", "P2600n", "P2500-2250n", "P2400f", "P2500f",
)  # fmt: skip
SIZES = ("0.01", "0.05", "1", "5", "17", "40", "80", "160")  # ETH
PUSHES = ("-300", "-110", "-50", "-20", "-5", "5", "20", "50", "110", "300")  # ETH
MONEY = ("1000", "100000", "1000000", "9000000")  # USD
PARTS = ("100", "50", "10")  # per cent
WAITS = ("1", "15", "61", "300", "600", "1800", "3600")  # seconds
LONG = "90000"  # a request's wait
HOLDS = ("900", "3600", "10800", LONG)  # seconds
AGES = ("0", "200", "440")  # seconds since a slice was signed; half of its age may be over
LAGS = (0.0, 0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0)  # per cent
JUMPS = (0.0, 0.0, 1.0, -1.0, 3.0, -3.0, 6.0, -6.0)  # per cent
OUTAGES = ("1800", "7200", "18000", "36000")  # seconds
MOVES = ("-6", "-3", "-1", "1", "3", "6")  # per cent, meanwhile
VOLS = (0.0, 0.0, 0.0, 1.0, -1.0, 3.0, -3.0, 10.0, -8.0)  # points
# Acts with what follows them, and how often they are drawn.
KINDS: dict[str, tuple[int, tuple[tuple[str, ...], ...]]] = {
    "mint": (6, (SERIES, SIZES)),
    "close": (4, (PARTS,)),
    "deposit": (3, (MONEY,)),
    "request": (1, (PARTS,)),
    "process": (3, ()),
    "claim": (1, ()),
    "rebalance": (4, (("0", "50"),)),
    "settle": (2, ()),
    "poke": (1, ()),
    "post": (3, ()),
    "renew": (2, (("near", "far"), AGES)),
    "hold": (1, (HOLDS,)),
    "push": (5, (PUSHES,)),
    "unwind": (3, (PARTS,)),
    "make": (1, (("500000", "4000000"),)),
    "top_up": (1, ()),
    "sweep": (1, ()),
    "stamp": (2, ()),
    "hunt": (2, (("0", "50"),)),
    "remark": (1, ()),
    "oracle": (3, (PARTS,)),
    "pool": (2, ()),
    "wait": (4, (WAITS,)),
}
TOKENS, PLACES = ("base", "quote"), ("0", "1")
Kinds = dict[str, tuple[int, tuple[tuple[str, ...], ...]]]
# Where a lender is part of the hedge, also these.
LENT: Kinds = {
    "borrow": (3, (TOKENS,)),
    "back": (2, ()),
    "gift": (2, (("repay", "lend_dollars", "lend_ether"),)),
    "accept": (1, ()),
}
# Where there are two pools, with the place of the one that is meant.
POOLS: Kinds = {
    "push": (6, (PUSHES, PLACES)),
    "unwind": (3, (PARTS, PLACES)),
    "make": (1, (("500000", "4000000"), PLACES)),
}
# And over two venues also these.
SEVERAL: Kinds = POOLS | {
    "borrow": (3, (TOKENS, PLACES)),
    "gift": (2, (LENT["gift"][1][0], PLACES)),
    "accept": (1, (PLACES,)),
    "shift": (3, (PLACES,)),
    "note": (1, ()),
}
# On a rollup the sequencer may be down, for so long and with such a move; a price feed may be silent.
ROLLUP: Kinds = {"outage": (5, (OUTAGES, MOVES))}
MUTE: Kinds = {"silence": (5, (OUTAGES, MOVES))}


@cache
def kinds_of(book: str) -> Kinds:
    """What may be done where a book is, with what follows each, and how often it is drawn."""
    of = BOOKS[book]
    stands = (ROLLUP if of.rollup else {}) | (MUTE if of.mute else {})
    if of.venue == "curie":
        return KINDS | stands
    if of.venue == "morpho4":  # a pool, and the one that it leans on
        return KINDS | LENT | POOLS | stands
    return KINDS | LENT | (SEVERAL if SEPARATOR in of.venue else {}) | stands


@dataclass(frozen=True, slots=True)
class Weather:
    """What happened just before, which the parties know and the protocol in part. Per cent and points.

    jump: oracle, pool and truth moved together, and nobody has hedged yet. lag: pool and truth have
    moved on since, the oracle has not. vol: what the desk will post, less what it posted. hours: when
    everything is counted."""

    jump: float = 0.0
    lag: float = 0.0
    vol: float = 0.0
    hours: int = 3

    def __str__(self) -> str:
        return f"jump={self.jump:g} lag={self.lag:g} vol={self.vol:g} hours={self.hours}"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of one party (or of whoever must, where it matters to nobody who)."""

    who: str
    kind: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.who, self.kind, *self.words))


@dataclass(frozen=True, slots=True)
class Plan:
    """A book, what happened before, and up to eight acts."""

    book: str
    weather: Weather
    acts: tuple[Act, ...]

    def __str__(self) -> str:
        return f"{self.book} {self.weather} | {'; '.join(map(str, self.acts))}"


def parse(text: str) -> Plan:
    """A plan as it was printed."""
    head, _, tail = text.partition("|")
    book, *facts = head.split()
    known: dict[str, float] = {k: float(v) for k, _, v in (f.partition("=") for f in facts)}
    weather = Weather(
        known.get("jump", 0.0), known.get("lag", 0.0), known.get("vol", 0.0), int(known["hours"])
    )
    acts: list[Act] = []
    for piece in filter(None, map(str.strip, tail.split(";"))):
        who, kind, *words = piece.split()
        acts.append(Act(who, kind, tuple(words)))
    return Plan(book, weather, tuple(acts))


SANDWICHES = 0.4  # of the plans that vary nothing
STANDSTILLS = 0.5  # of those where something may stand still: around that
UNDOES = {"close": "mint", "unwind": "push", "back": "borrow"}
# What our contracts do at a price, or count by one, that the opened act may have moved.
BETWEEN = ("rebalance", "hunt", "process", "deposit", "settle", "post", "shift")

# What our contracts keep of a moment: behind an outage it may count for more than it should.
KEPT = ("poke", "poke", "stamp", "remark", "rebalance", "hold")


def random_act(random: Random, book: str, kinds: tuple[str, ...] = ()) -> Act:
    """kinds: what it may be; anything where empty."""
    there = kinds_of(book)
    names = kinds or [kind for kind, (often, _) in there.items() for _ in range(often)]
    kind = random.choice(names)
    words = tuple(random.choice(choices) for choices in there[kind][1])
    return Act(random.choice(WHO), kind, words)


def random_weather(random: Random) -> Weather:
    hours = 27 if random.random() < 0.1 else 3
    return Weather(random.choice(JUMPS), random.choice(LAGS), random.choice(VOLS), hours)


def like(random: Random, weather: Weather) -> Weather:
    """The same but for one of its facts, which is drawn anew."""
    fact = random.choice(("jump", "lag", "vol", "hours"))
    return replace(weather, **{fact: getattr(random_weather(random), fact)})


def possible(random: Random, book: str, acts: list[Act]) -> list[Act]:
    """The same where nobody closes or unwinds what he never opened: whoever did does it, or somebody opens
    it now."""
    opened: dict[str, list[str]] = {opener: [] for opener in UNDOES.values()}
    found: list[Act] = []
    for act in acts:
        opener = UNDOES.get(act.kind, "")
        if opener and act.who not in opened[opener]:
            there = opened[opener]
            undone = replace(act, who=random.choice(there)) if there else None
            act = undone or random_act(random, book, (opener,))
        if act.kind in opened:
            opened[act.kind].append(act.who)
        found.append(act)
    return found


def drawn(random: Random, book: str, kinds: Iterable[str]) -> str:
    """One of those that are there, as often as they are drawn elsewhere."""
    there = kinds_of(book)
    names = [kind for kind in kinds if kind in there]
    return random.choices(names, [there[kind][0] for kind in names])[0]


def around(random: Random, book: str, inside: list[Act]) -> list[Act]:
    """These between what somebody opens and what he undoes all of: a sandwich."""
    opener = drawn(random, book, UNDOES.values())
    (undo,) = (kind for kind, opened in UNDOES.items() if opened == opener)
    opened = random_act(random, book, (opener,))
    words = list(random_act(random, book, (undo,)).words)
    if words:
        words[0] = "100"
    if len(words) > 1:
        words[-1] = opened.words[-1]  # the same place
    return [opened, *inside, Act(opened.who, undo, tuple(words))]


def sandwich(random: Random, book: str) -> list[Act]:
    """Something of ours in between, and little else: what costs as much as a hole brings hides it."""
    inside = [random_act(random, book, (drawn(random, book, BETWEEN),))]
    if random.random() < 0.25:
        inside.append(random_act(random, book))
    before, after = (
        [random_act(random, book) for _ in range(random.choice((0, 0, 1)))] for _ in range(2)
    )
    return [*before, *around(random, book, inside), *after]


def standstill(random: Random, book: str) -> list[Act]:
    """Something is kept, nothing goes for hours, and somebody is first behind it."""
    before = [random_act(random, book) for _ in range(random.choice((0, 0, 1)))]
    still = "outage" if BOOKS[book].rollup else "silence"
    kept, outage = (random_act(random, book, kinds) for kinds in (KEPT, (still,)))
    return [*before, kept, outage, random_act(random, book, (drawn(random, book, BETWEEN),))]


def turned(plan: Plan) -> Plan:
    """The same with each push the other way."""
    acts = (
        replace(a, words=(str(-int(a.words[0])), *a.words[1:])) if a.kind == "push" else a
        for a in plan.acts
    )
    return replace(plan, acts=tuple(acts))


def random_plan(random: Random, book: str, weather: Weather) -> Plan:
    if (BOOKS[book].rollup or BOOKS[book].mute) and random.random() < STANDSTILLS:
        acts = standstill(random, book)
    elif random.random() < SANDWICHES:
        acts = sandwich(random, book)
    else:
        acts = [random_act(random, book) for _ in range(random.randint(1, MOST_ACTS))]
    acts = possible(random, book, acts)
    if weather.hours > 24:
        acts[random.randrange(len(acts))] = Act("A", "wait", (LONG,))
    return Plan(book, weather, tuple(acts))


def _dropped(random: Random, book: str, acts: list[Act]) -> None:
    if len(acts) > 1:
        del acts[random.randrange(len(acts))]


def _added(random: Random, book: str, acts: list[Act]) -> None:
    acts.insert(random.randint(0, len(acts)), random_act(random, book))


def _changed(random: Random, book: str, acts: list[Act]) -> None:
    place = random.randrange(len(acts))
    act = acts[place]
    choices = kinds_of(book)[act.kind][1]
    if choices and act.words[0] != LONG:
        acts[place] = replace(act, words=tuple(random.choice(c) for c in choices))
    else:
        acts[place] = replace(act, who=random.choice(WHO))


def _stepped(random: Random, book: str, acts: list[Act]) -> None:
    """One size or name to the next smaller or larger one."""
    sized = [place for place, act in enumerate(acts) if act.words]
    if not sized:
        return
    place = random.choice(sized)
    act, words = acts[place], list(acts[place].words)
    word = random.randrange(len(words))
    choices = kinds_of(book)[act.kind][1][word]
    if words[word] in choices:
        at = choices.index(words[word]) + random.choice((-1, 1))
        words[word] = choices[min(max(at, 0), len(choices) - 1)]
        acts[place] = replace(act, words=tuple(words))


def _wrapped(random: Random, book: str, acts: list[Act]) -> None:
    """One or two of them become what a sandwich is around."""
    place = random.randrange(len(acts))
    end = place + random.randint(1, 2)
    acts[place:end] = around(random, book, acts[place:end])


def _swapped(random: Random, book: str, acts: list[Act]) -> None:
    a, b = random.randrange(len(acts)), random.randrange(len(acts))
    acts[a], acts[b] = acts[b], acts[a]


CHANGES: tuple[Callable[[Random, str, list[Act]], None], ...] = (
    _dropped, _dropped, _added, _added, _changed, _changed, _stepped, _stepped, _wrapped, _swapped,
)  # fmt: skip


def varied(random: Random, plan: Plan, weather: Weather) -> Plan:
    """A plan with one or two changes, under this weather."""
    acts = list(plan.acts)
    for _ in range(random.randint(1, 2)):
        random.choice(CHANGES)(random, plan.book, acts)
    found = possible(random, plan.book, acts[:MOST_ACTS])
    return replace(plan, weather=weather, acts=tuple(found))
