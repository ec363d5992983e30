"""Running a Vyper function on symbols: the text that is compiled is what a lemma is about.

Every path is taken at once: a variable that an `if` may set is the one value or the other, what a path
asserts is a guard under its condition, and what is returned is the first return whose condition holds.
Loops are unrolled as often as they may run; a lemma about many nodes takes one turn of the loop by itself
(`turn`) and shows what every turn keeps.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import z3

from proofs.numbers import Beyond, Bits, Numbers, Whole
from proofs.sources import Module, Sources

Hook = Callable[..., Any]


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


def _folded(op: str, a: Num, b: Num) -> int:
    """Two literals, as the compiler folds them."""
    x, y = (z3.simplify(n.term).as_long() for n in (a, b))
    return int(FOLDS[op](x, y))


FOLDS: dict[str, Callable[[int, int], int]] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul,
    "FloorDiv": operator.floordiv, "Pow": operator.pow,
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


class Reading:
    """Contracts on symbols.

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
        self.numbers = numbers(lambda c: self.guards.append(z3.Implies(self.active, c)))

    # ---- from outside
    def symbol(self, name: str, kind: str = "uint256") -> Num:
        return Num(self.numbers.symbol(name, kind), kind)

    def number(self, value: int, kind: str = "") -> Num:
        return Num(self.numbers.literal(value), kind)

    @property
    def assumed(self) -> list[Any]:
        """What holds where nothing reverted."""
        return [*self.numbers.facts, *self.guards]

    def call(self, place: str, *args: Any) -> Any:
        """The result of `module/path.function`."""
        name, _, fn = place.rpartition(".")
        return self._function(self.sources.module(name), fn, args)

    def turn(self, place: str, names: Mapping[str, Any], nth: int = 0) -> Frame:
        """One turn of a function's nth loop, from these variables on; its frame afterwards."""
        name, _, fn = place.rpartition(".")
        module = self.sources.module(name)
        loops = [s for s in module.functions[fn].body if type(s).__name__ == "For"]
        outer, frame = self.active, Frame(module, dict(names), self.active)
        self._block(frame, loops[nth].body)
        self.active = outer
        return frame

    def rest(self, place: str, names: Mapping[str, Any], nth: int = 0) -> Any:
        """What a function returns from behind its nth loop on, with these variables."""
        name, _, fn = place.rpartition(".")
        module = self.sources.module(name)
        body = module.functions[fn].body
        loops = [i for i, s in enumerate(body) if type(s).__name__ == "For"]
        outer, frame = self.active, Frame(module, dict(names), self.active)
        self._block(frame, body[loops[nth] + 1 :])
        self.active = outer
        return frame.result

    # ---- functions
    def _function(self, module: Module, fn: str, args: Sequence[Any]) -> Any:
        hook = self.hooks.get(f"{module.name}.{fn}")
        if hook is not None:
            return hook(self, *args)
        node = module.functions[fn]
        names = {
            a.arg: self._typed(value, a.annotation)
            for a, value in zip(node.args.args, args, strict=True)
        }
        outer, frame = self.active, Frame(module, names, self.active)
        self._block(frame, node.body)
        self.active = outer
        return self._typed(frame.result, node.returns) if node.returns is not None else None

    @staticmethod
    def _typed(value: Any, annotation: Any) -> Any:
        kind = getattr(annotation, "id", "")
        if isinstance(value, Num) and kind in ("uint256", "int256"):
            return Num(value.term, kind)
        return value

    def _block(self, frame: Frame, body: Sequence[Any]) -> None:
        for statement in body:
            ended = z3.Or(frame.returned, frame.broken, frame.skipped)
            self.active = z3.And(frame.active, z3.Not(ended))
            self._statement(frame, statement)

    def _statement(self, frame: Frame, s: Any) -> None:
        match type(s).__name__:
            case "AnnAssign":
                frame.names[s.target.id] = self._typed(self._value(frame, s.value), s.annotation)
            case "Assign":
                self._assign(frame, s.target, self._value(frame, s.value))
            case "AugAssign":
                now = self._value(frame, s.target)
                self._assign(frame, s.target, self._operate(s.op, now, self._value(frame, s.value)))
            case "Assert":
                self.guards.append(z3.Implies(self.active, self._value(frame, s.test)))
            case "Raise":
                self.guards.append(z3.Not(self.active))
            case "Return":
                value = None if s.value is None else self._value(frame, s.value)
                first = frame.result is None
                frame.result = value if first else choose(frame.returned, frame.result, value)
                frame.returned = z3.Or(frame.returned, self.active)
            case "If":
                self._if(frame, s)
            case "For":
                self._for(frame, s)
            case "Break":
                frame.broken = z3.Or(frame.broken, self.active)
            case "Continue":
                frame.skipped = z3.Or(frame.skipped, self.active)
            case "Expr":
                self._value(frame, s.value)
            case "Log" | "Pass" | "DocStr":
                pass
            case other:
                raise Beyond(f"{other} in {frame.module.name}")

    def _if(self, frame: Frame, s: Any) -> None:
        condition, outer = self._value(frame, s.test), frame.active
        for body, taken in ((s.body, condition), (s.orelse or [], z3.Not(condition))):
            frame.active = z3.And(outer, taken)
            self._block(frame, body)
        frame.active = outer

    def _for(self, frame: Frame, s: Any) -> None:
        values, live = self._turns(frame, s.iter)
        before, outer, skipped = frame.broken, frame.active, frame.skipped
        for value, runs in zip(values, live, strict=True):
            if z3.is_false(z3.simplify(runs)):
                break
            frame.names[s.target.target.id] = value
            frame.active, frame.skipped = z3.And(outer, runs), skipped
            self._block(frame, s.body)
        frame.broken, frame.active, frame.skipped = before, outer, skipped

    def _turns(self, frame: Frame, iterated: Any) -> tuple[list[Any], list[Any]]:
        """What a loop goes through, and whether it comes so far."""
        true = z3.BoolVal(True)
        if type(iterated).__name__ != "Call":
            raise Beyond("a loop over what is no range")
        ends = [self._value(frame, a) for a in iterated.args]
        bound = next((self._value(frame, k.value) for k in iterated.keywords), None)
        if len(ends) != 1:
            raise Beyond("a range with two ends")
        times = z3.simplify((bound or ends[0]).term).as_long()
        values = [self.number(i, "uint256") for i in range(times)]
        if bound is None:
            return values, [true] * times
        compare = self.numbers.compare
        self.guards.append(
            z3.Implies(self.active, compare("LtE", ends[0].term, bound.term, "uint256"))
        )
        return values, [compare("Lt", v.term, ends[0].term, "uint256") for v in values]

    # ---- where values go
    def _assign(self, frame: Frame, target: Any, value: Any) -> None:
        if type(target).__name__ == "Tuple":
            for part, item in zip(target.elements, value, strict=True):
                self._assign(frame, part, item)
            return
        try:
            before = self._value(frame, target)
        except KeyError:
            before = None
        if isinstance(before, Num) and isinstance(value, Num):
            value = Num(value.term, before.kind or value.kind)
        if before is not None:
            value = choose(self.active, value, before)
        self._put(frame, target, value)

    def _put(self, frame: Frame, target: Any, value: Any) -> None:
        match type(target).__name__:
            case "Name":
                frame.names[target.id] = value
            case "Attribute" if getattr(target.value, "id", "") == "self":
                self.state[f"{frame.module.name}.{target.attr}"] = value
            case "Attribute":
                whole = dict(self._value(frame, target.value))
                whole[target.attr] = value
                self._put(frame, target.value, whole)
            case "Subscript":
                held = self._value(frame, target.value)
                if isinstance(held, Opaque):
                    return
                items = list(held)
                index = self._value(frame, target.slice)
                for place in range(len(items)):
                    here = index.term == self.numbers.literal(place)
                    items[place] = choose(here, value, items[place])
                self._put(frame, target.value, items)
            case other:
                raise Beyond(f"an assignment to {other}")

    # ---- expressions
    def _value(self, frame: Frame, e: Any) -> Any:
        match type(e).__name__:
            case "Int" | "Hex":
                return self.number(int(e.value, 16) if isinstance(e.value, str) else e.value)
            case "NameConstant":
                return z3.BoolVal(e.value)
            case "Str":
                return e.value
            case "Name":
                return self._name(frame, e.id)
            case "Attribute":
                return self._attribute(frame, e)
            case "Subscript":
                return self._subscript(frame, e)
            case "Tuple" | "List":
                return [self._value(frame, item) for item in e.elements]
            case "BinOp":
                return self._operate(
                    e.op, self._value(frame, e.left), self._value(frame, e.right)
                )
            case "Compare":
                return self._compare(frame, e)
            case "BoolOp":
                return self._either(frame, e)
            case "UnaryOp":
                return self._unary(e.op, self._value(frame, e.operand))
            case "IfExp":
                test = self._value(frame, e.test)
                yes = self._under(test, frame, e.body)
                return choose(test, yes, self._under(z3.Not(test), frame, e.orelse))
            case "Call":
                return self._called(frame, e)
            case "StaticCall" | "ExtCall":
                return self._outside(frame, e)
            case other:
                raise Beyond(f"{other} in {frame.module.name}")

    def _under(self, condition: Any, frame: Frame, e: Any) -> Any:
        """A value that is asked for only where a condition holds: elsewhere it cannot revert."""
        outer, self.active = self.active, z3.And(self.active, condition)
        found = self._value(frame, e)
        self.active = outer
        return found

    def _either(self, frame: Frame, e: Any) -> Any:
        """`and`, `or`: what stands behind is asked only where what stands before does not decide."""
        goes_on = type(e.op).__name__ == "And"
        parts: list[Any] = []
        for v in e.values:
            before = z3.And(*parts) if goes_on else z3.Not(z3.Or(*parts))
            parts.append(self._under(before, frame, v) if parts else self._value(frame, v))
        return z3.And(*parts) if goes_on else z3.Or(*parts)

    def _name(self, frame: Frame, name: str) -> Any:
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

    def _attribute(self, frame: Frame, e: Any) -> Any:
        owner = getattr(e.value, "id", "")
        if owner == "self":
            return self.state[f"{frame.module.name}.{e.attr}"]
        if owner in frame.module.imports and owner not in frame.names:
            module = self.sources.module(frame.module.imports[owner])
            return self._declared(module, e.attr, module.variables[e.attr])
        if owner in ("block", "msg"):
            return self.state[f"{owner}.{e.attr}"]
        return self._value(frame, e.value)[e.attr]

    def _subscript(self, frame: Frame, e: Any) -> Any:
        items, index = self._value(frame, e.value), self._value(frame, e.slice)
        if isinstance(items, Opaque):
            return items
        at = z3.simplify(index.term)
        if isinstance(at, z3.IntNumRef | z3.BitVecNumRef):
            return items[at.as_long()]
        size = self.numbers.literal(len(items))
        self.guards.append(
            z3.Implies(self.active, self.numbers.compare("Lt", index.term, size, "uint256"))
        )
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
            return self.number(_folded(type(op).__name__, a, b))
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

    def _compare(self, frame: Frame, e: Any) -> Any:
        a, b = self._value(frame, e.left), self._value(frame, e.right)
        if isinstance(a, Opaque) or isinstance(b, Opaque):
            return z3.Bool(self.numbers.fresh("either"))
        if not isinstance(a, Num):
            return a == b if type(e.op).__name__ == "Eq" else a != b
        kind = a.kind or b.kind or "int256"
        return self.numbers.compare(type(e.op).__name__, a.term, b.term, kind)

    # ---- calls
    def _outside(self, frame: Frame, e: Any) -> Any:
        call = e.value
        word = "static" if type(e).__name__ == "StaticCall" else "ext"
        name = f"{word} {call.func.attr}"
        if name not in self.hooks:
            raise Beyond(f"{name}: nobody says what it answers")
        return self.hooks[name](self, *(self._value(frame, a) for a in call.args))

    def _called(self, frame: Frame, e: Any) -> Any:
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
            return Num(
                self.numbers.operate(op, a.term, rest[0].term, kind, checked=False), kind
            )
        raise Beyond(f"{name} in {frame.module.name}")
