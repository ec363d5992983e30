"""The page of faults names tests that exist and alerts that are given, for each of the thirty."""

from __future__ import annotations

import re
from functools import cache

import pytest
import yaml

from tandem.engine.artifacts import ROOT

PAGE = ROOT / "docs" / "faults.md"
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = {int(number): (held, told) for number, _, held, told in ROW.findall(PAGE.read_text())}


@cache
def _tests() -> frozenset[str]:
    found = (
        re.findall(r"^def (test_\w+)", p.read_text(), re.M) for p in ROOT.glob("tests/**/*.py")
    )
    return frozenset(name for names in found for name in names)


@cache
def alerts() -> frozenset[str]:
    file = ROOT / "docs" / "guide" / "monitoring" / "alerts.yaml"
    groups = yaml.safe_load(file.read_text())["groups"]
    return frozenset(rule["alert"] for group in groups for rule in group["rules"])


@cache
def words() -> str:
    return "".join(path.read_text() for path in sorted((ROOT / "keeper").rglob("*.py")))


def test_there_are_thirty() -> None:
    assert list(ROWS) == list(range(1, 31))


@pytest.mark.parametrize("number", ROWS)
def test_each_has_a_test_and_somebody_is_told(number: int) -> None:
    held, told = ROWS[number]
    named = re.findall(r"`(test_\w+)`", held)
    assert named
    assert set(named) <= _tests()
    assert told.startswith("nobody: ") or all(
        part in alerts() or part == "exit 2" or (part[0] == '"' and part.strip('"') in words())
        for part in told.split(", ")
    ), told
