"""A venue is what stands in its own rooms: nothing else has its name to be changed with it."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from tandem import venues
from tandem.engine.artifacts import ROOT
from tandem.terminal.group import main

ROOMS = ("tandem/venues/", "scripts/mutation/own_tests.py")


@pytest.mark.parametrize("verb", ["demo", "up"])
def test_the_help_names_every_venue(verb: str) -> None:
    shown = CliRunner().invoke(main, [verb, "--help"]).output
    for name in venues.names():
        assert re.search(rf"\b{name}\b", shown), name


def test_no_module_outside_the_venues_room_loads_one_by_name() -> None:
    """CONTRIBUTING.md promises three files to whoever adds one."""
    by_name = re.compile(rf"tandem\.venues\.({'|'.join(venues.names())})\b")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ("tandem", "keeper", "scripts")
        for path in sorted((ROOT / room).rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(ROOMS)
        for line in path.read_text().splitlines()
        if by_name.search(line)
    ]
    assert found == []
