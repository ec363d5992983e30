"""Lens: a quote stops where a mint does, to the unit, where it is capital that binds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from filling import by_and_by
from worlds import ETH, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR


def filled() -> World:
    """Calls of the far expiry until the reserve stops the next one, in a Vault that nearly all have left."""
    w = build(settings=DeploySettings(terms=WIDE | {"gate": 4_000, "hour": 60_000}))
    vault, lp = w.tandem.vault, w.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) * 96 // 100, lp, lp, sender=lp)
    w.engine.advance(DAY + HOUR)
    w.freshen()
    vault.send("process", 9, sender=w.stranger)
    w.tandem.freshen_gate()
    call = w.call(2_500, 3_000, far=True)
    by_and_by(w, lambda units: w.mint(call, units), ETH, {"floor: under reserve"})
    return w


def refusal(w: World, act: Callable[..., object], *args: object) -> str:
    """Why it would be refused now; "" where it would not."""
    with w.undone():
        try:
            act(*args)
        except Reverted as refused:
            return refused.reason
    return ""


def last(w: World, act: Callable[..., object], series: Series) -> int:
    """The most units that are let in; a unit more the reserve refuses."""
    low, high = ETH // 100, ETH
    assert refusal(w, act, series, low) == ""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if refusal(w, act, series, middle) else (middle, high)
    assert refusal(w, act, series, high) == "floor: under reserve"
    return low


@pytest.mark.proves("FL-2")
def test_the_last_unit_that_the_reserve_lets_in_is_the_same_to_who_asks_and_to_who_buys() -> None:
    """Premium, fee and charge come in before it is held to what they leave."""
    w = filled()
    put = w.put(2_500, 2_000)
    assert last(w, w.tandem.quote, put) == last(w, w.mint, put)
