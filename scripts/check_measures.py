"""Holds the measures of comfort: a Python file over 300 lines says why, a contract that is deployed over 450,
a module of contracts over 250, and a function of any of them over 40.

The reason is a sentence in the docstring, of the file or of the function, with the words "Longer than"
in it. A function is measured from its `def` to its end, without decorators and its docstring, and a
command (whose parameters are its options) without its signature. Generated files are left out, and test
doubles of contracts.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vyper.ast import nodes as vy
from vyper.ast.parse import parse_to_ast

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("tandem", "keeper", "bench", "proofs", "scripts", "tests")
GENERATED = ("tandem/protocol/bindings/", "contracts/lib/inlined.vy")
FILE_LINES = 300
FUNCTION_LINES = 40
DOUBLES = "contracts/mocks/"
CONTRACT_LINES = 450
MODULE_LINES = 250
REASON = "Longer than"


def faults(name: str, text: str) -> Iterator[str]:
    """What of one file is over its measure and does not say why."""
    tree = ast.parse(text)
    lines = len(text.splitlines())
    if lines > FILE_LINES and not _has_reason(tree):
        yield f"{name}: {lines} lines, {FILE_LINES} are the measure"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = length(node)
            if lines > FUNCTION_LINES and not _has_reason(node):
                yield f"{name}:{node.lineno}: {node.name} has {lines} lines, {FUNCTION_LINES} are the measure"


def faults_of(name: str, text: str) -> Iterator[str]:
    """The same of a contract, which is deployed where its name is CamelCase, or of a module."""
    tree: Any = parse_to_ast(text)
    lines = len(text.splitlines())
    most = CONTRACT_LINES if Path(name).name[0].isupper() else MODULE_LINES
    if lines > most and not _says_why(tree):
        yield f"{name}: {lines} lines, {most} are the measure"
    for node in tree.get_children(vy.FunctionDef):
        lines = length_of(node)
        if lines > FUNCTION_LINES and not _says_why(node):
            yield f"{name}:{node.lineno}: {node.name} has {lines} lines, {FUNCTION_LINES} are the measure"


def length_of(node: Any) -> int:
    """Lines of a contract's function as they count."""
    text = getattr(node, "doc_string", None)
    return node.end_lineno - node.lineno + 1 - (text.end_lineno - text.lineno + 1 if text else 0)


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function as they count."""
    assert node.end_lineno is not None
    first = node.body[0]
    has_text = ast.get_docstring(node) is not None
    start = first.lineno if _is_command(node) else node.lineno
    assert first.end_lineno is not None
    return node.end_lineno - start + 1 - (first.end_lineno - first.lineno + 1) * has_text


def _is_command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(each).startswith("click.") for each in node.decorator_list)


def _has_reason(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return REASON in " ".join((ast.get_docstring(node) or "").split())


def _says_why(node: Any) -> bool:
    text = getattr(node, "doc_string", None)
    return text is not None and REASON in " ".join(text.value.split())


def _files(folder: str, kind: str) -> Iterator[tuple[str, str]]:
    """Name and text of what somebody writes there."""
    for path in sorted((ROOT / folder).rglob(kind)):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((*GENERATED, DOUBLES)):
            yield name, path.read_text()


def main() -> int:
    """Print what is over; 1 where anything is."""
    found = [
        fault
        for folder in FOLDERS
        for name, text in _files(folder, "*.py")
        for fault in faults(name, text)
    ]
    found += [fault for each in _files("contracts", "*.vy") for fault in faults_of(*each)]
    for fault in found:
        print(f"{fault}: find the seam, or say why in its docstring ({REASON!r} …)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
