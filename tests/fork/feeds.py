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


def take_over(engine: RemoteEngine, where: str) -> Contract:
    """A feed of ours in the place of another, with its decimals and its words, in a phase of its own; it
    says what that said last, from now on."""
    there = PriceFeed(engine, where)
    last, said = there.latestRoundData(), (there.decimals(), there.description()[:32])
    owner = engine.accounts[OWNER]
    feed = place(engine, where, compile_vyper("PriceFeed"), *said, sender=owner)
    feed.send("answer_zeros", False, sender=owner)
    feed.send("set_latest", ((last.id >> PHASE) + 1) << PHASE, sender=owner)
    feed.send("push", last.answer, sender=owner)
    return feed


def up_for_long(engine: RemoteEngine, status: Contract) -> None:
    """The sequencer is up since yesterday."""
    now, latest = engine.now(), status.call("latest_id")
    told = (latest, 0, now - DAY, now, latest)
    status.send("set_round", *told, sender=engine.accounts[OWNER])
