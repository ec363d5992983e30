"""What a round of the soak says: laws that held, plans that paid, and a search that did not end."""

from __future__ import annotations

import subprocess
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
    assert soak.round_of(7, 10) == (False, [])
    says(monkeypatch, 0, 0, "")
    assert soak.round_of(7, 10) == (True, [])
    says(monkeypatch, 0, 1, PAID)
    assert soak.round_of(7, 10) == (True, [PAID.strip()])


def test_a_search_that_broke_off_is_no_round_in_which_nothing_paid(soak, monkeypatch):
    says(monkeypatch, 0, 1, "")
    with pytest.raises(SystemExit, match="seed 7 broke off"):
        soak.round_of(7, 10)
