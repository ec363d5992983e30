"""Option chains: bad files are refused by name, and known smiles come back as shapes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tandem.feeds import chain
from tandem.feeds import errors as err
from tandem.feeds.flow import FlowSpec, arrivals
from tandem.feeds.surface import (
    FLAT,
    SMILE,
    Kind,
    Modelled,
    SurfaceSpec,
    shape_at,
    shapes_of,
)
from tandem.model.surface_law import Place, refusal
from tandem.units import DAY

START = 1_767_225_600
TRUE = {"a": 0.8, "b": 0.25, "rho": -0.3, "m": 0.1, "s": 0.8}


def true_vol(level: float, x: np.ndarray) -> np.ndarray:
    shifted = x - TRUE["m"]
    root = np.sqrt(shifted**2 + TRUE["s"] ** 2)
    return level * np.sqrt(TRUE["a"] + TRUE["b"] * (TRUE["rho"] * shifted + root))


def rows(snapshots: int = 4) -> pl.DataFrame:
    """A chain whose smiles have one shape, at levels that move; marks in the money are poor."""
    made = []
    for snap in range(snapshots):
        now, index, level = START + snap * 6 * 3600, 2000.0 + 40 * snap, 0.6 + 0.05 * snap
        for days in (2, 7, 14, 30, 60):
            tau, forward = days / 365, index * 1.002
            strikes = forward * np.exp(np.linspace(-0.6, 0.6, 41) * np.sqrt(days / 30))
            vols = true_vol(level, np.log(strikes / forward) / (level * np.sqrt(tau)))
            for strike, vol in zip(strikes, vols, strict=True):
                for kind in ("call", "put"):
                    inside = strike > forward if kind == "put" else strike < forward
                    mark = float(vol) * (1.3 if inside else 1.0)
                    made.append(
                        (now, now + days * DAY, float(strike), kind, mark,
                         10.0 if kind == "put" else 30.0, None if days == 2 else forward)
                    )  # fmt: skip
    names = ("timestamp", "expiry", "strike", "option_type", "mark_iv", "open_interest", "forward")
    return pl.DataFrame(made, schema=list(names), orient="row")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "chain.parquet"
    rows().write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda f: f.drop("mark_iv", "forward"), err.ColumnMissingError, "mark_iv, forward"),
        (lambda f: f.head(0), err.NoRowsError, "no rows"),
        (lambda f: f.with_columns(strike=-pl.col("strike")), err.ChainValueError, "strike"),
        (lambda f: f.with_columns(forward=pl.lit(0.0)), err.ChainValueError, "forward"),
        (lambda f: f.with_columns(mark_iv=pl.lit(-0.6)), err.ChainValueError, "mark_iv"),
        (lambda f: f.with_columns(mark_iv=pl.lit(65.0)), err.ChainUnitError, "mark_iv in percent"),
        (lambda f: f.with_columns(mark_iv=pl.lit(45.0)), err.ChainUnitError, "mark_iv in percent"),
        (lambda f: f.with_columns(pl.col("mark_iv") * 20), err.ChainUnitError, "divide|percent"),
        (lambda f: f.with_columns(open_interest=pl.lit(-1)), err.ChainValueError, "open_interest"),
        (lambda f: f.with_columns(option_type=pl.lit("swap")), err.ChainValueError, "swap"),
        (lambda f: f.with_columns(mark_iv=pl.lit("high")), err.ColumnTypeError, "mark_iv"),
        (lambda f: f.with_columns(forward=None), err.ThinChainError, "forward"),
        (lambda f: f.with_columns(expiry=pl.col("timestamp")), err.ThinChainError, "expiry"),
    ],
)
def test_a_bad_chain_is_refused_by_name_and_says_what_to_do(
    tmp_path: Path, change: object, error: type[err.FeedError], says: str
) -> None:
    path = tmp_path / "bad.parquet"
    change(rows(1)).write_parquet(path)  # type: ignore[operator]
    with pytest.raises(error, match=says) as caught:
        chain.load(path)
    assert caught.value.hint
    assert "a option" not in caught.value.hint


def test_a_wing_may_be_quoted_at_more_than_half_a_thousand_percent(tmp_path: Path) -> None:
    """On its last day one is, in a file of fractions; a row of 50 and more is a mistake by itself."""
    path, quoted = tmp_path / "wings.parquet", rows(1)
    wing = pl.int_range(pl.len()).is_between(82, 121)  # of the week's expiry
    quoted.with_columns(mark_iv=pl.when(wing).then(7.5).otherwise("mark_iv")).write_parquet(path)
    assert chain.load(path).mark_iv.max() == 7.5
    quoted.with_columns(mark_iv=pl.when(wing).then(75.0).otherwise("mark_iv")).write_parquet(path)
    with pytest.raises(err.ChainValueError, match=r"row 83 .* mark_iv = 75"):
        chain.load(path)


def test_rows_without_a_forward_are_dropped_and_counted(made: Path) -> None:
    loaded = chain.load(made)
    assert loaded.dropped == 4 * 41 * 2
    assert np.isfinite(loaded.forward).all()
    assert loaded.tau.min() == pytest.approx(7 / 365)


def test_a_csv_chain_gives_the_same(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "chain.csv"
    rows().write_csv(path)
    assert np.allclose(chain.load(path).mark_iv, chain.load(made).mark_iv)


def test_known_smiles_are_fitted_and_come_back_as_one_shape(made: Path) -> None:
    fitted = chain.smiles(chain.load(made))
    assert len(fitted.atm_vol) == 4 * 4
    centre = true_vol(1.0, np.array([0.0]))[0]
    assert np.sort(np.unique(fitted.atm_vol.round(3))) == pytest.approx(
        centre * np.array([0.6, 0.65, 0.7, 0.75]), abs=2e-3
    )
    x = np.linspace(-1.8, 1.8, 13)
    for shape in chain.shapes(fitted):
        slice_ = shape.at(START, 1.0, 1.0, 0.0, 1.0)
        assert slice_.vol(x) == pytest.approx(true_vol(1.0, x * centre) / centre, abs=0.012)
    assert {shape.tenor_days for shape in chain.shapes(fitted)} == {7.0, 14.0, 30.0, 60.0}


def test_a_chain_without_enough_smiles_is_refused_by_name(made: Path) -> None:
    loaded = chain.load(made)
    with pytest.raises(err.ThinChainError, match="quotes near its forward"):
        chain.smiles(loaded, min_days=80)
    with pytest.raises(err.ThinChainError, match="too few smiles"):
        chain.shapes(chain.smiles(loaded), tenors=(200.0,))
    with pytest.raises(err.ThinChainError, match="open interest"):
        chain.menu(loaded, min_days=61, max_days=70)


def test_shapes_are_chosen_by_kind(made: Path) -> None:
    assert shapes_of(Kind.FLAT) == FLAT
    assert shapes_of(Kind("smile")) == SMILE
    assert len(shapes_of(Kind.CHAIN, made)) == 4
    with pytest.raises(err.FileMissingError, match="chain file"):
        shapes_of(Kind.CHAIN)


def test_the_menu_follows_open_interest(made: Path) -> None:
    held = chain.menu(chain.load(made))
    assert held.weight.sum() == pytest.approx(1.0)
    assert (held.weight * held.is_put).sum() == pytest.approx(0.25, abs=0.08)
    assert held.tenor_days.min() >= 7
    assert held.tenor_days.max() <= 45
    intents = arrivals(FlowSpec(menu=held, trades_per_day=100), START, START + 5 * DAY)
    puts = sum(intent.is_put for intent in intents) / len(intents)
    assert puts == pytest.approx(0.25, abs=0.1)


def test_what_was_opened_is_where_open_interest_rose(tmp_path: Path) -> None:
    """Two series of a fortnight and one of a quarter: what fell, what is new and what is far away opens
    nothing."""
    told = {
        (14, "put"): (10.0, 13.0, 13.0, 9.0), (14, "call"): (None, 50.0, 57.0, 57.5),
        (90, "put"): (1.0, 2.0, 3.0, 4.0),
    }  # fmt: skip
    made = [
        (START + i * 6 * 3600, START + days * DAY, 2000.0, kind, 0.6, held, 2000.0)
        for (days, kind), amounts in told.items()
        for i, held in enumerate(amounts)
        if held is not None
    ]
    path = tmp_path / "chain.parquet"
    pl.DataFrame(made, schema=rows(1).columns, orient="row").write_parquet(path)
    assert chain.opened(chain.load(path)).tolist() == [0.5, 3.0, 7.0]
    pl.DataFrame(made[:1], schema=rows(1).columns, orient="row").write_parquet(path)
    assert not len(chain.opened(chain.load(path)))


def test_a_recorded_chain_gives_shapes_that_a_surface_can_post(recorded_chain: Path) -> None:
    loaded = chain.load(recorded_chain)
    assert 0.04 < loaded.dropped / (loaded.dropped + len(loaded)) < 0.13
    fitted = chain.smiles(loaded)
    assert 0.4 < np.median(fitted.atm_vol) < 1.0
    found = chain.shapes(fitted)
    assert [shape.tenor_days for shape in found] == list(chain.TENORS)
    thirty = shape_at(found, 30.0).at(START, 0.65, 30 / 365, 0.03, 1.0)
    assert thirty.vol(-0.2) > thirty.vol(0.2) > 0.5
    expiries = [START + days * DAY for days in (7, 10, 14, 21, 28, 45)]
    for level in (0.35, 0.6, 1.2):
        source = Modelled(SurfaceSpec(shapes=found))
        for slice_ in source.slices(START, level, expiries):
            assert refusal(slice_, Place(slice_.expiry - START)) is None
    held = chain.menu(loaded)
    assert 0.3 < (held.weight * held.is_put).sum() < 0.6
    amounts = chain.opened(loaded)
    assert len(amounts) > 10_000
    assert 20 < np.median(amounts) < 50 < 100 < amounts.mean()
