"""A venue's new code asks for margin by what it says that it holds, and takes what it is let take: what is
beyond that does not follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from under_way import AFTERWARDS, buys, sells, tops_up
from upgraded import PASSES, PULLS, SET, Upgraded, says_that_it_holds, upgraded
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.units import WAD

ONLY = (("aave", "aave"), ("curie", "curie"))
SAID = 100_000
"""ETH: no hedge of this market is a thousandth of it."""


@pytest.fixture(params=ONLY, ids=[each[0] for each in ONLY])
def only(request: pytest.FixtureRequest) -> Iterator[Upgraded]:
    u = upgraded(*request.param)
    with u.world.undone():
        yield u


def tops_all_up(u: Upgraded, times: int = 6) -> int:
    """Whoever calls it, as often as it goes. What is there of what was sent."""
    for _ in range(times):
        with suppress(Reverted):
            tops_up(u.world)
    return int(u.world.tandem.desk.call("sent", u.adapter))


def a_hedge_may_need(w: World) -> int:
    """A quarter more than all options outstanding and an ether, and the largest trade; token units."""
    units = (w.tandem.market.snapshot().totals >> 16) & (2**52 - 1)
    headroom = w.tandem.vault.funds().nav * 300 // 10_000
    return (units * WAD // ETH * 5 // 4 + WAD) * w.spot // WAD // 10**12 + headroom


@pytest.mark.proves("HG-13")
def test_an_only_venue_gets_no_margin_for_a_position_that_no_options_need(only: Upgraded) -> None:
    """It was all cash over the floor, by one word and anybody's call: 880,230 USD at Aave, 919,474 at
    Curie."""
    u, w = only, only.world
    lp_cash = w.floor()
    says_that_it_holds(u, SAID)
    assert tops_all_up(u) <= a_hedge_may_need(w) < lp_cash // 4


@pytest.mark.proves("HG-13")
def test_nor_by_saying_more_each_time(only: Upgraded) -> None:
    """What it was believed to hold last bounds nothing that it says next."""
    u, w = only, only.world
    for ether in (20, 40, 80, 160, 320):
        says_that_it_holds(u, ether)
        tops_all_up(u)
        w.engine.advance(3_600)
        w.freshen()
    assert int(w.tandem.desk.call("sent", u.adapter)) <= a_hedge_may_need(w)


@pytest.mark.proves("HG-13")
def test_what_is_believed_does_not_grow_by_being_believed(only: Upgraded) -> None:
    """It is put down with each top-up, and is the bound of the next: of nothing but itself."""
    u, w = only, only.world
    desk, found = w.tandem.desk, set[int]()
    for share in (300, 400, 520, 680, 880):
        w.set_terms(max_trade=share)
        says_that_it_holds(u, SAID)
        if tops_all_up(u, times=1):
            found.add(abs(int(desk.call("seen", u.adapter)[1])))
    units = (w.tandem.market.snapshot().totals >> 16) & (2**52 - 1)
    assert max(found) <= units * WAD // ETH * 5 // 4 + WAD


@pytest.mark.proves("HG-13")
def test_such_a_position_explains_no_loss(only: Upgraded) -> None:
    """A fall of a tenth beside a long that nobody opened, and all margin is gone: that counts, and nothing
    follows past the cap."""
    u, w = only, only.world
    says_that_it_holds(u, SAID)
    tops_all_up(u)
    sent = int(w.tandem.desk.call("sent", u.adapter))
    w.push(w.spot // WAD * 11 // 10)
    w.freshen()
    says_that_it_holds(u, SAID)
    _is_empty(u)
    tops_all_up(u)
    nav = w.tandem.vault.funds().nav
    assert int(w.tandem.desk.call("sent", u.adapter)) - sent <= max(nav * 3 // 100, sent)
    assert w.floor() > nav // 2


def _is_empty(u: Upgraded) -> None:
    """It says that nothing is left of what was sent."""
    if u.venue == "curie":
        u.number("vault", "getBalance", 0)
    else:
        u.number("a_usdc", "scaledBalanceOf", SAID * u.world.spot // 10**12)


@pytest.mark.proves("HG-12", "HG-13")
@pytest.mark.parametrize("kind", ["aave", "curie"])
def test_a_hedge_of_what_was_settled_since_is_still_topped_up(kind: str) -> None:
    """No option needs it any more, and it is not home yet: what was there when margin was last moved
    counts."""
    u = upgraded(kind, kind)
    w = u.world
    with w.undone():
        w.set_terms(max_trade=600)
        assert w.tandem.desk.send("top_up", sender=w.stranger).returned > 0
        held = abs(w.position())
        w.settle(u.mid, AFTERWARDS)
        w.settle(w.far, AFTERWARDS)
        assert abs(w.position()) == pytest.approx(held, rel=1e-3)
        w.set_terms(max_trade=1_000)
        w.engine.advance(60)
        w.push_wad(w.spot)
        before = w.tandem.snapshot().account
        assert before.top_up > 0
        assert w.tandem.desk.send("top_up", sender=w.stranger).returned == pytest.approx(
            before.top_up, rel=1e-3
        )


# ---------------------------------------------------------------- what it is let take
@pytest.mark.proves("FL-8", "LM-6")
def test_what_lies_idle_beside_aave_is_out_of_its_reach() -> None:
    """`repay` takes all that it may and says that it took nothing; `supply` was then let take the same again,
    out of the twentieth that lies idle: 4,067.59 of it were 0."""
    u = upgraded("aave", "aave")
    w = u.world
    with w.undone():
        w.set_terms(max_trade=900)
        _owes_dollars(u)
        u.tell("lending_pool", "repay", PULLS, bytes(32), token=w.curie.usdc)
        u.tell("lending_pool", "supply", PULLS, token=w.curie.usdc)
        before = w.usdc(u.leader)
        sent = w.tandem.desk.send("top_up", sender=w.stranger).returned
        idle = u.adapter.call("idle")
        assert idle > 1_000 * USD
        assert w.usdc(u.adapter) == idle
        assert w.usdc(u.leader) - before == sent - idle


def _owes_dollars(u: Upgraded) -> None:
    """The debt token says that an order left a debt of 5,000 USD, where the market gave nothing back."""
    w = u.world
    u.number("d_usdc", "scaledBalanceOf", 5_000 * USD)
    w.mint(w.call(2_500, far=True), 4 * ETH)
    u.number("lending_pool", "withdraw", 0)
    w.mint(w.call(2_500, far=True), 2 * ETH)
    u.number("lending_pool", "withdraw", 0, PASSES)


MOVES = {
    "aave": ("supply", "repay", "withdraw", "borrow"),
    "curie": ("deposit", "withdraw", "openPositionFor"),
}


@pytest.mark.proves("FL-8")
@pytest.mark.parametrize(("kind", "venue"), [*ONLY, (SET, "aave"), (SET, "curie")])
def test_it_pulls_no_more_than_what_is_brought_to_it(kind: str, venue: str) -> None:
    """In a top-up and in an order: nothing of what lies at the Vault, the router or other adapters."""
    u = upgraded(kind, venue)
    w = u.world
    pool = "lending_pool" if venue == "aave" else None
    with w.undone():
        w.set_terms(max_trade=900)
        for fn in MOVES[venue]:
            name = pool or ("clearing_house" if fn == "openPositionFor" else "vault")
            u.tell(name, fn, PULLS, bytes(96), token=w.curie.usdc)
        before = w.usdc(u.leader)
        sent = w.tandem.desk.send("top_up", u.adapter, sender=w.stranger).returned
        assert 0 < w.usdc(u.leader) - before <= sent
        left = w.usdc(u.leader)
        for act in (sells, buys):
            with suppress(Reverted):
                act(w)
        assert w.usdc(u.leader) == left
        assert w.usdc(w.tandem.vault) == w.tandem.vault.call("cash")
