"""A chain of others, as each test finds it, and what a deployment leaves there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chain_of_others import Chain, chain, standing
from cut_off import undisturbed
from leading import following, undone
from lived_in import Market
from spoiled import Stands, deployed_on, standing_there

from tandem.protocol import applying

__all__ = ["chain", "standing", "undisturbed"]


@pytest.fixture(autouse=True)
def _machines_that_are_behind_catch_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "LAG", 2.0)


@pytest.fixture(scope="module")
def deployed(standing: Chain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The record of what `apply` left; on the chain that a module has of its own, where it has one."""
    with standing.undone():
        yield deployed_on(standing, tmp_path_factory.mktemp("record") / "there.json")


@pytest.fixture
def stands(standing: Chain, deployed: str, tmp_path: Path) -> Iterator[Stands]:
    """The same, which a test may spoil."""
    with standing_there(standing, deployed, tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Market, Path]]:
    """A market with an open book, and the record of the one that follows it."""
    with following(tmp_path_factory.mktemp("deployments")) as found:
        yield found


@pytest.fixture
def market(lives: tuple[Market, Path]) -> Iterator[Market]:
    """The one with a book; what a test does with either is taken back."""
    with undone(*lives):
        yield lives[0]


@pytest.fixture
def new(lives: tuple[Market, Path]) -> Path:
    return lives[1]
