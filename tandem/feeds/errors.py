"""What can be wrong with a data file, each by its own name."""

from __future__ import annotations

from tandem.errors import TandemError


class FeedError(TandemError):
    """Base of every error about a data file or a window of it."""


class FileMissingError(FeedError):
    """The file is not there."""


class FileUnreadableError(FeedError):
    """The file is there, but is neither readable Parquet nor CSV."""


class ColumnMissingError(FeedError):
    """One or more required columns are absent."""


class ColumnTypeError(FeedError):
    """A column holds something that is not a number or a time."""


class NoRowsError(FeedError):
    """The file has the right columns and no rows."""


class UnsortedError(FeedError):
    """A timestamp lies before the one above it."""


class DuplicateTimestampError(FeedError):
    """Two rows carry the same timestamp."""


class BadPriceError(FeedError):
    """A price is missing, not finite, or not positive."""


class InconsistentCandleError(FeedError):
    """High below low, or open or close outside them."""


class EmptyWindowError(FeedError):
    """Nothing is left between --from and --to."""


class BadTimeError(FeedError):
    """A time on the command line that cannot be read."""


class BadStepError(FeedError):
    """A step that cannot thin anything, or a number of visits that visits nothing."""


class ShortPathError(FeedError):
    """A single candle: no path, and no length of a candle either."""


class ChainUnitError(FeedError):
    """A column of an option chain is in another unit than it has to be."""


class ChainValueError(FeedError):
    """An option chain row with a value that cannot be."""


class SparseChainError(FeedError):
    """An option chain that overlaps with the prices, but not at all times."""


class ThinChainError(FeedError):
    """An option chain with too few usable quotes to fit one smile."""


class QuotesError(FeedError):
    """An exchange that gave no option quotes, or none that can be believed."""
