"""Copies of our contracts with one thing broken: what a test says that it would notice, it is shown."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tandem.engine.artifacts import CACHE, CONTRACTS, Artifact, compile_vyper, sources_of
from tandem.protocol import deploy
from tandem.venues import _setup as venue_build

COPIES = CACHE.parent / "broken"


Change = tuple[str, str, str]
"""A file under contracts/, what stands in it, and what the copy reads instead, wherever it stands."""


def copy_with(*changes: Change) -> Path:
    """A copy of contracts/ with these changes."""
    digest = hashlib.sha256(repr(changes).encode())
    for path in sorted(CONTRACTS.rglob("*.vy*")):
        digest.update(path.read_bytes())
    contracts = COPIES / digest.hexdigest()[:20] / "contracts"
    if not contracts.is_dir():
        partial = contracts.with_name(f"partial-{os.getpid()}")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(CONTRACTS, partial)
        for file, old, new in changes:
            text = (partial / file).read_text()
            assert old in text, f"{file} no longer has {old!r}"
            (partial / file).write_text(text.replace(old, new))
        try:
            partial.rename(contracts)
        except OSError:
            assert contracts.is_dir()  # another process made the same one meanwhile
            shutil.rmtree(partial)
    return contracts


def is_there(*changes: Change) -> bool:
    """Whether the contracts still have what these change: a copy is made in `make long` alone."""
    return all(old in (CONTRACTS / file).read_text() for file, old, _ in changes)


@contextmanager
def broken(*changes: Change) -> Iterator[None]:
    """Every deployment inside is made of contracts with these changes, and its venue's token and feed."""
    contracts = copy_with(*changes)
    changed = {(contracts / file).resolve() for file, _, _ in changes}

    def compiled(name: str) -> Artifact:
        (path,) = contracts.rglob(f"{name}.vy")
        hit = changed & sources_of(path)
        return compile_vyper(name, contracts) if hit else compile_vyper(name)

    with pytest.MonkeyPatch.context() as patch:
        for maker in (deploy, venue_build):
            patch.setattr(maker, "compile_vyper", compiled)
        yield


__all__ = ["Change", "broken", "copy_with", "is_there"]
