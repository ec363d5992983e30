"""What calls leave behind: structs built to be read, variables read once, comments that would move."""

from __future__ import annotations

import ast

from scripts.inliner.text import (
    Module,
    Substitute,
    blocks,
    declare,
    is_note,
    names,
    own,
    root_of,
    targets_of,
    walk,
    writes,
)


def split_structs(body: list[ast.stmt], modules: dict[str, Module]) -> None:
    """A struct that is built once and only read field by field is a variable a field."""
    for place, statement in enumerate(body):
        value = statement.value if isinstance(statement, ast.AnnAssign) else None
        if not (isinstance(value, ast.Call) and value.keywords and not value.args):
            continue
        name = root_of(targets_of(statement)[0])
        inside = [n for s in walk(body) for part in own(s) for n in ast.walk(part)]
        fields = [n for n in inside if isinstance(n, ast.Attribute) and root_of(n) == name]
        all_reads = [n for n in inside if isinstance(n, ast.Name) and n.id == name]
        written = sum(name in writes(s) for s in walk(body))
        if len(fields) != len(all_reads) or written != 1:
            continue
        assert isinstance(value.func, ast.Attribute)
        types = modules[root_of(value.func)].structs[value.func.attr]
        for field in fields:
            field.value = ast.Name(f"{name}.")  # put together below
        body[place : place + 1] = [
            declare(ast.Name(f"{name}_{k.arg}"), ast.Name(types[str(k.arg)]), k.value)
            for k in value.keywords
        ]
        for inner in body:
            _Fields(f"{name}.").visit(inner)
        return split_structs(body, modules)
    return None


class _Fields(ast.NodeTransformer):
    """`x.f` as the variable `x_f`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        mine = isinstance(node.value, ast.Name) and node.value.id == self.name
        return ast.Name(f"{self.name[:-1]}_{node.attr}") if mine else node


def merge_single_reads(body: list[ast.stmt]) -> None:
    """A variable set once and read once, further down in the same block, is what it was set to; one
    that is never read goes."""
    merged = True
    while merged:
        merged = any(_merge_at(body, body, place) for place in range(len(body)))
    for statement in body:
        for block in blocks(statement):
            merge_single_reads(block)


def _merge_at(body: list[ast.stmt], scope: list[ast.stmt], place: int) -> bool:
    statement = body[place]
    if not isinstance(statement, ast.AnnAssign) or statement.value is None:
        return False
    name, inputs = root_of(statement.target), set(names([statement.value]))
    statements = list(walk(scope))
    reads = sum(names(own(s)).count(name) for s in statements)
    if reads > 1 or sum(name in writes(s) for s in statements) != 1:
        return False
    if reads == 0:
        del body[place]
        return True
    for later in body[place + 1 :]:
        if name in names(own(later)):
            if isinstance(later, ast.For):
                return False
            Substitute({name: statement.value}).visit(later)
            del body[place]
            return True
        if any(inputs & writes(inner) for inner in walk([later])):
            return False
    return False


def drop_misplaced_notes(body: list[ast.stmt]) -> None:
    """The formatter pulls a comment behind a block into it: none stands there."""
    for block in [b for s in body for b in blocks(s)]:
        drop_misplaced_notes(block)
    kept: list[ast.stmt] = []
    for statement in body:
        if not (is_note(statement) and kept and blocks(kept[-1])):
            kept.append(statement)
    body[:] = kept
