"""Prices along which nothing can be calibrated are an error that says so."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from keeper.backtest import fitting, series
from keeper.backtest.judging import FlatPricesError
from keeper.backtest.twins import Costs
from tandem.errors import ConfigError

HOURS = 24 * 150


def written(path: Path, first: int) -> Path:
    rows = "".join(f"{first + 3_600 * i},2000,2000,2000,2000\n" for i in range(HOURS))
    path.write_text("timestamp,open,high,low,close\n" + rows)
    return path


def test_a_fit_on_prices_that_stand_still_is_refused(tmp_path: Path) -> None:
    """It divided by an error of nothing."""
    files = (written(tmp_path / "flat.csv", 1_717_200_000),)
    asked, spans = fitting.plan(
        files, "threshold", "one", Costs(50.0, 5e-4, 0.1, math.inf), folds=1, margin=0.0, chain=None
    )
    with pytest.raises(FlatPricesError, match="no tracking error") as caught:
        fitting.run(asked, spans, quiet=True)
    assert caught.value.hint


def test_prices_of_another_century_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="another unit"):
        series.of_files([written(tmp_path / "old.csv", -(10**9))])


def test_files_are_read_as_their_candles(tmp_path: Path) -> None:
    found = series.of_files([written(tmp_path / "flat.csv", 1_717_200_000)])
    assert len(found) == HOURS
    assert np.all(found.price == 2_000.0)
