"""Which revert reasons a contract can raise in a function, read from its source by the compiler."""

from __future__ import annotations

from functools import cache
from typing import Any

from vyper.ast import nodes as vy
from vyper.compiler import CompilerData
from vyper.compiler.input_bundle import FilesystemInputBundle

from tandem.engine.artifacts import ROOT


@cache
def _module(path: str) -> Any:
    bundle = FilesystemInputBundle([ROOT])
    return CompilerData(bundle.load_file(f"contracts/{path}.vy"), bundle).global_ctx


def reasons(path: str, *functions: str) -> set[str]:
    """Reasons of asserts and raises in external functions of contracts/<path>.vy, and in whatever
    they call inside; "" for one without a reason."""
    found: set[str] = set()
    asked = [f for f in _module(path).exposed_functions if f.name in functions]
    assert {f.name for f in asked} == set(functions), f"{path} lacks one of {functions}"
    for function in asked:
        for each in (function, *function.reachable_internal_functions):
            for node in each.decl_node.get_descendants((vy.Assert, vy.Raise)):
                reason: Any = node.msg if isinstance(node, vy.Assert) else node.exc
                found.add(reason.value if reason is not None else "")
    return found
