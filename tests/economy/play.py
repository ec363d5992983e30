"""Playing a plan: its acts on the venue's bytecode, the unwinding, and what it brought. Longer than a file
should be: it is a party's verbs, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from books import INSIDE, OUTSIDE, PARTIES, series, world_of
from course import Course
from floors import Floor, PairFloor, floors_of, left
from known import of_book, of_option, rest
from outages import Luck, Outage, endured
from outcome import Result
from plans import WHO, Act, Plan, Weather
from restless import prudence
from several import SetWorld, members
from worlds import ETH, USD, World

from tandem.engine.base import Contract, Receipt
from tandem.errors import Reverted
from tandem.protocol.series import Series
from tandem.units import WAD

# What a unit of gas costs, USD: 264k for 0.36.
GAS = 0.36 / 264_000
IDLE = {"wait", "oracle", "outage", "silence"}  # acts that are time and nothing else
# Acts that no party sends, or whose gas nobody counts: so much the better for him.
UNSENT = IDLE | {"pool", "borrow", "back", "gift", "hold"}
UNSEEN = IDLE | {"hold"}  # after which a keeper has nothing to look at
TRIES = 5  # a size that is refused is tried again at half, so often


@dataclass(slots=True)
class Coalition:
    """Up to three parties who share what they know and what they win."""

    course: Course
    held: dict[tuple[str, Series], int] = field(default_factory=dict)
    gas: int = 0
    done: list[str] = field(default_factory=list)
    stuck: float = 0.0
    known: float = 0.0
    loans: dict[str, list[Callable[[], object]]] = field(default_factory=dict)
    hunted: int = 0  # token units of bounties
    earned: int = 0  # token units that lenders paid them, less what they paid
    there: dict[tuple[str, int], int] = field(default_factory=dict)  # what they have at lenders
    made: set[int] = field(default_factory=set[int])
    """Places of the pools that they make: there they are paid as every maker is."""
    outages: list[Outage] = field(default_factory=list[Outage])
    luck: Luck = field(default_factory=Luck)  # what outages brought by their moves
    spared: int = 0  # token units by which the last mark is more prudent than a calm one

    @property
    def floors(self) -> Sequence[Floor]:
        return floors_of(self.w.curie)

    @property
    def w(self) -> World:
        return self.course.w

    # ---- acts
    def act(self, act: Act) -> None:
        self.course.pass_time()
        who = PARTIES[WHO.index(act.who)]
        verb: Callable[..., Receipt | list[Receipt] | None] = getattr(self, f"_{act.kind}")
        with suppress(Reverted):
            found = verb(who, *act.words)
            sent = found if isinstance(found, list) else [*filter(None, [found])]
            if not sent and act.kind not in UNSENT:
                return  # nothing to close, to settle or to post: nobody sends that
            self._pay(*sent)
            self.done.append(act.kind)
            if act.kind not in UNSEEN:
                self.course.stir()

    def _pay(self, *receipts: Receipt) -> None:
        """The gas of what a party did."""
        for receipt in receipts:
            self.gas += receipt.gas_used
            self.course.count(receipt)

    def _mint(self, who: str, name: str, size: str) -> Receipt:
        what, units = series(self.w, name), int(float(size) * ETH)
        for attempt in range(TRIES):
            try:
                receipt = self.w.mint(what, units, trader=who)
            except Reverted:
                if attempt == TRIES - 1:
                    raise
                units = max(units // 2, 1)
                continue
            break
        self.held[who, what] = self.held.get((who, what), 0) + units
        if self.course.weather.vol:
            self.known += of_option(self.w, self.course.true_slices, what, units)
        return receipt

    def _close(self, who: str, part: str) -> Receipt | None:
        mine = [(key, n) for key, n in self.held.items() if key[0] == who and n]
        if not mine:
            return None
        (_, what), units = mine[-1]
        return self._sell(who, what, max(units * int(part) // 100, 1))

    def _sell(self, who: str, what: Series, units: int) -> Receipt:
        receipt = self.w.close(what, units, trader=who)
        self.held[who, what] -= receipt.returned[0]
        return receipt

    def _deposit(self, who: str, usd: str) -> Receipt:
        vault, assets = self.w.tandem.vault, int(usd) * USD
        if self.course.weather.vol < 0:
            share = assets / (assets + max(vault.call("totalAssets"), 1))
            self.known += share * max(-of_book(self.w, self.course.true_slices), 0.0)
        receipt = vault.send("deposit", assets, who, sender=who)
        self.course.stand()
        return receipt

    def _request(self, who: str, part: str) -> Receipt:
        vault = self.w.tandem.vault
        shares = vault.call("balanceOf", who) * int(part) // 100
        return vault.send("requestRedeem", shares, who, who, sender=who)

    def _process(self, who: str) -> Receipt:
        return self.w.tandem.vault.send("process", 4, sender=who)

    def _claim(self, who: str) -> Receipt:
        vault = self.w.tandem.vault
        return vault.send("redeem", vault.call("maxRedeem", who), who, who, sender=who)

    def _left(self, part: str) -> int:
        """What a rebalance is to leave of the residual, WAD."""
        whole = self.w.tandem.snapshot().stance.residual if part != "0" else 0
        return whole * int(part) // 100

    def _rebalance(self, who: str, part: str) -> Receipt:
        return self.w.tandem.rebalance(self._left(part), sender=who)

    def _hunt(self, who: str, part: str) -> Receipt:
        """A rebalance for a bounty, which LPs pay by the terms: part of what it costs him."""
        receipt = self.w.tandem.bounty.send("rebalance", self._left(part), who, 0, sender=who)
        self.hunted += receipt.returned
        return receipt

    def _stamp(self, who: str) -> Receipt:
        return self.w.tandem.bounty.send("stamp", sender=who)

    def _remark(self, who: str) -> Receipt:
        return self.w.tandem.stress.send("remark", sender=who)

    def _settle(self, who: str) -> list[Receipt]:
        return self.course.settle()

    def _poke(self, who: str) -> Receipt:
        return self.w.tandem.vault.send("poke", sender=who)

    def _post(self, who: str) -> list[Receipt]:
        return self.course.post()

    def _renew(self, who: str, which: str, age: str) -> list[Receipt]:
        """One expiry's slice alone, signed so many seconds ago."""
        return self.course.post(self.w.near if which == "near" else self.w.far, int(age))

    def _hold(self, who: str, seconds: str) -> None:
        """Whoever alone relays what the desk signs does not."""
        self.course.held = self.w.engine.now() + int(seconds)

    def _outage(self, who: str, seconds: str, move: str) -> None:
        self.endure(Outage(self.w.engine.now(), int(seconds), float(move)))

    def _silence(self, who: str, seconds: str, move: str) -> None:
        self.endure(Outage(self.w.engine.now(), int(seconds), float(move), of_feed=True))

    def endure(self, outage: Outage) -> None:
        """Once it is that time."""
        self.course.pass_time(outage.at - self.w.engine.now())
        self.outages.append(outage)
        self.luck += endured(self.course, outage, self.held, self.floors)

    def _push(self, who: str, eth: str, place: str = "0") -> Receipt:
        return self.floors[int(place)].push(who, int(eth) * WAD)

    def _unwind(self, who: str, part: str, place: str = "0") -> Receipt:
        floor = self.floors[int(place)]
        return floor.push(who, -floor.position(who) * int(part) // 100)

    def _make(self, who: str, usd: str, place: str = "0") -> list[Receipt]:
        receipts = self.floors[int(place)].make(who, float(usd))
        self.made.add(int(place))
        return receipts

    # ---- where a market lends
    def _lender(self, place: str) -> int:
        """The place of that market, or of the one beside it that lends."""
        lend = [n for n, floor in enumerate(self.floors) if isinstance(floor, PairFloor)]
        return int(place) if int(place) in lend else lend[0]

    def _adapter(self, place: int) -> Contract:
        """Ours there."""
        return members(self.w)[place] if isinstance(self.w, SetWorld) else self.w.tandem.venue

    def _at_lender(self, who: str, place: int, act: Callable[[PairFloor], object]) -> object:
        """What he has there grows or shrinks by interest alone, but for what he does there."""
        floor, truth = self.floors[place], self.course.truth
        assert isinstance(floor, PairFloor)
        self.earned += floor.lent(who, truth) - self.there.get((who, place), 0)
        try:
            return act(floor)
        finally:
            self.there[who, place] = floor.lent(who, truth)

    def _borrow(self, who: str, token: str, place: str = "0") -> None:
        at = self._lender(place)

        def lend(floor: PairFloor) -> None:
            back = floor.borrow(who, token == "base")
            loans = self.loans.setdefault(who, [])
            loans.append(lambda: self._at_lender(who, at, lambda _: back()))

        self._at_lender(who, at, lend)

    def _back(self, who: str) -> None:
        for back in self.loans.pop(who, []):
            back()

    def _gift(self, who: str, name: str, place: str = "0") -> None:
        at = self._lender(place)
        self._at_lender(who, at, lambda floor: floor.gift(who, name, self._adapter(at)))

    def _accept(self, who: str, place: str = "0") -> Receipt:
        return self._adapter(self._lender(place)).send("accept", sender=who)

    def _shift(self, who: str, place: str) -> Receipt:
        """From there to the other, as much as goes."""
        both = members(self.w)
        one, other = both[int(place)], both[1 - int(place)]
        return self.w.tandem.desk.send("shift", one, other, 10**30, sender=who)

    def _note(self, who: str) -> Receipt:
        return self.w.tandem.venue.send("note", sender=who)

    def _top_up(self, who: str) -> Receipt:
        return self.w.tandem.desk.send("top_up", sender=who)

    def _sweep(self, who: str) -> Receipt:
        return self.w.tandem.desk.send("sweep", sender=who)

    def _oracle(self, who: str, part: str) -> None:
        """Wait until it has moved."""
        self.course.pass_time(max(self.course.start + 121 - self.w.engine.now(), 0))

    def _pool(self, who: str) -> None:
        self.w.curie.converge(self.course.truth)

    def _wait(self, who: str, seconds: str) -> None:
        left = self.course.end - self.w.engine.now()
        self.course.pass_time(min(int(seconds), max(left, 0)))

    # ---- the end
    def unwind(self) -> None:
        """Back into money, in three rounds between which the pool comes back."""
        for _ in range(3):
            if not (self.done and self._is_open()):
                break
            self._leave_the_pool()
            for (who, what), units in list(self.held.items()):
                self._sell_all(who, what, units)
            self.w.curie.converge(self.course.truth)
        for (_, what), units in self.held.items():
            self.stuck += self.course.intrinsic(what) * units / ETH
        for who in PARTIES:
            with suppress(Reverted):
                self._pay(self._claim(who))
        for who, place in [*self.there]:
            self._at_lender(who, place, lambda _: None)

    def _is_open(self) -> bool:
        return any(self.held.values()) or bool({"make", "push", "borrow"} & {*self.done})

    def _leave_the_pool(self) -> None:
        for who in PARTIES:
            with suppress(Reverted):
                self._back(who)
            self._pay(*left(self.floors, who, self.made))

    def _sell_all(self, who: str, what: Series, units: int) -> None:
        if what.expiry <= self.w.engine.now():
            with suppress(Reverted):
                self._pay(self.w.tandem.redeem(what, units, owner=who))
                self.held[who, what] = 0
            return
        for _ in range(TRIES):
            left = self.held[who, what]
            if not left:
                return
            with suppress(Reverted):
                self._pay(self._sell(who, what, min(units, left)))
            units = max(units // 2, 1)

    def worth(self) -> float:
        """USD of all parties: cash, shares, what they have at markets, and what is stuck."""
        there = sum(floor.worth(who, self.course.truth) for floor in self.floors for who in PARTIES)
        money = (there + sum(map(self._money, PARTIES))) / USD
        return money + self.stuck - self.luck.parties

    def outside(self) -> float:
        """USD of the LP who plays no part."""
        return self._money(self.w.tandem.lp) / USD - self.luck.outside

    def left(self) -> float:
        """USD that those who leave were paid."""
        return self.course.left / USD - self.luck.leaving

    def _money(self, who: str) -> int:
        """Cash, claims, and shares at the low NAV of a calm moment; token units."""
        vault = self.w.tandem.vault
        shares = vault.call("balanceOf", who) + vault.call("pendingRedeemRequest", 0, who)
        claims = vault.call("convertToAssets", shares) + vault.call("maxWithdraw", who)
        return self.w.usdc(who) + claims + self.spared * shares // max(vault.call("totalSupply"), 1)


@contextmanager
def stage(book: str, weather: Weather, world: World | None = None) -> Iterator[Stage]:
    """A course at its beginning, for any number of plays."""
    w = world or world_of(book)
    with w.undone():
        course = Course(w, weather)
        course.begin()
        yield Stage(course)


@dataclass(frozen=True, slots=True)
class Still:
    """What everybody has at a course's end when the parties do nothing."""

    worth: float  # USD of the parties
    outside: float  # USD
    left: float  # what those who leave are paid, USD
    stood: float  # for how long the parties stand for the book, times their part of it

    @classmethod
    def of(cls, nothing: Coalition) -> Still:
        course = nothing.course
        return cls(nothing.worth(), nothing.outside(), nothing.left(), course.stood)


@dataclass(slots=True)
class Stage:
    """A course at its beginning, and its end without the parties, by the outages that there were."""

    course: Course
    ends: dict[tuple[Outage, ...], Still] = field(default_factory=dict[tuple[Outage, ...], Still])
    exits: float = 0.0  # what it is worth at most whether they leave before a surface or after it

    def __post_init__(self) -> None:
        w = self.course.w
        if self.course.weather.vol:
            vault = w.tandem.vault
            part = vault.call("balanceOf", vault) / max(vault.call("totalSupply"), 1)
            self.exits = part * abs(of_book(w, self.course.true_slices))

    def still(self, outages: tuple[Outage, ...] = ()) -> Still:
        """The end of the course as it runs by itself, with the same outages."""
        if outages not in self.ends:
            with self.course.w.undone():
                self.ends[outages] = Still.of(self.nothing(outages))
        return self.ends[outages]

    def nothing(self, outages: tuple[Outage, ...] = ()) -> Coalition:
        """The course as it runs by itself."""
        coalition = Coalition(self.course.again())
        for outage in outages:
            coalition.endure(outage)
        self._finish(coalition)
        return coalition

    def _finish(self, coalition: Coalition) -> None:
        coalition.course.last_hour()
        coalition.unwind()
        coalition.course.last_mark()
        coalition.spared = prudence(coalition.w)

    def play(self, plan: Plan) -> Result:
        """What a plan brings over doing nothing."""
        with self.course.w.undone():
            played = Coalition(self.course.again())
            for act in plan.acts:
                played.act(act)
            if not {*played.done} - IDLE:  # as if nothing had been: the course is the same
                return Result(plan, 0.0, 0.0, 0.0, 0.0, tuple(played.done))
            self._finish(played)
            ended = Still.of(played)
            resting = rest(played.w)
        still = self.still(tuple(played.outages))
        outside = ended.outside - still.outside
        common = max(outside, 0.0) * INSIDE / OUTSIDE
        profit = ended.worth - still.worth - common
        due = played.gas * GAS + max((ended.stood - still.stood) * resting, 0.0)
        due += sum(played.course.fees[place] for place in played.made) / WAD
        due += (max(played.earned, 0) + played.hunted) / USD
        known = played.known + min(self.exits, abs(ended.left - still.left))
        return Result(plan, profit, due, played.stuck, outside, tuple(played.done), known)
