"""Contracts that exist for tests alone: a library's internal functions made callable, or a part
of the system that lies."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tandem.engine.abi import Abi
from tandem.engine.artifacts import ROOT, Artifact

TESTS = Path(__file__).resolve().parent


@cache
def harness(path: str) -> Artifact:
    """tests/<path> compiled as the contracts are; `contracts` is importable from it."""
    from vyper.cli.vyper_compile import compile_files

    where = str(TESTS / path)
    raw = compile_files([where], ["abi", "bytecode"], paths=[str(ROOT)])
    output = dict(next(iter(raw.values())))
    code = bytes.fromhex(output["bytecode"].removeprefix("0x"))
    return Artifact(Path(path).stem, Abi(output["abi"]), code)
