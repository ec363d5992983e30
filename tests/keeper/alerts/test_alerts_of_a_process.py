"""The thread that looks at all keepers of a process: it goes on, reminds as its operator says, and ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from keeper.alerts.memory import Labels
from keeper.alerts.post import Letter
from keeper.alerts.told import Told
from keeper.alerts.watch import LAST_SECONDS, Alerts
from keeper.settings import Settings
from keeper.tables import AlertsTable
from tandem.units import HOUR

LACKS: tuple[str, Labels] = ("tandem_margin_lacking_usd", ())


@dataclass
class Hand:
    """Takes letters at once."""

    letters: list[Letter] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    closed: list[float] = field(default_factory=list)

    def hand(self, letter: Letter) -> None:
        self.letters.append(letter)

    def say(self, words: str) -> None:
        self.said.append(words)

    def close(self, seconds: float) -> None:
        self.closed.append(seconds)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 15
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_lasts_is_said_again_after_the_hours_that_are_set_though_a_look_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keeper.alerts.watch.LOOK_SECONDS", 0.01)
    hand, now, figures = Hand(), [1e9], dict[tuple[str, Labels], float]()
    settings = Settings(alerts=AlertsTable(remind_hours=2.0))
    alerts = Alerts(settings, cast("Any", hand), Told(tmp_path / "a.told", HOUR))
    looks = list[float]()

    def read() -> dict[tuple[str, Labels], float]:
        looks.append(now[0])
        if figures.get(LACKS) == 0:
            raise OSError("figures are away")
        return dict(figures)

    alerts.watch(read, "eth")
    alerts._watchers[0].clock = lambda: now[0]

    def passes(seconds: float) -> int:
        """Letters by then, once it was looked twice."""
        now[0] += seconds
        seen = len(looks)
        until(lambda: len(looks) > seen + 2)
        return len(hand.letters)

    figures[LACKS] = 12.5
    assert passes(0) == 0
    assert passes(11 * 60) == 1
    figures[LACKS] = 0
    assert passes(60) == 1
    assert hand.said == ["alerts are not judged for now: OSError('figures are away')"]
    figures[LACKS] = 12.5
    assert passes(2 * HOUR - 61) == 1
    assert passes(2) == 2
    alerts.close()
    assert hand.closed == [LAST_SECONDS]
    until(lambda: not alerts._thread.is_alive())
