"""The shipped path is what its seed gives, and it holds a crash worth replaying."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tandem.feeds import candles, path


def test_the_shipped_path_is_regenerated_bit_for_bit(tmp_path: Path) -> None:
    out = tmp_path / "again.csv"
    path.main(["--out", str(out)])
    assert out.read_bytes() == path.DEMO_PATH.read_bytes()


def test_another_seed_gives_another_path(tmp_path: Path) -> None:
    out = tmp_path / "other.csv"
    path.main(["--out", str(out), "--seed", "7"])
    assert out.read_bytes() != path.DEMO_PATH.read_bytes()


def test_the_shipped_path_comes_in_five_minutes_around_its_crash() -> None:
    demo = path.demo()
    assert demo.lengths().sum() == 240 * 3600
    fine = demo.timestamps[demo.lengths() == 300]
    crash = path.PathSpec().start + 133 * 3600
    assert fine.tolist() == list(range(crash - 3 * 3600, crash + 9 * 3600, 300))
    assert (demo.lengths()[demo.lengths() != 300] == 3600).all()
    assert np.abs(demo.open[1:] / demo.close[:-1] - 1).max() == 0


def test_the_shipped_path_has_one_hour_that_crashes() -> None:
    demo = candles.load(path.DEMO_PATH)
    first = np.searchsorted(demo.timestamps, path.PathSpec().start + 3600 * np.arange(240))
    demo = candles.from_arrays(
        demo.timestamps[first], demo.open[first], np.maximum.reduceat(demo.high, first),
        np.minimum.reduceat(demo.low, first), demo.close[np.append(first[1:], len(demo)) - 1],
    )  # fmt: skip
    falls = demo.low / demo.open - 1
    assert (falls <= -0.15).sum() == 1
    crash = int(np.argmin(falls))
    assert demo.close[crash] / demo.open[crash] - 1 <= -0.15
    moves = np.log(demo.close / demo.open)
    calm = moves[:crash].std()
    wake = moves[crash + 1 : crash + 25].std()
    assert wake > 1.7 * calm
    assert 0.35 < calm * np.sqrt(365 * 24) < 0.65
    assert 2_000 < demo.low.min() < demo.high.max() < 3_300


def test_a_path_without_a_crash_stays_calm() -> None:
    calm = path.simulate(path.PathSpec(crash_hour=None))
    assert (calm.low / calm.open - 1).min() > -0.08


def test_a_short_path_can_be_written(tmp_path: Path) -> None:
    out = tmp_path / "short.csv"
    path.main(["--out", str(out), "--days", "2"])
    assert len(candles.load(out)) == 48
