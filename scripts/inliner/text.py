"""A Vyper library as Python trees, and what a statement reads and changes."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vyper.ast.pre_parser import PreParser


class InlineError(Exception):
    """A call that should be written out and cannot be."""


@dataclass(frozen=True, slots=True)
class Module:
    """A library file. structs: field names and types, by struct."""

    name: str
    functions: dict[str, ast.FunctionDef]
    constants: frozenset[str]
    structs: dict[str, dict[str, str]]


def load(paths: Iterable[Path]) -> dict[str, Module]:
    """Every library file, names of its own qualified by its module."""
    return {path.stem: _module(path) for path in sorted(paths)}


def _module(path: Path) -> Module:
    parser = PreParser(is_interface=False)
    parser.parse(path.read_text())
    tree = ast.parse(parser.reformatted_code)
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            tokens = parser.for_loop_annotations[(node.lineno, node.col_offset)]
            node.type_comment = "".join(token.string for token in tokens)
    structs = {
        node.name: {
            field.target.id: ast.unparse(field.annotation)
            for field in node.body
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        }
        for node in tree.body
        if isinstance(node, ast.ClassDef)
    }
    constants = frozenset(
        node.target.id
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    )
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    module = Module(path.stem, functions, constants, structs)
    for function in functions.values():
        _Qualify(module).visit(function)
    return module


class _Qualify(ast.NodeTransformer):
    """`self.f`, constants and structs of a module, as another module names them."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def visit_Name(self, node: ast.Name) -> ast.expr:
        own = node.id in self.module.constants or node.id in self.module.structs
        if node.id == "self":
            return ast.Name(self.module.name)
        return ast.Attribute(ast.Name(self.module.name), node.id) if own else node


def body_of(function: ast.FunctionDef) -> list[ast.stmt]:
    """Statements, without the docstring."""
    first = function.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.body[1:] if is_text else function.body


def walk(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement, in the order of the text."""
    for statement in statements:
        yield statement
        for block in blocks(statement):
            yield from walk(block)


def blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    if isinstance(statement, ast.If | ast.For):
        return [statement.body, statement.orelse]
    return []


def targets_of(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        target = statement.targets[0]
        return target.elts if isinstance(target, ast.Tuple) else [target]
    if isinstance(statement, ast.AnnAssign | ast.AugAssign):
        return [statement.target]
    return []


def root_of(target: ast.expr) -> str:
    """The variable that an assignment changes."""
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def writes(statement: ast.stmt) -> set[str]:
    return {root_of(target) for target in targets_of(statement)}


def own(statement: ast.stmt) -> list[ast.AST]:
    """The statement's expressions, without those of the statements inside it."""
    if isinstance(statement, ast.If):
        return [statement.test]
    if isinstance(statement, ast.For):
        return [statement.iter]
    if isinstance(statement, ast.AnnAssign):
        return [statement.value] if statement.value else []
    if isinstance(statement, ast.AugAssign):
        return [statement.target, statement.value]
    if isinstance(statement, ast.Assign):
        parts = [t for t in targets_of(statement) if not isinstance(t, ast.Name)]
        return [*parts, statement.value]
    return [statement]


def names(nodes: list[ast.AST]) -> list[str]:
    return [n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)]


def is_plain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name | ast.Constant)


def same(one: ast.expr, other: ast.expr) -> bool:
    return ast.unparse(one) == ast.unparse(other)


class Substitute(ast.NodeTransformer):
    """Names by expressions."""

    def __init__(self, by: dict[str, ast.expr]) -> None:
        self.by = by

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self.by[node.id]) if node.id in self.by else node


def note(name: str) -> ast.stmt:
    return ast.Expr(ast.Name(f"# {name}"))


def is_note(statement: ast.stmt) -> bool:
    return ast.unparse(statement).startswith("#")


def declare(target: ast.expr, annotation: ast.expr | None, value: ast.expr) -> ast.stmt:
    assert isinstance(target, ast.Name)
    assert annotation is not None
    return ast.AnnAssign(target, annotation, value, simple=1)
