"""Forecasters plug in as policies do."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pytest

from keeper import forecast
from tandem import plugins
from tandem.feeds.realised import RealisedVol
from tandem.plugins import PlugInBrokenError, PlugInUnknownError


class Flat:
    """Says what it began with."""

    def __init__(self, start: float) -> None:
        self.start = start

    def update(self, time: int, price: float) -> float:
        return self.start


def test_the_default_follows_realised_volatility_with_its_settings() -> None:
    made = forecast.create(start=0.5, half_life_hours=6.0)
    assert made == RealisedVol(start=0.5, half_life_hours=6.0)


def test_another_packages_forecaster_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("flat", f"{__name__}:Flat", forecast.GROUP)

    def more(**selected: Any) -> Any:
        return (*entry_points(**selected), point)

    monkeypatch.setattr(plugins, "entry_points", more)
    assert forecast.create("flat", start=0.4).update(0, 1.0) == 0.4


def test_what_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PlugInUnknownError, match="realised"):
        forecast.create("luck", start=0.5)
    with pytest.raises(PlugInBrokenError, match="colour"):
        forecast.create(start=0.5, colour="red")
    point = EntryPoint("odd", "builtins:dict", forecast.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda **_: (point,))
    with pytest.raises(PlugInBrokenError, match="no start"):
        forecast.create("odd", start=0.5)
