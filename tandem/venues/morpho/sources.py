"""Morpho Blue as its publisher ships it: bytecode and ABI inside the classes that TypeScript calls it by."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from tandem.engine.abi import Abi
from tandem.engine.artifacts import MAKE_SETUP, ROOT, Artifact
from tandem.errors import SetupError

PACKAGE = "@morpho-org/morpho-blue-bundlers"
_FACTORIES = ROOT / "node_modules" / PACKAGE / "types" / "factories" / "lib"
# Name -> its file, and those of libraries whose events it logs: a compiler of its age leaves them out.
_FILES: dict[str, tuple[str, ...]] = {
    "Morpho": (
        "morpho-blue/src/Morpho__factory.js",
        "morpho-blue/src/libraries/EventsLib__factory.js",
    ),
    "AdaptiveCurveIrm": ("morpho-blue-irm/src/adaptive-curve-irm/AdaptiveCurveIrm__factory.js",),
}
_ABI = re.compile(r"^const _abi = (\[.*?^\]);", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r'^const _bytecode = "0x([0-9a-f]+)";', re.MULTILINE)
# What JavaScript leaves out of an object's text, and lets stand in one, and JSON does not.
_KEY = re.compile(r"^(\s*)(\w+):", re.MULTILINE)
_LAST = re.compile(r",(\s*[\]}])")


@cache
def published(name: str) -> Artifact:
    """One contract. Raises SetupError."""
    paths = [_FACTORIES / file for file in _FILES[name]]
    if not all(path.is_file() for path in paths):
        raise SetupError(f"the package {PACKAGE} is not installed", MAKE_SETUP)
    entries = [entry for path in paths for entry in abi_in(path)]
    return Artifact(name, Abi(entries), code_in(paths[0]))


def abi_in(path: Path) -> list[dict[str, Any]]:
    """The ABI that such a file holds. Raises SetupError."""
    spelled = _found(_ABI, path)
    entries: list[dict[str, Any]] = json.loads(_LAST.sub(r"\1", _KEY.sub(r'\1"\2":', spelled)))
    return entries


def code_in(path: Path) -> bytes:
    """The bytecode that such a file holds. Raises SetupError."""
    return bytes.fromhex(_found(_CODE, path))


def _found(pattern: re.Pattern[str], path: Path) -> str:
    found = pattern.search(path.read_text())
    if found is None:
        raise SetupError(f"{path.name} is no contract's file", "check the package's version")
    return found.group(1)
