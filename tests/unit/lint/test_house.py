"""Rules of the house that no tool checks: the locks agree, and commands that are named are commands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tandem.plugins import find
from tandem.terminal.group import GROUP

ROOT = Path(__file__).resolve().parents[3]
PINS = re.compile(r"^([a-z0-9._-]+)==([^\s;]+)", re.MULTILINE)

NAMED = re.compile(r"`tandem ([a-z][a-z-]*)")


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


def test_every_command_that_is_named_is_one_and_readme_lists_them_all() -> None:
    """Hints send people to commands: a name that is none, and one that nobody finds, are dead ends."""
    commands = set(find(GROUP))
    sources = [*(ROOT / "tandem").rglob("*.py"), *(ROOT / "keeper").rglob("*.py")]
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        name: path.name
        for path in [*sources, *pages]
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert {name: where for name, where in named.items() if name not in commands} == {}
    rows = (ROOT / "README.md").read_text(encoding="utf-8").split("## What do you want to do?")[1]
    listed = set(re.findall(r"`([a-z][a-z-]*)`", rows.split("##")[0]))
    assert commands - listed - {"demo", "up"} == set()
