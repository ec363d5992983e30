"""The Vault's books once more, in exact fractions and plain dictionaries, to hold the contract to.

Written from the rules: a deposit buys at the high NAV; a request joins the hourly epoch after its
delay, and whoever has eight takes the last of them along, until the first was paid;
processing walks due epochs in order at the low NAV and pays what the floor less its reserve
allows; everybody in an epoch gets the same price. Past our own account, a quarter and a hundred
dollars a NAV prices nobody (SH-2); no venue is sent anything here, so that it is cash that is LPs'.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from tandem.units import HOUR, USD

VIRTUAL = 10**12
OPEN = 8
"""Epochs that one account may wait in."""


@dataclass
class Mark:
    """WAD where the contract's is, token units for the last three."""

    liability_low: int = 0
    liability_high: int = 0
    equity_low: int = 0
    equity_high: int = 0
    rehedge_cost: int = 0
    rehedge_gain: int = 0
    maxima: int = 0
    claims: int = 0
    top_up: int = 0
    bankrupt: bool = False
    calm: bool = True
    stale: bool = False
    resumed: bool = False

    def as_tuple(self) -> tuple[int | bool, ...]:
        return (
            self.liability_low, self.liability_low, self.liability_high, self.equity_low,
            self.equity_low, self.equity_high, self.rehedge_cost, self.rehedge_gain, self.maxima,
            self.claims, self.top_up, self.bankrupt, self.calm, self.stale, self.resumed,
        )  # fmt: skip


@dataclass
class Epoch:
    shares: int = 0
    burned: int = 0
    assets: int = 0
    tickets: dict[str, int] = field(default_factory=dict)
    claimed_shares: dict[str, int] = field(default_factory=dict)
    claimed_assets: dict[str, int] = field(default_factory=dict)
    is_closed: bool = False  # everybody has claimed; what the floors left over is back in NAV

    def claimable(self, owner: str) -> tuple[int, int]:
        part = Fraction(self.tickets.get(owner, 0), self.shares or 1)
        shares = floor(part * self.burned) - self.claimed_shares.get(owner, 0)
        assets = floor(part * self.assets) - self.claimed_assets.get(owner, 0)
        return (shares, assets) if shares else (0, 0)


@dataclass
class Ledger:
    """What every account, epoch and pot should hold."""

    delay: int
    cash: int = 0
    shares: dict[str, int] = field(default_factory=dict)
    escrow: int = 0
    epochs: dict[int, Epoch] = field(default_factory=dict)
    mark: Mark = field(default_factory=Mark)
    reserve: Fraction = Fraction(1, 10)

    @property
    def supply(self) -> int:
        return sum(self.shares.values()) + self.escrow

    @property
    def exits(self) -> int:
        """Set aside and not yet paid."""
        return sum(
            epoch.assets - sum(epoch.claimed_assets.values())
            for epoch in self.epochs.values()
            if not epoch.is_closed
        )

    @property
    def floor(self) -> int:
        return self.own - self.mark.maxima

    @property
    def own(self) -> int:
        return self.cash - self.exits - self.mark.claims

    @property
    def most(self) -> int:
        """A NAV from which on nobody leaves, and past which nobody comes."""
        return 5 * max(self.own, 0) // 4 + 100 * USD

    def _nav(self, venue: int, liability: int, cost: int) -> Fraction:
        return max(Fraction(0), self.own + Fraction(venue - liability - cost, 10**12))

    @property
    def low(self) -> int:
        m = self.mark
        nav = floor(self._nav(m.equity_low, m.liability_high, m.rehedge_cost))
        return min(nav, self.most)

    @property
    def high(self) -> int:
        m = self.mark
        return ceil(self._nav(m.equity_high, m.liability_low, -m.rehedge_gain))

    def deposit(self, who: str, assets: int) -> int:
        minted = floor(Fraction(assets * (self.supply + VIRTUAL), self.high + 1))
        self.cash += assets
        self.shares[who] = self.shares.get(who, 0) + minted
        return minted

    def request(self, who: str, shares: int, now: int) -> int:
        number, is_ninth = self.joins(who, now)
        waiting = self.open_epochs(who)
        epoch = self.epochs.setdefault(number, Epoch())
        if is_ninth:
            last = self.epochs[waiting[-1]]
            moved = last.tickets.pop(who)
            last.shares -= moved
            epoch.shares += moved
            epoch.tickets[who] = moved
        epoch.shares += shares
        epoch.tickets[who] = epoch.tickets.get(who, 0) + shares
        self.shares[who] -= shares
        self.escrow += shares
        return number

    def has_to_claim(self, who: str, now: int) -> bool:
        """Whether he waits in eight epochs, of which the first was paid, and would in a ninth."""
        if not self.joins(who, now)[1]:
            return False
        first = self.epochs[self.open_epochs(who)[0]]
        return first.burned == first.shares

    def joins(self, who: str, now: int) -> tuple[int, bool]:
        """The epoch of a request of now, and whether it would be the ninth that he waits in."""
        number, waiting = (now + self.delay) // HOUR + 1, self.open_epochs(who)
        return number, len(waiting) == OPEN and number not in waiting

    def open_epochs(self, who: str) -> list[int]:
        """Where somebody has shares that he has not claimed for, oldest first."""
        return [
            number
            for number, epoch in sorted(self.epochs.items())
            if epoch.tickets.get(who, 0) != epoch.claimed_shares.get(who, 0)
        ]

    def room(self, nav: int) -> int:
        """The largest whole x with floor - x >= max(reserve after x, top-up), found by search:
        the contract has it in closed form."""

        def fits(x: int) -> bool:
            reserve = min(self.reserve * max(nav - x, 0), Fraction(self.mark.maxima))
            return self.floor - x >= max(reserve, self.mark.top_up)

        if self.floor < 0 or not fits(0):
            return 0
        good, bad = 0, max(self.floor, 0) + 1
        while bad - good > 1:
            middle = (good + bad) // 2
            good, bad = (middle, bad) if fits(middle) else (good, middle)
        return good

    def process(self, count: int, now: int) -> tuple[int, int] | None:
        """What is set aside, and low NAV then; None where nobody leaves because it is cut off. Each epoch
        is paid at what the one before it left, of the NAV that all began with."""
        total, low, high = 0, self.low, self.high
        for number in sorted(self.epochs):
            epoch = self.epochs[number]
            left = epoch.shares - epoch.burned
            if left == 0:
                continue
            if count == 0 or number * HOUR > now or low == 0:
                break
            if total == 0 and low >= self.most:
                return None
            if low * 20 < high:
                break
            count -= 1
            price = Fraction(low + 1, self.supply + VIRTUAL)
            burned, room = left, self.room(low)
            if floor(left * price) > room:
                burned = min(left, floor(room / price))
                if floor(burned * price) == 0:  # nobody is burnt for nothing
                    break
            assets = floor(burned * price)
            epoch.burned += burned
            epoch.assets += assets
            self.escrow -= burned
            total += assets
            low, high = low - assets, max(high - assets, 0)
            if burned < left:
                break
        return total, low

    def claimable(self, who: str) -> tuple[int, int]:
        pairs = [epoch.claimable(who) for epoch in self.epochs.values() if not epoch.is_closed]
        return sum(shares for shares, _ in pairs), sum(assets for _, assets in pairs)

    def claim(self, who: str, shares: int) -> int:
        """Claims for that many shares, oldest epoch first."""
        paid = 0
        for number in sorted(self.epochs):
            epoch = self.epochs[number]
            have, worth = (0, 0) if epoch.is_closed else epoch.claimable(who)
            taken = min(shares, have)
            if taken == 0:
                continue
            part = worth if taken == have else floor(Fraction(worth * taken, have))
            epoch.claimed_shares[who] = epoch.claimed_shares.get(who, 0) + taken
            epoch.claimed_assets[who] = epoch.claimed_assets.get(who, 0) + part
            shares -= taken
            paid += part
            epoch.is_closed = sum(epoch.claimed_shares.values()) == epoch.shares
        assert shares == 0
        self.cash -= paid
        return paid
