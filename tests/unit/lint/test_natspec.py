"""What a contract offers is documented where wallets and explorers look: in the compiler's own
userdoc, not in comments that it skips."""

from __future__ import annotations

from pathlib import Path

import pytest
from vyper.ast import nodes as vy
from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.phases import CompilerData

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"
DEPLOYABLES = sorted(
    path for path in CONTRACTS.rglob("*.vy") if path.stem[0].isupper() and "mocks" not in path.parts
)


def compiled(path: Path) -> CompilerData:
    bundle = FilesystemInputBundle([CONTRACTS.parent, path.parent])
    return CompilerData(bundle.load_file(path), input_bundle=bundle)


def undocumented(data: CompilerData) -> list[str]:
    """External functions of the file itself for which the compiler has no notice. Getters of public
    variables carry none, and what a module exports is documented there (scripts/lint_vyper.py). A file
    may have none of its own beside its constructor, and export all that it has."""
    module = data.annotated_vyper_module._metadata["type"]
    methods = data.natspec.userdoc.get("methods", {})
    written = {function.name for function in data.vyper_module.get_children(vy.FunctionDef)}
    own = [f for f in module.exposed_functions if f.name in written]
    assert own or (written == {"__init__"} and module.exposed_functions)
    # Where the last arguments may be left out, the compiler gives the notice once.
    spellings = [list(f.method_ids) for f in own]
    return [s[-1] for s in spellings if not any(methods.get(x, {}).get("notice") for x in s)]


@pytest.mark.long
@pytest.mark.parametrize("path", DEPLOYABLES, ids=lambda path: path.stem)
def test_the_compiler_has_a_notice_for_every_external_function(path: Path) -> None:
    assert undocumented(compiled(path)) == []


def test_the_deployables_are_found() -> None:
    assert {"CurieVenue", "Market", "Risk", "ChainlinkSpot"} <= {p.stem for p in DEPLOYABLES}
