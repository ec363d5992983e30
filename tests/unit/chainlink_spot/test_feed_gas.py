"""What a feed is given, by one that answers with the gas that it finds; and what is an answer."""

from __future__ import annotations

import pytest
from spot_bench import env, load_feed, load_spot

from tandem.errors import Reverted

# GAS to the second word, 8 to the first and the last, TIMESTAMP to those between; 5 words returned.
METER = bytes.fromhex("5a602052 6008600052 42604052 42606052 6008608052 60a06000f3")
OWN = 2  # gas that asking for it costs
GIVEN = 200_000


def test_r16_a_feed_is_given_200_000_gas_and_no_more() -> None:
    """ADR 0025: "210,000 must be there before each question, of which 200,000 are passed on"."""
    feed = load_feed()
    oracle = load_spot(feed)
    env.set_code(feed.address, METER)
    assert oracle.peek()[:2] == ((GIVEN - OWN) * 10**10, env.timestamp)


def test_r16_with_less_gas_than_a_feed_is_given_none_is_asked() -> None:
    """ADR 0025: a feed that could not answer for want of gas would pass for one that has no such round."""
    feed = load_feed()
    oracle = load_spot(feed)
    env.set_code(feed.address, METER)
    whole, said = (GIVEN - OWN) * 10**10, dict[int, int | str]()
    for gas in range(30_000, 300_000, 1_000):
        try:
            said[gas] = oracle.peek(gas=gas)[0]
        except Reverted as error:
            said[gas] = error.reason
    first = next(gas for gas, answer in said.items() if answer == whole)
    assert 231_000 < first < 236_000, "210,000, and what a transaction costs"
    for gas, answer in said.items():
        assert answer == (whole if gas >= first else "spot: too little gas"), gas


@pytest.mark.parametrize(
    ("words", "ends", "good"),
    [(5, "f3", True), (6, "f3", True), (4, "f3", False), (0, "f3", False), (5, "fd", False)],
)
def test_r16_five_words_that_are_returned_are_an_answer_and_nothing_else_is(
    words: int, ends: str, good: bool
) -> None:
    """Neither fewer words nor the same in a refusal; what is no answer is none, and stops nothing."""
    feed = load_feed()
    oracle = load_spot(feed)
    env.set_code(feed.address, METER[:-4] + bytes([32 * words]) + bytes.fromhex(f"6000{ends}"))
    price, time, usable = oracle.peek()
    assert (price > 0, time > 0, usable) == (good, good, False)


@pytest.mark.parametrize("answer", [1, 2])
def test_r16_one_unit_of_a_feed_is_a_price(answer: int) -> None:
    feed = load_feed()
    feed.push(answer)
    assert load_spot(feed, min_price=1).spot() == answer * 10**10
