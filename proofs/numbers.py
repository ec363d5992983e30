"""What a Vyper number is to the solver: a whole number, or 256 bits.

Whole numbers carry rounding well (a quotient is a number of its own, and what it leaves another), 256 bits
carry words packed of fields. A lemma chooses. In both, an operation that the chain would refuse adds a
guard: what is shown is shown of what did not revert.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable
from itertools import count
from typing import Any

import z3

WORD = 256
LOW = {"uint256": 0, "int256": -(2**255)}
HIGH = {"uint256": 2**256, "int256": 2**255}
Operation = Callable[[Any, Any], Any]
ORDER: dict[str, Operation] = {
    "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge,
    "Eq": operator.eq, "NotEq": operator.ne,
}  # fmt: skip
UNSIGNED: dict[str, Operation] = ORDER | {
    "Lt": z3.ULT, "LtE": z3.ULE, "Gt": z3.UGT, "GtE": z3.UGE,
}  # fmt: skip
ARITHMETIC: dict[str, Operation] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul,
}  # fmt: skip
BITWISE: dict[str, Operation] = {
    "LShift": operator.lshift, "BitAnd": operator.and_, "BitOr": operator.or_, "BitXor": operator.xor,
}  # fmt: skip


class Beyond(NotImplementedError):
    """A construct that this reading has no words for."""


class Numbers(ABC):
    """facts: what names given along the way stand for. guard: told what an operation needs to pass."""

    def __init__(self, guard: Callable[[Any], None]) -> None:
        self.facts: list[Any] = []
        self.guard = guard
        self._names = count()

    def fresh(self, name: str) -> str:
        return f"{name}!{next(self._names)}"

    @abstractmethod
    def symbol(self, name: str, kind: str) -> Any:
        """Any number of this kind."""

    @abstractmethod
    def literal(self, value: int) -> Any: ...

    @abstractmethod
    def convert(self, value: Any, before: str, after: str) -> Any: ...

    @abstractmethod
    def compare(self, op: str, a: Any, b: Any, kind: str) -> Any: ...

    @abstractmethod
    def operate(self, op: str, a: Any, b: Any, kind: str, checked: bool = True) -> Any: ...


def _constant(value: Any) -> int | None:
    """The number that a term is, where it is one."""
    value = z3.simplify(value)
    if isinstance(value, z3.IntNumRef | z3.BitVecNumRef):
        return value.as_long()
    return None


class Whole(Numbers):
    """Whole numbers; a quotient q of a by b is given by a = q b + r."""

    def symbol(self, name: str, kind: str) -> Any:
        found = z3.Int(name)
        self.facts += [found >= LOW[kind], found < HIGH[kind]]
        return found

    def literal(self, value: int) -> Any:
        return z3.IntVal(value)

    def convert(self, value: Any, before: str, after: str) -> Any:
        if before != after:
            self._inside(value, after)
        return value

    def compare(self, op: str, a: Any, b: Any, kind: str) -> Any:
        return ORDER[op](a, b)

    def _inside(self, value: Any, kind: str) -> None:
        self.guard(z3.And(value >= LOW[kind], value < HIGH[kind]))

    def quotient(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Floor and rest of a by a positive b."""
        q, r = z3.Int(self.fresh("q")), z3.Int(self.fresh("r"))
        self.facts.append(z3.Implies(b > 0, z3.And(a == q * b + r, r >= 0, r < b)))
        return q, r

    def operate(self, op: str, a: Any, b: Any, kind: str, checked: bool = True) -> Any:
        if op == "FloorDiv":
            return self._divided(a, b, kind)
        if op not in ARITHMETIC:
            return self._of_words(op, a, b, kind)
        found = ARITHMETIC[op](a, b)
        if checked:
            self._inside(found, kind)
        else:  # what wraps is not what these lemmas are about: each must show that nothing does
            self.wrapped(found, kind)
        return found

    def _of_words(self, op: str, a: Any, b: Any, kind: str) -> Any:
        """Rests, shifts and masks of words, where they are arithmetic."""
        right = _constant(b)
        if op == "Mod" and kind == "uint256":
            self.guard(b != 0)
            return self.quotient(a, b)[1]
        if right is not None and op == "RShift":
            return self.quotient(a, z3.IntVal(2**right))[0]
        if right is not None and op == "LShift" and kind == "uint256":
            return self.quotient(a * 2**right, z3.IntVal(2**WORD))[1]
        if right is not None and op == "BitAnd" and right & (right + 1) == 0:
            return self.quotient(a, z3.IntVal(right + 1))[1]
        raise Beyond(f"{op} of whole numbers")

    def wrapped(self, found: Any, kind: str) -> None:
        """Unchecked arithmetic. Overridden where a lemma collects what has to be shown of it."""
        raise Beyond("unchecked arithmetic that nobody answers for")

    def _divided(self, a: Any, b: Any, kind: str) -> Any:
        self.guard(b != 0)
        if kind == "uint256":
            return self.quotient(a, b)[0]
        # towards zero: of what is under it, as of its opposite
        size = self.quotient(z3.If(a < 0, -a, a), z3.If(b < 0, -b, b))[0]
        return z3.If((a < 0) == (b < 0), size, -size)


class Bits(Numbers):
    """256 bits."""

    def symbol(self, name: str, kind: str) -> Any:
        return z3.BitVec(name, WORD)

    def literal(self, value: int) -> Any:
        return z3.BitVecVal(value, WORD)

    def convert(self, value: Any, before: str, after: str) -> Any:
        if {before, after} == {"uint256", "int256"}:
            self.guard(value >= 0)  # signed: the top bit is clear
        return value

    def compare(self, op: str, a: Any, b: Any, kind: str) -> Any:
        return (ORDER if kind == "int256" else UNSIGNED)[op](a, b)

    def operate(self, op: str, a: Any, b: Any, kind: str, checked: bool = True) -> Any:
        signed = kind == "int256"
        if op in ARITHMETIC:
            if checked:
                self._exact(op, a, b, signed)
            return ARITHMETIC[op](a, b)
        if op == "RShift":
            return a >> b if signed else z3.LShR(a, b)
        if op in BITWISE:
            return BITWISE[op](a, b)
        raise Beyond(f"{op} of bits")

    def _exact(self, op: str, a: Any, b: Any, signed: bool) -> None:
        """That nothing wraps."""
        match op:
            case "Add":
                self.guard(z3.BVAddNoOverflow(a, b, signed))
                if signed:
                    self.guard(z3.BVAddNoUnderflow(a, b))
            case "Sub":
                self.guard(z3.BVSubNoUnderflow(a, b, signed))
                if signed:
                    self.guard(z3.BVSubNoOverflow(a, b))
            case _:
                self.guard(z3.BVMulNoOverflow(a, b, signed))
                if signed:
                    self.guard(z3.BVMulNoUnderflow(a, b))
