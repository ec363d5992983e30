"""What a block explorer takes to verify a contract: the compiler's standard JSON and the encoded arguments.

What is written is compiled again from what was written, and must give what was deployed: whoever has the
files needs neither this project nor its folders.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi.exceptions import EncodingError

from tandem.engine.artifacts import CONTRACTS, Artifact, compile_vyper
from tandem.errors import TandemError
from tandem.files import check_folder, write_file
from tandem.protocol.deploy import order
from tandem.protocol.deployment import Deployed, Deployment
from tandem.protocol.record_checks import WRITTEN, restored
from tandem.protocol.steps import hash_of


class SourceError(TandemError):
    """What was deployed is not what the sources here give."""


@dataclass(frozen=True, slots=True)
class Source:
    """One contract's. input: its file; contract: as an explorer asks for it; arguments: hex; compiler: the
    version."""

    name: str
    address: str
    input: Path
    contract: str
    arguments: str
    compiler: str


def write_sources(
    deployment: Deployment, folder: Path, said: Callable[[str], None] = lambda _: None
) -> list[Source]:
    """Write <name>.json of every contract into a folder. Raises ConfigError, SourceError."""
    check_folder(folder)
    found: list[Source] = []
    for name in order(deployment.recipe, deployment.asset):
        said(f"compiling {name}")
        part = deployment.contracts[name]
        artifact = compile_vyper(name)
        init = _init(artifact, part, name)
        if hash_of(init) != part.init_hash:
            raise SourceError(
                f"{name} at {part.address} was not deployed from the sources here",
                "check out the release that was deployed",
            )
        text, contract, version = standard_json(name)
        bytecode = artifact.bytecode
        if compiled(text, contract) != bytecode:
            raise SourceError(
                f"the standard JSON of {name} compiles to something else", "report it"
            )
        file = write_file(folder / f"{name}.json", text)
        found.append(
            Source(name, part.address, file, contract, init[len(bytecode) :].hex(), version)
        )
    return found


def _init(artifact: Artifact, part: Deployed, name: str) -> bytes:
    try:
        return artifact.init(restored(part.args))
    except EncodingError as error:
        raise SourceError(
            f"the record's arguments of {name} are not what it is constructed with", WRITTEN
        ) from error


def standard_json(name: str) -> tuple[str, str, str]:
    """The compiler's input, its contract as "file:name", and the compiler's version."""
    import vyper
    from vyper.cli.vyper_compile import compile_files

    (path,) = CONTRACTS.rglob(f"{name}.vy")
    with chdir(CONTRACTS.parent):  # the compiler names files as they lie from the folder it runs in
        output = compile_files([str(path)], ["solc_json"], paths=[str(CONTRACTS.parent)])
    raw: dict[str, Any] = next(iter(output.values()))["solc_json"]
    inside = path.relative_to(CONTRACTS.parent)
    return json.dumps(raw, indent=1) + "\n", f"{inside}:{name}", vyper.__long_version__


def compiled(text: str, contract: str) -> bytes:
    """What the compiler makes of such an input."""
    from vyper.cli.vyper_json import compile_json

    raw = json.loads(text)
    raw["settings"]["outputSelection"] = {contract.split(":")[0]: ["evm.bytecode"]}
    said: Any = compile_json(raw)
    file, name = contract.split(":")
    return bytes.fromhex(said["contracts"][file][name]["evm"]["bytecode"]["object"][2:])
