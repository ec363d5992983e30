"""Feeds of ours, in the places of others."""

from __future__ import annotations

from placing import place

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.engine.remote import RemoteEngine
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.units import DAY

OWNER = 0
"""Which account speaks through them."""
PHASE = 64
"""Bits of a round's id below its phase."""
LONGEST = 32
"""Letters of what ours says that it is."""


def take_over(engine: RemoteEngine, where: str) -> Contract:
    """A feed of ours in the place of another, with its decimals and its words, in a phase of its own; it
    says what that said last, from now on."""
    there = PriceFeed(engine, where)
    last = there.latestRoundData()
    said = (there.decimals(), there.description()[:LONGEST], (last.id >> PHASE) + 1, last.answer)
    return _ours(engine, where, *said)


def take_over_answer(engine: RemoteEngine, where: str) -> Contract:
    """The same of what tells a lender one number alone, which adapters of feeds do: USD, eight decimals."""
    return _ours(engine, where, 8, "ETH / USD", 1, PriceFeed(engine, where).latestAnswer())


def _ours(
    engine: RemoteEngine, where: str, decimals: int, words: str, phase: int, answer: int
) -> Contract:
    """What the other has stored where ours looks is written over; of its rounds nothing is."""
    owner = engine.accounts[OWNER]
    feed = place(engine, where, compile_vyper("PriceFeed"), decimals, words, sender=owner)
    feed.send("answer_zeros", False, sender=owner)
    feed.send("set_latest", phase << PHASE, sender=owner)
    feed.send("push", answer, sender=owner)
    return feed


def up_for_long(engine: RemoteEngine, status: Contract) -> None:
    """The sequencer is up since yesterday."""
    now, latest = engine.now(), status.call("latest_id")
    told = (latest, 0, now - DAY, now, latest)
    status.send("set_round", *told, sender=engine.accounts[OWNER])
