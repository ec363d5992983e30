"""HG-14: the quote token lists who is paid for a rebalance, or the Vault: the hedge comes home without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bounty_stage import bring, due, market, paid, stamped
from issuers import issued, list_all, quote_of
from worlds import World

from tandem.errors import Reverted


@pytest.fixture(scope="module")
def listing_once() -> World:
    with issued():
        return market()


@pytest.fixture
def listing(listing_once: World) -> Iterator[World]:
    with listing_once.undone():
        yield listing_once


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("whom", ["receiver", "vault"])
def test_who_cannot_be_paid_stops_no_hedge(listing: World, whom: str) -> None:
    """His own call reverts whole; another receiver is paid, and where the Vault pays nobody anybody
    rebalances for nothing."""
    w, other = listing, listing.engine.accounts[7]
    residual, held = stamped(w), w.position()
    amount = due(w).amount
    assert amount > 0
    list_all(w, quote_of(w), w.stranger if whom == "receiver" else w.tandem.vault)
    with pytest.raises(Reverted, match="usdc: listed"):
        bring(w)
    assert w.position() == held
    if whom == "receiver":
        assert paid(bring(w, who=other)) == w.usdc(other) == pytest.approx(amount, rel=0.01)
    else:
        w.tandem.rebalance(sender=other)
    assert abs(w.tandem.snapshot().stance.residual) < abs(residual)
