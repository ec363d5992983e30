"""A feed of ours takes the place of any other, whatever that has stored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from feeds import PHASE, take_over, take_over_answer, up_for_long
from stand_in import node

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import Reverted
from tandem.units import DAY

ANSWER = 2_345 * 10**8
SLOTS = 12
"""More than ours has of its own."""


@pytest.fixture(scope="module")
def engine() -> Iterator[RemoteEngine]:
    with node(31_337) as url:
        yield RemoteEngine(Node(url).request, is_development=True)


@pytest.fixture
def foreign(engine: RemoteEngine) -> Contract:
    """Somebody else's feed, which answers zeros for rounds that are not there, in its seventh phase."""
    who = engine.accounts[6]
    feed = engine.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD", sender=who)
    feed.send("answer_zeros", True, sender=who)
    feed.send("set_latest", 7 << PHASE, sender=who)
    for answer in (1, 2, ANSWER):
        feed.send("push", answer, sender=who)
    return feed


def test_it_says_the_same_in_the_next_phase_and_forgets_the_rounds(
    engine: RemoteEngine, foreign: Contract
) -> None:
    before = foreign.call("latestRoundData")
    ours = take_over(engine, foreign.address)
    id_, answer, started, updated, _ = ours.call("latestRoundData")
    assert (answer, ours.call("decimals"), ours.call("description")) == (ANSWER, 8, "ETH / USD")
    assert id_ == 8 << PHASE | 1
    assert started == updated == engine.now() > before[3]
    with pytest.raises(Reverted, match="No data present"):
        ours.call("getRoundData", id_ + 1)
    with pytest.raises(Reverted, match="not the owner"):
        ours.send("push", 1, sender=engine.accounts[6])
    ours.send("push", ANSWER + 1, sender=engine.accounts[0])
    assert ours.call("latestRoundData")[:2] == (id_ + 1, ANSWER + 1)


def test_what_another_has_stored_says_nothing(engine: RemoteEngine, foreign: Contract) -> None:
    """Whatever lies in the words that ours reads: all of them are written first."""
    for slot in range(SLOTS):
        word = "0x" + "ff" * 32
        engine.request("anvil_setStorageAt", [foreign.address, hex(slot), word])
    foreign = take_over_answer_of(engine, foreign)
    assert foreign.call("latestRoundData")[:2] == (1 << PHASE | 1, ANSWER)
    assert foreign.call("description") == "ETH / USD"
    assert not foreign.call("answers_zeros")
    assert foreign.call("latestAnswer") == ANSWER


def take_over_answer_of(engine: RemoteEngine, foreign: Contract) -> Contract:
    """Its place taken over from a contract that answers this number to whatever it is asked."""
    said = bytes.fromhex(f"7f{ANSWER:064x}5f5260205ff3")
    engine.request("anvil_setCode", [foreign.address, "0x" + said.hex()])
    return take_over_answer(engine, foreign.address)


def test_a_sequencer_may_be_up_since_yesterday(engine: RemoteEngine, foreign: Contract) -> None:
    status = take_over(engine, foreign.address)
    status.send("push", 0, sender=engine.accounts[0])
    up_for_long(engine, status)
    _, answer, started, _, _ = status.call("latestRoundData")
    assert answer == 0
    assert engine.now() - started == pytest.approx(DAY, abs=5)
