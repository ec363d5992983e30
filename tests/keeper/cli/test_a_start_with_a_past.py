"""Keeper and signer, put together from settings, know how volatile the price was before they began."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from lived_in import Market

from keeper.assembly import build
from keeper.before import Before
from keeper.cli.config import _of_a_market
from keeper.settings import load_settings
from keeper.signer.level import level_of
from tandem.connection import connect, signer_of
from tandem.units import HOUR

SET = 0.6
HOURS = 30
MOVES = 0.01 / (1 / (365.25 * 24)) ** 0.5
"""A year's volatility by one per cent an hour."""


def weighted(hours: float) -> float:
    """Between what is set and that, of moves that are seen for so long: half of it in a day."""
    kept = 0.5 ** (hours / 24)
    return (kept * SET**2 + (1 - kept) * MOVES**2) ** 0.5


@pytest.fixture
def moved(market: Market) -> Market:
    """The price went one per cent up or down each hour."""
    for n in range(HOURS):
        market.engine.advance(HOUR)
        market.move(2_500 + 25 * (n % 2))
    return market


def seen() -> float:
    """The volatility that a keeper's first plan goes by."""
    Before.free_at = 0.0  # another keeper of this process has just read its own
    settings = load_settings()
    keeper = build(settings, *connect(settings), signer_of(settings))
    try:
        return keeper.observer.observe(keeper.account)[1].realised_vol
    finally:
        keeper.close()


def test_a_keeper_s_first_plan_goes_by_it(
    tandem: Callable[..., Result], moved: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seen() == pytest.approx(weighted(HOURS - 1), abs=0.01)
    monkeypatch.setenv("TANDEM_FORECAST__ROUNDS_DAYS", "0.5")
    assert seen() == pytest.approx(weighted(11), abs=0.01)
    monkeypatch.setenv("TANDEM_FORECAST__ROUNDS_DAYS", "0")
    assert seen() == SET


def test_a_signer_judges_by_it_where_surfaces_follow_it(
    tandem: Callable[..., Result], moved: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert level_of(load_settings())() == SET
    monkeypatch.setenv("TANDEM_SURFACE__FOLLOW_REALISED", "true")
    monkeypatch.setattr("time.time", moved.engine.now)  # its own clock, which is a node's here
    assert level_of(load_settings())() == pytest.approx(seen(), rel=5e-3)


def test_settings_say_what_it_begins_with(
    tandem: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def said() -> str:
        return next(
            words for name, _, words in _of_a_market(load_settings()) if name == "forecast.history"
        )

    assert said() == "at most 4 days of the price feed's rounds"
    monkeypatch.setenv("TANDEM_FORECAST__HISTORY", str(tmp_path / "eth.csv"))
    assert said() == f"{tmp_path / 'eth.csv'}, then at most 4 days of the price feed's rounds"
    monkeypatch.setenv("TANDEM_FORECAST__ROUNDS_DAYS", "0")
    assert said() == str(tmp_path / "eth.csv")
    monkeypatch.delenv("TANDEM_FORECAST__HISTORY")
    assert said() == "none: it begins anew with each start"
