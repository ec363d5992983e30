"""Quantiles of many days: held to worlds whose truth is known before a number of them is believed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from keeper.stress import tails, worlds
from keeper.stress.days import A_DAY, Losses
from keeper.stress.record import Record, record_of
from tandem.feeds import candles, path
from tandem.feeds.errors import ShortPathError


def drawn(seed: int, count: int = 40, paths: int = 100, around: float = 0.0) -> list[Losses]:
    """Worlds whose worst day is normal around a mean of their own."""
    rng = np.random.default_rng(seed)
    made = []
    for mean in around + 0.005 * rng.standard_normal(count):
        worst = (mean + 0.01 * rng.standard_normal(paths))[:, None]
        made.append(Losses(worst, worst + 0.05, np.full(paths, 0.04), np.full(paths, 0.05)))
    return made


def test_intervals_hold_the_true_quantile_as_often_as_they_say() -> None:
    """The truth is one world; a record sees its mean with an error, and worlds are drawn with that error
    around what was seen."""
    inside = []
    for seed in range(300):
        rng = np.random.default_rng([seed, 1])
        truth = 0.02 * rng.standard_normal()
        seen = truth + 0.005 * rng.standard_normal()
        made = drawn(seed, 40, 500, around=seen)
        for q in tails.tails("x", made)[0].quantiles[:2]:
            inside.append(q.low <= truth + 0.01 * norm.ppf(q.level) <= q.high)
    assert 0.84 <= np.mean(inside) <= 0.96


def test_quantiles_are_those_of_the_worst_days() -> None:
    made = drawn(1)
    every = np.concatenate([w.kept.max(axis=1) for w in made])
    kept, dead = tails.tails("x", made)
    for q in kept.quantiles:
        assert q.value == pytest.approx(np.quantile(every, q.level))
        assert q.low <= q.value <= q.high or q.level == 0.99
    own = [np.quantile(w.kept.max(axis=1), 0.9) for w in made]
    assert kept.quantiles[1].low == pytest.approx(np.quantile(own, 0.05))
    assert np.isnan(kept.quantiles[2].low), "a world of 100 paths has one beyond 99 %"
    assert dead.worst == pytest.approx(kept.worst + 0.05)
    assert kept.past == pytest.approx(np.mean(every > 0.04))
    assert (kept.keeper, dead.keeper) == (True, False)


def test_a_quantile_with_too_few_paths_beyond_it_is_not_said() -> None:
    few = tails.tails("x", drawn(2, 4, 30))[0]
    assert [q.level for q in few.quantiles] == [0.5, 0.9]
    most = tails.tails("x", drawn(2, 20, 600))[0]
    assert [q.level for q in most.quantiles] == [0.5, 0.9, 0.99, 0.999]


def test_the_worst_day_is_the_worst_of_a_path_and_the_whole_is_its_sum() -> None:
    kept = np.array([[0.01, 0.03, -0.02]] * 20)
    tail = tails.tails("x", [Losses(kept, kept, np.full(20, 1.0), np.full(20, 1.1))] * 3)[0]
    assert tail.quantiles[0].value == pytest.approx(0.03)
    assert tail.whole == pytest.approx(0.02)
    assert tail.drift == pytest.approx(1.1)


def made_of(returns: np.ndarray) -> Record:
    steps = len(returns)
    return Record(3_600 * np.arange(1, steps + 1), returns, np.full(steps + 1, 0.5), 2_000.0, 0)


def test_a_shuffled_record_has_the_records_returns_in_its_runs() -> None:
    record = made_of(np.arange(1.0, 2_001.0) * 1e-6)
    rng = np.random.default_rng(1)
    drawn = worlds.Shuffled.of(record, rng).draw(rng, 30, 100)
    places = np.rint(drawn.returns * 1e6).astype(int)
    assert set(places.ravel().tolist()) <= set(range(1, 2_001))
    joined = np.diff(places, axis=1) == 1
    assert joined.mean() == pytest.approx((1 - 1 / worlds.BLOCK) * (1 - 1 / worlds.ERA), abs=0.02)


def test_recorded_days_begin_where_the_day_before_ended() -> None:
    record = made_of(np.arange(1_000.0))
    found, times = worlds.recorded(record, 3 * A_DAY)
    assert found.returns[0, 0] == A_DAY
    assert (np.diff(found.returns[:, 0]) == A_DAY).all()
    assert times[0] == record.times[A_DAY - 1]
    assert found.returns[-1, -1] <= 999


def test_hours_are_taken_from_candles_of_any_length_and_gaps_are_no_returns() -> None:
    record = record_of(path.demo())
    assert len(record.returns) == 239
    assert (record.times % 3_600 == 0).all()
    whole = path.demo()
    closes = dict(zip((whole.timestamps + whole.lengths()).tolist(), whole.close, strict=True))
    for i in (0, 100, 135, 238):
        end = int(record.times[i])
        assert record.returns[i] == pytest.approx(np.log(closes[end] / closes[end - 3_600]))
    start = int(whole.timestamps[0])
    kept = np.flatnonzero(
        (whole.timestamps < start + 36_000) | (whole.timestamps >= start + 43_200)
    )
    broken = candles.from_arrays(
        *(x[kept] for x in (whole.timestamps, whole.open, whole.high, whole.low, whole.close))
    )
    short = record_of(broken)
    assert short.missing == 2
    assert len(short.returns) == 239 - 3


def test_hours_that_begin_at_half_past_are_refused_by_that_name() -> None:
    """Those of a clock half an hour off UTC are many enough, and short enough."""
    whole = path.demo()
    on = np.flatnonzero(whole.timestamps % 3_600 == 0)
    later = whole.timestamps + 1_800
    shifted = candles.from_arrays(
        *(x[on] for x in (later, whole.open, whole.high, whole.low, whole.close))
    )
    with pytest.raises(ShortPathError, match="ends at a full hour") as caught:
        record_of(shifted)
    assert "begin and end at full hours" in caught.value.hint


def test_too_few_hours_or_candles_of_a_day_are_refused() -> None:
    whole = path.demo()
    with pytest.raises(ShortPathError, match="moves of an hour"):
        record_of(whole.window(None, int(whole.timestamps[0]) + 86_400))
    with pytest.raises(ShortPathError, match="fewer --days"):
        record_of(whole, horizon=20)
    times = 86_400 * np.arange(900, dtype=np.int64)
    flat = np.full(900, 2_000.0)
    with pytest.raises(ShortPathError, match="an hour or less"):
        record_of(candles.from_arrays(times, flat, flat, flat, flat))
