"""Surfaces as quoted: the last snapshot's, and no later one's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from tandem.feeds import chain
from tandem.feeds import errors as err
from tandem.feeds.chain import Smiles
from tandem.feeds.looks import GRID, blend
from tandem.feeds.recorded import RecordedSurfaces, Recording, without_crossing_wings
from tandem.feeds.surface import ListedSlice, Shape, SurfaceSpec
from tandem.model.svi import Slice
from tandem.units import DAY, HOUR, YEAR

START = 1_767_225_600
"""2026-01-01 00:00 UTC."""
SHAPE = Shape(30.0, 0.75, 0.25, -0.35, 0.0, 1.0).normalised()
EXPIRIES = [START + days * DAY + 8 * HOUR for days in (9, 16, 30, 58)]
SPEC = SurfaceSpec()


def quoted(
    times: Sequence[int], level: Callable[[int], float], expiries: Sequence[int] = tuple(EXPIRIES)
) -> Smiles:
    """Smiles of one shape whose volatility at the money is `level` of the snapshot's time."""
    rows = [(time, expiry) for time in times for expiry in expiries if expiry > time + 4 * DAY]
    svi = []
    for time, expiry in rows:
        made = SHAPE.at(expiry, level(time), (expiry - time) / YEAR, 0.0, 1.0)
        svi.append((made.a, made.b, made.rho, made.m, made.s))
    at = np.array(rows, dtype=np.int64)
    vols = np.array([level(time) for time, _ in rows])
    return Smiles(at[:, 0], at[:, 1], np.full(len(at), 2_500.0), vols, np.array(svi))


def six_hourly(days: int) -> list[int]:
    return list(range(START, START + days * DAY, 6 * HOUR))


def rising(time: int) -> float:
    return 0.5 + 0.01 * (time - START) / DAY


def along(source: RecordedSurfaces, hours: int) -> list[tuple[ListedSlice, ...]]:
    return [source.slices(START + HOUR * i, 0.6, EXPIRIES) for i in range(hours)]


def test_what_is_posted_is_the_last_snapshots_smile_until_the_next_one() -> None:
    recording = Recording.of(quoted(six_hourly(4), rising))
    for i, slices in enumerate(along(RecordedSurfaces(recording, SPEC, START), 72)):
        time = START + HOUR * i
        last = START + (time - START) // (6 * HOUR) * 6 * HOUR
        assert [slice_.expiry for slice_ in slices] == EXPIRIES
        for slice_ in slices:
            tau = (slice_.expiry - last) / YEAR
            true = SHAPE.at(slice_.expiry, rising(last), tau, SPEC.basis, SPEC.stickiness)
            k = np.linspace(-2, 2, 17) * rising(last) * np.sqrt(tau)
            assert slice_.vol(k) == pytest.approx(true.vol(k), rel=1e-9)


def test_no_later_snapshot_is_seen() -> None:
    """What comes after a moment may be anything: what was posted before is the same."""
    times = six_hourly(6)
    cut = START + 3 * DAY + HOUR
    other = [t if t < cut else t + HOUR for t in times]
    first = Recording.of(quoted(times, rising))
    second = Recording.of(quoted(other, lambda t: rising(t) if t < cut else 1.7))
    hours = (cut - START) // HOUR
    one, two = (along(RecordedSurfaces(r, SPEC, START), hours + 12) for r in (first, second))
    assert one[: hours + 1] == two[: hours + 1]
    assert one[-1] != two[-1]


def test_before_the_window_opens_its_first_surface_stands() -> None:
    recording = Recording.of(quoted(six_hourly(3), rising))
    source = RecordedSurfaces(recording, SPEC, opens=START + DAY)
    (slice_,) = source.slices(START - 6 * DAY, 0.6, EXPIRIES[2:3])
    assert slice_.vol(0.0) == pytest.approx(rising(START + DAY))


def test_an_expiry_that_was_not_quoted_lies_between_its_neighbours() -> None:
    recording = Recording.of(quoted([START], rising))
    between = (EXPIRIES[1] + EXPIRIES[2]) // 2
    near, middle, far = RecordedSurfaces(recording, SPEC, START).slices(
        START, 0.6, [EXPIRIES[1], between, EXPIRIES[2]]
    )
    for k in (-0.1, 0.0, 0.1):
        totals = [float(x.variance(k)) * x.tau(START) for x in (near, middle, far)]
        assert totals == sorted(totals)
    assert middle.vol(0.0) == pytest.approx(0.5)


def test_r37_a_jump_of_the_quotes_is_said_at_once() -> None:
    """How far a slice may move is the contract's to judge; what is signed is what was quoted."""
    recording = Recording.of(quoted(six_hourly(4), lambda t: 0.5 if t < START + DAY else 1.2))
    said = along(RecordedSurfaces(recording, SPEC, START), 60)
    levels = [float(slices[2].vol(0.0)) for slices in said]
    assert levels == pytest.approx([0.5] * 24 + [1.2] * 36)


def test_wings_that_cross_are_flattened_and_the_level_stays() -> None:
    steep = ListedSlice(a=0.0, b=6.0, rho=-0.2, m=0.0, s=0.06, expiry=EXPIRIES[0])
    later = SHAPE.at(EXPIRIES[3], 0.6, 58 / 365, 0.0, 1.0)
    taus = [each.tau(START) for each in (steep, later)]
    assert (steep.variance(GRID) * taus[0] > later.variance(GRID) * taus[1]).any()
    tamed, same = without_crossing_wings([steep, later], START)
    assert (tamed.variance(GRID) * taus[0] <= same.variance(GRID) * taus[1] * (1 + 1e-9)).all()
    assert same == later
    for k in (-0.02, 0.0, 0.02):
        assert tamed.vol(k) == pytest.approx(float(steep.vol(k)), rel=5e-3)


def test_a_blend_begins_and_ends_at_its_ends_and_stays_a_smile() -> None:
    flat_bottomed = Slice(-3.0, 10.0, -0.1, 0.04, 0.33)
    sharp = Slice(0.2, 1.5, -0.5, 0.0, 0.05)
    k = np.linspace(-0.3, 0.3, 31)
    ends = [blend(flat_bottomed, sharp, share) for share in (0.0, 1.0)]
    for end, true in zip(ends, (flat_bottomed, sharp), strict=True):
        assert end.variance(k) == pytest.approx(true.variance(k), rel=1e-9)
    middle = blend(flat_bottomed, sharp, 0.5).variance(np.array([0.0]))
    assert middle == pytest.approx((flat_bottomed.variance(0.0) + sharp.variance(0.0)) / 2)


@pytest.mark.parametrize(
    ("times", "start", "end", "says"),
    [
        (six_hourly(10), START - DAY, START + 5 * DAY, "begins after"),
        (six_hourly(10), START + 5 * DAY, START + 20 * DAY, "has nothing from"),
        ([t for t in six_hourly(10) if not 2 <= (t - START) // DAY < 4],
         START + DAY, START + 8 * DAY, "has nothing from 2026-01-02 18:00 to 2026-01-05"),
    ],
    ids=["begins late", "ends early", "a hole"],
)  # fmt: skip
def test_a_chain_that_overlaps_but_is_sparse_is_refused_and_says_what_to_do(
    times: list[int], start: int, end: int, says: str
) -> None:
    recording = Recording.of(quoted(times, rising), "chain.parquet")
    assert recording.overlaps(start, end)
    with pytest.raises(err.SparseChainError, match=says) as caught:
        recording.check(start, end)
    assert "--chain" in caught.value.hint
    assert "--from" in caught.value.hint


def test_a_recorded_chain_is_dense_and_followed(recorded_chain: Path) -> None:
    """Volatility at the money is the quoted one in nine of ten posts; others are lifted over nearer ones."""
    fitted = chain.smiles(chain.load(recorded_chain))
    recording = Recording.of(fitted)
    recording.check(START, START + 100 * DAY)
    source, gaps = RecordedSurfaces(recording, SPEC, START), []
    for time in range(START, START + 60 * DAY, 2 * HOUR):
        snapshot = recording.as_of(time)
        expiries = [round(snapshot.time + life) for life in snapshot.lives]
        expiries = [e for e in expiries if time + 7 * DAY < e < time + 45 * DAY]
        for slice_ in source.slices(time, 0.6, expiries):
            row = np.flatnonzero(
                (fitted.timestamp == snapshot.time) & (fitted.expiry == slice_.expiry)
            )[0]
            gaps.append(abs(float(slice_.vol(0.0)) - fitted.atm_vol[row]))
    assert len(gaps) > 2_000
    assert np.quantile(gaps, 0.9) < 1e-9
    assert np.quantile(gaps, 0.99) < 0.03
