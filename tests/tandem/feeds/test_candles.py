"""Price files: every bad input has its own error, and a candle is visited in a fixed order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tandem.feeds import candles, tabular
from tandem.feeds import errors as err

HEADER = "timestamp,open,high,low,close\n"
GOOD = (
    HEADER + "2025-01-01T00:00:00Z,100,110,95,105\n"
    "2025-01-01T01:00:00Z,105,106,90,92\n"
    "2025-01-01T02:00:00Z,92,99,91,98\n"
)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", err.FileUnreadableError, "prices.csv"),
        ("PAR1 but not really", err.FileUnreadableError, "prices.csv"),
        (HEADER, err.NoRowsError, "no rows"),
        ("timestamp,open,close\n0,1,1\n", err.ColumnMissingError, "high, low"),
        (HEADER + "0,1,2,x,1\n", err.ColumnTypeError, "column low"),
        (HEADER + "soon,1,2,1,1\n", err.ColumnTypeError, "timestamp"),
        (HEADER + ",1,2,1,1\n3600,1,2,1,1\n", err.ColumnTypeError, "row 1"),
        (HEADER + "3600,1,2,1,1\n7200,1,2,1,1\n0,1,2,1,1\n", err.UnsortedError, "row 3"),
        (
            HEADER + "0,1,2,1,1\n3600,1,2,1,1\n3600,1,2,1,1\n",
            err.DuplicateTimestampError,
            "row 3 .* 1970-01-01 01:00",
        ),
        (HEADER + "0,1,2,1,1\n3600,,2,1,1\n", err.BadPriceError, "row 2 .* open = nan"),
        (HEADER + "0,1,2,0,1\n", err.BadPriceError, "low = 0"),
        (HEADER + "0,1,2,1,-1\n", err.BadPriceError, "close = -1"),
        (HEADER + "0,1,inf,1,1\n", err.BadPriceError, "high = inf"),
        (HEADER + "0,1.5,1,2,1.5\n", err.InconsistentCandleError, "row 1"),
        (HEADER + "0,1,2,1,1\n3600,3,2,1,1\n", err.InconsistentCandleError, "row 2"),
        (HEADER + "0,1,2,1,0.5\n", err.InconsistentCandleError, "close 0.5"),
    ],
)
def test_a_bad_file_is_refused_by_name_and_says_what_to_do(
    tmp_path: Path, text: str, error: type[err.FeedError], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        candles.load(write(tmp_path, text))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("raw", "error", "says", "todo"),
    [
        (
            HEADER + "01/05/2026 00:00,1,2,1,1\n",
            err.ColumnTypeError,
            "'01/05/2026 00:00' in row 1",
            "ISO",
        ),
        (
            HEADER + "2026-01-05,1,2,1,1\nsoon,1,2,1,1\n",
            err.ColumnTypeError,
            "'soon' in row 2",
            "ISO",
        ),
        (GOOD.replace(",", ";"), err.ColumnMissingError, "are parted by ';'", "commas"),
        (GOOD.replace(",", "\t"), err.ColumnMissingError, "are parted by", "commas"),
        (
            GOOD.replace(",", ";").replace("100", "100,5"),
            err.FileUnreadableError,
            "prices",
            "points",
        ),
        (GOOD.encode("utf-16"), err.FileUnreadableError, "it is UTF-16", "UTF-8"),
        (
            GOOD.replace("open,high", "open, high"),
            err.ColumnMissingError,
            "it has ' high'",
            "spaces",
        ),
        (GOOD.replace("open", "Open"), err.ColumnMissingError, "it has 'Open'", "small letters"),
    ],
)
def test_what_spreadsheets_write_is_told_by_its_cause(
    tmp_path: Path, raw: str | bytes, error: type[err.FeedError], says: str, todo: str
) -> None:
    """Of 01/05/2026 nobody knows which is the month: it was read as the first of May."""
    path = tmp_path / "prices.csv"
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    with pytest.raises(error, match=says) as caught:
        candles.load(path)
    assert todo in caught.value.hint


def test_what_is_called_parquet_and_is_none_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    path.write_text(GOOD)
    with pytest.raises(err.FileUnreadableError, match="it is no Parquet"):
        candles.load(path)


@pytest.mark.parametrize(
    "written", ["2025-01-01T00:00:00Z", "2025-01-01 00:00", "2025-01-01", "2025-01-01T02:00:00+02:00",
                "2024-12-31T19:00:00.000-05:00", "20250101T000000Z"],
)  # fmt: skip
def test_an_iso_time_is_of_its_zone_and_else_utc(tmp_path: Path, written: str) -> None:
    found = candles.load(write(tmp_path, HEADER + f"{written},1,2,1,1\n"))
    assert found.timestamps.tolist() == [1_735_689_600]


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(err.FileMissingError, match="nowhere"):
        candles.load(tmp_path / "nowhere.csv")


def test_a_folder_is_not_a_price_file(tmp_path: Path) -> None:
    with pytest.raises(err.FileUnreadableError):
        candles.load(tmp_path)


def test_extra_columns_are_ignored_and_volume_is_optional(tmp_path: Path) -> None:
    path = write(tmp_path, "note,timestamp,open,high,low,close,volume\nhi,0,1,2,1,1,7\n")
    assert candles.load(path).volume.tolist() == [7.0]
    assert np.isnan(candles.load(write(tmp_path, GOOD)).volume).all()


@pytest.mark.parametrize("scale", [1, 1_000, 1_000_000, 1_000_000_000])
def test_epochs_are_read_in_any_unit(tmp_path: Path, scale: int) -> None:
    rows = "".join(f"{(1735689600 + 3600 * i) * scale},1,2,1,1\n" for i in range(3))
    loaded = candles.load(write(tmp_path, HEADER + rows))
    assert loaded.timestamps.tolist() == [1735689600, 1735693200, 1735696800]


def test_parquet_and_csv_give_the_same_candles(tmp_path: Path) -> None:
    csv = candles.load(write(tmp_path, GOOD))
    parquet = tmp_path / "prices.parquet"
    pl.read_csv(write(tmp_path, GOOD), try_parse_dates=True).write_parquet(parquet)
    other = candles.load(parquet)
    assert (
        csv.timestamps.tolist() == other.timestamps.tolist() == [1735689600, 1735693200, 1735696800]
    )
    assert csv.low.tolist() == other.low.tolist()


def test_a_candle_that_the_next_one_cuts_short_is_shorter() -> None:
    ones = np.ones(4)
    times = np.array([0, 3600, 7200, 7600], dtype=np.int64)
    made = candles.from_arrays(times, ones, ones, ones, ones)
    assert made.interval == 3600
    assert made.lengths().tolist() == [3600, 3600, 400, 400]


def test_a_window_is_half_open_and_an_empty_one_is_refused_by_name(tmp_path: Path) -> None:
    loaded = candles.load(write(tmp_path, GOOD))
    start = 1735689600
    assert loaded.window(start + 3600, start + 7200).open.tolist() == [105]
    assert len(loaded.window()) == 3
    with pytest.raises(err.EmptyWindowError, match="2025-01-02 00:00"):
        loaded.window(start + 86_400)
    with pytest.raises(err.EmptyWindowError):
        loaded.window(start + 3600, start)


def test_thinning_keeps_open_extremes_close_and_gaps() -> None:
    times = np.array([0, 60, 120, 180, 600, 660], dtype=np.int64)
    open_ = np.array([5.0, 9, 4, 8, 9, 10])
    made = candles.from_arrays(times, open_, open_ + 2, open_ - 3, open_ + 1, open_ * 10)
    thin = made.thin(4)
    assert thin.timestamps.tolist() == [0, 600]
    assert thin.open.tolist() == [5, 9]
    assert thin.high.tolist() == [11, 12]
    assert thin.low.tolist() == [1, 6]
    assert thin.close.tolist() == [9, 11]
    assert thin.volume.tolist() == [260, 190]
    assert thin.interval == 240
    assert thin.lengths().tolist() == [240, 120]
    assert thin.window(0, 600).lengths().tolist() == [240]
    assert thin.window(0, 601).lengths().tolist() == [240, 120]
    assert made.thin(5).lengths().tolist() == [300, 120]
    assert made.thin(1) is made
    with pytest.raises(err.BadStepError):
        made.thin(0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2025-04-07", 1743984000),
        ("2025-04-07T06:00", 1744005600),
        ("2025-04-07T06:00:00+02:00", 1743998400),
        ("1743984000", 1743984000),
        ("1743984000000", 1743984000),
    ],
)
def test_times_on_the_command_line_are_utc(text: str, seconds: int) -> None:
    assert tabular.parse_time(text) == seconds


@pytest.mark.parametrize("text", ["next week", "2026-02-29", "20261101", "2026", "202611"])
def test_a_time_that_cannot_be_read_is_refused_by_name(text: str) -> None:
    """A day without hyphens was one of 1970: a report since then took all that there ever was."""
    with pytest.raises(err.BadTimeError, match=text):
        tabular.parse_time(text)


def test_recorded_candles_load_and_hold_the_april_crash(recorded_five_minutes: Path) -> None:
    loaded = candles.load(recorded_five_minutes)
    assert loaded.interval == 300
    assert set(loaded.lengths().tolist()) == {300}
    crash = loaded.window(tabular.parse_time("2025-04-07"), tabular.parse_time("2025-04-08"))
    assert crash.low.min() < 1450
