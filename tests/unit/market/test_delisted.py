"""BK-7: an expiry in which nothing opens any more goes on as it was for whoever holds, leaves or hedges."""

from __future__ import annotations

import pytest
from market_events import one
from worlds import ETH, LADDER, USD, World

from tandem.errors import Reverted
from tandem.protocol.series import Series, next_expiry
from tandem.units import DAY

DELISTED = "book: expiry delisted"
FLAG = 1 << 7
"""Of an expiry's header."""


def headers(world: World) -> dict[int, int]:
    """Of each listed expiry, by it."""
    words = world.tandem.market.call("snapshot")[1]
    return {(word[0] >> 8) & (2**32 - 1): word[0] for word in words if word[0]}


def delisted(world: World) -> set[int]:
    return {e.expiry for e in world.tandem.lens.expiries() if e.is_delisted}


@pytest.mark.proves("BK-7")
def test_r25_nothing_opens_in_it_and_all_else_does(world: World) -> None:
    """Calls, puts and spreads, of strikes with and without a book; a quote says it by the same name."""
    w = world
    w.mint(w.call(2_500), 2 * ETH)
    receipt = w.tandem.delist(w.near)
    event = one(receipt, "ExpiryListed")
    assert (event["expiry"], list(event["strikes"])) == (w.near, [])
    assert delisted(w) == {w.near}
    for series in (w.call(2_500), w.put(2_400), w.put(2_600, 2_250)):
        with w.refuses(DELISTED):
            w.mint(series, ETH)
        with pytest.raises(Reverted) as caught:
            w.tandem.lens.call("quote", series.id, ETH, False)
        assert caught.value.reason == DELISTED
    w.mint(Series(w.far, True, 2_400, 0), ETH)


@pytest.mark.proves("BK-7", "AV-1")
def test_r25_what_is_open_is_closed_hedged_marked_settled_and_paid(world: World) -> None:
    w = world
    call, put = w.call(2_500), w.put(2_400)
    w.mint(call, 6 * ETH)
    w.mint(put, 4 * ETH)
    floor, funds = w.floor(), w.tandem.vault.funds().nav
    w.tandem.delist(w.near)
    assert (w.floor(), w.tandem.vault.funds().nav) == (floor, funds)
    assert w.close(call, 2 * ETH).returned[0] == 2 * ETH
    assert delisted(w) == {w.near}
    w.move(2_600)
    w.rest()
    before = abs(w.tandem.snapshot().stance.residual)
    assert before > 10**16
    w.bring_home()
    assert abs(w.tandem.snapshot().stance.residual) < before
    w.tandem.deposit(1_000 * USD, lp=w.engine.accounts[6])
    w.tandem.stress.send("remark", sender=w.stranger)
    w.close(put, 4 * ETH)
    with w.refuses(DELISTED):
        w.mint(put, ETH)
    w.settle(w.near, 2_700)
    assert w.tandem.redeem(call, 4 * ETH).returned == 4 * 200 * USD
    assert delisted(w) == set()


@pytest.mark.proves("BK-7")
@pytest.mark.parametrize("strikes", [[LADDER[0]], [2_450], list(LADDER)], ids=["one", "new", "all"])
def test_it_opens_again_once_any_strike_is_listed(world: World, strikes: list[int]) -> None:
    w = world
    w.mint(w.put(2_400), ETH)
    before = headers(w)[w.near]
    w.tandem.delist(w.near)
    assert headers(w)[w.near] == before | FLAG
    w.tandem.list_expiry(w.near, strikes)
    assert delisted(w) == set()
    assert headers(w)[w.near] - before == (1 if strikes == [2_450] else 0)
    w.mint(w.put(strikes[0] if strikes == [2_450] else 2_400), ETH)


@pytest.mark.proves("BK-7")
def test_delisting_again_changes_nothing(world: World) -> None:
    world.tandem.delist(world.near)
    before = world.tandem.market.call("snapshot")
    world.tandem.delist(world.near)
    assert world.tandem.market.call("snapshot") == before


@pytest.mark.proves("BK-7", "BK-2")
def test_a_full_ladder_is_counted_beside_it(world: World) -> None:
    """Sixteen nodes and the flag share a byte."""
    w, market = world, world.tandem.market
    w.tandem.list_expiry(w.near, [*range(6_001, 6_001 + 16 - len(LADDER))])
    w.mint(w.put(2_400), 3 * ETH)
    whole = market.call("liabilities")
    w.tandem.delist(w.near)
    assert headers(w)[w.near] & 255 == 16 | FLAG
    (entry,) = (e for e in w.tandem.lens.expiries() if e.is_delisted)
    assert len(entry.strikes) == 16
    assert market.call("liabilities") == whole
    w.close(w.put(2_400), 3 * ETH)
    assert market.call("liabilities") == (0, 0)


@pytest.mark.proves("BK-7")
def test_only_a_lister_delists_and_only_what_has_strikes(world: World) -> None:
    """An expiry that is not listed takes no slot by it."""
    w = world
    for nobody in (w.trader, w.stranger, w.tandem.lp):
        with w.refuses("market: not a lister"):
            w.tandem.market.send("list_expiry", w.near, [], sender=nobody)
    for bad, reason in (
        (next_expiry(w.engine.now(), 10), "book: nothing to delist"),
        (w.near + 1, "market: bad expiry"),
        (w.near - 90 * DAY, "market: bad expiry"),
    ):
        with w.refuses(reason):
            w.tandem.delist(bad)
    assert len(w.tandem.lens.expiries()) == 2
    w.mint(w.put(2_400), ETH)


@pytest.mark.proves("BK-7")
def test_its_slot_is_free_for_another_afterwards(world: World) -> None:
    """Nothing of the flag is left to whoever comes next."""
    w = world
    w.tandem.delist(w.near)
    w.engine.set_time(w.near + 1)
    later = next_expiry(w.engine.now(), 20)
    w.tandem.list_expiry(later, LADDER)
    assert w.near not in headers(w)
    assert headers(w)[later] & FLAG == 0
    w.push_wad(w.spot)
    w.post({later: w.slices[w.far], w.far: w.slices[w.far]})
    w.engine.advance(61)
    w.tandem.freshen_gate()
    w.mint(Series(later, True, 2_400, 0), ETH)


@pytest.mark.proves("BK-7")
def test_the_mathematics_reads_the_same_book(world: World) -> None:
    """Greeks, the maximum and each jump's loss, a second later."""
    w, t = world, world.tandem
    w.mint(w.call(2_500), 6 * ETH)
    w.mint(w.put(2_600, 2_250), 3 * ETH)

    def read() -> list[float]:
        s = t.snapshot()
        said = (s.stance.delta, s.stance.gamma, s.stance.vega, s.maxima, s.floor)
        return [float(x) for x in (*said, *t.stress.call("losses")[0])]

    before = read()
    t.delist(w.near)
    assert read() == pytest.approx(before, rel=1e-5)
