"""`tandem deploy sources` is run from a user's folder, not from the project's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tandem.protocol.sources import compiled, standard_json

pytestmark = pytest.mark.long


def test_a_standard_json_is_the_same_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It named its files as they lay from the caller's folder, and compiled to nothing there."""
    here = standard_json("Bounty")
    monkeypatch.chdir(tmp_path)
    text, contract, version = standard_json("Bounty")
    assert (text, contract, version) == here
    assert contract in {f"{file}:Bounty" for file in json.loads(text)["sources"]}
    assert compiled(text, contract)
