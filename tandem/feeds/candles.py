"""Price candles from a file, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tandem.errors import ConfigError
from tandem.feeds.errors import (
    BadPriceError,
    BadStepError,
    DuplicateTimestampError,
    EmptyWindowError,
    InconsistentCandleError,
    UnsortedError,
)
from tandem.feeds.tabular import Float, Int, epoch_seconds, floats, read_frame, utc

COLUMNS = ("timestamp", "open", "high", "low", "close")
SIMULATED = "`python -m tandem.feeds.path --out FILE` writes a simulated one"
_LONE_CANDLE_SECONDS = 3600
LEAST_PRICE, MOST_PRICE = 1e-6, 1e10
"""USD. What lies outside is in another unit, as in wei."""
FIRST_TIME, LAST_TIME = 946_684_800, 4_102_444_800
"""2000 and 2100, UTC: expiries fit into 32 bits, and a chain has a past before them."""


@dataclass(frozen=True, slots=True)
class Candles:
    """n candles. timestamps [n] seconds UTC of the open, strictly rising; prices [n] USD."""

    timestamps: Int
    open: Float
    high: Float
    low: Float
    close: Float
    volume: Float
    interval: int
    """The usual length of a candle in seconds (the most frequent distance of two opens)."""
    source: str = "the candles"
    last_length: int | None = None
    """Seconds of the last candle, where it is known; else it is as long as the one before it."""
    finer: Candles | None = None
    """What these were merged from."""

    def gaps(self) -> tuple[int, int]:
        """In how many places prices are left out, and for how many seconds in all, by the finest candles that
        there are."""
        if self.finer is not None:
            return self.finer.gaps()
        left = np.diff(self.timestamps) - self.lengths()[:-1]
        return int(np.count_nonzero(left)), int(left.sum())

    def __len__(self) -> int:
        return len(self.timestamps)

    def lengths(self) -> Int:
        """Seconds that each candle covers [n]: an interval, or less where the next comes sooner."""
        steps = np.diff(self.timestamps)
        last = steps[-1] if len(steps) else self.interval
        steps = np.append(steps, last if self.last_length is None else self.last_length)
        return np.minimum(steps, self.interval)

    def window(self, start: int | None = None, end: int | None = None) -> Candles:
        """The candles that open in [start, end), in seconds UTC."""
        first = 0 if start is None else int(np.searchsorted(self.timestamps, start))
        last = len(self) if end is None else int(np.searchsorted(self.timestamps, end))
        if first >= last:
            begin, stop = int(self.timestamps[0]), int(self.timestamps[-1]) + self.interval
            raise EmptyWindowError(
                f"no candle between {'the start' if start is None else utc(start)} and "
                f"{'the end' if end is None else utc(end)}",
                f"{self.source or 'the file'} covers {utc(begin)} to {utc(stop)} UTC: "
                "choose --from before --to inside it",
            )
        return self._take(slice(first, last))

    def _take(self, rows: slice) -> Candles:
        return Candles(
            self.timestamps[rows], self.open[rows], self.high[rows], self.low[rows],
            self.close[rows], self.volume[rows], self.interval, self.source,
            self.last_length if rows.stop == len(self) else None,
        )  # fmt: skip

    def thin(self, every: int) -> Candles:
        """Merge each `every` candles into one; a gap in the data never hides inside a merge, and a last one
        that the data ends within is as long as what there is of it."""
        if every < 1:
            raise BadStepError(f"cannot merge every {every} candles", "give --every 1 or more")
        if every == 1:
            return self
        length = self.interval * every
        bucket = (self.timestamps - self.timestamps[0]) // length
        first = np.flatnonzero(np.diff(bucket, prepend=-1))
        last = np.append(first[1:], len(self)) - 1
        end = int(self.timestamps[-1] + self.lengths()[-1])
        return Candles(
            timestamps=self.timestamps[first],
            open=self.open[first],
            high=np.maximum.reduceat(self.high, first),
            low=np.minimum.reduceat(self.low, first),
            close=self.close[last],
            volume=np.add.reduceat(self.volume, first),
            interval=length,
            source=self.source,
            last_length=min(length, end - int(self.timestamps[first[-1]])),
            finer=self,
        )


def from_arrays(
    timestamps: Int, open: Float, high: Float, low: Float, close: Float,
    volume: Float | None = None, source: str = "the candles",
) -> Candles:  # fmt: skip
    """Checked candles from arrays; the same errors as for a file."""
    _check_times(timestamps, source)
    _check_prices(open, high, low, close, source)
    steps = np.diff(timestamps)
    if len(steps):
        values, counts = np.unique(steps, return_counts=True)
        interval = int(values[np.argmax(counts)])
    else:
        interval = _LONE_CANDLE_SECONDS
    filled = np.full(len(open), np.nan) if volume is None else volume
    return Candles(timestamps, open, high, low, close, filled, interval, source)


def load(path: str | Path) -> Candles:
    """Candles from a Parquet or CSV file with timestamp, open, high, low, close[, volume]."""
    path = Path(path)
    frame = read_frame(path, COLUMNS, "price", SIMULATED)
    begin, high, low, end = (floats(frame, name, path) for name in COLUMNS[1:])
    volume = floats(frame, "volume", path) if "volume" in frame.columns else None
    times = epoch_seconds(frame, "timestamp", path)
    return from_arrays(times, begin, high, low, end, volume, source=str(path))


def check_years(candles: Candles) -> None:
    """Raises ConfigError for candles of years in which nothing of this was traded."""
    first, last = int(candles.timestamps[0]), int(candles.timestamps[-1])
    if first < FIRST_TIME or last >= LAST_TIME:
        raise ConfigError(
            f"prices from {utc(first)} to {utc(last)} UTC are out of bounds",
            "they are of the years 2000 to 2100: are the times in another unit?",
        )


def _check_times(timestamps: Int, source: str) -> None:
    steps = np.diff(timestamps)
    bad = np.flatnonzero(steps <= 0)
    if not len(bad):
        return
    row = int(bad[0]) + 1
    if steps[row - 1] == 0:
        raise DuplicateTimestampError(
            f"row {row + 1} of {source} repeats the timestamp {utc(int(timestamps[row]))}",
            "keep one candle per timestamp",
        )
    raise UnsortedError(
        f"row {row + 1} of {source}, {utc(int(timestamps[row]))}, lies before the row above it",
        "sort the file by timestamp, oldest first",
    )


def _check_prices(open: Float, high: Float, low: Float, close: Float, source: str) -> None:
    for name, values in zip(COLUMNS[1:], (open, high, low, close), strict=True):
        good = (values >= LEAST_PRICE) & (values <= MOST_PRICE)
        if not good.all():
            row = int(np.argmin(good))
            raise BadPriceError(
                f"row {row + 1} of {source} has {name} = {values[row]}",
                f"every price must be a positive number, of {LEAST_PRICE:f} to {MOST_PRICE:,.0f} USD: "
                "drop or repair the row",
            )
    good = (low <= np.minimum(open, close)) & (high >= np.maximum(open, close))
    if not good.all():
        row = int(np.argmin(good))
        raise InconsistentCandleError(
            f"row {row + 1} of {source} is no candle: open {open[row]}, high {high[row]}, "
            f"low {low[row]}, close {close[row]}",
            "low must be the lowest and high the highest of the four: repair or drop the row",
        )
