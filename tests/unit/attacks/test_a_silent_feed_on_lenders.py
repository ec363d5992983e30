"""SH-8, HG-12: hours without a round of the price feed, where the hedge is a loan, and over several venues.

A lender's account is worth what its oracle says, and nothing of it lags where a round comes: who left in the
first second behind a silence paid a twentieth of what an exchange's average took from him.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from issuers import list_all, quote_of
from test_whose_moment import left_with, marked_off, settle_down
from under_way import delevers, done, due_of_many, nothing, settled_in, squeezed
from worlds import ETH, USD, WAD, WINDOW, World

from tandem.errors import Reverted
from tandem.units import HOUR

KINDS = ("curie", "aave", "morpho", "curie+aave", "aave+morpho")


@pytest.fixture
def marked(kind: str) -> Iterator[World]:
    """2.5M, a million of it due, and a mark while the venue stands off the oracle."""
    w = due_of_many(kind)
    with w.undone():
        marked_off(w)
        yield w


def spoken(w: World, percent: int) -> None:
    """Six hours without a round, and one."""
    w.engine.advance(6 * HOUR - WINDOW)
    w.push(2_500 * (100 + percent) // 100)
    w.post()
    w.engine.advance(WINDOW)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("percent", [-6, 3, 6])
def test_r30_nobody_leaves_in_the_first_second_behind_a_silence(
    marked: World, kind: str, percent: int
) -> None:
    """SH-8: "behind a time in which the feeds said no price that may be believed". Of a million that left of
    2.5M beside three hundred calls he had 10,085 USD less at +6 % on the exchange, 432 on either lender,
    2,249 on the exchange with Aave and 428 on two lenders."""
    w = marked
    spoken(w, percent)
    with pytest.raises(Reverted, match="vault: not calm"):
        w.tandem.vault.send("process", 8, sender=w.stranger)
    settle_down(w)
    assert left_with(w) > 0


@pytest.mark.proves("AV-1", "AV-3", "HG-12")
@pytest.mark.parametrize("kind", [each for each in KINDS if each != "curie"])
def test_nobody_trades_comes_or_leaves_in_a_silence(marked: World, kind: str) -> None:
    """The pool goes on, four per cent away, and lenders value at a price of before. A top-up goes by that."""
    w, t = marked, marked.tandem
    series = w.call(2_500, far=True)
    w.set_terms(max_trade=1_000)
    settled_in(w)
    with w.undone():
        sent = w.top_up() if w.tandem.snapshot().account.top_up else 0
    w.engine.advance(4_001)
    w.curie.converge(w.spot * 104 // 100)
    w.post()
    w.engine.advance(WINDOW)
    acts = {
        "mint": lambda: w.mint(series, ETH),
        "close": lambda: w.close(series, ETH),
        "rebalance": lambda: t.rebalance(sender=w.stranger),
        "deposit": lambda: t.deposit(USD, lp=w.engine.accounts[7]),
        "process": lambda: t.vault.send("process", 8, sender=w.stranger),
        "poke": lambda: t.vault.send("poke", sender=w.stranger),
        "sweep": lambda: t.desk.send("sweep", sender=w.stranger),
    }
    for act in acts.values():
        with pytest.raises(Reverted, match="spot: stale"):
            act()
    if sent:
        assert w.top_up() == pytest.approx(sent, rel=0.05)


@pytest.mark.proves("HG-17", "HG-20")
@pytest.mark.parametrize("kind", ["aave", "morpho"])
@pytest.mark.parametrize("has_waited", [False, True])
def test_who_pushes_the_pool_back_to_a_price_of_before_sells_nothing_to_a_delever(
    kind: str, has_waited: bool
) -> None:
    """In a silence a delever goes by the lender's price, which is old. Where the pool is six per cent lower,
    who brings it back there for a moment would sell a chunk of 1.5 ETH 277 USD too dear: it is a jolt. Who
    holds it there for three minutes, against all arbitrage, sells it."""
    w = squeezed(kind)
    with w.undone():
        list_all(w, quote_of(w), w.tandem.vault)
        before, held = w.spot, w.position()
        w.engine.advance(4_001)
        for pause in (1_200, 620):
            w.curie.converge(before * 94 // 100)
            w.engine.advance(pause if has_waited or pause > 1_000 else 0)
            w.curie.converge(before * 1_004 // 1_000)
            assert done(w, delevers, nothing) == "router: come again"
        assert abs(w.position() - held) < WAD // 1_000
        w.engine.advance(180)
        delevers(w)
        assert w.position() - held == pytest.approx(1.5 * WAD, rel=0.01)
