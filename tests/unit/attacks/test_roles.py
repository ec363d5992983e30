"""PW-1, PW-3: every function that changes state, and who may call it. A new one fails here."""

from __future__ import annotations

import re
from typing import Any

import pytest
from worlds import ETH, MAX, USD, World

from tandem.engine.artifacts import CONTRACTS
from tandem.engine.base import Contract
from tandem.errors import Reverted

# Anybody may call these; what they do is the caller's own or is ruled by the state alone.
ANYBODY: dict[str, set[str]] = {
    "market": {"mint", "close", "rebalance", "settle", "redeem"},
    "vault": {
        "deposit", "mint", "requestRedeem", "process", "redeem", "withdraw", "setOperator", "poke",
        "transfer", "transferFrom", "approve",
    },
    "router": set(), "desk": {"top_up", "sweep", "delever", "shift"},
    "venue": {"renew_approval", "refresh"},
    "option": {"transfer", "transferFrom", "approve", "setOperator"},
    "surface": {"post", "post_all"},
    "guardian": {"accept_role"},
    "spot": {"watch"},
    "lens": set(), "underwriter": set(), "risk": set(), "stress": {"remark"},
    "breaker": set(),
    "bounty": {"stamp", "rebalance"},
}  # fmt: skip

# Who else is needed, arguments that would go through for him, and the name of the refusal.
RESTRICTED: dict[tuple[str, str], tuple[str, tuple[Any, ...], str]] = {
    ("market", "list_expiry"): ("lister", (0, []), "market: not a lister"),
    ("market", "reward"): ("bounty", ("caller", USD), "market: not the bounty"),
    ("vault", "collect"): ("market", ("victim", USD), "vault: only market"),
    ("vault", "pay"): ("market", ("caller", USD), "vault: only market"),
    ("vault", "lend"): ("router", ("caller", USD, 0), "vault: only router"),
    ("vault", "restore"): ("router", (0,), "vault: only router"),
    ("router", "hedge"): (
        "market",
        (10**16, 10**22, 0, (0, 0, 10**21, 0, 0, 0, 0, 0)),
        "router: not the market",
    ),
    ("breaker", "look"): ("stress", ((1, 0, 0, 0, True),), "breaker: not the stress test"),
    ("router", "mark"): ("stress", (0, 0, 0, 0, 0, 10**18), "router: not the stress test"),
    ("guardian", "weather"): ("breaker", (True, True, 16), "guardian: not the breaker"),
    ("router", "credit"): ("desk", ("caller", 1, 0, 0, 0, 10**18), "router: not the desk"),
    ("router", "debit"): ("desk", ("caller", 1, 0, 0, 10**18), "router: not the desk"),
    ("router", "lower"): ("desk", ("caller", 1, 0, 0, 10**18), "router: not the desk"),
    ("router", "net"): (
        "desk",
        ("caller", "caller", 10**18, 10**18, [0, 0]),
        "router: not the desk",
    ),
    ("router", "bring"): ("market", (10**16, 10**22, 1, 10**21, 0), "router: not the market"),
    ("venue", "trade"): ("router", (10**16, 10**22), "curie: not the router"),
    ("venue", "deposit"): ("router", (0,), "curie: not the router"),
    ("venue", "withdraw"): ("router", (USD, "caller"), "curie: not the router"),
    ("option", "mint"): ("market", ("caller", 1, 1), "token: only market"),
    ("option", "burn"): ("market", ("victim", 1, 1), "token: only market"),
    ("guardian", "pause"): ("guardian", (), "guardian: not a guardian"),
    ("guardian", "take_down"): ("guardian", (), "guardian: not a guardian"),
    ("guardian", "take_down_one"): ("guardian", (0,), "guardian: not a guardian"),
    ("guardian", "bring_back"): ("owner", (), "guardian: not the owner"),
    ("guardian", "bring_back_one"): ("owner", (0,), "guardian: not the owner"),
    ("guardian", "unpause"): ("owner", (), "guardian: not the owner"),
    ("guardian", "set_term"): ("owner", (5, 40), "guardian: not the owner"),
    ("guardian", "apply"): ("owner", (5,), "guardian: not the owner"),
    ("guardian", "cancel"): ("owner", (5,), "guardian: not the owner"),
    ("guardian", "propose_price"): ("owner", (0, 2_500 * 10**18), "guardian: not the owner"),
    ("guardian", "withdraw_price"): ("owner", (0,), "guardian: not the owner"),
    ("guardian", "propose_growth"): ("owner", (0, 10**18), "guardian: not the owner"),
    ("guardian", "withdraw_growth"): ("owner", (0,), "guardian: not the owner"),
    ("guardian", "offer_role"): ("owner", (0, "caller"), "guardian: not the owner"),
    ("guardian", "withdraw_offer"): ("owner", (3, "caller"), "guardian: not the owner"),
    ("guardian", "revoke_role"): ("owner", (3, "signer"), "guardian: not the owner"),
}


def _parts(w: World) -> dict[str, Contract]:
    return {name: getattr(w.tandem, name) for name in ANYBODY}


def _callers(w: World) -> dict[str, str]:
    """People of every class. Our contracts call nothing but what their source names."""
    t, people = w.tandem, w.engine.accounts
    return {
        "owner": t.roles.deployer,
        "lister": t.roles.lister,
        "signer": people[4],
        "trader": t.trader,
        "lp": t.lp,
        "stranger": w.stranger,
        "maker": w.curie.maker,
        "liquidator": w.curie.liquidator,
    }


@pytest.mark.proves("PW-1", "PW-3", "SH-3")
def test_every_function_that_changes_state_is_in_the_table(world: World) -> None:
    for name, contract in _parts(world).items():
        writes = {
            fn for fn, forms in contract.abi.functions.items() if not all(f.view for f in forms)
        }
        restricted = {fn for part, fn in RESTRICTED if part == name}
        assert writes == ANYBODY[name] | restricted, name


@pytest.mark.proves("PW-1", "PW-2")
@pytest.mark.parametrize(("name", "fn"), RESTRICTED)
def test_nobody_else_gets_through(world: World, name: str, fn: str) -> None:
    w = world
    w.mint(w.call(2_500), ETH)
    who, args, reason = RESTRICTED[name, fn]
    parts, callers = _parts(w), _callers(w)
    people = {"victim": w.trader, "signer": callers["signer"]}
    allowed = {
        "market": parts["market"].address,
        "router": parts["router"].address,
        "desk": parts["desk"].address,
        "stress": parts["stress"].address,
        "owner": callers["owner"],
        "lister": callers["lister"],
        "guardian": w.tandem.roles.guardian,
        "breaker": parts["breaker"].address,
        "bounty": parts["bounty"].address,
    }[who]
    for caller, address in callers.items():
        if address == allowed or (fn == "revoke_role" and address == people["signer"]):
            continue
        names = people | {"caller": address}
        filled = [names.get(a, a) if isinstance(a, str) else a for a in args]
        with pytest.raises(Reverted) as caught:
            parts[name].send(fn, *filled, sender=address)
        assert caught.value.reason == reason, caller


@pytest.mark.proves("PW-2")
def test_no_contract_of_ours_calls_what_a_caller_names() -> None:
    """So no role can be borrowed through one of them. The Vault asks its own Lens by a raw call, the Lens the
    margin desk, ChainlinkSpot its feeds, the Splitter a set's members, VenueLens itself, the Breaker its
    Vault, the Bounty a rollup's oracle, MorphoVenue its own markets' oracles and AaveReach its lender and the
    adapter that asks it: they can only read. Two adapters tell their own lender to give back what others lent
    in their name, which it may refuse, the desk its own router to lead margin to a venue that may take none,
    and the router its own set to fill an order that may not fit as it is split."""
    asked = {
        "Vault": "raw_call(\n        valuation.LENS.address,",
        "Lens": "raw_call(\n        desk.address,",
        "feed_rounds": "raw_call(\n        feed,",
        "Bounty": "raw_call(\n        DATA_FEES,",
        "Splitter": "raw_call(\n        venue,",
        "VenueLens": "raw_call(\n        self,",
        "Breaker": "raw_call(\n        VAULT.address,",
        "morpho_lender": "raw_call(\n        self._market(short).oracle,",
        "aave_rooms": "raw_call(\n        aave_lender.LENDER.address,",
        "AaveReach": "raw_call(\n        who,",
    }
    told = {
        "aave_lender": ("LENDER", 2),
        "morpho_lender": ("LENDER", 1),
        "MarginDesk": ("ROUTER", 1),
        "HedgeRouter": ("VENUE", 1),
    }
    for path in CONTRACTS.rglob("*.vy"):
        if path.parent.name != "mocks":
            text = path.read_text()
            if path.stem in told:
                whom, times = told[path.stem]
                text, found = re.subn(rf"raw_call\(\s+{whom}\.address,", "", text)
                assert found == times
            if path.stem in asked:
                reads = asked[path.stem]
                assert text.count(reads) == text.count("is_static_call=True") == 1
                text = text.replace(reads, "").replace("`raw_call`", "")
            assert not {"raw_call", "raw_create", "delegatecall"} & set(re.findall(r"\w+", text)), (
                path.name
            )


@pytest.mark.proves("PW-2")
def test_what_anybody_may_call_takes_nothing_from_somebody_else(world: World) -> None:
    """A stranger names the trader and the LP as the owner of what he asks for."""
    w, t = world, world.tandem
    series = w.call(2_500)
    w.mint(series, ETH)
    who, lp, vault = w.stranger, t.lp, t.vault
    tries: list[tuple[Contract, str, tuple[Any, ...], str]] = [
        (t.market, "close", (series.id, ETH, 0, 0, MAX, who), "token: balance"),
        (t.market, "redeem", (series.id, ETH, t.trader, who), "market: not settled"),
        (t.option, "transferFrom", (t.trader, who, series.id, 1), "token: allowance"),
        (vault, "transferFrom", (lp, who, 1), "shares: allowance"),
        (vault, "requestRedeem", (10**18, lp, lp), "shares: allowance"),
        (vault, "requestRedeem", (10**18, lp, who), "vault: controller not owner"),
        (vault, "requestRedeem", (10**18, who, lp), "vault: controller not owner"),
        (vault, "redeem", (1, who, lp), "vault: not the controller"),
        (vault, "withdraw", (1, who, lp), "vault: not the controller"),
        (t.guardian, "accept_role", (0,), "guardian: not offered"),
    ]
    for contract, fn, args, reason in tries:
        with w.refuses(reason, series):
            contract.send(fn, *args, sender=who)
    w.settle(w.near, 2_600)
    with w.refuses("market: not the owner", series):
        t.market.send("redeem", series.id, ETH, t.trader, who, sender=who)
