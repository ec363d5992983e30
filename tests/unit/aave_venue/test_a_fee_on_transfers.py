"""LM-6: a quote token that takes a fee of each transfer, since its issuer gave it other code.

Money that comes in is measured in the Vault, at Morpho and at the exchange, and nothing comes in short.
Aave's adapter believes what it is told was sent there: of a top-up the fee is missing in what lies idle. It
stands (docs/weaknesses.md).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from issuers import issued, upgrade
from several import LentWorld
from worlds import ETH, FLAT, USD, World, build

from tandem.errors import Reverted
from tandem.venues import recipe

FEE = 100
"""1e-4 of what arrives."""


def hedged(kind: str) -> World:
    with issued():
        w = build(venue=recipe(kind), smile=FLAT, kind=LentWorld)
    for _ in range(3):
        w.mint(w.put(far=True), 4 * ETH)
        w.curie.converge()
        w.freshen()
    w.set_terms(max_trade=900)
    return w


@pytest.fixture(scope="module")
def lent_once() -> World:
    return hedged("aave")


@pytest.fixture
def lent(lent_once: World) -> Iterator[World]:
    with lent_once.undone():
        yield lent_once


def missing(w: World) -> int:
    """What is booked as idle and is not there, token units."""
    return int(w.tandem.venue.call("idle")) - w.usdc(w.tandem.venue)


def test_a_top_up_at_aave_leaves_its_fee_missing_in_what_lies_idle(lent: World) -> None:
    """NAV counts it; a purchase larger than what is there is refused; who sends it there ends that."""
    w, venue = lent, lent.tandem.venue
    upgrade(w, w.curie.usdc, fee=FEE)
    sent = w.top_up()
    assert missing(w) == pytest.approx(sent * FEE // 10_000, abs=1)
    assert missing(w) > 100 * USD
    for act in (lambda: w.tandem.deposit(USD), lambda: w.mint(w.put(), ETH)):
        with pytest.raises(Reverted):
            act()
    upgrade(w, w.curie.usdc)
    w.freshen()
    gone = missing(w)
    with pytest.raises(Reverted):
        w.close(w.put(far=True), 12 * ETH)
    w.donate(venue, gone)
    assert w.close(w.put(far=True), 12 * ETH).returned[0] == 12 * ETH


def test_nothing_comes_in_short_at_morpho() -> None:
    w = hedged("morpho")
    cash = w.tandem.vault.call("cash")
    upgrade(w, w.curie.usdc, fee=FEE)
    with pytest.raises(Reverted):
        w.top_up()
    assert w.tandem.vault.call("cash") == w.usdc(w.tandem.vault) == cash
    upgrade(w, w.curie.usdc)
    assert w.top_up() > 0


@pytest.mark.parametrize("kind", ["aave", "morpho"])
def test_margin_comes_home_once_there_is_no_fee(kind: str) -> None:
    """A sweep that arrives short is refused whole: it waits, and nothing is lost by it."""
    w = hedged(kind)
    w.top_up()
    w.set_terms(max_trade=100)
    upgrade(w, w.curie.usdc, fee=FEE)
    before = w.tandem.vault.call("cash"), w.usdc(w.tandem.vault)
    with pytest.raises(Reverted):
        w.tandem.desk.send("sweep", sender=w.stranger)
    assert (w.tandem.vault.call("cash"), w.usdc(w.tandem.vault)) == before
    upgrade(w, w.curie.usdc)
    assert w.tandem.desk.send("sweep", sender=w.stranger).returned > 0
