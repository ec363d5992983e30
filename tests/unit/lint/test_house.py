"""Rules of the house that no tool checks: the locks agree, and the pure rooms stay pure."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PINS = re.compile(r"^([a-z0-9._-]+)==([^\s;]+)", re.MULTILINE)

# What the pure rooms may not know: a chain, a clock, a file, a network, a process.
IMPURE = {
    "ape", "asyncio", "boa", "datetime", "eth_abi", "httpx", "io", "os", "polars", "pyrevm",
    "requests", "shutil", "silverback", "socket", "sqlite3", "subprocess", "tempfile", "time",
    "urllib", "web3",
}  # fmt: skip
PURE_ROOMS = ("keeper/model", "keeper/policy")
INWARD = {"keeper.errors", "keeper.model", "keeper.policy"}


def pins(lock: str) -> set[tuple[str, str]]:
    return set(PINS.findall((ROOT / lock).read_text()))


def test_the_development_lock_holds_every_pin_of_the_demo_lock() -> None:
    demo, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert len(demo) > 100
    assert demo - dev == set()


def test_the_build_back_end_is_in_both_locks_so_that_installing_needs_no_network() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for requirement in project["build-system"]["requires"]:
        name, version = requirement.replace("_", "-").split("==")
        assert (name, version) in pins("requirements.lock"), "run make lock"
        assert (name, version) in pins("requirements-dev.lock"), "run make lock"


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-dev.lock", "requirements-uv.lock"]
)
def test_every_pin_has_a_hash_and_no_lock_names_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    for block in re.split(r"\n(?=[a-z0-9._-]+==)", text):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write imports in full"
            names.add(node.module or "")
    return names


def pure_files() -> list[Path]:
    return sorted(file for room in PURE_ROOMS for file in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("file", pure_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_models_and_policies_import_no_chain_clock_file_or_outer_room(file: Path) -> None:
    names = imports(file)
    assert {name for name in names if name.split(".")[0] in IMPURE} == set()
    outward = {
        name
        for name in names
        if name.startswith("keeper.") and ".".join(name.split(".")[:2]) not in INWARD
    }
    assert outward == set()
    # The one file with a path: it says where compiled kernels are kept.
    assert "pathlib" not in names or file.name == "_jit.py"


def test_a_model_imports_no_policy() -> None:
    for file in (ROOT / "keeper/model").rglob("*.py"):
        assert not any(name.startswith("keeper.policy") for name in imports(file)), file
