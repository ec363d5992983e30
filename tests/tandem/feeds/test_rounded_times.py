"""Times and prices of a file that look like others: nothing is taken for what it is not."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from tandem.errors import ConfigError
from tandem.feeds import candles
from tandem.feeds import errors as err

FIRST, DAY = 1_717_200_000, 86_400
PRICES = {"open": [1.0, 1.0], "high": [2.0, 2.0], "low": [1.0, 1.0], "close": [1.0, 1.0]}


def csv(tmp_path: Path, *times: object, prices: str = "1,2,1,1") -> Path:
    path = tmp_path / "prices.csv"
    rows = "".join(f"{time},{prices}\n" for time in times)
    path.write_text("timestamp,open,high,low,close\n" + rows)
    return path


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("1.71720e+09", "1.71729e+09", "1.71720e.09 in row 1, which leaves no whole seconds"),
        ("1717200000.0", "1.7173E9", "1.7173E9 in row 2"),
        ("1.7172000e12", "1.7172864e12", "1.7172000e12 in row 1"),
        (FIRST, (FIRST + DAY) * 1_000, "1717200000 in row 1, which is in another unit"),
        (20_240_601, 20_240_602, "20240601 in row 1, which is a date without dashes"),
    ],
)
def test_times_that_would_be_others_are_refused(
    tmp_path: Path, first: object, second: object, says: str
) -> None:
    """Daily candles at 1.71720e+09 and 1.71729e+09 were read, hours beside their times."""
    with pytest.raises(err.BadTimeError, match=says) as caught:
        candles.load(csv(tmp_path, first, second))
    assert "write" in caught.value.hint


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1717200000.000", "1717286400.999"),
        ("1.7172000000e9", "1.7172864000e9"),
        ("1.717200000e12", "1.717286400e12"),
    ],
)
def test_times_with_all_their_digits_are_read(tmp_path: Path, first: str, second: str) -> None:
    found = candles.load(csv(tmp_path, first, second))
    assert found.timestamps.tolist() == [FIRST, FIRST + DAY]


@pytest.mark.parametrize(
    ("times", "found"),
    [
        (pl.Series([FIRST, FIRST + DAY], dtype=pl.Float32), None),
        (pl.Series([10**19, 10**19 + 10**12], dtype=pl.UInt64), [10**10, 10**10 + 1_000]),
    ],
)
def test_parquet_has_numbers_of_other_widths(
    tmp_path: Path, times: pl.Series, found: list[int] | None
) -> None:
    """32 bits hold no second of this century; past 63 bits the library's own error came out."""
    path = tmp_path / "prices.parquet"
    pl.DataFrame({"timestamp": times, **PRICES}).write_parquet(path)
    if found is None:
        with pytest.raises(err.BadTimeError, match="32 bits"):
            candles.load(path)
        return
    assert candles.load(path).timestamps.tolist() == found


@pytest.mark.parametrize("prices", ["1e21,2e21,1e21,1e21", "1e-9,2e-9,1e-9,1e-9"])
def test_prices_in_another_unit_are_refused(tmp_path: Path, prices: str) -> None:
    with pytest.raises(err.BadPriceError, match="row 1") as caught:
        candles.load(csv(tmp_path, FIRST, FIRST + DAY, prices=prices))
    assert "0.000001 to 10,000,000,000 USD" in caught.value.hint


def test_years_in_which_nothing_was_traded_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="1970-01-01"):
        candles.check_years(candles.load(csv(tmp_path, 0, DAY)))


def test_a_column_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = csv(tmp_path, FIRST, prices="1,2,1,1,9")
    path.write_text(path.read_text().replace("close", "close,close"))
    with pytest.raises(err.ColumnMissingError, match="several columns close"):
        candles.load(path)


def test_a_file_of_other_columns_is_shown_in_short_and_in_print(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(b"\x1b[31m" + b",".join(b"c%d" % i for i in range(10_000)) + b"\n1\n")
    with pytest.raises(err.ColumnMissingError, match="timestamp") as caught:
        candles.load(path)
    assert len(caught.value.message) < 700
    assert caught.value.message.isprintable()


def test_a_pipe_is_told_to_be_one(tmp_path: Path) -> None:
    """It is read twice, and the second time never ends."""
    os.mkfifo(tmp_path / "prices.csv")
    with pytest.raises(err.FileUnreadableError, match="it is a pipe"):
        candles.load(tmp_path / "prices.csv")
