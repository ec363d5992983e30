"""The four words that make a floor, and what stands for the code that moves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import z3

from proofs.numbers import Whole
from proofs.reading import Reading
from proofs.sources import Sources
from proofs.values import OPAQUE, Fields, Num


@dataclass
class Account:
    """The four words that make a floor, whole numbers; what moves them on the way moves them here."""

    cash: Any
    exits: Any
    maxima: Any
    claims: Any

    @classmethod
    def any(cls) -> Account:
        return cls(*z3.Ints("cash exits maxima claims"))

    @property
    def floor(self) -> Any:
        return self.cash - self.exits - self.maxima - self.claims

    @property
    def sane(self) -> list[Any]:
        """Fields hold what is not negative, in so many bits."""
        bits = {"cash": 128, "exits": 128, "maxima": 88, "claims": 88}
        terms = [(getattr(self, name), 2**width) for name, width in bits.items()]
        return [z3.And(term >= 0, term < bound) for term, bound in terms]

    # ---- what stands for the code that moves them (SV-6, SV-7)
    def hooks(self) -> dict[str, Any]:
        def move(name: str, sign: int) -> Any:
            def moved(r: Reading, *args: Any) -> None:
                now, by = getattr(self, name), args[-1].term
                if sign < 0:
                    r.guard(by <= now)
                setattr(self, name, z3.If(r.active, now + sign * by, now))

            return moved

        def number(name: str) -> Any:
            return lambda *_: Num(getattr(self, name), "uint256")

        return {
            "modules/money._pull": move("cash", 1),
            "modules/money._push": move("cash", -1),
            "modules/money._set_aside": move("exits", 1),
            "modules/money._release": move("exits", -1),
            "modules/money._cash": number("cash"),
            "modules/money._exits": number("exits"),
            "modules/money._account": lambda *_: (number("cash")(), number("exits")()),
            "modules/money._only_market": lambda *_: None,
            "modules/lending._only_router": lambda *_: None,
            "static liabilities": lambda *_: (number("maxima")(), number("claims")()),
            "lib/book_totals.maxima": number("maxima"),
            "lib/book_totals.claims": number("claims"),
            "lib/book_totals.owed": lambda *_: Num(self.maxima + self.claims, "uint256"),
            "lib/book_totals.set_aside": self._then(move("claims", 1)),
            "lib/book_totals.paid": self._then(move("claims", -1)),
            "lib/book_totals.moved": self._moved,
            "lib/book_words.maximum_of": lambda _, h: h["maximum"],
            "lib/book_words.units_of": lambda _, h: h["units"],
            "lib/book_words.expiry_of": lambda *_: OPAQUE,
            "lib/terms.field": lambda r, *_: r.symbol(r.numbers.fresh("term")),
        }

    @staticmethod
    def _then(move: Any) -> Any:
        """The same, which answers with the word that it moved."""

        def moved(r: Reading, word: Any, amount: Num) -> Any:
            move(r, amount)
            return word

        return moved

    def _moved(self, r: Reading, word: Any, _: Any, before: Any, after: Any) -> Any:
        less = before["maximum"].term
        more = after["maximum"].term if isinstance(after, dict) else 0
        r.guard(less <= self.maxima)
        self.maxima = z3.If(r.active, self.maxima - less + more, self.maxima)
        return word


def running(
    sources: Sources, more: Mapping[str, Any] | None = None
) -> tuple[Reading, Account, Any]:
    """A reading with an account; the account, and the floor before anything ran."""
    account = Account.any()
    state = {"modules/book.totals": Fields(), "modules/book.headers": OPAQUE, "msg.sender": OPAQUE}
    state |= {"modules/book.nodes": OPAQUE, "modules/book.settlements": OPAQUE}
    return (
        Reading(sources, Whole, account.hooks() | dict(more or {}), state),
        account,
        account.floor,
    )


MARK = (
    "liability", "liability_low", "liability_high", "equity", "equity_low", "equity_high",
    "rehedge_cost", "rehedge_gain", "maxima", "claims", "top_up",
)  # fmt: skip


def mark(reading: Reading) -> dict[str, Any]:
    """Any mark."""
    found: dict[str, Any] = {
        name: reading.symbol(name, "int256" if name == "equity" else "uint256") for name in MARK
    }
    return found | {name: z3.Bool(name) for name in ("bankrupt", "calm", "stale", "resumed")}
