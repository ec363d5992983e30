"""Ten years of one market, compressed: what is open lives for a week, and then the calendar jumps.

In between the price goes thirty times up and down again, terms change, roles go from hand to hand, what is
owed is forgotten, nobody comes for a year, a venue keeps the margin, and all leave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, log

import pytest
from people_of_years import People
from robbery import steal
from several import LentWorld, SetWorld
from worlds import ABRUPT, ETH, FLAT, WIDE, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series, next_expiry
from tandem.units import DAY, HOUR, USD, WAD
from tandem.venues import Depth, recipe

YEAR = 365 * DAY
Path = tuple[tuple[float, float], ...]
"""The price by the part of the ten years that is over."""
PATH = ((0.0, 2_500.0), (0.4, 75_000.0), (0.8, 2_500.0), (0.9, 900.0), (1.0, 2_000.0))
NEAR = ((0.0, 2_500.0), (0.4, 8_000.0), (0.8, 2_500.0), (1.0, 2_000.0))
"""Inside what was laid into a spot pool once."""
LEAP = 1.5
"""So far the price goes before makers follow it."""
TERMS = ABRUPT | WIDE | {"chunk": 50, "average_band": 1_000}
CHANGES = (
    {"fee": 31, "carry": 230, "surface_age": 890}, {"fee": 30, "carry": 240, "surface_age": 900},
)  # fmt: skip
LIVES = 9 * DAY
RICH = 50_000_000 * USD
OWNER, GUARDIAN, LISTER = 0, 1, 2


def priced(path: Path, part: float) -> float:
    """Straight lines between the logarithms."""
    for (t0, p0), (t1, p1) in pairwise(path):
        if part <= t1:
            return exp(log(p0) + (log(p1) - log(p0)) * (part - t0) / (t1 - t0))
    return path[-1][1]


@dataclass
class Decade(People):
    """One market's years, season after season."""

    seasons: int = 0
    season: int = 0
    path: Path = PATH

    # ---- the price
    def reprice(self, price: float) -> None:
        """The feed's price, the pool's, and makers who lay their liquidity around it."""
        w = self.w
        w.push_wad(int(price * 10**8) * 10**10)
        w.curie.converge()
        w.push_wad(w.spot)

    def part(self) -> float:
        return min((self.w.engine.now() - self.began) / (10 * YEAR), 1.0)

    def jump_to(self, time: int) -> None:
        """Nobody does anything until then, but makers, who follow the price."""
        w = self.w
        w.engine.set_time(max(time, w.engine.now() + 1))
        there = priced(self.path, self.part())
        while True:
            step = there / (w.spot / WAD)
            self.reprice(w.spot / WAD * min(max(step, 1 / LEAP), LEAP))
            w.rest()
            w.tell(w.stranger)
            self.makers_follow()
            if 1 / LEAP <= step <= LEAP:
                break
        w.rest()

    def makers_follow(self) -> None:
        """On an exchange: they lay anew around the price. In a spot pool what was laid lies there."""
        exchange = self.w.curie
        if not isinstance(self.w, LentWorld | SetWorld):
            exchange.remove_liquidity()
            for rich in (exchange.maker, exchange.arbitrageur):
                exchange.deposit(rich, RICH)
            exchange.add_liquidity(Depth(), self.w.spot)

    # ---- those who rule
    def change_terms(self) -> None:
        """Up and down again, what loosens through its delay."""
        for name, amount in CHANGES[self.season % 2].items():
            self.w.set_terms(**{name: amount})

    def hand_over(self) -> None:
        """Every role goes to somebody else, and who had it has it no more."""
        w, t = self.w, self.w.tandem
        people = w.engine.accounts
        new = people[8] if t.roles.guardian != people[8] else people[9]
        had = t.roles
        for role in (GUARDIAN, LISTER, OWNER):
            t.guardian.send("offer_role", role, new, sender=t.roles.deployer)
            w.engine.advance(2 * DAY)
            t.guardian.send("accept_role", role, sender=new)
            if role == OWNER:
                t.roles = replace(t.roles, deployer=new)
        t.roles = replace(t.roles, guardian=new, lister=new)
        for role, old in ((GUARDIAN, had.guardian), (LISTER, had.lister)):
            t.guardian.send("revoke_role", role, old, sender=new)
        for role in (OWNER, GUARDIAN, LISTER):
            assert list(t.guardian.call("members", role)) == [new]

    def pause(self) -> None:
        """Nobody opens or comes in it, and it ends when its delay is over."""
        w, t = self.w, self.w.tandem
        t.guardian.send("pause", sender=t.roles.guardian)
        assert t.vault.call("maxDeposit", self.lps[0]) == 0
        with pytest.raises(Reverted, match="market: paused"):
            t.mint(Series(next_expiry(w.engine.now(), 8), True, 1_000, 0), ETH)
        t.guardian.send("unpause", sender=t.roles.deployer)
        w.engine.advance(2 * DAY)
        t.guardian.send("apply", 0, sender=t.roles.deployer)

    # ---- seasons
    def start(self) -> int:
        """When the season begins."""
        return self.began + int(10 * YEAR * (self.season + 1) / (self.seasons + 1)) - LIVES

    def live(self, *, sleeps: bool = False, is_robbed: bool = False) -> None:
        """A season: an expiry is listed, traded, hedged, settled, partly redeemed; LPs come and go.

        sleeps: nobody acts from the middle of it to its end. is_robbed: the venue keeps the margin."""
        w, t, n = self.w, self.w.tandem, self.season
        self.jump_to(self.start())
        self.season += 1
        expiry = next_expiry(w.engine.now(), 8)
        t.list_expiry(expiry, self.ladder())
        w.slices = {expiry: FLAT}
        w.post()
        w.engine.advance(61)
        self.deposit(n % 3, (50_000 + 1_000 * (n % 7)) * USD + n)
        self.top_up()
        self.trade(expiry)
        if is_robbed:
            self.book.gifts[t.venue.address] += steal(w)
        self.request((n + 1) % 3, 3)
        self.unsettled.append(expiry)
        if sleeps:
            return
        self.bring_home()
        w.engine.advance(DAY + 2 * HOUR)
        self.reprice(w.spot / WAD * (1.05 if n % 2 else 0.96))
        w.rest()
        self.bring_home()
        self.process()
        w.engine.set_time(expiry)
        w.push_wad(w.spot)
        self.rounds.hear()
        if n % 5 != 4:
            self.end(n)

    def end(self, n: int) -> None:
        """What is past is settled, the hedge comes home, who left is paid."""
        w = self.w
        for expiry in self.unsettled:
            self.settle(expiry)
        self.unsettled.clear()
        self.redeem(0 if n % 3 else 1_000)
        self.reprice(w.spot / WAD)
        w.rest()
        self.bring_home()
        self.sweep()
        w.go_on(2 * HOUR)
        self.process()
        if n % 4 != 3:
            self.claim(n % 3)
        self.check()

    def wake(self, time: int) -> None:
        """After so long the expiry is settled by its round, and all goes on."""
        w = self.w
        w.engine.set_time(self.unsettled[-1])
        w.push_wad(w.spot)
        self.rounds.hear()
        w.engine.set_time(time)
        w.tell(w.stranger)
        self.end(1)

    def leave_all(self) -> None:
        """Every LP asks for all that he has, and gets it."""
        for lp, _ in enumerate(self.lps):
            self.claim(lp)
            if self.book.shares[self.lps[lp]]:
                self.request(lp, 1)
        for _ in range(6):
            self.w.go_on(26 * HOUR)
            self.sweep()
            self.process()
        for lp, _ in enumerate(self.lps):
            self.claim(lp)
        self.check()


def begun(seasons: int, kind: str) -> Decade:
    settings = DeploySettings(terms=TERMS)
    if kind == "curie":
        return Decade(build(smile=FLAT, settings=settings), seasons=seasons)
    world = build(
        venue=recipe(kind),
        smile=FLAT,
        kind=SetWorld if "+" in kind else LentWorld,
        settings=settings,
    )
    return Decade(world, seasons=seasons, path=NEAR)


def lived(seasons: int, kind: str = "curie") -> Decade:
    """All ten years."""
    d = begun(seasons, kind)
    sleeps, is_robbed, all_leave = seasons // 2, seasons * 7 // 10, seasons * 3 // 4
    for n in range(seasons):
        d.season = n
        if d.start() < d.w.engine.now():  # it was slept through
            continue
        if n % 5 == 4:
            d.change_terms()
        if n % 8 == 7:
            d.hand_over()
        if n % 6 == 5:
            d.pause()
        d.live(is_robbed=n == is_robbed and kind == "curie", sleeps=n == sleeps)
        if n == sleeps:
            d.wake(d.w.engine.now() + 400 * DAY)
        if n == all_leave:
            d.end(n)
            d.leave_all()
            d.deposit(0, 700_000 * USD)
    return d


__all__ = ["Decade", "begun", "lived"]
