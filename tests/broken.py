"""Copies of our contracts with one thing broken: what a test says that it would notice, it is shown."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tandem.engine.artifacts import CACHE, CONTRACTS, Artifact, compile_vyper, sources_of
from tandem.protocol import deploy

COPIES = CACHE.parent / "broken"


def copy_with(file: str, old: str, new: str) -> Path:
    """A copy of contracts/ in which `old` of a file, which stands there once, reads `new`."""
    text = (CONTRACTS / file).read_text()
    assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
    digest = hashlib.sha256("\0".join((file, old, new)).encode())
    for path in sorted(CONTRACTS.rglob("*.vy*")):
        digest.update(path.read_bytes())
    contracts = COPIES / digest.hexdigest()[:20] / "contracts"
    if not contracts.is_dir():
        partial = contracts.with_name("partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(CONTRACTS, partial)
        (partial / file).write_text(text.replace(old, new))
        partial.rename(contracts)
    return contracts


@contextmanager
def broken(file: str, old: str, new: str) -> Iterator[None]:
    """Every deployment inside is made of contracts in which `old` reads `new`."""
    contracts = copy_with(file, old, new)
    changed = (contracts / file).resolve()

    def compiled(name: str) -> Artifact:
        (path,) = contracts.rglob(f"{name}.vy")
        hit = changed in sources_of(path)
        return compile_vyper(name, contracts) if hit else compile_vyper(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deploy, "compile_vyper", compiled)
        yield


__all__ = ["broken", "copy_with"]
