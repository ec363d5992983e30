"""Feeds of ours, in the places of others."""

from __future__ import annotations

from tandem.engine import fork
from tandem.engine.base import Contract
from tandem.engine.fork import PHASE
from tandem.engine.remote import RemoteEngine
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.units import DAY

__all__ = ["OWNER", "PHASE", "take_over", "take_over_answer", "up_for_long"]

OWNER = 0
"""Which account speaks through them."""


def take_over(engine: RemoteEngine, where: str) -> Contract:
    """In the place of another, saying what that said last."""
    return fork.take_over(engine, where, engine.accounts[OWNER])


def take_over_answer(engine: RemoteEngine, where: str) -> Contract:
    """The same of what tells a lender one number alone, which adapters of feeds do: USD, eight decimals."""
    answer = PriceFeed(engine, where).latestAnswer()
    return fork.our_feed(engine, where, engine.accounts[OWNER], 8, "ETH / USD", 1, answer)


def up_for_long(engine: RemoteEngine, status: Contract) -> None:
    """The sequencer is up since yesterday."""
    now, latest = engine.now(), status.call("latest_id")
    told = (latest, 0, now - DAY, now, latest)
    status.send("set_round", *told, sender=engine.accounts[OWNER])
