"""What an option chain is summed from is finite, and its types are text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tandem.feeds import chain
from tandem.feeds import errors as err

ROW: dict[str, Any] = {
    "timestamp": 1_717_200_000, "expiry": 1_718_000_000, "strike": 3_000.0, "option_type": "call",
    "mark_iv": 0.6, "open_interest": 5.0, "forward": 3_000.0, "vega": 1.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"open_interest": float("inf")}, err.ChainValueError, "open_interest = inf"),
        ({"open_interest": 1e300}, err.ChainValueError, "open_interest = 1e"),
        ({"vega": 1e308}, err.ChainValueError, r"vega = 1e\+308"),
        ({"vega": -1.0}, err.ChainValueError, "vega = -1.0"),
        ({"option_type": ["call"]}, err.ColumnTypeError, "option_type"),
        ({"option_type": b"\xff"}, err.ColumnTypeError, "option_type"),
    ],
)
def test_a_row_that_would_spoil_a_sum_is_refused(
    tmp_path: Path, changed: dict[str, Any], error: type[err.FeedError], says: str
) -> None:
    """One endless open interest made every tenor of what is traded no number."""
    path = tmp_path / "chain.parquet"
    pl.DataFrame([ROW | changed]).write_parquet(path)
    with pytest.raises(error, match=says) as caught:
        chain.load(path)
    assert caught.value.hint
