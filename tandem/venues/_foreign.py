"""Tokens of strangers that a venue counts as our account's: anybody may lend one in our name at some lending
markets. What is one, what it costs and how it is disowned is the venue's; who looks for them asks here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tandem.engine.base import Call
from tandem.engine.bound import Prepared


@dataclass(frozen=True, slots=True)
class ForeignToken:
    """One that lies at a venue in an adapter's name. blocks: whether it keeps what is ours there from being
    taken back; left: how many there are at this venue, with it; used: units of gas that disowning it uses,
    its transaction's own among them; order_gas: units by which it makes an order dearer."""

    venue: str
    token: str
    blocks: bool
    left: int
    used: int
    order_gas: int


class ForeignTokens(Protocol):
    """Those in one adapter's name."""

    @property
    def venue(self) -> str:
        """The adapter."""
        ...

    def asked(self) -> Call:
        """By what they are seen: asked first by `found` and by `has`."""
        ...

    def found(self) -> list[ForeignToken]:
        """None where the venue does not answer."""
        ...

    def has(self, token: str) -> bool:
        """Whether one that was found is not disowned yet."""
        ...

    def disown(self, token: str) -> Prepared[None]:
        """Which anybody may."""
        ...
