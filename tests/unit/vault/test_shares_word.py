"""modules/shares: the supply and the last mark in one word, each field to its most and alone."""

from __future__ import annotations

import random

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.errors import Reverted

MOST = 2**112 - 1
MOST_NAV = 2**96 - 1
CALM = 2**256 - 1


@pytest.fixture
def shares() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/vault/SharesHarness.vy"))


def send(shares: Contract, fn: str, *args: object) -> int:
    """The time at which it ran."""
    shares.send(fn, *args, sender=shares.engine.accounts[0])
    return shares.engine.now()


def test_supply_low_nav_time_and_calm_leave_each_other_alone(shares: Contract) -> None:
    rng, alice = random.Random(1), shares.engine.accounts[1]
    supply, low, time, unrest = 0, 0, 0, CALM
    for _ in range(60):
        act = rng.random()
        if act < 0.4:
            amount = rng.choice([MOST - supply, rng.randint(0, MOST - supply)])
            send(shares, "mint", alice, amount)
            supply += amount
        elif act < 0.7:
            amount = rng.choice([supply, rng.randint(0, supply)])
            send(shares, "burn", alice, amount)
            supply -= amount
        else:
            low = rng.choice([0, MOST_NAV, rng.randint(0, MOST_NAV)])
            is_calm, says_nothing = rng.random() < 0.3, rng.random() < 0.4
            shares.engine.advance(rng.choice([1, 600, 40_000]))
            time = send(shares, "remember", low, is_calm, says_nothing)
            first = time if unrest == CALM else unrest
            ends = unrest == CALM if says_nothing else is_calm
            unrest = CALM if ends else max(first, time - 65_534)
        assert shares.call("last") == (low, time, supply)
        assert shares.call("unrest") == unrest
        assert shares.call("supply") == supply == shares.call("balanceOf", alice)
    assert time > 0


def test_no_more_shares_than_their_field_holds(shares: Contract) -> None:
    alice = shares.engine.accounts[1]
    send(shares, "mint", alice, MOST)
    with pytest.raises(Reverted, match="shares: supply"):
        send(shares, "mint", alice, 1)


def test_a_low_nav_beyond_its_field_is_kept_as_the_most(shares: Contract) -> None:
    time = send(shares, "remember", 2**96, True, False)
    assert shares.call("last") == (MOST_NAV, time, 0)


def test_a_mark_is_kept_until_the_last_second_of_its_field(shares: Contract) -> None:
    shares.engine.set_time(2**32 - 2)
    time = send(shares, "remember", 7, True, False)
    assert time >= 2**32 - 2
    assert shares.call("last") == (7, time, 0)
