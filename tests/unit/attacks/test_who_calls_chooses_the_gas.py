"""VS-8, AV-2, BR-1: "whoever asks must have the gas".

Who calls chooses how much gas there is, and by it which calls inside fail: of what a call is given a
sixty-fourth stays with who makes it (EIP-150). Wherever such a failure is borne, what goes on would be the
caller's choice: a feed that has no round, a venue that takes no part, a market that is full. So for each
function that anybody may call, on each kind of venue: with every limit it is refused, or leaves behind what
it leaves with ample gas, to the word, and says the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import under_way as acts
from choosing_gas import last_of, view_of, wrong
from harnesses import harness
from lent import STOPS, Market, lend_dollars, lend_ether
from several import SetWorld, members
from strangers import list_token
from under_way import DUE, Act, squeezed, under_way
from worlds import ETH, FLAT, WINDOW, World, build

from tandem.engine.artifacts import ROOT
from tandem.engine.base import Contract
from tandem.protocol.deploy import DeploySettings
from tandem.units import HOUR, USD

KINDS = ("curie", "aave", "morpho", "curie+aave")
LONG = ("morpho", "curie+aave")
"""Of which the whole is in `make long`."""
SOME = [pytest.param(k, marks=pytest.mark.long) if k in LONG else k for k in KINDS]
LENDERS = KINDS[1:]
State = Callable[[World], object]


def stamps(w: World) -> object:
    return w.tandem.bounty.stamp().send(w.stranger)


def is_paid(w: World) -> object:
    return w.tandem.bounty.rebalance(0, w.stranger, 0).send(w.stranger)


def watches(w: World) -> object:
    return w.tandem.spot.send("watch", sender=w.stranger)


def posts(w: World) -> object:
    w.engine.advance(600)
    return w.tandem.post({w.far: w.slices[w.far]})


def settles(w: World) -> object:
    """The first of two that are open."""
    expiry = min(each for each in w.slices if each > w.engine.now())
    return w.settle(expiry, acts.AFTERWARDS)


def accepts(w: World) -> object:
    return lender(w)[1].send("accept", sender=w.stranger)


def disowns(w: World) -> object:
    """A token that a stranger lent in our name."""
    market, who = lender(w)
    token = list_token(market)
    market.supply_for(w.stranger, who, USD, token)
    return who.send("settle_collateral", token, sender=w.stranger)


def notes(w: World) -> object:
    return w.tandem.venue.send("note", sender=w.stranger)


def shifts(w: World) -> object:
    """From where more is held to the other, if that saves or is carried there; else refused."""
    one, other = members(w)
    return w.tandem.desk.send("shift", other, one, 10**18, sender=w.stranger)


def stamped(w: World) -> None:
    """The trigger was crossed five minutes ago."""
    acts.risen(w)
    stamps(w)
    w.engine.advance(300)


BY_ANYBODY: tuple[Act, ...] = (
    acts.sells,
    acts.buys,
    acts.closes,
    acts.redeems,
    acts.deposits,
    acts.requests,
    acts.processes,
    acts.claims,
    acts.pokes,
    acts.remarks,
    acts.rebalances,
    acts.tops_up,
    acts.sweeps,
    acts.delevers,
    stamps,
    is_paid,
    settles,
    watches,
    posts,
)
ON_SOME: dict[str, tuple[Act, ...]] = {
    "curie": (),
    "aave": (accepts, disowns),
    "morpho": (accepts,),
    "curie+aave": (notes, shifts, accepts),
}
BEFORE: dict[Act, State] = DUE | {stamps: acts.risen, is_paid: stamped}
"""What makes an act due."""
REFUSED: dict[Act, tuple[str, ...]] = {
    acts.delevers: ("margin: no delever due", "margin: top up instead"),
    acts.tops_up: ("ReserveFrozen", "SupplyCapExceeded"),
}
"""By what acts are refused with ample gas, where they are: then with any."""
WITH_VENUES = (
    acts.buys,
    acts.closes,
    acts.rebalances,
    acts.tops_up,
    acts.sweeps,
    acts.remarks,
    accepts,
)
"""In which what others did at a lender is booked, or a venue is looked at."""


def lender(w: World) -> tuple[Any, Contract]:
    """The lending market of a world, and the adapter there."""
    market: Any = w.curie
    if not isinstance(w, SetWorld):
        return market, w.tandem.venue
    pairs = zip(market.members, members(w), strict=True)
    return next((each, who) for each, who in pairs if isinstance(each, Market))


def told(w: World, act: Act, state: State = acts.nothing) -> list[str]:
    """Where the gas chooses what comes of an act, in that state; or why ample gas is too little for it."""
    with w.undone():
        BEFORE.get(act, acts.nothing)(w)
        state(w)
        one = last_of(w, act)
        if one.ample.ok or one.ample.reason in REFUSED.get(act, ()):
            return wrong(one)
        return [f"refused: {one.ample.reason}"]


@cache
def in_need(kind: str) -> World:
    """A hedge that a top-up would save."""
    return squeezed(kind)


@pytest.mark.sampled
@pytest.mark.proves("VS-8", "AV-2", "BR-1")
@pytest.mark.parametrize("kind", SOME)
def test_what_anybody_does_is_done_whole_with_any_gas_or_not_at_all(kind: str) -> None:
    """On a book with two expiries open, one settled, a claim to be made and an exit that is due."""
    w, _ = under_way(kind)
    found = {act.__name__: told(w, act) for act in (*BY_ANYBODY, *ON_SOME[kind])}
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.proves("BR-1", "VS-8", "HG-15")
@pytest.mark.parametrize("kind", SOME)
def test_who_looks_after_hours_chooses_by_no_gas_what_is_seen(kind: str) -> None:
    """The Vault's mark is old, so a look asks what a share is worth; and it is asked what holding cost."""
    w, _ = under_way(kind)

    def later(w: World) -> None:
        w.go_on(2 * HOUR)
        w.post()
        w.engine.advance(WINDOW)

    of_sets = (notes,) if isinstance(w, SetWorld) else ()
    for act in (acts.remarks, acts.pokes, acts.buys, *of_sets):
        assert told(w, act, later) == [], act.__name__


@pytest.mark.proves("LM-2")
@pytest.mark.parametrize("kind", [k for k in SOME if k != "curie"])
def test_no_gas_leaves_at_a_lender_what_strangers_gave_there(kind: str) -> None:
    """What the market does not let go stays there; a withdrawal without gas is none of that."""
    w, _ = under_way(kind)

    def given(w: World) -> None:
        market, who = lender(w)
        lend_ether(market, w.stranger, who)
        lend_dollars(market, w.stranger, who)

    for act in WITH_VENUES:
        assert told(w, act, given) == [], act.__name__


@pytest.mark.proves("LM-4", "HG-20")
@pytest.mark.parametrize("stop", ["freeze", "supply cap"])
def test_no_gas_makes_a_market_full_that_is_not_or_open_that_is_not(stop: str) -> None:
    w, _ = under_way("aave")
    for act in WITH_VENUES:
        assert told(w, act, lambda w: STOPS[stop][0](lender(w)[0], False)) == [], act.__name__


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("kind", ["aave", "morpho", "curie+aave"])
def test_no_want_of_gas_lowers_a_hedge_that_a_top_up_would_save(kind: str) -> None:
    """Whether the venue takes margin is tried, and a try without gas is none: with any limit it is refused,
    and beside a market that is frozen it lowers as much as with ample gas."""
    w = in_need(kind)
    assert last_of(w, acts.delevers).ample.reason == "margin: top up instead"
    assert told(w, acts.delevers) == []
    if kind == "morpho":
        return
    assert told(w, acts.delevers, lambda w: STOPS["freeze"][0](lender(w)[0], False)) == []


@pytest.mark.proves("HG-14")
def test_no_gas_makes_a_bounty_another() -> None:
    """A rollup's oracle of data fees that has no gas to answer leaves none to pay anything with."""
    w = build(fees=True, smile=FLAT, settings=DeploySettings(terms={"max_trade": 300}))
    for _ in range(3):
        w.mint(w.call(far=True), 8 * ETH)
        acts.settled_in(w)
    assert w.fees is not None
    w.fees.send("say", 10**15, sender=w.curie.owner)
    stamped(w)
    paid = last_of(w, is_paid)
    assert int.from_bytes(paid.ample.output) > USD
    assert wrong(paid) == []


def allocates(w: World) -> object:
    told = w.tandem.vault, w.engine.accounts[acts.OTHER_LP]
    who = w.engine.deploy(harness("unit/attacks/Allocator.vy"), *told, sender=w.stranger)
    w.curie.usdc.send("mint", who, 1_000 * USD, sender=w.curie.owner)
    return who.send("allocate", sender=w.stranger)


@pytest.mark.proves("SH-5")
@pytest.mark.parametrize("kind", KINDS)
def test_no_gas_says_that_there_is_no_room_for_a_deposit(kind: str) -> None:
    """Whoever tells a contract to spread its deposits chose by his limit that none came here: `maxDeposit`
    said 0 where a feed or a venue was not asked for want of gas, and left what that was not asked with.
    Deposits went elsewhere: over two venues with 81,063 to 1,009,534 gas, over the exchange with 92,600 to
    268,700."""
    w, _ = under_way(kind)
    for fn in ("maxDeposit", "maxMint"):
        asked = view_of(w, w.tandem.vault, fn, w.stranger)
        assert asked.ample.ok
        assert wrong(asked) == [], fn
        named = {"spot: too little gas", "venues: too little gas"}
        assert named & {ran.reason for ran in asked.tried.values()}, fn
    assert told(w, allocates) == []


@pytest.mark.proves("SH-5")
def test_who_has_gas_is_told_that_nothing_may_come_in() -> None:
    """A mark that is refused for a reason of its own is no want of gas: 0, as ERC-4626 has it."""
    w, _ = under_way("curie+aave")
    with w.undone():
        w.engine.advance(2 * HOUR)
        asked = view_of(w, w.tandem.vault, "maxDeposit", w.stranger)
        assert int.from_bytes(asked.ample.output) == 0
        assert asked.run(1_000_000).ok


def test_more_is_asked_for_than_a_mark_without_gas_can_leave() -> None:
    """What the dearest question is refused with, and a sixty-fourth for each of the seven calls to there."""
    amount = {
        name: int(found[1].replace("_", ""))
        for name, key in (("Vault", "ENOUGH"), ("Splitter", "ASK"))
        if (found := re.search(rf"{key}: constant\(uint256\) = ([\d_]+)", _text(name)))
    }
    refused = amount["Splitter"] * 51 // 50 + 10_000
    assert amount["Vault"] > refused * 64**7 // 63**7


def _text(name: str) -> str:
    return (ROOT / "contracts" / f"{name}.vy").read_text()
