"""`tandem delever`, and what `tandem status` and `risk` say meanwhile, beside a node (FL-10, HG-20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from distress import SHORT, falls, squeeze
from worlds import World

from tandem.client.errors import ClientError
from tandem.units import WAD


def test_while_nothing_is_due_it_says_so(trader: Any) -> None:
    with pytest.raises(ClientError, match="has its least equity"):
        trader.prepare_delever()


@pytest.mark.proves("FL-10", "HG-20")
def test_it_lowers_the_hedge_as_it_said(beside: World, ask: Callable[..., Any]) -> None:
    w = beside
    falls(squeeze(w), SHORT)
    assert "of delta are unhedged" in ask("risk")["distress"]
    before = w.position()
    shown = ask("delever", "--dry-run")
    assert w.position() == before
    done = ask("delever", "--yes")
    order = (w.position() - before) / WAD
    assert order < 0
    assert done["after"]["order"] == pytest.approx(order)
    assert shown["preview"] == pytest.approx(done["after"], rel=1e-4)
    assert done["after"]["residual"] < order
    (sent,) = done["sent"]
    assert sent["gas_used"] < 1_500_000
