"""The price feed and the quote token that stand in for what nobody publishes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Contract
from tandem.errors import Reverted

PHASE = 2**64


@pytest.fixture
def chain() -> Iterator[BaseEngine]:
    with open_engine("pyrevm") as engine:
        yield engine


@pytest.fixture
def feed(chain: BaseEngine) -> Contract:
    return chain.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD")


def test_rounds_are_numbered_within_their_phase_and_kept(chain: BaseEngine, feed: Contract) -> None:
    owner = chain.accounts[0]
    first = feed.send("push", 3_000, sender=owner).timestamp
    feed.send("push_at", 3_100, first + 7, sender=owner)
    assert feed.call("latestRoundData") == (PHASE + 2, 3_100, first + 7, first + 7, PHASE + 2)
    assert feed.call("getRoundData", PHASE + 1)[:4] == (PHASE + 1, 3_000, first, first)
    assert (feed.call("latestAnswer"), feed.call("latestTimestamp")) == (3_100, first + 7)
    feed.send("next_phase", sender=owner)
    feed.send("push", 3_200, sender=owner)
    assert feed.call("latestRoundData")[:2] == (2 * PHASE + 1, 3_200)
    assert feed.call("phaseId") == 2
    assert feed.call("getRoundData", PHASE + 2)[1] == 3_100


def test_a_missing_round_reverts_or_answers_zeros(chain: BaseEngine, feed: Contract) -> None:
    for call in (("latestRoundData",), ("getRoundData", 5 * PHASE)):
        with pytest.raises(Reverted, match="No data present"):
            feed.call(*call)
    feed.send("answer_zeros", True, sender=chain.accounts[0])
    assert feed.call("getRoundData", 5 * PHASE) == (5 * PHASE, 0, 0, 0, 0)


def test_any_round_can_be_written_for_hostile_tests(chain: BaseEngine, feed: Contract) -> None:
    owner = chain.accounts[0]
    feed.send("set_round", 3 * PHASE + 9, -5, 1, 2, 4, sender=owner)
    feed.send("set_latest", 3 * PHASE + 9, sender=owner)
    assert feed.call("latestRoundData") == (3 * PHASE + 9, -5, 1, 2, 4)
    assert feed.call("phaseId") == 3


@pytest.mark.parametrize(
    "call",
    [
        ("push", 1),
        ("push_at", 1, 1),
        ("set_round", 1, 1, 1, 1, 1),
        ("set_latest", 1),
        ("next_phase",),
        ("answer_zeros", True),
    ],
)
def test_only_its_owner_moves_the_feed(
    chain: BaseEngine, feed: Contract, call: tuple[str, ...]
) -> None:
    with pytest.raises(Reverted, match="feed: not the owner"):
        feed.send(*call, sender=chain.accounts[1])


def test_the_quote_token_keeps_its_books(chain: BaseEngine) -> None:
    owner, holder, spender = chain.accounts[:3]
    token = chain.deploy(compile_vyper("USDC"))
    token.send("mint", holder, 10, sender=owner)
    token.send("approve", spender, 6, sender=holder)
    assert token.send("transferFrom", holder, owner, 4, sender=spender).returned is True
    assert token.call("allowance", holder, spender) == 2
    with pytest.raises(Reverted):
        token.send("transferFrom", holder, owner, 3, sender=spender)
    with pytest.raises(Reverted):
        token.send("transfer", owner, 7, sender=holder)
    with pytest.raises(Reverted, match="usdc: not the owner"):
        token.send("mint", holder, 1, sender=holder)
    assert [token.call("balanceOf", who) for who in (owner, holder)] == [4, 6]
    assert (token.call("totalSupply"), token.call("decimals")) == (10, 6)
