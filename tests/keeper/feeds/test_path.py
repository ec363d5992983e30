"""The shipped path is what its seed gives, and it holds a crash worth replaying."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from keeper.feeds import candles, path


def test_the_shipped_path_is_regenerated_bit_for_bit(tmp_path: Path) -> None:
    out = tmp_path / "again.csv"
    path.main(["--out", str(out)])
    assert out.read_bytes() == path.DEMO_PATH.read_bytes()


def test_another_seed_gives_another_path(tmp_path: Path) -> None:
    out = tmp_path / "other.csv"
    path.main(["--out", str(out), "--seed", "7"])
    assert out.read_bytes() != path.DEMO_PATH.read_bytes()


def test_the_shipped_path_has_ten_days_of_hours_and_one_hour_that_crashes() -> None:
    demo = path.demo()
    assert len(demo) == 240
    assert demo.interval == 3600
    assert not len(demo.irregular)
    falls = demo.low / demo.open - 1
    assert (falls <= -0.15).sum() == 1
    crash = int(np.argmin(falls))
    assert demo.close[crash] / demo.open[crash] - 1 <= -0.15
    moves = np.log(demo.close / demo.open)
    calm = moves[:crash].std()
    wake = moves[crash + 1 : crash + 25].std()
    assert wake > 1.7 * calm
    assert 0.35 < calm * np.sqrt(365 * 24) < 0.65
    assert np.abs(demo.open[1:] / demo.close[:-1] - 1).max() == 0
    assert 2_000 < demo.low.min() < demo.high.max() < 3_300


def test_a_path_without_a_crash_stays_calm() -> None:
    calm = path.simulate(path.PathSpec(crash_hour=None))
    assert (calm.low / calm.open - 1).min() > -0.08


def test_a_short_path_can_be_written(tmp_path: Path) -> None:
    out = tmp_path / "short.csv"
    path.main(["--out", str(out), "--days", "2"])
    assert len(candles.load(out)) == 48
