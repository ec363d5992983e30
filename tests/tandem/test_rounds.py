"""The round that is found is the one that the contract takes, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.rounds import PROPOSAL, SECOND_FEED, settlement_round
from tandem.units import DAY, WAD

NOBODY = "0x" + "00" * 20


@pytest.fixture
def feed() -> Iterator[PriceFeed]:
    with open_engine("pyrevm") as engine:
        yield PriceFeed.of(engine.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD"))


@pytest.fixture
def spot(feed: PriceFeed) -> ChainlinkSpot:
    return spot_of(feed, NOBODY)


def spot_of(feed: PriceFeed, second: Contract | str) -> ChainlinkSpot:
    """The oracle over one feed or two, and its Guardian, whose owner is account 0."""
    engine = feed.engine
    owner, bounds = engine.accounts[0], (4_000, 100 * WAD, 100_000 * WAD, 3_600)
    guardian = engine.deploy(
        compile_vyper("Guardian"), owner, [], [], [], DAY, terms.defaults(), owner, 0
    )
    args = (feed, second, guardian, NOBODY, guardian, *bounds)
    return ChainlinkSpot.of(engine.deploy(compile_vyper("ChainlinkSpot"), *args))


def guardian_of(spot: ChainlinkSpot) -> Contract:
    return spot.engine.at(compile_vyper("Guardian"), spot.call("GUARDIAN"))


@pytest.fixture
def push(feed: PriceFeed) -> Callable[..., None]:
    def one(price: int, ago: int) -> None:
        at = feed.engine.now() - ago
        feed.send("push_at", price * 10**8, at, sender=feed.engine.accounts[0])

    return one


def taken(feed: PriceFeed, spot: ChainlinkSpot, expiry: int) -> set[int]:
    """Every round of every phase that the contract settles with."""
    found: set[int] = set()
    latest = feed.call("latestRoundData")[0]
    for phase in range(1, (latest >> 64) + 1):
        for number in range(1, 60):
            try:
                spot.call("settlement_price", expiry, phase << 64 | number)
            except Reverted:
                continue
            found.add(phase << 64 | number)
    return found


def test_no_round_yet_is_none(
    feed: PriceFeed, spot: ChainlinkSpot, push: Callable[..., None]
) -> None:
    feed.engine.advance(10_000)
    push(2_500, 500)
    assert settlement_round(feed, spot, feed.engine.now()) is None


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_the_first_round_at_or_after_the_expiry(
    feed: PriceFeed, spot: ChainlinkSpot, push: Callable[..., None], count: int
) -> None:
    feed.engine.advance(100_000)
    start = feed.engine.now()
    for place in range(count):
        push(2_500 + place, 50_000 - 100 * place)
    middle = feed.call("getRoundData", 1 << 64 | (count + 1) // 2)[3]
    for expiry in (middle - 1, middle, middle + 1, start - 60_000):
        found = settlement_round(feed, spot, expiry)
        accepted = taken(feed, spot, expiry)
        assert accepted <= {found}
        assert (found is None) == (accepted == set())


def test_a_new_phase_does_not_hide_the_old_ones_round(
    feed: PriceFeed, spot: ChainlinkSpot, push: Callable[..., None]
) -> None:
    engine = feed.engine
    engine.advance(100_000)
    expiry = engine.now() - 5_000
    for ago in (9_000, 6_000, 4_900, 4_000):
        push(2_500, ago)
    feed.send("next_phase", sender=engine.accounts[0])
    for ago in (3_000, 2_000):
        push(2_600, ago)
    found = settlement_round(feed, spot, expiry)
    assert found is not None
    assert {found} == taken(feed, spot, expiry)
    assert spot.call("settlement_price", expiry, found) == 2_500 * WAD


@pytest.mark.parametrize("zeros", [True, False])
def test_a_phase_that_fell_silent_is_followed_by_the_next(
    feed: PriceFeed, spot: ChainlinkSpot, push: Callable[..., None], zeros: bool
) -> None:
    engine = feed.engine
    engine.advance(200_000)
    feed.send("answer_zeros", zeros, sender=engine.accounts[0])
    expiry = engine.now() - 5_000
    for ago in (9_000, 8_000, 7_000):
        push(2_500, ago)
    feed.send("next_phase", sender=engine.accounts[0])
    push(2_600, 4_000)
    found = settlement_round(feed, spot, expiry)
    assert found is not None
    assert spot.call("settlement_price", expiry, found) == 2_600 * WAD
    engine.advance(90_000)
    assert settlement_round(feed, spot, expiry) == found


# ---------------------------------------------------------------- a feed that has ended


@pytest.fixture
def ended(feed: PriceFeed, push: Callable[..., None]) -> tuple[Contract, Contract, int]:
    """An oracle whose feed ended before an expiry, its second feed, and the expiry: now."""
    engine = feed.engine
    engine.advance(10 * DAY)
    push(2_500, 60)
    second = engine.deploy(compile_vyper("PriceFeed"), 18, "ETH / USD, another operator's")
    return spot_of(feed, second), second, engine.now()


def test_a_feed_that_ended_is_followed_by_the_second_once_that_is_open(
    feed: PriceFeed, ended: tuple[Contract, Contract, int]
) -> None:
    spot, second, expiry = ended
    for ago, price in ((600, 2_590), (-600, 2_600), (-1_200, 2_610)):
        second.send("push_at", price * WAD, expiry - ago, sender=feed.engine.accounts[0])
    feed.engine.set_time(expiry + 3 * DAY - 60)
    assert settlement_round(feed, spot, expiry) is None
    feed.engine.set_time(expiry + 3 * DAY)
    found = settlement_round(feed, spot, expiry)
    assert found == SECOND_FEED | 1 << 64 | 2
    assert spot.call("settlement_price", expiry, found) == 2_600 * WAD


def test_a_feed_with_its_round_comes_before_the_second_however_late(
    feed: PriceFeed, ended: tuple[Contract, Contract, int]
) -> None:
    spot, second, expiry = ended
    owner = feed.engine.accounts[0]
    for ago in (600, -600):
        second.send("push_at", 2_600 * WAD, expiry - ago, sender=owner)
    feed.send("push_at", 2_700 * 10**8, expiry + DAY, sender=owner)
    feed.engine.set_time(expiry + 5 * DAY)
    found = settlement_round(feed, spot, expiry)
    assert found == 1 << 64 | 2


@pytest.mark.parametrize("both", [True, False])
def test_the_owners_price_is_the_last_that_is_found(
    feed: PriceFeed, ended: tuple[Contract, Contract, int], both: bool
) -> None:
    spot, _, expiry = ended if both else (spot_of(feed, NOBODY), None, ended[2])
    owner = feed.engine.accounts[0]
    guardian_of(spot).send("propose_price", expiry, 2_600 * WAD, sender=owner)
    opens = expiry + (4 if both else 3) * DAY
    feed.engine.set_time(opens - 60)
    assert settlement_round(feed, spot, expiry) is None
    feed.engine.set_time(opens)
    assert settlement_round(feed, spot, expiry) == PROPOSAL


def test_a_feed_that_keeps_its_latest_rounds_alone_settles_by_those(
    feed: Contract, spot: Contract, push: Callable[..., None]
) -> None:
    """The stand-in keeps 512 rounds; the round wanted is among the last, then already forgotten."""
    feed.engine.advance(1_000_000)
    start = feed.engine.now()
    for i in range(600):
        push(2_000 + i, 1_000_000 - 1_000 * i)
    late, early = start - 1_000_000 + 590_500, start - 1_000_000 + 40_500
    found = settlement_round(feed, spot, late)
    assert found is not None
    assert found & (2**64 - 1) == 591
    assert spot.call("settlement_price", late, found) == 2_590 * WAD
    assert settlement_round(feed, spot, early) is None
