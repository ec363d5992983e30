"""Where bytecode comes from: publishers' packages under node_modules, and our own Vyper."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tandem.engine.abi import Abi, encode_args
from tandem.errors import SetupError

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "contracts"
CACHE = ROOT / ".cache" / "artifacts"
MAKE_SETUP = "run `make setup`"


@dataclass(frozen=True, slots=True)
class Artifact:
    """A contract that can be deployed, or bound to an address."""

    name: str
    abi: Abi
    bytecode: bytes

    def init(self, args: Sequence[Any]) -> bytes:
        """What is sent to create it with these arguments. Raises EncodingError."""
        kinds = self.abi.constructor
        return self.bytecode + (encode_args(kinds, args) if kinds else b"")


@cache
def _package_index(package: str) -> dict[str, Path]:
    folder = ROOT / "node_modules" / package
    if not folder.is_dir():
        raise SetupError(f"the package {package} is not installed", MAKE_SETUP)
    return {
        path.stem: path
        for path in sorted(folder.rglob("*.json"))
        if not path.name.endswith(".dbg.json") and path.parent.name == f"{path.stem}.sol"
    }


@cache
def _read(package: str, name: str) -> dict[str, Any]:
    index = _package_index(package)
    if name not in index:
        raise SetupError(f"{package} has no contract {name}", "check the name and the version")
    return json.loads(index[name].read_text())


def load_npm(package: str, name: str, links: Mapping[str, str] | None = None) -> Artifact:
    """Hardhat's or Foundry's artifact of contract `name`; `links` are library names and their addresses."""
    raw = _read(package, name)
    spelled, holder = raw["bytecode"], raw
    if isinstance(spelled, dict):  # Foundry's
        spelled, holder = spelled["object"], spelled
    code = linked(spelled.removeprefix("0x"), holder.get("linkReferences", {}), links or {}, name)
    return Artifact(name, _npm_abi(package, name), bytes.fromhex(code))


@cache
def _npm_abi(package: str, name: str) -> Abi:
    return Abi(_read(package, name)["abi"])


def linked(
    code: str,
    references: Mapping[str, Mapping[str, list[dict[str, int]]]],
    links: Mapping[str, str],
    name: str,
) -> str:
    """A contract's code with its libraries' addresses. references: the compiler's, by file and library."""
    for libraries in references.values():
        for library, places in libraries.items():
            code = _link(code, library, places, links, name)
    return code


def _link(
    code: str,
    library: str,
    places: list[dict[str, int]],
    links: Mapping[str, str],
    name: str,
) -> str:
    """Overwrite the library's placeholders with its address."""
    if library not in links:
        raise SetupError(
            f"{name} needs the library {library}", "deploy it first and pass its address"
        )
    address = links[library].removeprefix("0x").lower()
    for place in places:
        start = place["start"] * 2
        code = code[:start] + address + code[start + 40 :]
    return code


# What an import line of a contract leads to: `from ..lib import terms`, `from . import parties`.
IMPORT = re.compile(r"^from (\.+)([\w.]*) import (\w+)", re.MULTILINE)


def sources_of(path: Path) -> frozenset[Path]:
    """A contract's file and every file of ours that it imports, whatever the way there."""
    found: set[Path] = set()
    waiting = [path.resolve()]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        for dots, room, name in IMPORT.findall(here.read_text()):
            folder = here.parents[len(dots) - 1].joinpath(*filter(None, room.split(".")))
            waiting += [f for f in (folder / f"{name}.vy", folder / f"{name}.vyi") if f.is_file()]
    return frozenset(found)


@cache
def _digest(path: Path, contracts: Path) -> str:
    """Changes whenever a source that the contract is made of changes, or the compiler; a process looks once,
    as it compiles once."""
    import vyper

    digest = hashlib.sha256(vyper.__version__.encode())
    root = contracts.resolve()
    for source in sorted(sources_of(path)):
        digest.update(str(source.relative_to(root)).encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _source(name: str, contracts: Path) -> tuple[Path, Path]:
    """Where a contract is written, and where it is kept compiled."""
    found = sorted(contracts.rglob(f"{name}.vy"))
    if len(found) != 1:
        problem = "there is no" if not found else "there is more than one"
        raise SetupError(f"{problem} contracts/**/{name}.vy", "check the contract's name")
    return found[0], CACHE / f"{name}-{_digest(found[0], contracts)[:24]}.json"


@cache
def compile_vyper(name: str, contracts: Path = CONTRACTS) -> Artifact:
    """<contracts>/**/<name>.vy as the `vyper` command compiles it; kept under .cache/artifacts. Of several
    processes that want the same one compiles, and the others wait."""
    path, stored = _source(name, contracts)
    if not stored.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        with stored.with_suffix(".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not stored.is_file():
                partial = stored.with_suffix(f".{os.getpid()}.partial")
                partial.write_text(json.dumps(_compile(path, contracts.parent)))
                partial.replace(stored)
        stored.with_suffix(".lock").unlink(missing_ok=True)
    raw = json.loads(stored.read_text())
    return Artifact(name, Abi(raw["abi"]), bytes.fromhex(raw["bytecode"].removeprefix("0x")))


def look_again() -> None:
    """Sources may be others than those that this process has read: what it compiled is not to be trusted."""
    _digest.cache_clear()
    compile_vyper.cache_clear()


def compile_all(names: Iterable[str]) -> None:
    """Compile what is not kept yet on all cores, so that what follows finds it. What cannot be compiled is
    left to whoever asks for it."""
    missing = [name for name in names if not _source(name, CONTRACTS)[1].is_file()]
    if len(missing) < 2:
        return
    workers = min(os.cpu_count() or 1, len(missing))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        wait([pool.submit(compile_vyper, name) for name in missing])


def _compile(path: Path, root: Path) -> dict[str, Any]:
    from vyper.cli.vyper_compile import compile_files

    # Its trees live until it ends: a seventh of its time went into looking for dead ones.
    collects = gc.isenabled()
    gc.disable()
    try:
        output = compile_files([str(path)], ["abi", "bytecode"], paths=[str(root)])
    finally:
        if collects:
            gc.enable()
    return dict(next(iter(output.values())))
