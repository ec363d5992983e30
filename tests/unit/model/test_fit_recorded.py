"""The fit on a whole recorded chain: the figures that the README states. Skipped without the file."""

from __future__ import annotations

import numpy as np
import pytest

from bench.fitting import _quotes
from tandem.model.fit import fit_slices
from tandem.model.svi import Slice, durrleman

pytestmark = pytest.mark.long


def test_recorded_chain_is_met_inside_bid_and_ask_without_butterflies() -> None:
    frame, source = _quotes()
    if "recorded" not in source:
        pytest.skip("no recorded option chain (set TANDEM_DATA to its folder)")
    counts = frame.group_by("slice", maintain_order=True).len()["len"].to_numpy().astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)])
    tau = frame["tau"].to_numpy()[starts[:-1]]
    k, bid, ask = (frame[name].to_numpy() for name in ("k", "bid", "ask"))
    found = [Slice(*row) for row in fit_slices(starts, k, bid, ask, tau).tolist()]
    spans = zip(found, starts[:-1], starts[1:], strict=True)
    vol = np.concatenate([one.vol(k[a:b]) for one, a, b in spans])
    assert np.mean((vol >= bid) & (vol <= ask)) >= 0.985
    assert np.median(np.abs(vol - 0.5 * (bid + ask))) <= 0.0022
    grid = np.linspace(-0.5, 0.5, 401)
    for one, years in zip(found, tau, strict=True):
        assert durrleman(one, years, grid).min() >= 0.0
