"""Holds the measures of comfort: a Python file over 300 lines, or a function over 40, says why, and so does a
contract that is deployed over 450.

The reason is a sentence in the docstring, of the file or of the function, with the words "Longer than"
in it. A function is measured from its `def` to its end, without decorators and its docstring, and a
command (whose parameters are its options) without its signature. Generated files are left out.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("tandem", "keeper", "bench", "proofs", "scripts", "tests")
GENERATED = ("tandem/protocol/bindings/",)
FILE_LINES = 300
FUNCTION_LINES = 40
CONTRACTS = ("contracts", "contracts/venues", "contracts/oracles")
CONTRACT_LINES = 450
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


def fault_of(name: str, text: str) -> Iterator[str]:
    """Whether a contract is over its measure, and its head does not say why."""
    lines = len(text.splitlines())
    head = text.split('"""', 2)[1]
    if lines > CONTRACT_LINES and REASON not in " ".join(head.split()):
        yield f"{name}: {lines} lines, {CONTRACT_LINES} are the measure"


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


def main() -> int:
    """Print what is over; 1 where anything is."""
    found = [
        fault
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not (name := path.relative_to(ROOT).as_posix()).startswith(GENERATED)
        for fault in faults(name, path.read_text())
    ]
    for folder in CONTRACTS:
        for path in sorted((ROOT / folder).glob("[A-Z]*.vy")):
            found += fault_of(path.relative_to(ROOT).as_posix(), path.read_text())
    for fault in found:
        print(f"{fault}: find the seam, or say why in its docstring ({REASON!r} …)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
