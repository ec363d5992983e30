"""What a variable may hold while a function is read: a number, a truth, a struct, a list; or what a lemma has
no need to look into."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import z3

from proofs.numbers import Beyond


@dataclass(frozen=True)
class Num:
    """A number with its kind: uint256, int256; a literal fits either."""

    term: Any
    kind: str = ""


class Opaque:
    """What a lemma has no need to look into: whatever is done to it, it stays so."""


OPAQUE = Opaque()


class Fields(dict[str, Any]):
    """A packed word as the fields that a lemma is about; a mask over its other bits leaves them (SV-6)."""


Struct = dict[str, Any]


def folded(op: str, a: Num, b: Num) -> int:
    """Two literals, as the compiler folds them."""
    x, y = (z3.simplify(n.term).as_long() for n in (a, b))
    return int(FOLDS[op](x, y))


FOLDS: dict[str, Callable[[int, int], int]] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul,
    "FloorDiv": operator.floordiv, "Pow": operator.pow, "Mod": operator.mod,
    "LShift": operator.lshift, "RShift": operator.rshift,
}  # fmt: skip


def choose(condition: Any, yes: Any, no: Any) -> Any:
    """One value or the other, whatever it is made of."""
    if yes is no or isinstance(yes, Opaque) or isinstance(no, Opaque):
        return yes
    if isinstance(yes, Num):
        return Num(z3.If(condition, yes.term, no.term), yes.kind or no.kind)
    if isinstance(yes, dict):
        return type(yes)({name: choose(condition, yes[name], no[name]) for name in yes})
    if isinstance(yes, list | tuple):
        return type(yes)(choose(condition, a, b) for a, b in zip(yes, no, strict=True))
    if isinstance(yes, z3.BoolRef):
        return z3.If(condition, yes, no)
    if yes == no:
        return yes
    raise Beyond(f"a choice between {yes!r} and {no!r}")
