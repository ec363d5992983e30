"""A report on a market whose hedge lies at several venues, whose positions grow by interest: nobody's order,
and no liquidation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from keeper.replay.types import PNL_NAMES
from keeper.report import session

from .conftest import Lived, lived_on

CENT = 0.005


@pytest.fixture(scope="module")
def several() -> Iterator[Lived]:
    yield from lived_on(venue="aave+morpho")


def test_causes_are_those_of_the_replays_own_ledger_to_the_cent(several: Lived) -> None:
    """Carry of both venues together is what nothing else explains of what lies at them."""
    told = session.tell(several.chain(), 0, several.span, marks=several.blocks[1:])
    assert told.account is not None
    assert told.account.whole is not None
    found, kept = told.account.whole.terms, several.result.rows[-1].pnl
    for name in PNL_NAMES:
        if name not in ("hedge_cost", "pool_lag"):
            assert getattr(found, name) == pytest.approx(getattr(kept, name), abs=CENT), name
    assert found.hedge_cost == pytest.approx(kept.hedge_cost + kept.pool_lag, abs=CENT)
    assert told.account.whole.liquidations == several.result.summary["liquidations"] == 0
    carry = several.result.summary["carry"]
    assert set(carry) == {"aave", "morpho"}
    assert all(carry.values())
