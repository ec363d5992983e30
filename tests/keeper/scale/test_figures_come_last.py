"""Figures that nobody waits for come after all that is due, and cost nobody anything when they fail."""

from __future__ import annotations

from typing import Any

import pytest

from keeper.monitors import Monitors
from scale.test_turns import LATER, Street


@pytest.mark.parametrize("count", [1, 3])
def test_figures_come_once_all_is_done_that_is_due_and_fail_for_themselves(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second of reading for one market stood before the others' acts."""
    street = Street(count)
    street.due(*[[LATER]] * count)

    def look(monitors: Monitors, _: Any) -> None:
        name = next(seat.name for seat in street.seats if seat.meter.monitors is monitors)
        street.acted.append((f"figures of {name}", 0))
        raise TypeError("a node says something else")

    monkeypatch.setattr(Monitors, "look", look)
    names = [f"m{n}" for n in range(count)]
    assert street.turns(1) == [*names, *(f"figures of {name}" for name in names)]
    assert [seat.failures for seat in street.seats] == [0] * count
