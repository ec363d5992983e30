"""Options from a file: one row each, bounds checked row by row, each fault by name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tandem.feeds.errors import (
    ColumnMissingError,
    FileMissingError,
    FileUnreadableError,
    NoRowsError,
)
from tandem.files import readable
from tandem.units import WAD, YEAR

Float = NDArray[np.float64]

REQUIRED = ("type", "forward", "strike", "tau_seconds", "vol")
BOUNDS = {
    "forward": (1e-6, 1e10, "[0.000001, 10000000000]"),
    "strike": (1e-6, 1e10, "[0.000001, 10000000000]"),
    "tau_seconds": (1.0, 2.0 * YEAR, "[1 s, 2 y]"),
    "vol": (0.01, 5.0, "[0.01, 5]"),
}
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_HINT = (
    "give a CSV or Parquet file with the columns type, forward, strike, tau_seconds, vol and,"
    " if you like, cap"
)


@dataclass(frozen=True, slots=True)
class OptionRows:
    """n rows. frame: the file's columns as text, in its order; is_put [n]; forward, strike [n] USD;
    cap [n] USD, NaN = none; tau [n] years; vol [n] 1/sqrt(year); error [n] text, "" where sound."""

    frame: pl.DataFrame
    is_put: NDArray[np.bool_]
    forward: Float
    strike: Float
    cap: Float
    tau: Float
    vol: Float
    error: NDArray[np.str_]

    @property
    def sound(self) -> NDArray[np.bool_]:
        """Which rows can be priced [n]."""
        return self.error == ""

    def seconds(self, row: int) -> Decimal:
        """The life of a sound row, as the file has it."""
        return Decimal(self.frame.item(row, "tau_seconds"))

    def query(self, row: int) -> tuple[bool, int, int, int, int, int]:
        """One sound row of whole seconds as the contract takes it: (is_put, forward, strike, cap
        or 0, life in seconds, vol), WAD but for the life, from the text and not from a double,
        rounded half to even."""

        def number(name: str) -> int:
            text = self.frame.item(row, name) if name in self.frame.columns else None
            scaled = Decimal(text) * WAD if text is not None else Decimal(0)
            return int(scaled.to_integral_value(ROUND_HALF_EVEN))

        return (
            bool(self.is_put[row]),
            number("forward"),
            number("strike"),
            number("cap"),
            int(self.seconds(row)),
            number("vol"),
        )


def read_rows(path: Path) -> OptionRows:
    """Read and check a file. Raises FeedErrors where it is missing, unreadable, empty or lacks a
    column; a bad row is no error, it carries its own."""
    given = _read(path)
    names = [name.strip() for name in given.columns]
    twice = {n for n in names if names.count(n) > 1 or f"{n}_duplicated_0" in names}
    if twice:
        raise ColumnMissingError(
            f"{path} has several columns {', '.join(sorted(twice))}", "keep one of each name"
        )
    frame = _as_text(given)
    missing = [name for name in REQUIRED if name not in frame.columns]
    if missing:
        has = ", ".join(frame.columns)
        raise ColumnMissingError(
            f"{path} lacks the column(s) {', '.join(missing)}; it has {has}", _HINT
        )
    if frame.height == 0:
        raise NoRowsError(f"{path} has no rows", _HINT)
    return _check(frame)


def _read(path: Path) -> pl.DataFrame:
    if not path.exists():
        raise FileMissingError(f"no options file at {path}", f"check the path; {_HINT}")
    try:
        with readable(path).open("rb") as file:
            head = file.read(4)
        if not head.strip():
            raise NoRowsError(f"{path} is empty", _HINT)
        if head == b"PAR1":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema=False)
    except pl.exceptions.NoDataError as error:
        raise NoRowsError(f"{path} is empty", _HINT) from error
    except (OSError, UnicodeDecodeError, pl.exceptions.PolarsError) as error:
        raise FileUnreadableError(
            f"cannot read {path}: {str(error).splitlines()[0]}",
            "save it as Parquet, or as CSV in UTF-8 with a header line",
        ) from error


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column as stripped text, null where there is nothing; floats by their shortest form."""
    columns = []
    for column in frame.iter_columns():
        name = column.name.strip()
        if column.dtype.is_float():
            texts = [None if v is None or v != v else plain(v) for v in column.to_list()]
            missing = name != "cap"
            if missing:
                nan = column.is_nan().fill_null(value=False).to_list()
                texts = ["nan" if n else t for t, n in zip(texts, nan, strict=True)]
            columns.append(pl.Series(name, texts, dtype=pl.String))
        else:
            text = _written(column).str.strip_chars()
            columns.append(text.set(text == "", None).alias(name))
    return pl.DataFrame(columns)


def _written(column: pl.Series) -> pl.Series:
    """A column's values as text; those that polars has none for (lists, bytes, spans) as Python says them."""
    try:
        return column.cast(pl.String, strict=False)
    except pl.exceptions.PolarsError:
        texts = [None if v is None else str(v) for v in column.to_list()]
        return pl.Series(column.name, texts, dtype=pl.String)


def plain(x: float) -> str:
    """A double as a plain decimal string that reads back as the same double: no exponent."""
    return format(Decimal(repr(float(x) + 0.0)), "f") if np.isfinite(x) else str(x)


def _numbers(frame: pl.DataFrame, name: str) -> tuple[Float, NDArray[np.bool_], NDArray[np.bool_]]:
    """(values with NaN where there is none, which rows are missing, which rows are no number)."""
    if name not in frame.columns:
        nothing = np.full(frame.height, np.nan)
        return nothing, np.ones(frame.height, np.bool_), np.zeros(frame.height, np.bool_)
    text = frame.get_column(name)
    empty = text.is_null().to_numpy()
    numeric = text.str.contains(_NUMBER).fill_null(value=False)
    values = text.set(~numeric, None).cast(pl.Float64, strict=False).fill_null(float("nan"))
    return np.array(values.to_numpy()), empty, ~numeric.to_numpy() & ~empty


def _check(frame: pl.DataFrame) -> OptionRows:
    kind = frame.get_column("type").str.to_lowercase().fill_null("")
    is_put = kind.is_in(["put", "p"]).to_numpy()
    error = np.full(frame.height, "", dtype="<U64")

    def fault(where: NDArray[np.bool_], what: str) -> None:
        error[(error == "") & where] = what

    fault(~(is_put | kind.is_in(["call", "c"]).to_numpy()), "type: not call or put")
    values: dict[str, Float] = {}
    for name, (low, high, shown) in BOUNDS.items():
        x, empty, odd = _numbers(frame, name)
        fault(empty, f"{name}: missing")
        fault(odd, f"{name}: not a number")
        if name in ("forward", "strike"):
            fault(~(x > 0.0), f"{name}: not positive")
        fault(~((x >= low) & (x <= high)), f"{name}: out of {shown}")
        values[name] = x
    cap, _, odd = _numbers(frame, "cap")
    fault(odd, "cap: not a number")
    fault(~is_put & (cap <= values["strike"]), "cap: not above strike")
    fault(is_put & (cap >= values["strike"]), "cap: not below strike")
    fault(is_put & (cap < 0.0), "cap: negative")
    fault(cap > BOUNDS["strike"][1], f"cap: out of {BOUNDS['strike'][2]}")
    tau = values["tau_seconds"] / YEAR
    return OptionRows(
        frame, is_put, values["forward"], values["strike"], cap, tau, values["vol"], error
    )
