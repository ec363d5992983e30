"""What a contract is made of, as artifacts are kept by: every file that the compiler reads, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from vyper.compiler import CompilerData
from vyper.compiler.input_bundle import FilesystemInputBundle

from tandem.engine.artifacts import CONTRACTS, ROOT, sources_of

NAMES = sorted(
    str(p.relative_to(CONTRACTS)) for p in CONTRACTS.rglob("*.vy") if p.stem[:1].isupper()
)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", NAMES)
def test_a_contract_s_sources_are_those_that_the_compiler_reads(name: str) -> None:
    bundle = FilesystemInputBundle([ROOT])
    data = CompilerData(bundle.load_file(f"contracts/{name}"), bundle)
    read = {Path(i.resolved_path).resolve() for i in data.resolved_imports.compiler_inputs}
    ours = {p for p in read if p.is_relative_to(CONTRACTS)}
    assert sources_of(CONTRACTS / name) == ours | {(CONTRACTS / name).resolve()}
