"""What a feed is given: one that answers with the gas that it finds."""

from __future__ import annotations

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
