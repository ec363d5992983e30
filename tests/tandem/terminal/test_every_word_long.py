"""Whatever is typed, for each option and argument of each command; a sample is in test_fuzz.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from .surface import Case, cases, connects, environment
from .warm import Warm

LIMIT = 3.0
"""Seconds after which a case that goes on working is told to end."""
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


@pytest.mark.long
@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_every_hostile_word_ends_in_words(case: Case, folder: Path, loaded: Warm) -> None:
    loaded.run(case, folder, environment(), limit=LIMIT).check()


@pytest.mark.long
@pytest.mark.parametrize("case", list(cases(connects)), ids=str)
def test_every_hostile_word_ends_in_words_beside_a_market(
    case: Case, folder: Path, loaded: Warm, market: dict[str, str]
) -> None:
    settings = market | {"TANDEM_JOURNAL": str(folder / "journal.sqlite")}
    loaded.run(case, folder, environment(**settings), limit=LIMIT).check()
