"""The owner of a venue who has turned on its traders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tandem.engine.base import Receipt


@dataclass(frozen=True, slots=True)
class Taken:
    """What an account lost to its venue. amount: USD withdrawn in its name, out of its reach; refused: why
    the rest was left."""

    receipts: Sequence[Receipt]
    amount: float
    refused: str = ""


class Robber(Protocol):
    """The owner of a venue who has turned on its traders."""

    def take(self, trader: str) -> Taken:
        """Close an account's position and withdraw all that it holds, as far as the venue lets him."""
        ...
