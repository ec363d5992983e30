"""What the books should say, kept in integers and fractions beside the chain and never read from it.

The ledger is told who did what and what was paid; it works out what must then be true: the payoff
of everything sold at every price, what settlement owes, what each leaving LP may claim, the floor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from tandem.model.svi import Slice
from tandem.protocol.series import Series
from tandem.units import HOUR, USD

if TYPE_CHECKING:
    from marks import Mark

VIRTUAL = 10**12  # shares that stand against one token unit from the start
OPEN = 8  # epochs that one account may wait in


def payoff(series: Series, price: Fraction | int) -> Fraction | int:
    """USD per 1 ETH, exact; times units of 1e-6 ETH it is token units."""
    if series.is_put:
        return max(series.strike - max(price, series.other), 0)
    return max(min(price, series.other) - series.strike, 0)


@dataclass(slots=True)
class Epoch:
    """One hour of leaving LPs, who all get the same price."""

    tickets: dict[str, int] = field(default_factory=dict)
    burned: int = 0
    assets: int = 0
    claimed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    paid: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def shares(self) -> int:
        return sum(self.tickets.values())

    @property
    def left(self) -> int:
        return self.shares - self.burned

    def claimable(self, owner: str) -> tuple[int, int]:
        """Shares and assets that an owner may claim now."""
        mine = self.tickets.get(owner, 0)
        shares = mine * self.burned // self.shares - self.claimed[owner]
        if shares == 0:
            return 0, 0
        return shares, mine * self.assets // self.shares - self.paid[owner]


def owed(held: Mapping[Series, int], price: Fraction | int) -> Fraction | int:
    """What options pay at a price, token units."""
    return sum(n * payoff(s, price) for s, n in held.items())


def kinks(held: Iterable[Series]) -> set[int]:
    """Where their payoff bends."""
    return {0, *(s.strike for s in held), *(s.other for s in held)}


def most_owed(held: Mapping[Series, int]) -> int:
    """The most that options of one expiry can pay, by brute force: the payoff bends nowhere else."""
    return max(int(owed(held, x)) for x in kinks(held))


@dataclass(slots=True)
class Ledger:
    """Money, options, LPs and the hedge."""

    cash: int = 0
    position: int = 0
    opened: int = 0  # units, whatever was closed
    claims: int = 0
    exits: int = 0
    shares: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    epochs: dict[int, Epoch] = field(default_factory=dict)
    held: dict[str, dict[Series, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    settled: dict[int, Fraction] = field(default_factory=dict)
    gifts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    stamp: tuple[int, int, int] = (0, 0, 0)  # when, what of the residual is left, volatility
    seen: tuple[int, int] = (0, 0)  # what had gone home by then
    bounties: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # by day
    marks: list[Mark] = field(default_factory=list)  # of the gate, within an hour of the last
    beside: dict[int, tuple[Slice, int]] = field(default_factory=dict)  # quoted too, until when

    # ---- the gate
    def remark(self, mark: Mark) -> None:
        """The book is marked anew."""
        self.marks = [m for m in self.marks if mark.time - m.time <= HOUR] + [mark]

    def moved(self, amount: int) -> None:
        """Margin that went to the venue since the mark, or came home; token units."""
        self.marks[-1].lies += amount / USD

    def quoted(self, slice_: Slice, expiry: int, now: int) -> list[Slice]:
        """The slice of an expiry, and the one that is quoted beside it."""
        old, until = self.beside.get(expiry, (slice_, 0))
        return [slice_, old] if now < until else [slice_]

    # ---- bounties
    def left(self, hedged: Mapping[str, int]) -> int:
        """What a rebalance leaves of what was stamped."""
        stamped, after = self.stamp[1], hedged["residual_after"]
        if stamped * hedged["residual_before"] <= 0:
            return 0
        return min(abs(stamped), abs(after)) * (1 if stamped > 0 else -1)

    def removed(self, hedged: Mapping[str, int]) -> int:
        """What of it a rebalance brings home."""
        stamped, before = self.stamp[1], hedged["residual_before"]
        if stamped * before <= 0:
            return 0
        return max(min(abs(stamped), abs(before)) - abs(hedged["residual_after"]), 0)

    # ---- options
    def sold(self) -> dict[Series, int]:
        """Everything outstanding and not settled."""
        total: dict[Series, int] = defaultdict(int)
        for mine in self.held.values():
            for series, units in mine.items():
                if units and series.expiry not in self.settled:
                    total[series] += units
        return dict(total)

    def of(self, expiry: int) -> dict[Series, int]:
        """What of an expiry is outstanding and not settled."""
        return {s: n for s, n in self.sold().items() if s.expiry == expiry}

    def owed_at(self, expiry: int, price: Fraction | int) -> Fraction | int:
        """What an expiry pays at a price, token units."""
        return owed(self.of(expiry), price)

    def maximum(self, expiry: int) -> int:
        return most_owed(self.of(expiry))

    def maxima(self) -> int:
        by_expiry: dict[int, dict[Series, int]] = defaultdict(dict)
        for series, units in self.sold().items():
            by_expiry[series.expiry][series] = units
        return sum(map(most_owed, by_expiry.values()))

    def floor(self) -> int:
        return self.cash - self.maxima() - self.claims - self.exits

    def trade(self, holder: str, series: Series, units: int, money: int) -> None:
        """`units` more for the holder and `money` more for the Vault, either sign."""
        self.held[holder][series] += units
        self.opened += max(units, 0)
        self.cash += money

    def settle(self, expiry: int, price: Fraction) -> int:
        """What is set aside."""
        owed = ceil(self.owed_at(expiry, price))
        self.settled[expiry] = price
        self.claims += owed
        return owed

    def redeem(self, holder: str, series: Series, units: int) -> int:
        """What is paid."""
        paid = int(units * payoff(series, self.settled[series.expiry]))
        self.held[holder][series] -= units
        self.claims -= paid
        self.cash -= paid
        return paid

    # ---- LPs
    def supply(self) -> int:
        return sum(self.shares.values()) + self.queued()

    def queued(self) -> int:
        return sum(e.left for e in self.epochs.values())

    def enter(self, lp: str, assets: int, shares: int) -> None:
        self.cash += assets
        self.shares[lp] += shares

    def request(self, lp: str, shares: int, now: int, delay: int) -> int:
        number = (now + delay) // HOUR + 1
        waits = [n for n, e in sorted(self.epochs.items()) if e.tickets.get(lp, 0) > e.claimed[lp]]
        epoch = self.epochs.setdefault(number, Epoch())
        if number not in waits and len(waits) == OPEN:  # SH-3: the last is taken along
            last = self.epochs[waits[-1]]
            epoch.tickets[lp] = last.tickets.pop(lp)
            if not last.tickets:
                del self.epochs[waits[-1]]
        epoch.tickets[lp] = epoch.tickets.get(lp, 0) + shares
        self.shares[lp] -= shares
        return number

    def due(self, now: int) -> list[int]:
        return sorted(n for n, e in self.epochs.items() if e.left and n <= now // HOUR)

    def process(self, filled: Iterable[tuple[int, int, int]], low: int, now: int) -> None:
        """(epoch, burned, assets) in order: first in, first out, each at what is left of `low`."""
        for number, burned, assets in filled:
            if number not in self.epochs:  # all who were in it were taken along
                assert burned == assets == 0
                continue
            assert number == self.due(now)[0]
            epoch = self.epochs[number]
            assert 0 < burned <= epoch.left
            assert assets == burned * (low + 1) // (self.supply() + VIRTUAL)
            epoch.burned += burned
            epoch.assets += assets
            self.exits += assets
            low -= assets

    def claim(self, lp: str) -> tuple[int, int]:
        """Everything that an LP may claim: shares and assets."""
        shares = assets = 0
        for number in sorted(self.epochs):
            epoch = self.epochs[number]
            more_shares, more_assets = epoch.claimable(lp)
            epoch.claimed[lp] += more_shares
            epoch.paid[lp] += more_assets
            shares += more_shares
            assets += more_assets
            self.exits -= more_assets
            if epoch.left == 0 and sum(epoch.claimed.values()) == epoch.shares:
                self.exits -= epoch.assets - sum(epoch.paid.values())  # rounding, to those who stay
                del self.epochs[number]
        self.cash -= assets
        return shares, assets

    def claimable(self, lp: str) -> tuple[int, int]:
        parts = [e.claimable(lp) for e in self.epochs.values()]
        return sum(p[0] for p in parts), sum(p[1] for p in parts)
