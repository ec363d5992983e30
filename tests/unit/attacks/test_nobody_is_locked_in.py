"""R40, PW-5: an LP who asks to leave when a change is announced may have left before it applies.

The owner announces a signer of his own, the LP asks to leave, and from then on owner and guardian do what
they can to hold him back until that signer may sign, at no calm moment: prices move each hour, and the pool
does not follow.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from several import SetWorld
from worlds import ETH, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import HOUR
from tandem.venues import recipe

SIGNER = 3  # the role
SETTINGS = DeploySettings(terms=WIDE | {"exit_wait": 27_000})
"""The longest that a term may have exits wait."""
REQUEST = 25  # hours after which a request is due
DAYS = 24  # hours
Acts = dict[int, Callable[[World], object]]
"""What owner and guardian do, and in which hour."""


def guardian(verb: str, *args: int) -> Callable[[World], object]:
    return lambda w: w.tandem.guardian.send(verb, *args, sender=w.tandem.roles.guardian)


def owner(verb: str, *args: object) -> Callable[[World], object]:
    return lambda w: w.tandem.guardian.send(verb, *args, sender=w.tandem.roles.deployer)


def dismissed(w: World) -> None:
    owner("revoke_role", SIGNER, w.engine.accounts[4])(w)


def back_at(hours: int, *place: int) -> Acts:
    """A venue comes back after so many hours; that was queued two days before."""
    verb = "bring_back_one" if place else "bring_back"
    return {
        REQUEST + hours - 2 * DAYS: owner(verb, *place),
        REQUEST + hours: owner("apply", 0),
    }


DOWN: Acts = {REQUEST: guardian("take_down")}
ONE: Acts = {REQUEST: guardian("take_down_one", 0)}


@dataclass(frozen=True)
class Course:
    """leaves: the hour in which the LP does. calm: hours until which every moment is; then none is."""

    acts: Acts
    leaves: int
    calm: int = 0


ALONE = {
    "nothing": Course({}, 32),
    "dismissed": Course({1: dismissed}, 32),
    "dismissed late": Course({24: dismissed}, 40, calm=24),
    "down": Course(DOWN, 97),
    "down and back": Course(DOWN | back_at(2 * DAYS + 1), 74),
    "down and back late": Course(DOWN | back_at(3 * DAYS - 1), 96),
    "down and dismissed late": Course(DOWN | {96: dismissed}, 112, calm=96),
}
SEVERAL = {
    "one": Course(ONE, 105),
    "one after the other": Course(ONE | {REQUEST + 71: guardian("take_down_one", 1)}, 168),
    "one and back late": Course(ONE | back_at(3 * DAYS + 7, 0), 112),
    "one and dismissed late": Course(ONE | {96: dismissed}, 112, calm=96),
    "one, back and dismissed late": Course(ONE | back_at(3 * DAYS + 7, 0) | {111: dismissed}, 119),
}


def announced(w: World) -> str:
    """A book, and a signer of the owner's own who is offered the role; the LP asks to leave."""
    rogue, lp, vault = w.engine.accounts[7], w.tandem.lp, w.tandem.vault
    for _ in range(4):
        w.mint(w.call(2_500), 10 * ETH)
    w.mint(w.put(2_400, far=True), 2 * ETH)
    owner("offer_role", SIGNER, rogue)(w)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    return rogue


def leaves(w: World) -> bool:
    """Whether the LP leaves now, as soon as somebody processes; who does marks, at least."""
    with suppress(Reverted):
        return w.tandem.vault.send("process", 1, sender=w.stranger).returned > 0
    with suppress(Reverted):
        w.tandem.vault.send("poke", sender=w.stranger)
    return False


def may_sign(w: World, rogue: str) -> bool:
    with w.undone(), suppress(Reverted):
        w.tandem.guardian.send("accept_role", SIGNER, sender=rogue)
        return True
    return False


def left_after(w: World, course: Course) -> int:
    """The hour in which the LP leaves."""
    rogue = announced(w)
    for hour in range(1, 10 * DAYS):
        w.engine.advance(HOUR - 1)
        w.push(2_620 + 60 * (hour % 2) if hour > course.calm else 2_500)
        with suppress(Reverted):
            w.post()
        if hour in course.acts:
            course.acts[hour](w)
        if leaves(w):
            return hour
        assert not may_sign(w, rogue), hour
    raise AssertionError("nobody leaves")


@pytest.mark.proves("PW-5")
@pytest.mark.parametrize("name", ALONE)
def test_r40_an_lp_leaves_before_anybody_else_signs(name: str) -> None:
    """With the venue taken down in the hour in which the LP could have left, the owner's signer was in office
    two days before anybody left."""
    assert left_after(build(settings=SETTINGS), ALONE[name]) == ALONE[name].leaves


@pytest.mark.proves("PW-5")
@pytest.mark.parametrize("name", SEVERAL)
def test_r40_he_does_where_one_of_several_venues_is_taken_down_after_the_other(name: str) -> None:
    w = build(settings=SETTINGS, venue=recipe("curie+aave"), kind=SetWorld)
    assert left_after(w, SEVERAL[name]) == SEVERAL[name].leaves


@pytest.mark.proves("PW-5")
def test_r40_both_keys_may_hold_him_and_nothing_matures_meanwhile() -> None:
    """The venue goes down in the second in which it is back. Known, and said on the page of powers."""
    w = build(settings=SETTINGS)
    rogue = announced(w)
    for hour in range(1, 20 * DAYS):
        w.engine.advance(HOUR - 1)
        with suppress(Reverted):
            w.post()
        since = hour - REQUEST + 1
        if since >= 0 and since % 50 == 0:
            if since:
                owner("apply", 0)(w)
            guardian("take_down")(w)
            owner("bring_back")(w)
        assert not leaves(w), hour
        assert not may_sign(w, rogue), hour
