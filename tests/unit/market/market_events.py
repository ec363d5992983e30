"""What the Market's tests keep reading out of a receipt."""

from __future__ import annotations

from tandem.engine.base import Event, Receipt


def one(receipt: Receipt, name: str) -> Event:
    (event,) = receipt.events(name)
    return event


def hedged(receipt: Receipt) -> Event:
    return one(receipt, "Hedged")


def minted(receipt: Receipt) -> Event:
    return one(receipt, "OptionMinted")


def closed(receipt: Receipt) -> Event:
    return one(receipt, "OptionClosed")
