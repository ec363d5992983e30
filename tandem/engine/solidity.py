"""Contracts whose publisher ships sources and no bytecode, compiled by a compiler of the lock file.

A compilation takes half a minute, so what comes out is kept under .cache/artifacts until a source, a
setting or the compiler changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tandem.engine.abi import Abi
from tandem.engine.artifacts import CACHE, MAKE_SETUP, ROOT, Artifact, linked
from tandem.errors import SetupError

IMPORT = re.compile(r"""^\s*import\s[^;]*?["']([^"']+)["']\s*;""", re.MULTILINE | re.DOTALL)
COMPILE = """
const solc = require('solc'); let text = '';
process.stdin.on('data', part => text += part).on('end', () => process.stdout.write(solc.compile(text)));
"""
WANTED = ("abi", "evm.bytecode.object", "evm.bytecode.linkReferences")


@dataclass(frozen=True, slots=True)
class Publication:
    """A publisher's sources, and how its publisher compiles them.

    files: contract -> its file, under `folder` of node_modules. remappings: prefix of an import ->
    where that lies under node_modules, the longest prefix first.
    """

    name: str
    folder: str
    files: tuple[tuple[str, str], ...]
    remappings: tuple[tuple[str, str], ...]
    runs: int
    evm: str

    def artifact(self, contract: str, links: Mapping[str, str] | None = None) -> Artifact:
        """One contract; links: library -> its address. Raises SetupError."""
        built = _built(self)
        if contract not in built:
            raise SetupError(f"{self.name} has no contract {contract}", "check the name")
        raw = built[contract]
        code = linked(raw["code"], raw["links"], links or {}, contract)
        return Artifact(contract, _abi(self, contract), bytes.fromhex(code))

    def settings(self) -> dict[str, Any]:
        """The compiler's settings."""
        return {
            "optimizer": {"enabled": True, "runs": self.runs},
            "evmVersion": self.evm,
            "metadata": {"bytecodeHash": "none"},
            "remappings": [f"{prefix}={place}" for prefix, place in self.remappings],
            "outputSelection": {"*": {"*": list(WANTED)}},
        }


@cache
def _abi(publication: Publication, contract: str) -> Abi:
    return Abi(_built(publication)[contract]["abi"])


@cache
def _built(publication: Publication) -> dict[str, Any]:
    """Contract -> ABI, code and places for libraries."""
    sources = _sources(publication)
    stored = CACHE / f"{publication.name}-{_digest(publication, sources)[:24]}.json"
    if stored.is_file():
        return dict(json.loads(stored.read_text()))
    built = _compile(publication, sources)
    CACHE.mkdir(parents=True, exist_ok=True)
    partial = stored.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(json.dumps(built))
    partial.replace(stored)
    return built


def _sources(publication: Publication) -> dict[str, str]:
    """Every file that the wanted contracts are made of, by its place under node_modules."""
    found: dict[str, str] = {}
    waiting = [f"{publication.folder}/{file}" for _, file in publication.files]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = ROOT / "node_modules" / name
        if not path.is_file():
            raise SetupError(f"{name} is not installed", MAKE_SETUP)
        found[name] = path.read_text()
        waiting += [_resolved(publication, name, to) for to in IMPORT.findall(found[name])]
    return found


def _resolved(publication: Publication, name: str, to: str) -> str:
    """Where an import of a file leads."""
    if to.startswith("."):
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), to))
    for prefix, place in publication.remappings:
        if to.startswith(prefix):
            return place + to.removeprefix(prefix)
    return to


def _digest(publication: Publication, sources: Mapping[str, str]) -> str:
    digest = hashlib.sha256((ROOT / "node_modules/solc/package.json").read_bytes())
    digest.update(json.dumps([publication.settings(), publication.files]).encode())
    for name in sorted(sources):
        digest.update(f"{name}\n{sources[name]}".encode())
    return digest.hexdigest()


def _compile(publication: Publication, sources: Mapping[str, str]) -> dict[str, Any]:
    asked = {
        "language": "Solidity",
        "sources": {name: {"content": text} for name, text in sources.items()},
        "settings": publication.settings(),
    }
    # node comes with the Python packages, beside the interpreter
    done = subprocess.run(
        [_node(), "-e", COMPILE],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode != 0:
        raise SetupError(f"solc did not run: {done.stderr.strip()[-300:]}", MAKE_SETUP)
    answer = json.loads(done.stdout)
    wrong = [e["message"] for e in answer.get("errors", ()) if e["severity"] == "error"]
    if wrong:
        raise SetupError(f"{publication.name} does not compile: {wrong[0]}", MAKE_SETUP)
    return {
        contract: _row(answer["contracts"][f"{publication.folder}/{file}"][contract])
        for contract, file in publication.files
    }


def _row(raw: Mapping[str, Any]) -> dict[str, Any]:
    code = raw["evm"]["bytecode"]
    return {"abi": raw["abi"], "code": code["object"], "links": code["linkReferences"]}


def _node() -> str:
    found = ROOT / ".venv" / "bin" / "node"
    return str(found) if found.is_file() else "node"
