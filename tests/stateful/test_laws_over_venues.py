"""R26, R35: the same laws on lending markets and over several venues at once, where strangers give, borrow
and leave, a governance stops what it may, oracles end, and a guardian takes venues down and brings them back.

Some tens of markets of 32 steps on each at every change (`make laws`, in CI), a sixth of them in `make
test`, three times as many in `make long`, which plays 1,000 over three venues besides. With
TANDEM_NIGHTLY=1 it is 1,000 of 100 steps on each, or TANDEM_NIGHT_MARKETS of them, new ones every night."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from broken import broken
from lenders import Lenders
from lent import GIFTS, STOPS
from on_lenders import OnAave, OnMorpho, OnMorpho4, OnMorphoOfEight
from over_venues import OverThree, OverThreeOfEight, OverVenues
from running import NIGHT, run
from stage import REFUSED, TALLY
from test_laws import NIGHTLY, WEAKNESSES, WHOLE

EVERYBODYS = (
    "mint", "close", "rebalance", "settle", "redeem", "process", "claim", "sweep", "remark", "arbitrage",
    "skew_pool", "deposit_for_venue", "donate", "intrude",
)  # fmt: skip
STRANGERS = (
    "give",
    "borrow_out",
    "lenders_leave",
    "oracle_dies",
    "govern",
    "relent",
    "left under a stop",
)
OF_SEVERAL = (
    "top_up", "venue_down", "written off", "shift", "move",
    "short of margin", "deposit while margin is short", "process while margin is short",
)  # fmt: skip
MARKETS = (
    (OnAave, 24), (OnMorpho, 24), (OnMorphoOfEight, 12), (OnMorpho4, 24), (OverVenues, 64), (OverThree, 48),
    (OverThreeOfEight, 16),
)  # fmt: skip
LEAST = 8


def test_r35_the_laws_hold_in_the_first_markets_of_each() -> None:
    clear()
    for machine, markets in MARKETS:
        played(machine, markets // 6, 32)
    assert lacking((*EVERYBODYS, "give", "venue_down"), 1) == {}


@pytest.mark.parametrize(
    "times",
    [pytest.param(1, marks=pytest.mark.laws), pytest.param(3, marks=pytest.mark.long)],
)
@pytest.mark.proves("VS-1", "VS-4", "VS-5", "VS-6", "LM-2", "LM-4")
def test_r35_the_laws_hold_on_lending_markets_and_over_several_venues(times: int) -> None:
    clear()
    for machine, markets in MARKETS:
        played(machine, NIGHT if NIGHTLY else markets * times, 100 if NIGHTLY else 32)
    if WHOLE:
        assert lacking((*EVERYBODYS, *STRANGERS, *OF_SEVERAL), LEAST * times) == {}


@pytest.mark.long
@pytest.mark.proves("VS-1", "VS-4", "VS-5", "VS-6", "LM-2", "LM-4")
def test_r35_the_laws_hold_over_three_venues_a_thousand_times() -> None:
    """Where every gift is made and every stop is tried."""
    clear()
    played(OverThree, 1_000, 32)
    gifts, stops = [f"give {name}" for name in GIFTS], [f"govern {name}" for name in STOPS]
    rules = (*EVERYBODYS, *STRANGERS, *OF_SEVERAL, "liquidate", *gifts, *stops)
    assert lacking(rules, 20) == {}


LOCKED = ("modules/lending.vy", "@view\n@reentrant\ndef would_lend", "@view\ndef would_lend")
"""A Vault that says nothing in the middle of its own act: the set asks it what it may lend there."""


@pytest.mark.proves("VS-8", "SH-6")
@pytest.mark.usefixtures("fresh")
def test_a_vault_that_refuses_lps_while_a_venue_is_short_is_found() -> None:
    with broken(LOCKED), pytest.raises(AssertionError, match="refused, and not told why"):
        run(24, 32, machine=OverThree)


def clear() -> None:
    TALLY.clear()
    REFUSED.clear()


def played(machine: type[Lenders], markets: int, steps: int) -> None:
    """So many, each to its end, by which everybody has left."""
    before = TALLY.copy()
    run(markets, steps, nightly=NIGHTLY, machine=machine)
    assert TALLY["everybody left"] - before["everybody left"] == markets
    for weakness in WEAKNESSES:
        rare = TALLY[weakness] - before[weakness] <= max(markets // 20, 1)
        assert rare, f"a known weakness, and a rare one: {weakness}"


def lacking(rules: Iterable[str], least: int) -> dict[str, int]:
    """Rules that went through less often than they must to prove anything."""
    return {rule: TALLY[rule] for rule in rules if TALLY[rule] < least}
