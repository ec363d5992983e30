"""A chain of others, as each test finds it, and what a deployment leaves there."""

import pytest
from chain_of_others import chain, standing
from cut_off import undisturbed

from tandem.protocol import applying

__all__ = ["chain", "standing", "undisturbed"]


@pytest.fixture(autouse=True)
def _machines_that_are_behind_catch_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "LAG", 2.0)
