"""GT-1 over several venues: where one is long and another short, a mark counts what each loses by itself,
and not the loss of the position that is left of both."""

from __future__ import annotations

import random
from functools import cache

import pytest
from harnesses import harness
from several import members
from test_netting import MOST, crossed
from worlds import World

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import WAD

__all__ = ["crossed"]

JUMPS = (-50, -30, -20, -10, 10, 20, 40, 100)
UNITS = 10**6
SPOT = 2_500 * WAD
CASES = 2_000


@cache
def library() -> Contract:
    engine = open_engine("pyrevm")
    path = "unit/venue_set/AgainstHarness.vy"
    return engine.deploy(harness(path), sender=engine.accounts[0])


def added(held: list[int], worth: list[int], purse: int) -> list[int]:
    """What each jump costs beyond what the gate sees, WAD USD."""
    accounts = (held, worth)
    asked = ([0] * 8, accounts, sum(held), SPOT, sum(worth), purse)
    return [each // UNITS for each in library().call("added", *asked)]


def payable(held: list[int], purses: list[int]) -> int:
    """As much as makes one of those that are as the net is pay all that it has; the set's purse passes over
    who holds a thousandth of the position or less (VS-4)."""
    net = sum(held)
    shares = [
        has * abs(net) // abs(one)
        for one, has in zip(held, purses, strict=True)
        if one and (one > 0) == (net > 0)
    ]
    return min([sum(purses), *shares])


def drawn(rng: random.Random, *, opposed: bool) -> tuple[list[int], list[int], list[int]]:
    """Positions, equities and purses of two to four venues, some of which cannot pay."""
    count = rng.randint(2, 4)
    signs = (
        [rng.choice((1, -1)) for _ in range(count)] if opposed else [rng.choice((1, -1))] * count
    )
    sizes = [rng.choice((0, 1, rng.randrange(100 * WAD))) for _ in range(count)]
    held = [sign * size for sign, size in zip(signs, sizes, strict=True)]
    worth = [rng.choice((0, rng.randrange(150_000 * WAD))) for _ in range(count)]
    purses = [rng.choice((0, rng.randrange(100_000 * WAD), 2**90)) for _ in range(count)]
    missing = [0] * (4 - count)
    return held + missing, worth + missing, purses + missing


@pytest.mark.proves("GT-1")
def test_no_loss_is_seen_as_less_than_what_each_account_loses_by_itself() -> None:
    """Each clamped by itself, from nothing left to what its venue can pay, then summed."""
    rng = random.Random(3)
    hidden = 0
    for _ in range(CASES):
        held, worth, purses = drawn(rng, opposed=True)
        purse = payable(held, purses)
        extra = added(held, worth, purse)
        for jump, unseen in zip(JUMPS, extra, strict=True):
            moves = [one * SPOT * jump // (100 * WAD) for one in held]
            gains = [
                min(max(move, -has), can)
                for move, has, can in zip(moves, worth, purses, strict=True)
            ]
            by_net = min(max(sum(moves), -sum(worth)), purse)
            assert by_net - unseen <= sum(gains) + 8
            hidden += by_net > sum(gains) + 8
    assert hidden > CASES // 4, "what the position alone would not show"


@pytest.mark.proves("GT-1")
def test_where_none_is_against_another_the_gate_sees_what_it_saw() -> None:
    rng = random.Random(4)
    for _ in range(CASES):
        held, worth, purses = drawn(rng, opposed=False)
        assert max(added(held, worth, payable(held, purses))) <= 8


@pytest.mark.proves("GT-1")
@pytest.mark.parametrize(("short_of_it", "hidden"), [(0, 0), (1, 1_000 * WAD)])
def test_what_venues_can_just_pay_hides_nothing(short_of_it: int, hidden: int) -> None:
    """A rise of a tenth brings 2,500 USD on the one and takes 1,000 on the other. Where both can pay the
    1,500 that are left, to the wei, that is the gain; where they lack one, what is lost is certain."""
    rise = JUMPS.index(10)
    held, worth = [10 * WAD, -4 * WAD, 0, 0], [10**5 * WAD, 10**5 * WAD, 0, 0]
    assert added(held, worth, 1_500 * WAD - short_of_it)[rise] == hidden


def test_where_nothing_is_left_of_both_a_jump_costs_what_one_of_them_loses() -> None:
    """To the wei, of what is summed: who gains loses nothing, and pays for nothing."""
    accounts = ([4 * WAD, -4 * WAD, 0, 0], [10**5 * WAD, 10**5 * WAD, WAD, WAD])
    found = library().call("added", [7] * 8, accounts, 0, SPOT, 10**6 * WAD, 10**6 * WAD)
    assert list(found) == [7 + 4 * SPOT * abs(jump) // 100 * UNITS for jump in JUMPS]


def test_what_gains_nothing_hides_nothing() -> None:
    """A wei is left of both, of an asset of a dollar: no venue pays for the other by it."""
    held = ([10 * WAD + 1, -10 * WAD, 0, 0], [10**6 * WAD, 10**6 * WAD, 0, 0])
    found = library().call("added", [0] * 8, held, 1, WAD, 10**6 * WAD, 0)
    assert list(found) == [10 * WAD * abs(jump) // 100 * UNITS for jump in JUMPS]


def unseen(world: World) -> list[int]:
    """By how much the mark's losses are larger than the book's, WAD USD."""
    stress = world.tandem.stress
    world.tandem.stress.remark().send(world.stranger)
    gate = stress.gate(world.spot, 0, 0)
    return [
        int(m) - int(b) // UNITS for m, b in zip(gate.losses, stress.losses().sums, strict=True)
    ]


@pytest.mark.proves("GT-1")
def test_a_mark_counts_what_is_long_at_one_venue_and_short_at_another(crossed: World) -> None:
    """A fall takes the long's, a rise the short's; once both are home it counts no more."""
    world = crossed
    curie, aave = members(world)
    short, long = curie.call("position"), aave.call("position")
    assert short < 0 < long
    net = short + long
    for jump, more in zip(JUMPS, unseen(world), strict=True):
        losing = aave if jump < 0 else curie
        account = losing.call("account", world.spot)
        lost = min(abs(account[0]) * world.spot * abs(jump) // (100 * WAD), max(account[1:3]))
        seen = max(-net * jump, 0) * world.spot // (100 * WAD)
        if net * jump > 0:
            lost = 0  # the gate's purse pays for the gain that is left
        assert more == pytest.approx(max(lost - seen, 0), abs=2 * WAD)
    assert max(unseen(world)) > 5_000 * WAD
    for _ in range(90):
        try:
            world.tandem.desk.shift(aave, curie, MOST).send(world.stranger)
        except Reverted:
            break
        world.engine.advance(60)
        world.push_wad(world.spot)
    assert curie.call("position") > -(10**15)
    world.freshen()
    assert max(unseen(world)) < 5 * WAD
