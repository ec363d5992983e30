"""Calls replaced by what they call."""

from __future__ import annotations

import ast
import copy

from scripts.inliner.text import (
    InlineError,
    Module,
    Substitute,
    blocks,
    body_of,
    declare,
    is_plain,
    names,
    note,
    own,
    root_of,
    same,
    targets_of,
    walk,
    writes,
)
from scripts.inliner.tidy import drop_misplaced_notes, merge_single_reads, split_structs

APART = "·"


class Inliner:
    """The functions of a library, with their calls written out."""

    def __init__(self, modules: dict[str, Module]) -> None:
        self.modules = modules
        self.taken: dict[str, int] = {}
        self.copies = 0

    def function(self, module: str, name: str) -> ast.FunctionDef:
        """A root of its own: a copy with every call written out that can be."""
        function = copy.deepcopy(self.modules[module].functions[name])
        self.taken = dict.fromkeys(names([function]) + [a.arg for a in function.args.args], 0)
        body = self._block(body_of(function), branches=True)
        split_structs(body, self.modules)
        merge_single_reads(body)
        drop_misplaced_notes(body)
        text = f"\n    @notice {module}.{name}, with its calls written out.\n    "
        function.body = [ast.Expr(ast.Constant(text)), *body]
        return function

    def callee(self, node: ast.AST) -> tuple[str, ast.FunctionDef] | None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            place = node.func.value
            if isinstance(place, ast.Name) and place.id in self.modules:
                function = self.modules[place.id].functions.get(node.func.attr)
                return (f"{place.id}.{node.func.attr}", function) if function else None
        return None

    def _block(self, statements: list[ast.stmt], *, branches: bool) -> list[ast.stmt]:
        """Statements with their calls written out; `branches`: also inside of a branch."""
        done: list[ast.stmt] = []
        for statement in statements:
            _OneLiners(self).over(statement)
            if isinstance(statement, ast.For) or (isinstance(statement, ast.If) and branches):
                for block in blocks(statement):
                    block[:] = self._block(block, branches=branches)
            elif isinstance(statement, ast.If):
                for inner in walk([*statement.body, *statement.orelse]):
                    _OneLiners(self).over(inner)
            done += self._statement(statement)
        return done

    def _statement(self, statement: ast.stmt) -> list[ast.stmt]:
        handed = isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return)
        value = statement.value if handed else None
        found = self.callee(value) if value else None
        if found is None or not isinstance(value, ast.Call) or not _is_straight(found[1]):
            return [statement]
        name, function = found[0], self._apart(found[1])
        body = self._block(body_of(function), branches=False)
        return [note(name), *self._expand(statement, value.args, function, body)]

    def _expand(
        self,
        statement: ast.stmt,
        arguments: list[ast.expr],
        function: ast.FunctionDef,
        body: list[ast.stmt],
    ) -> list[ast.stmt]:
        last = body.pop()
        assert isinstance(last, ast.Return)
        assert last.value is not None
        results = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
        targets = targets_of(statement) or [ast.Name("")] * len(results)
        given = list(zip(function.args.args, arguments, strict=True))
        by = self._kept(statement, given, body, results, targets)
        bound: list[ast.stmt] = []
        for parameter, argument in given:
            name = parameter.arg
            changes = any(name in writes(inner) for inner in walk(body))
            if changes and name in by and same(by[name], argument):
                continue
            if name in by or (not changes and self._may_replace(name, argument, body, results, by)):
                kept = by.setdefault(name, argument)
            else:
                kept = by[name] = ast.Name(self._fresh(name))
            if changes or kept is not argument:
                bound.append(declare(kept, parameter.annotation, argument))
        for inner in walk(body):
            name = root_of(inner.target) if isinstance(inner, ast.AnnAssign) else ""
            if APART in name:
                by.setdefault(name, ast.Name(self._fresh(name)))
        renamed = [Substitute(by).visit(inner) for inner in body]
        results = [Substitute(by).visit(result) for result in results]
        return bound + renamed + _hand_over(statement, targets, results)

    def _kept(
        self,
        statement: ast.stmt,
        given: list[tuple[ast.arg, ast.expr]],
        body: list[ast.stmt],
        results: list[ast.expr],
        targets: list[ast.expr],
    ) -> dict[str, ast.expr]:
        """What needs no variable of its own: a local variable that is a result is the one it is
        handed to; a parameter that the function changes is its argument where that is handed back
        or not needed any more, and the variable that the statement declares with it."""
        by: dict[str, ast.expr] = {}
        declares = isinstance(statement, ast.AnnAssign)
        changed = {name for inner in walk(body) for name in writes(inner)}
        for result, target in zip(results, targets, strict=True):
            if not (isinstance(result, ast.Name) and isinstance(target, ast.Name) and target.id):
                continue
            if declares and result.id in changed:
                by[result.id] = target
            for place, inner in enumerate(body):
                if isinstance(inner, ast.AnnAssign) and root_of(inner.target) == result.id:
                    by[result.id] = target
                    if not declares:
                        assert inner.value is not None
                        body[place] = ast.Assign([inner.target], inner.value, lineno=0)
        for parameter, argument in given:
            back = isinstance(statement, ast.Return) or any(
                isinstance(r, ast.Name) and r.id == parameter.arg and same(t, argument)
                for r, t in zip(results, targets, strict=True)
            )
            if back and parameter.arg in changed and isinstance(argument, ast.Name):
                by[parameter.arg] = argument
        return by

    def _may_replace(
        self,
        name: str,
        argument: ast.expr,
        body: list[ast.stmt],
        results: list[ast.expr],
        by: dict[str, ast.expr],
    ) -> bool:
        """Whether a parameter's reads may be its argument: one read or a plain one, and all of them
        before anything that the argument names is changed."""
        reads = [place for place, inner in enumerate(walk(body)) if name in names(own(inner))]
        count = sum(names(own(inner)).count(name) for inner in walk(body))
        after = sum(names([result]).count(name) for result in results)
        if count + after > 1 and not is_plain(argument):
            return False
        last = len(list(walk(body))) if after else max(reads, default=-1)
        changed = {root_of(t): local for local, t in by.items() if isinstance(t, ast.Name)}
        for place, inner in enumerate(walk(body)):
            hit = [v for v in names([argument]) if changed.get(v, "") in writes(inner)]
            if hit and place < last:
                return False
        return True

    def _apart(self, function: ast.FunctionDef) -> ast.FunctionDef:
        """A copy whose parameters and variables are named as nothing else is, until it is placed."""
        function = copy.deepcopy(function)
        self.copies += 1
        declared = [s.target for s in walk(function.body) if isinstance(s, ast.AnnAssign)]
        names_of = [p.arg for p in function.args.args] + [root_of(target) for target in declared]
        by: dict[str, ast.expr] = {n: ast.Name(f"{n}{APART}{self.copies}") for n in names_of}
        function.body = [Substitute(by).visit(statement) for statement in function.body]
        for parameter in function.args.args:
            parameter.arg = f"{parameter.arg}{APART}{self.copies}"
        return function

    def _fresh(self, name: str) -> str:
        name = name.split(APART)[0]
        free = name
        while free in self.taken:
            self.taken[name] += 1
            free = f"{name}_{self.taken[name]}"
        self.taken[free] = 0
        return free


def _is_straight(function: ast.FunctionDef) -> bool:
    """One return, at the end; no loop, and no refusal, which has one site."""
    body = body_of(function)
    returns = [s for s in walk(body) if isinstance(s, ast.Return)]
    bars = any(isinstance(s, ast.For | ast.Assert) for s in walk(body))
    return len(body) > 1 and returns == body[-1:] and not bars


def _hand_over(
    statement: ast.stmt, targets: list[ast.expr], results: list[ast.expr]
) -> list[ast.stmt]:
    """The call's own statement, with what the function gave instead of the call."""
    if isinstance(statement, ast.Return):
        statement.value = results[0] if len(results) == 1 else ast.Tuple(results)
        return [statement]
    pairs = [(t, r) for t, r in zip(targets, results, strict=True) if not same(t, r)]
    if isinstance(statement, ast.AnnAssign):
        return [declare(t, statement.annotation, r) for t, r in pairs]
    for i, (_, result) in enumerate(pairs):
        if {root_of(t) for t, _ in pairs[:i]} & set(names([result])):
            raise InlineError(f"results that depend on each other: {ast.unparse(statement)}")
    return [ast.Assign([target], result, lineno=0) for target, result in pairs]


class _OneLiners(ast.NodeTransformer):
    """Calls of functions that are one `return`, by what they return."""

    def __init__(self, inliner: Inliner) -> None:
        self.inliner = inliner

    def over(self, statement: ast.stmt) -> None:
        for name, value in list(ast.iter_fields(statement)):
            if isinstance(value, ast.expr) and name != "annotation":
                setattr(statement, name, self.visit(value))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        found = self.inliner.callee(node)
        only = body_of(found[1])[0] if found else None
        if found is None or not isinstance(only, ast.Return) or only.value is None:
            return node
        result = copy.deepcopy(only.value)
        by = {p.arg: a for p, a in zip(found[1].args.args, node.args, strict=True)}
        for name, argument in by.items():
            if names([result]).count(name) > 1 and not is_plain(argument):
                raise InlineError(f"{found[0]}: give {ast.unparse(argument)} a name first")
        return self.visit(Substitute(by).visit(result))
