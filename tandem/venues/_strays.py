"""Tokens that carry our account's debts at a lending market and should not, or should and do not: strangers'
that anybody may lend in our name, and ours that were lent while they counted for nothing (LM-4). What is one,
what it costs and how it is set right is the venue's; who looks for them asks here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from tandem.engine.base import Call
from tandem.engine.bound import Prepared


@dataclass(frozen=True, slots=True)
class Stray:
    """One that lies at a venue in an adapter's name. is_ours: it should carry debts and does not; blocks:
    whether it keeps what is ours there from being taken back; left: how many there are at this venue, with
    it; used: units of gas that setting it right uses, its transaction's own among them; order_gas: units by
    which it makes an order dearer."""

    venue: str
    token: str
    is_ours: bool
    blocks: bool
    left: int
    used: int
    order_gas: int


class Strays(Protocol):
    """Those in one adapter's name."""

    @property
    def venue(self) -> str:
        """The adapter."""
        ...

    def asked(self) -> Iterator[Call]:
        """By what they are seen: asked by `found` and by `has` where there are none."""
        ...

    def found(self) -> list[Stray]:
        """Ours first. None where the venue does not answer."""
        ...

    def has(self, one: Stray) -> bool:
        """Whether one that was found is not set right yet."""
        ...

    def settle(self, token: str) -> Prepared[None]:
        """Set one right, which anybody may."""
        ...
