"""GT-3, R17, R39: what it costs a day to keep others out of the gate, by what fills it and is held."""

from __future__ import annotations

import pytest
from filling import by_and_by, mint
from worlds import ETH, USD, World, build

from tandem.units import DAY

SERIES = (
    (3_000, 5_000, True),
    (3_000, 6_000, True),
    (3_000, 4_000, True),
    (2_750, 5_000, True),
    (2_750, 4_500, False),
)


@pytest.fixture(scope="module")
def once() -> World:
    return build()


@pytest.mark.proves("GT-3")
@pytest.mark.parametrize(("strike", "cap", "far"), SERIES)
def test_r17_who_fills_the_gate_pays_lps_for_each_day(
    once: World, strike: int, cap: int, far: bool
) -> None:
    """Beside what his options are worth, which he gets back; the cheapest of twenty series."""
    w = once
    with w.undone():
        series, costs = w.call(strike, cap, far=far), list[int]()

        def buy(units: int) -> None:
            mark = w.tandem.quote(series, units).mark
            costs.append(mint(w, series, units) - mark)

        _, reasons = by_and_by(w, buy)
        assert "gate: worst jump" in reasons
        assert sum(costs) * DAY // (series.expiry - w.engine.now()) > 74 * USD
        with w.refuses("gate: worst jump"):
            w.tandem.quote(w.put(2_500), ETH)
