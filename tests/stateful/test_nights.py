"""What is played at night: each market drawn by itself, and the same ones again by the same seed."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import core
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from running import DRAWN, play_at_night, run

MARKETS = 100


class Drawn(RuleBasedStateMachine):
    """What was drawn, market by market."""

    names: ClassVar[list[bytes]] = []

    @initialize(name=st.binary(min_size=8, max_size=8))
    def begin(self, name: bytes) -> None:
        self.names.append(name)

    @rule(number=st.integers(0, 9))
    def act(self, number: int) -> None:
        assert number < 10


class Ends(Drawn):
    """With any act."""

    @rule()
    def end(self) -> None:
        raise ArithmeticError


@pytest.fixture(autouse=True)
def _by_a_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "global_force_seed", 1)
    monkeypatch.setattr(Drawn, "names", [])


def test_no_market_of_a_night_is_a_copy_of_another() -> None:
    """But for the two that each seed begins with: the least of all, and one that another begins like."""
    run(MARKETS, 9, nightly=True, machine=Drawn)
    assert len(Drawn.names) == MARKETS
    assert len(set(Drawn.names)) >= MARKETS - 2 * MARKETS // DRAWN


def test_a_night_is_played_again_by_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    run(MARKETS, 9, nightly=True, machine=Drawn)
    once = Drawn.names.copy()
    Drawn.names.clear()
    run(MARKETS, 9, nightly=True, machine=Drawn)
    assert Drawn.names == once
    Drawn.names.clear()
    play_at_night(Drawn, DRAWN, 9, "1, 50")
    assert Drawn.names == once[50:60]
    Drawn.names.clear()
    monkeypatch.setattr(core, "global_force_seed", 2)
    run(MARKETS, 9, nightly=True, machine=Drawn)
    assert not (set(Drawn.names) & set(once)) - {bytes(8)}


def test_what_fails_at_night_says_how_it_is_played_again() -> None:
    with pytest.raises(ArithmeticError) as failed:
        run(MARKETS, 9, nightly=True, machine=Ends)
    assert failed.value.__notes__[-1] == 'play_at_night(Ends, 10, 9, "1, 0")'


def test_a_night_without_a_seed_gets_one_that_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "global_force_seed", None)
    run(MARKETS, 9, nightly=True, machine=Drawn)
    once, sown = Drawn.names.copy(), core.global_force_seed
    Drawn.names.clear()
    monkeypatch.setattr(core, "global_force_seed", sown)
    run(MARKETS, 9, nightly=True, machine=Drawn)
    assert sown is not None
    assert Drawn.names == once
