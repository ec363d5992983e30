"""A venue's addresses get an enemy's code: from inside of each call into it he tries every door of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from issuers import adapters
from under_way import DUE, Act, buys, closes, rebalances, sells, sweeps, tops_up
from upgraded import CALLS, GAS, SET, Upgraded, probes_of, sums, upgraded
from worlds import World

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import SEPARATOR

MARKETS = (("aave", "aave"), ("curie", "curie"), ("morpho", "morpho"))
OF_A_SET = ((SET, "aave"), (SET, "curie"), (SET, "morpho"))
SHORT = {("aave", "aave"), ("curie", "curie"), (SET, "aave")}
"""Of which the normal suite plays all; the rest is for `make long`."""
OWN = {"request", "claim shares", "claim assets", "redeem", "move option"}
"""What moves what is the caller's own, at no price but its own. None but `redeem` asks for the book, which is
whole while margin moves and closed while a trade does."""
OF_OTHERS = {"accept", "refresh", "renew_approval", "settle_collateral", "position", "note carry"}
"""Of the adapters that are not at work: what anybody may do there at any time."""
WHOLE = {"owed", "funds"}
"""What is read while an order is on its way: each is whole."""
UNMOVED = {"book", "floor"}
"""And while margin is: neither holds any."""
ORDERS: tuple[Act, ...] = (buys, sells, closes, rebalances)
MARGIN: tuple[Act, ...] = (tops_up, sweeps)


@pytest.fixture(
    params=[
        pytest.param(each, id="-".join(each), marks=[] if each in SHORT else pytest.mark.long)
        for each in (*MARKETS, *OF_A_SET)
    ]
)
def market(request: pytest.FixtureRequest) -> Iterator[Upgraded]:
    u = upgraded(*request.param)
    with u.world.undone():
        u.tell_all(CALLS, views=False, anybody=True)
        yield u


def named(through: set[str], u: Upgraded) -> set[str]:
    """Without the place of an adapter; one that is at work by its place."""
    at_work = str(adapters(u.world).index(u.adapter))
    return {name if name.endswith(f" {at_work}") else name.rstrip(" 0123") for name in through}


def accepts(u: Upgraded) -> Act:
    """The adapter takes out what a stranger lent in our name, or tells the venue of a price: nothing else of
    ours is at work."""

    def act(w: World) -> object:
        fn = "accept" if "accept" in u.adapter.abi.functions else "refresh"
        return u.adapter.send(fn, sender=w.stranger, gas=GAS)

    return act


@pytest.mark.proves("MP-10", "VS-1", "FL-1", "UN-3")
@pytest.mark.parametrize("act", [*ORDERS, *MARGIN])
def test_a_call_from_inside_a_venue_moves_nothing_but_the_callers_own(
    market: Upgraded, act: Act
) -> None:
    """Neither trades, nor prices, nor marks, nor moves margin; and what it may read is whole."""
    u, w = market, market.world
    if act in DUE:
        DUE[act](w)
    probes = probes_of(u)
    u.arm(probes)
    act(w)
    reads = WHOLE if act in ORDERS else WHOLE | UNMOVED
    own = OWN - {"redeem"} if act in ORDERS else OWN
    assert named(u.through(probes), u) <= own | reads | OF_OTHERS
    maxima, claims = w.tandem.market.call("liabilities")
    cash = w.tandem.vault.call("cash")
    assert cash == w.usdc(w.tandem.vault)
    assert cash >= maxima + claims + w.tandem.vault.call("exits_unpaid")


@pytest.mark.proves("MP-10", "VS-1")
@pytest.mark.parametrize("act", [*ORDERS, *MARGIN])
def test_and_all_sums_are_as_if_it_had_not_called(market: Upgraded, act: Act) -> None:
    u, w = market, market.world
    if act in DUE:
        DUE[act](w)
    probes = {n: p for n, p in probes_of(u).items() if n.rstrip(" 0123") not in OWN}
    plain = after(w, act, lambda: u.arm({}))
    assert after(w, act, lambda: u.arm(probes)) == plain


def after(w: World, act: Act, first: Callable[[], object]) -> dict[str, int]:
    with w.undone():
        first()
        act(w)
        return sums(w)


def test_each_only_venue_is_called_back_from_in_every_act() -> None:
    """Else the tests above would prove nothing."""
    for kind, venue in MARKETS[:2]:
        u = upgraded(kind, venue)
        with u.world.undone():
            u.tell_all(CALLS, views=False, anybody=True)
            assert all(callbacks(u, act) > 0 for act in (*ORDERS, *MARGIN))


def test_each_member_is_called_back_from_in_an_order_of_several() -> None:
    for kind, venue in OF_A_SET[:1]:
        u = upgraded(kind, venue)
        with u.world.undone():
            u.tell_all(CALLS, views=False, anybody=True)
            assert any(callbacks(u, act) for act in ORDERS)


def callbacks(u: Upgraded, act: Act) -> int:
    with u.world.undone():
        if act in DUE:
            DUE[act](u.world)
        u.arm(probes_of(u))
        act(u.world)
        return int(u.leader.call("callbacks"))


NOT_DUE = {"rebalance", "top up", "sweep", "delever", "stamp", "bounty", "shift", "back"}
OURS_ALONE = {"trade", "withdraw", "uniswapV3SwapCallback"}


def test_at_rest_every_door_opens_that_is_due(market: Upgraded) -> None:
    """Else the tests above would prove nothing."""
    u, w, refused = market, market.world, set[str]()
    for name, (target, data) in probes_of(u).items():
        with w.undone():
            try:
                u.leader.send("fire", target, data, sender=w.stranger)
            except Reverted:
                refused.add(name.rstrip(" 0123"))
    assert refused <= NOT_DUE | OURS_ALONE
    assert refused >= OURS_ALONE - {"uniswapV3SwapCallback"}


PRICED = {"mark", "low nav", "account", "deposit", "mint shares", "process", "poke", "remark"}
TRADES = {"mint", "close", "rebalance", "bounty"}


@pytest.mark.proves("LM-2", "VS-8")
def test_while_an_adapter_alone_is_at_work_nobody_is_priced_by_it(market: Upgraded) -> None:
    """`accept` and `refresh` are anybody's, and nothing else is locked then: whatever asks what lies there is
    refused, and of several venues the others trade on as if this one said nothing (VS-8)."""
    u, w = market, market.world
    if hasattr(u.market, "weth"):
        u.market.supply_for(w.stranger, u.adapter, WAD // 100, u.market.weth)
    probes = probes_of(u)
    u.arm(probes)
    accepts(u)(w)
    stopped = PRICED if SEPARATOR in w.curie.recipe.name else PRICED | TRADES
    assert not u.through(probes) & stopped
