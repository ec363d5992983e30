"""A member of a set that fills orders honestly and lies of its account from swing to swing of the price."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from barred import largest, topped_up
from several import ALL, REPLACED, behind, members, tell
from worlds import World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import USD, WAD

HIGH, LOW = 2_400, 2_352
MARGIN_EQUITY = 3
"""Its place in an account."""
NOTHING = 2**256 - 10**9 * WAD
"""Far less than nothing: no order is carried."""


def lost_at(world: World, face: Contract) -> int:
    """What a member lost that no price explains, counted or still to be, token units."""
    desk, spot = world.tandem.desk, world.spot
    seen, now = desk.seen(face), face.call("position")
    equity, move = face.call("account", spot)[1], spot - seen.spot
    expected = seen.equity + min(seen.position * move // WAD, now * move // WAD)
    counted = world.tandem.vault.call("venue_losses", face)[0]
    return int(max(expected - equity, 0) // 10**12 + counted)


def begun(world: World, face: Contract, *topped: Contract, depth: int = 0) -> Member:
    """A member whose word is true at the low price. topped: whose margin is brought to its target first."""
    world.bring_home()
    for venue in topped:
        topped_up(world, venue)
    member = Member(world, face, depth=depth)
    member.price(LOW)
    member.meet(member.said)
    member.start()
    return member


@dataclass
class Member:
    """One that fills every order at the price that it shows, and says what it likes of its equity. true: what
    it owes by its own fills and what it was sent, WAD USD; said: what it says that it has."""

    world: World
    face: Contract
    said: int = 60_000 * WAD
    sent: int = 0
    held: int = 0
    cash: int = 0
    shown: int = LOW * WAD
    depth: int = 0
    ghost: Contract = field(init=False)

    def __post_init__(self) -> None:
        self.ghost = behind(self.world, self.face)
        self.depth = self.depth or members(self.world)[0].call("curve", WAD)[2][0]

    def show(self, price: int) -> None:
        """What orders are filled at, WAD."""
        self.shown = price
        self.ghost.send("tell", price, self.depth, 0, 0, sender=self.world.stranger)

    def price(self, usd: int) -> None:
        self.world.move(usd)
        self.show(usd * WAD)
        self.world.engine.advance(600)
        self.world.freshen()

    def start(self) -> None:
        """What it says is true now."""
        self.held = self.face.call("position")
        self.cash, self.sent = self.said - self.held * LOW, 0

    def follow(self) -> None:
        """What was filled since, at the price that it shows."""
        now = self.face.call("position")
        self.cash -= (now - self.held) * self.shown // WAD
        self.held = now

    def true(self, usd: int) -> int:
        return self.cash + self.sent + self.held * usd

    def meet(self, said: int) -> None:
        """It says that so much is there, fifty dollars under its target, and anybody tops it up."""
        self.face.send("set_equity", said, sender=self.world.stranger)
        usd = self.world.spot // WAD
        whole = largest(self.world) + abs(self.face.call("position")) * usd
        tell(self.world, self.face, ("bounds", REPLACED, ALL, WAD * (said + 50 * WAD) // whole))
        self.sent += topped_up(self.world, self.face) * 10**12
        tell(self.world, self.face, ("bounds", 0, 0, 0))
        self.said = self.world.tandem.desk.seen(self.face).equity

    def be_lowered(self, late: int) -> None:
        """Nothing carries orders, it says, so that anybody lowers its hedge: to nothing, a minute apart.
        late: seconds since the feed's answer."""
        t = self.world.tandem
        self.face.send("set_equity", self.said, sender=self.world.stranger)
        tell(self.world, self.face, ("account", REPLACED, MARGIN_EQUITY, NOTHING))
        self.world.engine.advance(late)
        assert t.snapshot().spot_fresh == (late == 0)
        self.again(lambda: t.desk.send("delever", self.face, sender=self.world.stranger), late == 0)
        tell(self.world, self.face, ("account", 0, 0, 0))
        self.follow()
        if late:
            self.world.push(HIGH)
            self.world.freshen()

    def be_bought_back(self) -> None:
        """By a price that is a little better."""
        self.show(HIGH * WAD * 9_985 // 10_000)
        self.again(lambda: self.world.tandem.rebalance(sender=self.world.stranger), True)
        self.follow()
        self.show(HIGH * WAD)

    def again(self, act: Callable[[], object], answers: bool) -> None:
        """A minute apart, the feed answering or not."""
        with suppress(Reverted):
            for _ in range(30):
                act()
                self.world.engine.advance(61)
                if answers:
                    self.world.push(HIGH)

    def owes(self, before: int) -> None:
        """Nine tenths of what it kept are found, or it kept next to nothing. before: token units."""
        self.face.send("set_equity", self.said, sender=self.world.stranger)
        kept = self.true(LOW) - self.said
        lost = lost_at(self.world, self.face) - before
        assert kept < 100 * WAD or lost * 10**12 > kept * 9 // 10, (kept / WAD, lost / USD)
