"""Read a Parquet or CSV file into a frame, and times into epoch seconds. Shared by the feeds.

Frames are polars', which takes longer to load than most commands take to answer: it is imported where a file
is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tandem.feeds.errors import (
    BadTimeError,
    ColumnMissingError,
    ColumnTypeError,
    FileMissingError,
    FileUnreadableError,
    NoRowsError,
)
from tandem.files import readable

if TYPE_CHECKING:
    import polars as pl

Int = npt.NDArray[np.int64]
Float = npt.NDArray[np.float64]

_PARQUET_MAGIC = b"PAR1"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CSV = "CSV in UTF-8 with a header line, commas between columns and points in numbers"
FIRST_TIME, LAST_TIME = -62_135_596_800, 253_402_300_799
"""The calendar's ends: the years 1 and 9999, UTC."""
FIRST_EPOCH = 100_000_000
"""What is less is no moment that anybody means, but a year, or a day without hyphens, as 20261101."""
_EPOCH_UNITS = ((3e17, 1_000_000_000), (3e14, 1_000_000), (3e11, 1_000))
_POWER = re.compile(r"\s*[+-]?\d+\.?(\d*)[eE]([+-]?\d{1,4})\s*", re.ASCII)
"""A number as spreadsheets shorten it: digits behind the point, and the power of ten."""
_SHOWN = 400
"""Characters of a file's columns that an error shows."""
_TIMES = ("timestamp", "expiry")


def read_frame(
    path: Path, required: Sequence[str], what: str, instead: str = "or leave the option out"
) -> pl.DataFrame:
    """The rows of a Parquet or CSV file that has at least the `required` columns. instead: what somebody
    can do who has no such file."""
    import polars as pl

    if not path.exists():
        raise FileMissingError(f"no {what} file at {path}", f"check the path; {instead}")
    try:
        if not readable(path).is_file():
            raise ValueError("it is a pipe, which is read once")
        with path.open("rb") as file:
            first = file.read(4)
        is_parquet = first == _PARQUET_MAGIC
        if first[:2] in _UTF_16:
            raise UnicodeError("it is UTF-16")
        if path.suffix == ".parquet" and not is_parquet:
            raise ValueError("it is no Parquet")
        frame = pl.read_parquet(path) if is_parquet else _read_csv(path)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise FileUnreadableError(
            f"cannot read the {what} file {path}: {str(error).splitlines()[0]}",
            f"save it as Parquet, or as {CSV}",
        ) from error
    missing = [name for name in required if name not in frame.columns]
    if missing:
        raise _lacks(path, frame.columns, missing, required, what)
    twice = [name for name in required if f"{name}_duplicated_0" in frame.columns]
    if twice:
        raise ColumnMissingError(
            f"{path} has several columns {', '.join(twice)}", "keep one of each name"
        )
    if frame.height == 0:
        raise NoRowsError(f"{path} has no rows", f"name another {what} file, with at least one row")
    return frame


def _lacks(
    path: Path, has: Sequence[str], missing: Sequence[str], required: Sequence[str], what: str
) -> ColumnMissingError:
    """Why a file has not the columns that it needs, as far as its head shows that."""
    separator = next((each for each in ";\t|" if len(has) == 1 and each in has[0]), "")
    if separator:
        return ColumnMissingError(
            f"the columns of {path} are parted by {separator!r}", f"save it as {CSV}"
        )
    spelt = {name.strip().lower(): name for name in has}
    if all(name in spelt for name in missing):
        odd = ", ".join(repr(spelt[name]) for name in missing)
        return ColumnMissingError(
            f"{path} lacks the column(s) {', '.join(missing)}; it has {odd}",
            "write them in small letters, without spaces",
        )
    listed = "".join(x if x.isprintable() else "?" for x in ", ".join(has)[: _SHOWN + 1])
    shown = listed if len(listed) <= _SHOWN else f"{listed[:_SHOWN]}…"
    return ColumnMissingError(
        f"{path} lacks the column(s) {', '.join(missing)}; it has {shown}",
        f"rename or add them: the columns of the {what} file are {', '.join(required)}",
    )


def _read_csv(path: Path) -> pl.DataFrame:
    """Times that are written with a point or a power of ten come as their text."""
    import polars as pl

    frame = pl.read_csv(path, infer_schema_length=None)
    broken = [name for name in _TIMES if name in frame.columns and frame.schema[name].is_float()]
    if not broken:
        return frame
    texts = pl.read_csv(path, columns=broken, infer_schema=False)
    return frame.with_columns(texts.get_columns())


def epoch_seconds(frame: pl.DataFrame, name: str, path: Path) -> Int:
    """Column `name` as int64 seconds UTC; takes datetimes, dates, ISO text (UTC unless it says otherwise),
    and epochs in s, ms, us or ns."""
    import polars as pl

    column = frame.get_column(name)
    if column.dtype == pl.String:
        numbers = column.cast(pl.Float64, strict=False)
        is_epoch = numbers.null_count() == column.null_count()
        if not is_epoch or not column.str.contains("[.eE]").any():
            return _iso_seconds(column.to_list(), name, path)
        _check_powers(column.to_list(), name, path)
        column = numbers
    if column.dtype == pl.Float32:
        raise _rounded(path, name, "numbers of 32 bits")
    if column.dtype == pl.Date:
        column = column.cast(pl.Datetime("us"))
    if isinstance(column.dtype, pl.Datetime):
        column = column.dt.epoch("s")
    elif not column.dtype.is_numeric():
        raise _not_a(path, name, "time", f"type {column.dtype}")
    if column.null_count():
        row = int(column.is_null().arg_max() or 0)
        raise _not_a(path, name, "time", f"nothing in row {row + 1}")
    values = column.cast(pl.Float64).to_numpy()
    if not np.isfinite(values).all():
        row = int(np.argmin(np.isfinite(values))) + 1
        raise _not_a(path, name, "time", f"no number in row {row}")
    divisor = _epoch_divisor(float(np.abs(values).max()))
    _check_epochs(values, divisor, name, path)
    if column.dtype.is_integer():
        return np.asarray((column // divisor).cast(pl.Int64).to_numpy(), dtype=np.int64)
    return np.asarray(np.floor(values / divisor), dtype=np.int64)


def _check_epochs(values: Float, divisor: int, name: str, path: Path) -> None:
    """Raises BadTimeError where one of them is no time of this unit. values [n]."""
    written = "write an ISO time, or an epoch in seconds, ms, us or ns, the same in every row"
    inside = (values / divisor >= FIRST_TIME) & (values / divisor <= LAST_TIME)
    size = np.abs(values)
    same = (size == 0.0) | (size > next((low for low, unit in _EPOCH_UNITS if unit == divisor), -1))
    for good, why in ((inside, "is no time"), (same, "is in another unit than others")):
        if not good.all():
            row = int(np.argmin(good))
            raise BadTimeError(
                f"column {name} of {path} has {values[row]:.15g} in row {row + 1}, which {why}",
                written,
            )
    if values.min() >= 19_000_101 and values.max() <= 21_001_231:
        raise BadTimeError(
            f"column {name} of {path} has {values[0]:.15g} in row 1, which is a date without dashes",
            "write it as 2025-04-07",
        )


def _check_powers(texts: Sequence[str | None], name: str, path: Path) -> None:
    """Of 1.7172E+09 nobody knows the seconds. Raises BadTimeError where the last digit that is written says
    more than one of them."""
    found = [_POWER.fullmatch(text) if text is not None else None for text in texts]
    last = [int(each[2]) - len(each[1]) if each else 0 for each in found]
    largest = max((abs(float(text)) for text in texts if text is not None), default=0.0)
    if (power := max(last, default=0)) > math.log10(_epoch_divisor(largest)):
        raise _rounded(path, name, f"{texts[last.index(power)]} in row {last.index(power) + 1}")


def _rounded(path: Path, name: str, found: str) -> BadTimeError:
    return BadTimeError(
        f"column {name} of {path} has {found}, which leaves no whole seconds",
        "write an ISO time, or an epoch with all its digits",
    )


def _iso_seconds(texts: Sequence[str | None], name: str, path: Path) -> Int:
    """Of ISO dates and times alone: of 01/02/2026 nobody knows which number is the month."""
    found = np.empty(len(texts), dtype=np.int64)
    for row, text in enumerate(texts):
        if text is None:
            raise _not_a(path, name, "time", f"nothing in row {row + 1}")
        try:
            moment = datetime.fromisoformat(text.strip())
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            found[row] = math.floor(aware.timestamp())
        except (ValueError, OverflowError) as error:
            raise _not_a(path, name, "time", f"{text!r} in row {row + 1}") from error
    return found


def _epoch_divisor(largest: float) -> int:
    return next((unit for limit, unit in _EPOCH_UNITS if largest > limit), 1)


def floats(frame: pl.DataFrame, name: str, path: Path) -> Float:
    """Column `name` as float64, with null as NaN."""
    import polars as pl

    column = frame.get_column(name)
    if not (column.dtype.is_numeric() or column.dtype == pl.Null):
        raise _not_a(path, name, "number", f"type {column.dtype}")
    return np.array(column.cast(pl.Float64).fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _not_a(path: Path, name: str, kind: str, found: str) -> ColumnTypeError:
    wanted = "an ISO time or an epoch in seconds or ms" if kind == "time" else "a plain number"
    return ColumnTypeError(
        f"column {name} of {path} is not a {kind}: {found}", f"write {wanted} in every row"
    )


def utc(seconds: int) -> str:
    """`2025-04-07 00:00` for people."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def parse_time(text: str) -> int:
    """Epoch seconds of an ISO date or time (UTC unless it says otherwise), or of an epoch."""
    try:
        if text.strip().lstrip("-").isdigit():
            value = int(text)
            if 0 < value < FIRST_EPOCH:
                raise ValueError("a date without hyphens, or a year")
            seconds = value // _epoch_divisor(abs(value))
        else:
            moment = datetime.fromisoformat(text.strip())
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = int(aware.timestamp())
        utc(seconds)  # past the calendar's end there is none
    except (ValueError, OverflowError, OSError) as error:
        raise BadTimeError(
            f"cannot read the time {text!r}", "write 2025-04-07, 2025-04-07T06:00 or epoch seconds"
        ) from error
    return seconds
