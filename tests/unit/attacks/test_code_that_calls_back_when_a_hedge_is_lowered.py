"""A venue's addresses get an enemy's code: he tries every door of ours from inside of what nobody's trade
brings, a hedge that is lowered, moved to another venue, or brought home for a bounty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from issuers import adapters
from test_code_that_calls_back import OF_OTHERS, OWN, UNMOVED, WHOLE, named
from under_way import delevers, risen
from upgraded import CALLS, REFUSES, SET, Upgraded, probes_of, sums, upgraded
from worlds import USD, World

from tandem.engine.base import Contract
from tandem.units import WAD

LEFT = {"aave": 5_000, "curie": 1_300}
"""What it says that our account is worth, USD: under its least for the position alone."""
Doors = dict[str, tuple[Contract, bytes]]
Prepared = Callable[[Upgraded], Callable[[World], object]]


def says_that_is_left(u: Upgraded, dollars: int) -> None:
    equity = int(u.adapter.call("account", u.world.spot)[1]) // 10**12
    name, function = (
        ("vault", "getBalance") if u.venue == "curie" else ("a_usdc", "scaledBalanceOf")
    )
    there = int(u.part(name).call(function, u.adapter))
    u.number(name, function, there + dollars * USD - equity)


def lowered(u: Upgraded) -> Callable[[World], object]:
    """Its account lacks margin, and it takes none."""
    says_that_is_left(u, LEFT[u.venue])
    u.tell(*(("vault", "deposit") if u.venue == "curie" else ("lending_pool", "supply")), REFUSES)
    return delevers


def moved(u: Upgraded) -> Callable[[World], object]:
    """Its account is under water: what it holds goes to another member."""
    says_that_is_left(u, -10_000)
    other = next(one for one in adapters(u.world) if one.address != u.adapter.address)

    def act(w: World) -> object:
        return w.tandem.desk.send("shift", u.adapter, other, WAD, sender=w.stranger)

    return act


def brought_home(u: Upgraded) -> Callable[[World], object]:
    w, bounty = u.world, u.world.tandem.bounty
    risen(w)
    bounty.send("stamp", sender=w.stranger)
    w.engine.advance(600)
    w.freshen()

    def act(w: World) -> object:
        return bounty.send("rebalance", 0, w.trader, 0, sender=w.stranger)

    return act


ALL = [
    ("aave", "aave", lowered),
    ("curie", "curie", lowered),
    ("aave", "aave", brought_home),
    ("curie", "curie", brought_home),
    (SET, "aave", moved),
    (SET, "curie", brought_home),
]


@pytest.mark.proves("HG-14", "HG-20", "VS-10", "FL-1")
@pytest.mark.parametrize(("kind", "venue", "prepared"), ALL)
def test_a_call_from_inside_moves_nothing_but_the_callers_own(
    kind: str, venue: str, prepared: Prepared
) -> None:
    u = upgraded(kind, venue)
    w = u.world
    with w.undone():
        act = prepared(u)
        u.tell_all(CALLS, views=False, anybody=True)
        probes = probes_of(u)
        others = {n: p for n, p in probes.items() if n.rstrip(" 0123") not in OWN}
        plain = after(u, act, {})
        assert after(u, act, others) == plain
        u.arm(probes)
        act(w)
        assert int(u.leader.call("callbacks")) > 0
        assert named(u.through(probes), u) <= OWN | WHOLE | UNMOVED | OF_OTHERS
        cash = w.tandem.vault.call("cash")
        maxima, claims = w.tandem.market.call("liabilities")
        assert cash == w.usdc(w.tandem.vault)
        assert cash >= maxima + claims + w.tandem.vault.call("exits_unpaid")


def after(u: Upgraded, act: Callable[[World], object], probes: Doors) -> dict[str, int]:
    with u.world.undone():
        u.arm(probes)
        act(u.world)
        return sums(u.world)
