"""Running a Vyper function on symbols: the text that is compiled is what a lemma is about.

Every path is taken at once: a variable that an `if` may set is the one value or the other, what a path
asserts is a guard under its condition, and what is returned is the first return whose condition holds.
Loops are unrolled as often as they may run; a lemma about many nodes takes one turn of the loop by itself
(`turn`) and shows what every turn keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import z3

from proofs.expressions import Expressions, Frame
from proofs.numbers import Beyond
from proofs.sources import Module
from proofs.values import Num, Opaque, choose


class Reading(Expressions):
    """Contracts on symbols: functions, and turns of their loops."""

    @property
    def assumed(self) -> list[Any]:
        """What holds where nothing reverted."""
        return [*self.numbers.facts, *self.guards]

    def call(self, place: str, *args: Any) -> Any:
        """The result of `module/path.function`."""
        module, fn = self._at(place)
        return self._function(module, fn, args)

    def turn(self, place: str, names: Mapping[str, Any]) -> Frame:
        """One turn of a function's loop, from these variables on; its frame afterwards."""
        module, body, loop = self._loop(place)
        return self._run(module, names, body[loop].body)

    def rest(self, place: str, names: Mapping[str, Any]) -> Any:
        """What a function returns from behind its loop on, with these variables."""
        module, body, loop = self._loop(place)
        return self._run(module, names, body[loop + 1 :]).result

    # ---- functions
    def _at(self, place: str) -> tuple[Module, str]:
        name, _, fn = place.rpartition(".")
        return self.sources.module(name), fn

    def _loop(self, place: str) -> tuple[Module, Sequence[Any], int]:
        """A function's body, and where in it its one loop stands."""
        module, fn = self._at(place)
        body = module.functions[fn].body
        (loop,) = (i for i, s in enumerate(body) if type(s).__name__ == "For")
        return module, body, loop

    def _run(self, module: Module, names: Mapping[str, Any], body: Sequence[Any]) -> Frame:
        outer, frame = self.active, Frame(module, dict(names), self.active)
        self._block(frame, body)
        self.active = outer
        return frame

    def _function(self, module: Module, fn: str, args: Sequence[Any]) -> Any:
        hook = self.hooks.get(f"{module.name}.{fn}")
        if hook is not None:
            return hook(self, *args)
        node = module.functions[fn]
        names = {
            a.arg: self._typed(value, a.annotation)
            for a, value in zip(node.args.args, args, strict=True)
        }
        frame = self._run(module, names, node.body)
        return self._typed(frame.result, node.returns) if node.returns is not None else None

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
                self.guard(self._value(frame, s.test))
            case "Raise":
                self.guard(z3.BoolVal(False))
            case "If":
                self._if(frame, s)
            case "For":
                self._for(frame, s)
            case "Expr":
                self._value(frame, s.value)
            case other:
                self._leave(frame, s, other)

    def _leave(self, frame: Frame, s: Any, kind: str) -> None:
        """What ends a function, a loop or a turn of it; or does nothing."""
        match kind:
            case "Return":
                value = None if s.value is None else self._value(frame, s.value)
                first = frame.result is None
                frame.result = value if first else choose(frame.returned, frame.result, value)
                frame.returned = z3.Or(frame.returned, self.active)
            case "Break":
                frame.broken = z3.Or(frame.broken, self.active)
            case "Continue":
                frame.skipped = z3.Or(frame.skipped, self.active)
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
        self.guard(compare("LtE", ends[0].term, bound.term, "uint256"))
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
            case "Attribute" if (owner := getattr(target.value, "id", "")) in frame.module.imports:
                module = self.sources.module(frame.module.imports[owner])
                self.state[f"{module.name}.{target.attr}"] = value
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
