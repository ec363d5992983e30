"""Quote and base tokens that call back into every door, where the hedge is a loan, and over several venues.

At an exchange the quote token alone moves (test_callbacks_reach_nothing.py). A lender and a pool move both,
inside an order, and an adapter moves what strangers lent whenever anybody asks it to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from issuers import adapters, base_of, markets, quote_of
from several import LentWorld, SetWorld
from under_way import deposits, lacking, overfunded, quiet, risen, settled_in
from worlds import ETH, FLAT, MAX, USD, World, build

from tandem import venues
from tandem.engine.abi import Abi
from tandem.engine.artifacts import ROOT, Artifact
from tandem.engine.base import Contract
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, HOUR, WAD
from tandem.venues import SEPARATOR, _pair, _setup

KINDS = ("aave", "morpho", "morpho4", "curie+aave", "aave+morpho")
GAS = 400_000_000
SOURCE = Path(__file__).with_name("HostileToken.vy")
GOES = {"request", "claim shares", "redeem", "accept", "note"}
"""What takes or moves the caller's own, or writes down what is there."""
SEEN = {"owed", "funds", "book", "account", "position"}
"""Views that price no share. `mark` is whole while a deposit's money comes, and reverts inside all else."""
NEVER = {
    "mint",
    "rebalance",
    "process",
    "poke",
    "deposit",
    "top up",
    "sweep",
    "delever",
    "remark",
    "stamp",
}
Hostile = tuple[World, Contract]


@cache
def hostile_token(decimals: int) -> Artifact:
    from vyper.cli.vyper_compile import compile_files

    text = SOURCE.read_text().replace("constant(uint8)) = 6", f"constant(uint8)) = {decimals}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / SOURCE.name
        path.write_text(text)
        paths = [str(ROOT), folder]
        raw: Any = next(iter(compile_files([str(path)], ["abi", "bytecode"], paths=paths).values()))
    return Artifact("HostileToken", Abi(raw["abi"]), bytes.fromhex(raw["bytecode"][2:]))


@cache
def hostile_world(kind: str, which: str) -> Hostile:
    """A market of which one token is hostile, a trader and an LP itself."""
    name, decimals = {"quote": ("USDC", 6), "base": ("WETH", 18)}[which]
    plain = _setup.compile_vyper
    settings = DeploySettings(terms={"max_trade": 300})
    one = SetWorld if SEPARATOR in kind else LentWorld
    with pytest.MonkeyPatch.context() as patch:
        for room in (_setup, _pair):
            patch.setattr(
                room, "compile_vyper", lambda n: hostile_token(decimals) if n == name else plain(n)
            )
        w = build(venue=venues.recipe(kind), smile=FLAT, kind=one, settings=settings)
    settled_in(w)
    token = quote_of(w) if which == "quote" else base_of(w)
    t, me = w.tandem, token.address
    quote_of(w).send("mint", token, 10**12, sender=w.curie.owner)
    if which == "quote":
        token.send("allow", t.vault, sender=w.stranger)
    else:
        _fire(w, token, quote_of(w), "approve", t.vault.address, 10**12)
    _fire(w, token, t.vault, "deposit", 200_000 * USD, me)
    for series, units in ((w.call(2_500), ETH), (w.put(2_400, far=True), 2 * ETH)):
        _fire(w, token, t.market, "mint", series.id, units, MAX, MAX, me)
    for _ in range(2):
        w.mint(w.put(2_400, far=True), 6 * ETH)
        settled_in(w)
    part = t.vault.call("balanceOf", token) // 10
    _fire(w, token, t.vault, "requestRedeem", part, me, me)
    w.engine.advance(25 * HOUR)
    quiet(w)
    t.vault.send("process", 1, sender=w.stranger)
    w.engine.set_time(w.near - 2 * DAY)
    _fire(w, token, t.vault, "requestRedeem", part, me, me)
    w.settle(w.near, 2_600)
    w.move(2_550)
    w.rest()
    quiet(w)
    return w, token


@pytest.fixture(
    params=[(kind, which) for kind in KINDS for which in ("quote", "base")], ids="-".join
)
def hostile(request: pytest.FixtureRequest) -> Iterator[Hostile]:
    w, token = hostile_world(*request.param)
    with w.undone():
        yield w, token


def _data(contract: Contract, fn: str, *args: Any) -> bytes:
    return contract.abi.function(fn, len(args)).encode(args)


def _fire(w: World, token: Contract, contract: Contract, fn: str, *args: Any) -> None:
    token.send("fire", contract, _data(contract, fn, *args), sender=w.stranger, gas=GAS)


def _probes(w: World, me: str) -> list[tuple[str, Contract, bytes]]:
    """Every door, by its name; of each adapter its own."""
    t = w.tandem
    settled, held = w.call(2_500).id, w.put(2_400, far=True).id
    calls: list[tuple[str, Contract, str, tuple[Any, ...]]] = [
        ("mint", t.market, "mint", (w.put(2_500, far=True).id, 20_000, MAX, MAX, me)),
        ("close", t.market, "close", (held, 20_000, 0, 0, MAX, me)),
        ("rebalance", t.market, "rebalance", (0,)),
        ("redeem", t.market, "redeem", (settled, 1_000, me, me)),
        ("deposit", t.vault, "deposit", (USD, me)),
        ("request", t.vault, "requestRedeem", (2 * WAD, me, me)),
        ("process", t.vault, "process", (1,)),
        ("poke", t.vault, "poke", ()),
        ("claim shares", t.vault, "redeem", (10**15, me, me)),
        ("top up", t.desk, "top_up", ()),
        ("sweep", t.desk, "sweep", ()),
        ("delever", t.desk, "delever", ()),
        ("stamp", t.bounty, "stamp", ()),
        ("remark", t.stress, "remark", ()),
        ("mark", t.lens, "mark", ()),
        ("owed", t.market, "liabilities", ()),
        ("funds", t.vault, "funds", ()),
        ("book", t.market, "snapshot", ()),
        ("account", t.router, "account", (w.spot, 0)),
        ("position", t.router, "position", ()),
    ]
    for adapter in adapters(w):
        calls += [("account", adapter, "account", (w.spot,)), ("position", adapter, "position", ())]
        if "accept" in adapter.abi.functions:
            calls.append(("accept", adapter, "accept", ()))
    if isinstance(w, SetWorld):
        calls.append(("note", t.venue, "note", ()))
    return [(name, contract, _data(contract, fn, *args)) for name, contract, fn, args in calls]


def nothing(w: World, token: Contract) -> None:
    pass


def given(w: World, token: Contract) -> None:
    """A stranger lends in our name, at every lender."""
    donor = w.engine.accounts[4]
    for market, adapter in zip(markets(w), adapters(w), strict=True):
        if hasattr(market, "supply_for"):
            amount = USD if token.address == market.usdc.address else 10**15
            market.supply_for(donor, adapter, amount, token)


def _acts(w: World) -> dict[str, tuple[Callable[[], Any], Callable[[World, Contract], object]]]:
    t, far = w.tandem, w.put(2_400, far=True)

    def told(who: Contract, fn: str, *args: Any, by: str = w.stranger) -> Callable[[], Any]:
        return lambda: who.send(fn, *args, sender=by, gas=GAS)

    call, put = w.call(2_500, far=True).id, w.put(2_500, far=True).id
    accepts = [a for a in adapters(w) if "accept" in a.abi.functions]
    return {
        "mint a put": (told(t.market, "mint", put, ETH, MAX, MAX, t.trader, by=t.trader), nothing),
        "mint a call": (
            told(t.market, "mint", call, ETH, MAX, MAX, t.trader, by=t.trader),
            nothing,
        ),
        "close": (told(t.market, "close", far.id, ETH, 0, 0, MAX, t.trader, by=t.trader), nothing),
        "deposit": (lambda: deposits(w), nothing),
        "top up": (told(t.desk, "top_up"), lambda w, _: lacking(w)),
        "sweep": (told(t.desk, "sweep"), lambda w, _: overfunded(w)),
        "rebalance": (told(t.market, "rebalance", 0), lambda w, _: risen(w)),
        "accept": (told(accepts[0], "accept"), given),
    }


ACTS = ("mint a put", "mint a call", "close", "deposit", "top up", "sweep", "rebalance", "accept")


@pytest.mark.proves("MP-10", "FL-1", "LM-5", "VS-8")
@pytest.mark.parametrize("name", ACTS)
def test_no_callback_of_either_token_prices_trades_or_moves_margin(
    hostile: Hostile, name: str
) -> None:
    """Nobody deposits, leaves, opens or moves margin at a moment in which something is on its way. Where one
    adapter of a set takes out what a stranger lent, the others go on without it, and so does a close."""
    w, token = hostile
    act, before = _acts(w)[name]
    before(w, token)
    with w.undone():
        token.send("arm", [], sender=w.stranger)
        plain = act().returned
        floor = w.floor()
    probes = _probes(w, token.address)
    token.send("arm", [(c.address, d) for _, c, d in probes], sender=w.stranger)
    done = act()
    counts = [int(token.call("through", i)) for i in range(len(probes))]
    through = {probes[i][0] for i, count in enumerate(counts) if count}
    token.send("arm", [], sender=w.stranger)
    assert not through & NEVER
    allowed = GOES | SEEN
    if name == "deposit":
        allowed |= {"mark"}
    if name == "accept" and isinstance(w, SetWorld):
        allowed |= {"close"}
    assert through <= allowed
    if name != "accept":
        assert done.returned == plain
        assert w.floor() == pytest.approx(floor, abs=10 * USD)
    assert w.floor() >= 0
    assert w.tandem.vault.call("cash") == w.usdc(w.tandem.vault)


def test_both_tokens_call_back_inside_an_order(hostile: Hostile) -> None:
    """Else the test above would prove nothing."""
    w, token = hostile
    probes = _probes(w, token.address)[:1]
    token.send("arm", [(c.address, d) for _, c, d in probes], sender=w.stranger)
    _acts(w)["mint a put"][0]()
    assert token.call("callbacks") > 0
