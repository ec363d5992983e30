"""PW-1: every function that changes state, of what stands between router and market on any venue, and who may
call it. A new one fails here, as does a contract that is deployed and stands in no such table."""

from __future__ import annotations

from typing import Any

import pytest
from several import SetWorld, members
from test_roles import ANYBODY as ELSEWHERE
from test_roles import RESTRICTED as ELSEWHERE_RESTRICTED
from worlds import FLAT, USD, World, build

from tandem import venues
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.deploy import order

KINDS = ("curie", "aave", "morpho", "morpho4", "curie+aave+morpho")
READ_ONLY = ("EtherSpot", "VenueLens")
"""Nobody may change anything there."""
PART = {
    "Market": "market", "Vault": "vault", "HedgeRouter": "router", "MarginDesk": "desk",
    "CurieVenue": "venue", "OptionToken": "option", "VolSurface": "surface", "Guardian": "guardian",
    "ChainlinkSpot": "spot", "Lens": "lens", "Underwriter": "underwriter", "Risk": "risk",
    "StressTest": "stress", "Breaker": "breaker", "Bounty": "bounty",
}  # fmt: skip
"""Contracts of the other table, by what a market calls them."""
ANYBODY: dict[str, set[str]] = {
    "AaveVenue": {"accept", "settle_collateral"},
    "MorphoVenue": {"accept"},
    "MorphoV4Venue": {"accept"},
    "V4Pool": {"swap"},
    "Splitter": {"note"},
    "VenueSet": {"note", "begin_anew"},
}
SWAPPED = ((10**18, -(10**9), b""), "not the pool")
TRADED: dict[str, tuple[tuple[Any, ...], str]] = {
    "trade": ((10**16, 10**22), "not the router"),
    "deposit": ((0,), "not the router"),
    "withdraw": ((USD, "caller"), "not the router"),
    "uniswapV3SwapCallback": SWAPPED,
}
RESTRICTED: dict[str, dict[str, tuple[tuple[Any, ...], str]]] = {
    "AaveVenue": {fn: (args, f"aave: {why}") for fn, (args, why) in TRADED.items()},
    "MorphoVenue": {fn: (args, f"morpho: {why}") for fn, (args, why) in TRADED.items()},
    "MorphoV4Venue": {fn: (args, f"morpho: {why}") for fn, (args, why) in TRADED.items()},
    "V4Pool": {"unlockCallback": ((b"",), "pool: not the manager")},
    "Splitter": {},
    "VenueSet": {
        fn: (args, "venues: not the router")
        for fn, args in {
            "fill": (10**16, 10**22, 0, 0, False, 0, 0, False),
            "fill_at": ("member", 10**16, 10**22),
            "prove": (10**21,),
            "remember": ("member", 0, 0, 10**21),
            "fund": ("member", 0),
            "release": ("member", USD),
        }.items()
    },
}


def writes(name: str) -> set[str]:
    functions = compile_vyper(name).abi.functions
    return {fn for fn, forms in functions.items() if not all(form.view for form in forms)}


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_deployed_on_a_venue_stands_in_a_table(kind: str) -> None:
    for name in order(venues.recipe(kind), "BTC"):
        if name in PART:
            part = PART[name]
            told = ELSEWHERE[part] | {fn for of, fn in ELSEWHERE_RESTRICTED if of == part}
        else:
            told = ANYBODY.get(name, set()) | RESTRICTED.get(name, {}).keys()
            assert told or name in READ_ONLY or not writes(name), name
        assert writes(name) == told, name


@pytest.fixture(scope="module")
def over_all() -> World:
    return build(venue=venues.recipe("curie+aave+morpho"), smile=FLAT, kind=SetWorld)


@pytest.fixture(scope="module")
def on_v4() -> World:
    return build(venue=venues.recipe("morpho4"), smile=FLAT)


def _refused(
    contract: Contract, name: str, callers: dict[str, str], names: dict[str, str], allowed: str
) -> None:
    for fn, (args, reason) in RESTRICTED[name].items():
        for who, caller in callers.items():
            if caller == allowed:
                continue
            there = names | {"caller": caller}
            filled = [there.get(a, a) if isinstance(a, str) else a for a in args]
            with pytest.raises(Reverted) as caught:
                contract.send(fn, *filled, sender=caller)
            assert caught.value.reason == reason, (name, fn, who)


def _callers(w: World) -> dict[str, str]:
    """People of every class. Our contracts call nothing but what their source names."""
    t, people = w.tandem, w.engine.accounts
    return {
        "owner": t.roles.deployer, "guardian": t.roles.guardian, "lister": t.roles.lister,
        "signer": people[4], "trader": t.trader, "lp": t.lp, "stranger": w.stranger,
    }  # fmt: skip


@pytest.mark.proves("PW-1", "PW-2")
def test_nobody_but_the_set_moves_a_member_and_nobody_but_the_router_the_set(
    over_all: World,
) -> None:
    w = over_all
    _, aave, morpho = members(w)
    named = {"member": aave.address}
    _refused(w.tandem.venue, "VenueSet", _callers(w), named, w.tandem.router.address)
    for contract, name in ((aave, "AaveVenue"), (morpho, "MorphoVenue")):
        _refused(contract, name, _callers(w), named, w.tandem.venue.address)


@pytest.mark.proves("PW-1", "PW-2")
def test_nobody_but_the_router_moves_an_adapter_on_v4_and_nobody_but_the_manager_calls_back(
    on_v4: World,
) -> None:
    w = on_v4
    pool = w.engine.at(compile_vyper("V4Pool"), w.tandem.venue.call("SPOKEN"))
    _refused(w.tandem.venue, "MorphoV4Venue", _callers(w), {}, w.tandem.router.address)
    _refused(pool, "V4Pool", _callers(w), {}, pool.call("MANAGER"))
