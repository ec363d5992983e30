"""Vyper's expressions on symbols: numbers, structs, calls inside and outside."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import z3

from proofs.numbers import Beyond, Bits, Numbers, Whole
from proofs.sources import Module, Sources
from proofs.values import OPAQUE, Fields, Num, Opaque, Struct, choose, folded

Hook = Callable[..., Any]


@dataclass
class Frame:
    """A function that runs: its variables, and under which condition it still does."""

    module: Module
    names: dict[str, Any]
    active: Any
    returned: Any = field(default_factory=lambda: z3.BoolVal(False))
    result: Any = None
    broken: Any = field(default_factory=lambda: z3.BoolVal(False))
    skipped: Any = field(default_factory=lambda: z3.BoolVal(False))  # the rest of a turn


class Expressions:
    """What an expression is worth.

    hooks: "module.function" -> what stands for it, called with the reading and its arguments; an external
    call is "static name" or "ext name". state: "module.variable" -> value."""

    def __init__(
        self,
        sources: Sources,
        numbers: type[Numbers] = Whole,
        hooks: Mapping[str, Hook] | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> None:
        self.sources, self.hooks = sources, dict(hooks or {})
        self.state: dict[str, Any] = dict(state or {})
        self.guards: list[Any] = []
        self.active: Any = z3.BoolVal(True)
        self.numbers = numbers(self.guard)

    def guard(self, condition: Any) -> None:
        """Here a call goes on only where this holds."""
        self.guards.append(z3.Implies(self.active, condition))

    def symbol(self, name: str, kind: str = "uint256") -> Num:
        return Num(self.numbers.symbol(name, kind), kind)

    def number(self, value: int, kind: str = "") -> Num:
        return Num(self.numbers.literal(value), kind)

    @abstractmethod
    def _function(self, module: Module, fn: str, args: Sequence[Any]) -> Any:
        """What a function returns."""

    @staticmethod
    def _typed(value: Any, annotation: Any) -> Any:
        kind = getattr(annotation, "id", "")
        if isinstance(value, Num) and kind in ("uint256", "int256"):
            return Num(value.term, kind)
        return value

    def _value(self, frame: Frame, e: Any) -> Any:
        kind = type(e).__name__
        how = getattr(self, f"_of_{kind.lower()}", None)
        if how is None:
            raise Beyond(f"{kind} in {frame.module.name}")
        return how(frame, e)

    def _of_int(self, _: Frame, e: Any) -> Num:
        return self.number(e.value)

    def _of_hex(self, _: Frame, e: Any) -> Num:
        return self.number(int(e.value, 16))

    def _of_nameconstant(self, _: Frame, e: Any) -> Any:
        return z3.BoolVal(e.value)

    def _of_str(self, _: Frame, e: Any) -> str:
        return str(e.value)

    def _of_tuple(self, frame: Frame, e: Any) -> list[Any]:
        return [self._value(frame, item) for item in e.elements]

    _of_list = _of_tuple

    def _of_binop(self, frame: Frame, e: Any) -> Any:
        return self._operate(e.op, self._value(frame, e.left), self._value(frame, e.right))

    def _of_unaryop(self, frame: Frame, e: Any) -> Any:
        return self._unary(e.op, self._value(frame, e.operand))

    def _of_ifexp(self, frame: Frame, e: Any) -> Any:
        test = self._value(frame, e.test)
        yes = self._under(test, frame, e.body)
        return choose(test, yes, self._under(z3.Not(test), frame, e.orelse))

    def _under(self, condition: Any, frame: Frame, e: Any) -> Any:
        """A value that is asked for only where a condition holds: elsewhere it cannot revert."""
        outer, self.active = self.active, z3.And(self.active, condition)
        found = self._value(frame, e)
        self.active = outer
        return found

    def _of_boolop(self, frame: Frame, e: Any) -> Any:
        """`and`, `or`: what stands behind is asked only where what stands before does not decide."""
        goes_on = type(e.op).__name__ == "And"
        parts: list[Any] = []
        for v in e.values:
            before = z3.And(*parts) if goes_on else z3.Not(z3.Or(*parts))
            parts.append(self._under(before, frame, v) if parts else self._value(frame, v))
        return z3.And(*parts) if goes_on else z3.Or(*parts)

    def _of_name(self, frame: Frame, e: Any) -> Any:
        name = e.id
        if name in frame.names:
            return frame.names[name]
        if name == "self":
            return self.state["self"]
        declared = frame.module.variables.get(name)
        if declared is None:
            raise KeyError(name)
        return self._declared(frame.module, name, declared)

    def _declared(self, module: Module, name: str, declared: Any) -> Any:
        known = self.state.get(f"{module.name}.{name}")
        if known is not None:
            return known
        if declared.value is None:
            raise KeyError(f"{module.name}.{name}")
        inner = Frame(module, {}, self.active)
        return self._typed(self._value(inner, declared.value), declared.annotation)

    def _of_attribute(self, frame: Frame, e: Any) -> Any:
        owner = getattr(e.value, "id", "")
        if owner == "self":
            return self.state[f"{frame.module.name}.{e.attr}"]
        if owner in frame.module.imports and owner not in frame.names:
            module = self.sources.module(frame.module.imports[owner])
            return self._declared(module, e.attr, module.variables[e.attr])
        if owner in ("block", "msg"):
            return self.state[f"{owner}.{e.attr}"]
        if e.attr == "is_contract":  # whoever it is: proved for both
            return z3.Bool(self.numbers.fresh("has_code"))
        return self._value(frame, e.value)[e.attr]

    def _of_subscript(self, frame: Frame, e: Any) -> Any:
        items, index = self._value(frame, e.value), self._value(frame, e.slice)
        if isinstance(items, Opaque):
            return items
        at = z3.simplify(index.term)
        if isinstance(at, z3.IntNumRef | z3.BitVecNumRef):
            return items[at.as_long()]
        size = self.numbers.literal(len(items))
        self.guard(self.numbers.compare("Lt", index.term, size, "uint256"))
        found = items[-1]
        for place in reversed(range(len(items) - 1)):
            found = choose(index.term == self.numbers.literal(place), items[place], found)
        return found

    def _operate(self, op: Any, a: Num, b: Num) -> Any:
        if isinstance(a, Opaque | Fields):
            return a
        if isinstance(b, Opaque):
            return b
        kind = a.kind or b.kind
        if not kind:
            return self.number(folded(type(op).__name__, a, b))
        return Num(self.numbers.operate(type(op).__name__, a.term, b.term, kind), kind)

    def _unary(self, op: Any, value: Any) -> Any:
        match type(op).__name__:
            case "Not":
                return z3.Not(value)
            case "USub":
                kind = value.kind or "int256"
                zero = self.numbers.literal(0)
                return Num(self.numbers.operate("Sub", zero, value.term, kind), kind)
            case "Invert" if isinstance(self.numbers, Bits):
                return Num(~value.term, value.kind)
            case "Invert":
                return OPAQUE
            case other:
                raise Beyond(other)

    def _of_compare(self, frame: Frame, e: Any) -> Any:
        a, b = self._value(frame, e.left), self._value(frame, e.right)
        if isinstance(a, Opaque) or isinstance(b, Opaque):
            return z3.Bool(self.numbers.fresh("either"))
        if not isinstance(a, Num):
            return a == b if type(e.op).__name__ == "Eq" else a != b
        kind = a.kind or b.kind or "int256"
        return self.numbers.compare(type(e.op).__name__, a.term, b.term, kind)

    # ---- calls
    def _of_extcall(self, frame: Frame, e: Any) -> Any:
        call = e.value
        word = "static" if type(e).__name__ == "StaticCall" else "ext"
        name = f"{word} {call.func.attr}"
        if name not in self.hooks:
            raise Beyond(f"{name}: nobody says what it answers")
        return self.hooks[name](self, *(self._value(frame, a) for a in call.args))

    _of_staticcall = _of_extcall

    def _of_call(self, frame: Frame, e: Any) -> Any:
        f = e.func
        if type(f).__name__ == "Name":
            return self._built_in(frame, f.id, e)
        owner = getattr(f.value, "id", "")
        if owner == "self":
            return self._function(frame.module, f.attr, [self._value(frame, a) for a in e.args])
        if owner in frame.module.imports:
            module = self.sources.module(frame.module.imports[owner])
            if f.attr in module.structs:
                return self._struct(frame, e)
            return self._function(module, f.attr, [self._value(frame, a) for a in e.args])
        raise Beyond(f"a call of {f.attr}")

    def _struct(self, frame: Frame, e: Any) -> Struct:
        return {k.arg: self._value(frame, k.value) for k in e.keywords}

    def _empty(self, frame: Frame, annotation: Any) -> Any:
        if type(annotation).__name__ == "Attribute":
            owner = frame.module.imports[annotation.value.id]
            inner = Frame(self.sources.module(owner), {}, self.active)
            return self._empty_struct(inner, annotation.attr)
        if type(annotation).__name__ == "Subscript":
            size = z3.simplify(self._value(frame, annotation.slice).term).as_long()
            return [self._empty(frame, annotation.value) for _ in range(size)]
        if annotation.id in frame.module.structs:
            return self._empty_struct(frame, annotation.id)
        if annotation.id == "bool":
            return z3.BoolVal(False)
        return self.number(0, annotation.id)

    def _empty_struct(self, frame: Frame, name: str) -> Struct:
        fields = frame.module.structs[name]
        return {f: self._empty(frame, annotation) for f, annotation in fields.items()}

    def _built_in(self, frame: Frame, name: str, e: Any) -> Any:
        if name in frame.module.structs:
            return self._struct(frame, e)
        if name == "empty":
            return self._empty(frame, e.args[0])
        if name == "convert":
            value, after = self._value(frame, e.args[0]), e.args[1].id
            return Num(self.numbers.convert(value.term, value.kind, after), after)
        if name == "max_value":
            kind = e.args[0].id
            return self.number(2**256 - 1 if kind == "uint256" else 2**255 - 1, kind)
        a, *rest = (self._value(frame, arg) for arg in e.args)
        if name == "abs":
            negative = self.numbers.compare("Lt", a.term, self.numbers.literal(0), "int256")
            return Num(z3.If(negative, -a.term, a.term), "int256")
        kind = a.kind or rest[0].kind
        if name in ("min", "max"):
            first = self.numbers.compare("Lt", a.term, rest[0].term, kind)
            low, high = (a, rest[0]) if name == "min" else (rest[0], a)
            return Num(z3.If(first, low.term, high.term), kind)
        if name.startswith("unsafe_"):
            op = {"add": "Add", "sub": "Sub", "mul": "Mult", "div": "FloorDiv"}[name[7:]]
            return Num(self.numbers.operate(op, a.term, rest[0].term, kind, checked=False), kind)
        raise Beyond(f"{name} in {frame.module.name}")
