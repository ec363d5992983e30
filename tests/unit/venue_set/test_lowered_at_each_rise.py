"""HG-13: a member whose hedge is really lowered at each rise, and really bought back for each fall, owes the
rise."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from barred import largest, topped_up
from several import ALL, REPLACED, behind, members, tell
from worlds import World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import HOUR, WAD

HIGH, LOW = 2_400, 2_352
MARGIN_EQUITY = 3
"""Its place in an account."""


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
    ghost: Contract = field(init=False)
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        self.ghost = behind(self.world, self.face)
        self.depth = members(self.world)[0].call("curve", WAD)[2][0]

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
        self.said = self.world.tandem.desk.call("seen", self.face)[0]

    def be_lowered(self, late: int) -> None:
        """Nothing carries orders, it says, so that anybody lowers its hedge: to nothing, a minute apart.
        late: seconds since the feed's answer."""
        t = self.world.tandem
        self.face.send("set_equity", self.said, sender=self.world.stranger)
        nothing = 2**256 - 10**9 * WAD
        tell(self.world, self.face, ("account", REPLACED, MARGIN_EQUITY, nothing))
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


@pytest.mark.proves("HG-13", "HG-20")
@pytest.mark.parametrize("late", [0, 2 * HOUR])
def test_what_it_gained_before_it_was_lowered_is_found(
    faced: World, face: Contract, late: int
) -> None:
    """Three hundred swings of two per cent kept 22,484 USD, none counted: no position was left on which the
    rise had fallen, and the fall fell on all that was bought back. The same while spot is refused."""
    t, member = faced.tandem, Member(faced, face)
    faced.bring_home()
    topped_up(faced, members(faced)[0])
    member.price(LOW)
    member.meet(member.said)
    member.start()
    lost = t.desk.call("lost")
    for _ in range(20):
        member.price(HIGH)
        member.be_lowered(late)
        assert abs(member.held) < WAD
        member.meet(member.said)
        member.be_bought_back()
        assert member.held > WAD
        member.price(LOW)
        member.meet(member.said - member.held * (HIGH - LOW))
    kept = member.true(LOW) - member.said
    assert kept > 1_500 * WAD
    assert (t.desk.call("lost") - lost) * 10**12 > kept * 9 // 10
