"""What a round of the soak says: laws that held, plans that paid, and a search that did not end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAID = "        4.13 USD (5.00 less 0.87; LP -4.13; stuck 0)  calls hours=3 | A process\n"


@pytest.fixture
def soak(scripts):
    import soak

    return soak


def says(monkeypatch, laws: int, search: int, printed: str) -> None:
    """Exit statuses of the two, and what the search prints."""

    def run(command, **_):
        code = search if "tests/economy" in command else laws
        return subprocess.CompletedProcess(command, code, stdout=printed)

    monkeypatch.setattr(subprocess, "run", run)


def test_a_round_says_what_paid_and_which_laws_held(soak, monkeypatch):
    says(monkeypatch, 1, 0, "")
    assert soak.round_of(7, 10, 60) == (False, [])
    says(monkeypatch, 0, 0, "")
    assert soak.round_of(7, 10, 60) == (True, [])
    says(monkeypatch, 0, 1, PAID)
    assert soak.round_of(7, 10, 60) == (True, [PAID.strip()])


def test_a_search_that_broke_off_is_no_round_in_which_nothing_paid(soak, monkeypatch):
    says(monkeypatch, 0, 1, "")
    with pytest.raises(SystemExit, match="seed 7 broke off"):
        soak.round_of(7, 10, 60)


def test_the_laws_of_a_round_are_all_of_them_with_new_seeds(soak):
    """A filter of `make test` had left out all but the first markets, which are the same each time."""
    command = [sys.executable, *soak.LAWS, "--collect-only", "--hypothesis-seed=7"]
    night = os.environ | {"TANDEM_NIGHTLY": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    found = subprocess.run(
        command, cwd=ROOT, env=night, check=True, stdout=subprocess.PIPE, text=True
    )
    assert "test_laws.py::test_r26_the_laws_hold_whoever_does_what" in found.stdout
    assert "test_laws_over_venues.py::test_r35_the_laws_hold_on_lending_markets" in found.stdout
