"""A quote token that calls back into every door, at every moment that money moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worlds import ETH, MAX, USD, World, build

from tandem.engine.abi import Abi
from tandem.engine.artifacts import ROOT, Artifact
from tandem.engine.base import Contract
from tandem.units import DAY, WAD
from tandem.venues import _setup as builder

# What a callback may do at some moments: take or move what is its own, at no price but its own.
HARMLESS = {"request", "claim shares", "claim assets", "redeem", "move option"}
# Book and hedge may be read while they are whole: never inside a trade, and the mark never while
# margin is on its way. What is owed may be read always: a trade has its maximum in it by then, and to lend
# by it takes the locks of router and Vault.
READS: dict[str, set[str]] = {
    "mint": {"owed"},
    "close": {"owed"},
    "deposit": {"book", "mark", "owed"},
    "top up": {"book", "funds", "owed"},
    "sweep": {"book", "funds", "owed"},
    "bounty": {"owed"},
}
GAS = 400_000_000


def _hostile() -> Artifact:
    from vyper.cli.vyper_compile import compile_files

    path = Path(__file__).with_name("HostileToken.vy")
    raw: Any = next(
        iter(compile_files([str(path)], ["abi", "bytecode"], paths=[str(ROOT)]).values())
    )
    return Artifact("HostileToken", Abi(raw["abi"]), bytes.fromhex(raw["bytecode"][2:]))


@pytest.fixture(scope="module")
def hostile_once() -> World:
    return hostile_world()


def hostile_world() -> World:
    """A market in the hostile token, which is a trader and an LP itself."""
    artifact, plain = _hostile(), builder.compile_vyper
    builder.compile_vyper = lambda name: artifact if name == "USDC" else plain(name)
    try:
        w = build(fees=True)
    finally:
        builder.compile_vyper = plain
    t, token = w.tandem, w.curie.usdc
    token.send("mint", token, 10**12, sender=w.curie.owner)
    token.send("allow", t.vault, sender=w.stranger)
    _fire(w, t.vault, "deposit", 200_000 * USD, token.address)
    _fire(w, t.market, "mint", w.call(2_500).id, ETH, MAX, MAX, token.address)
    _fire(w, t.market, "mint", w.put(2_400, far=True).id, 2 * ETH, MAX, MAX, token.address)
    w.mint(w.put(2_400, far=True), 2 * ETH)
    shares = t.vault.call("balanceOf", token)
    _fire(w, t.vault, "requestRedeem", shares // 10, token.address, token.address)
    w.engine.advance(25 * 3_600)
    w.freshen()
    t.vault.send("process", 1, sender=w.stranger)
    w.engine.set_time(w.near - 2 * DAY)
    _fire(w, t.vault, "requestRedeem", shares // 10, token.address, token.address)
    w.settle(w.near, 2_600)
    w.move(2_650)
    w.freshen()
    return w


@pytest.fixture
def hostile(hostile_once: World) -> Iterator[World]:
    with hostile_once.undone():
        yield hostile_once


def _data(contract: Contract, fn: str, *args: Any) -> bytes:
    return contract.abi.function(fn, len(args)).encode(args)


def _fire(w: World, contract: Contract, fn: str, *args: Any) -> None:
    w.curie.usdc.send("fire", contract, _data(contract, fn, *args), sender=w.stranger, gas=GAS)


def _probes(w: World) -> dict[str, tuple[Contract, bytes]]:
    t, me = w.tandem, w.curie.usdc.address
    settled, held = w.call(2_500).id, w.put(2_400, far=True).id
    calls: dict[str, tuple[Contract, str, tuple[Any, ...]]] = {
        "mint": (t.market, "mint", (w.put(2_500, far=True).id, 20_000, MAX, MAX, me)),
        "close": (t.market, "close", (held, 20_000, 0, 0, MAX, me)),
        "rebalance": (t.market, "rebalance", (0,)),
        "redeem": (t.market, "redeem", (settled, 1_000, me, me)),
        "deposit": (t.vault, "deposit", (USD, me)),
        "mint shares": (t.vault, "mint", (10**18, me)),
        "request": (t.vault, "requestRedeem", (2 * 10**18, me, me)),
        "process": (t.vault, "process", (1,)),
        "poke": (t.vault, "poke", ()),
        "claim shares": (t.vault, "redeem", (10**15, me, me)),
        "claim assets": (t.vault, "withdraw", (1, me, me)),
        "top up": (t.desk, "top_up", ()),
        "sweep": (t.desk, "sweep", ()),
        "stamp": (t.bounty, "stamp", ()),
        "bounty": (t.bounty, "rebalance", (0, me, 0)),
        "mark": (t.lens, "mark", ()),
        "owed": (t.market, "liabilities", ()),
        "funds": (t.vault, "funds", ()),
        "book": (t.market, "snapshot", ()),
        "move option": (t.option, "transfer", (t.trader, held, 1)),
    }
    return {name: (c, _data(c, fn, *args)) for name, (c, fn, args) in calls.items()}


def _through(w: World, probes: dict[str, tuple[Contract, bytes]]) -> set[str]:
    assert w.curie.usdc.call("callbacks") > 0
    counts = [int(w.curie.usdc.call("through", i)) for i in range(len(probes))]
    return {name for name, count in zip(probes, counts, strict=True) if count}


def _actions(w: World) -> dict[str, tuple[Contract, str, tuple[Any, ...], str]]:
    t, lp = w.tandem, w.tandem.lp
    return {
        "mint": (t.market, "mint", (w.put(2_500, far=True).id, ETH, MAX, MAX, t.trader), t.trader),
        "close": (
            t.market, "close", (w.put(2_400, far=True).id, ETH, 0, 0, MAX, t.trader), t.trader,
        ),
        "deposit": (t.vault, "deposit", (1_000 * USD, lp), lp),
        "top up": (t.desk, "top_up", (), w.stranger),
        "sweep": (t.desk, "sweep", (), w.stranger),
        "bounty": (t.bounty, "rebalance", (0, t.trader, 1), w.stranger),
    }  # fmt: skip


def _calm(w: World) -> None:
    """The hedge goes home, so that exits have a calm moment (SH-8) and no rebalance is due."""
    w.rest()
    w.bring_home()
    w.freshen()


def _prepare(w: World, action: str) -> None:
    """Margin runs low before a top-up, high before a sweep."""
    w.tandem.give(w.tandem.lp, 10_000 * USD)
    if action == "top up":
        _calm(w)
        w.move(2_450)
        w.freshen()
    if action == "sweep":
        w.overfund()
    if action == "bounty":
        assert w.fees is not None
        w.fees.send("say", WAD // 1_000, sender=w.stranger)
        w.move(2_900)
        w.rest()
        w.tandem.bounty.stamp().send(w.stranger)
        w.engine.advance(600)
        w.freshen()


@pytest.mark.parametrize("is_calm", [False, True], ids=["rebalance due", "calm"])
@pytest.mark.parametrize("action", ["mint", "close", "deposit", "top up", "sweep", "bounty"])
def test_a_callback_never_prices_trades_or_moves_margin(
    hostile: World, action: str, is_calm: bool
) -> None:
    """Rebalances and exits are due at different moments (SH-8), so each action is tried at both."""
    w = hostile
    if is_calm:
        _calm(w)
    _prepare(w, action)
    probes = _probes(w)
    token = w.curie.usdc
    contract, fn, args, sender = _actions(w)[action]
    with w.undone():
        token.send("arm", [], sender=w.stranger)
        plain = contract.send(fn, *args, sender=sender).returned
    token.send("arm", [(c.address, data) for c, data in probes.values()], sender=w.stranger)
    done = contract.send(fn, *args, sender=sender, gas=GAS)
    assert _through(w, probes) <= HARMLESS | READS[action]
    token.send("arm", [], sender=w.stranger)
    assert done.returned == plain
    assert w.floor() >= 0
    maxima, claims = w.tandem.market.call("liabilities")
    cash = w.tandem.vault.call("cash")
    assert cash == w.usdc(w.tandem.vault)
    assert cash >= maxima + claims + w.tandem.vault.call("exits_unpaid")


def test_every_probe_gets_through_when_nothing_is_going_on(hostile: World) -> None:
    """Else the test above would prove nothing."""
    w = hostile
    for name, (contract, data) in _probes(w).items():
        with w.undone():
            if name in ("top up", "sweep"):
                _prepare(w, name)
            if name == "process":
                _calm(w)
            w.curie.usdc.send("fire", contract, data, sender=w.stranger, gas=GAS)
