"""Morpho Blue as its publisher ships it: bytecode and ABI inside the classes that TypeScript calls it by."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from tandem.engine.abi import Abi
from tandem.engine.artifacts import MAKE_SETUP, ROOT, Artifact
from tandem.errors import SetupError

PACKAGE = "@morpho-org/morpho-blue-bundlers"
_FACTORIES = ROOT / "node_modules" / PACKAGE / "types" / "factories" / "lib"
_FILES = {
    "Morpho": "morpho-blue/src/Morpho__factory.js",
    "AdaptiveCurveIrm": "morpho-blue-irm/src/adaptive-curve-irm/AdaptiveCurveIrm__factory.js",
}
_ABI = re.compile(r"^const _abi = (\[.*?^\]);", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r'^const _bytecode = "0x([0-9a-f]+)";', re.MULTILINE)
# What JavaScript leaves out of an object's text and JSON does not.
_KEY = re.compile(r"^(\s*)(\w+):", re.MULTILINE)
_LAST = re.compile(r",(\s*[\]}])")


@cache
def published(name: str) -> Artifact:
    """One contract. Raises SetupError."""
    path = _FACTORIES / _FILES[name]
    if not path.is_file():
        raise SetupError(f"the package {PACKAGE} is not installed", MAKE_SETUP)
    return parse(name, path)


def parse(name: str, path: Path) -> Artifact:
    """What such a file holds. Raises SetupError."""
    text = path.read_text()
    abi, code = _ABI.search(text), _CODE.search(text)
    if abi is None or code is None:
        raise SetupError(f"{path.name} has no ABI and bytecode", "check the package's version")
    spelled = _LAST.sub(r"\1", _KEY.sub(r'\1"\2":', abi.group(1)))
    return Artifact(name, Abi(json.loads(spelled)), bytes.fromhex(code.group(1)))
