"""The order of the money path and what it touches, as the EVM itself sees a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from market_events import hedged, minted
from worlds import ETH, MAX, PRICE, USD, World, furnish

from tandem.engine import open_engine
from tandem.protocol.deploy import deploy_tandem
from tandem.units import WAD
from tandem.venues.curie import deploy_curie


@dataclass(frozen=True, slots=True)
class Act:
    """One opcode by which code reads another contract or changes something."""

    by: str  # in whose storage the code runs
    what: str  # call, read, store, log
    whom: str = ""  # whose code a call runs


@pytest.fixture(scope="module")
def watched_once() -> World:
    """On py-evm, whose opcodes can be watched."""
    engine = open_engine("boa")
    curie = deploy_curie(engine, PRICE * WAD)
    return furnish(World(engine, curie, deploy_tandem(engine, curie), 0, 0))


@pytest.fixture
def watched(watched_once: World) -> Iterator[World]:
    with watched_once.undone():
        yield watched_once


def acts_of(world: World, do: Callable[[], object]) -> list[Act]:
    """What a transaction or a view does, in order; the contracts of ours by their names."""
    parts = ("market", "vault", "router", "venue", "option", "surface", "spot", "risk", "guardian")
    names = {str(getattr(world.tandem, part).address).lower(): part for part in parts}
    names[str(world.curie.feed.address).lower()] = "feed"
    acts: list[Act] = []

    def name(address: bytes) -> str:
        return names.get("0x" + address.hex(), "0x" + address.hex())

    state = world.engine._env.evm.vm.state  # pyright: ignore[reportAttributeAccessIssue]
    frame, store = state.computation_class, type(state)
    apply, log, keep = frame.apply_child_computation, frame.add_log_entry, store.set_storage

    def calls(self: Any, message: Any) -> Any:
        what = "read" if message.is_static else "call"
        acts.append(Act(name(self.msg.storage_address), what, name(message.code_address)))
        return apply(self, message)

    def logs(self: Any, account: bytes, topics: tuple[int, ...], data: bytes) -> Any:
        acts.append(Act(name(account), "log"))
        return log(self, account, topics, data)

    def stores(self: Any, address: bytes, slot: int, value: int) -> Any:
        acts.append(Act(name(address), "store"))
        return keep(self, address, slot, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "apply_child_computation", calls)
        patch.setattr(frame, "add_log_entry", logs)
        patch.setattr(store, "set_storage", stores)
        do()
    assert acts
    return acts


def changes(acts: list[Act]) -> list[str]:
    """What the Market itself changes or has changed, in order, repetitions once."""
    words = [f"{a.what} {a.whom}".strip() for a in acts if a.by == "market" and a.what != "read"]
    return [word for i, word in enumerate(words) if i == 0 or words[i - 1] != word]


@pytest.mark.proves("MP-4", "MP-5", "MP-7", "MP-9")
def test_a_mint_books_hedges_collects_logs_and_delivers_in_this_order(watched: World) -> None:
    acts = acts_of(watched, lambda: watched.mint(watched.call(2_500), ETH))
    assert changes(acts) == ["store", "call router", "call vault", "log", "call option"]


@pytest.mark.proves("MP-4", "MP-5", "MP-7", "MP-9")
def test_a_close_books_hedges_burns_pays_and_logs_in_this_order(watched: World) -> None:
    series = watched.call(2_500)
    watched.mint(series, 2 * ETH)
    acts = acts_of(watched, lambda: watched.close(series, ETH))
    assert changes(acts) == ["store", "call router", "call option", "call vault", "log"]


@pytest.mark.proves("MP-8")
@pytest.mark.parametrize("close", [False, True])
def test_solvency_is_judged_on_the_cash_after_it_has_moved(watched: World, close: bool) -> None:
    series = watched.call(2_500)
    watched.mint(series, 2 * ETH)
    acts = acts_of(watched, lambda: (watched.close if close else watched.mint)(series, ETH))
    moved, logged = acts.index(Act("market", "call", "vault")), acts.index(Act("market", "log"))
    assert "vault" in [a.whom for a in acts[moved:logged] if a.what == "read"]


@pytest.mark.proves("MP-2")
@pytest.mark.parametrize("close", [False, True])
def test_what_prices_a_trade_is_read_once_and_before_anything_changes(
    watched: World, close: bool
) -> None:
    series = watched.call(2_500)
    watched.mint(series, 2 * ETH)
    t, who = watched.tandem, watched.trader
    verb = (
        t.market.close(series.id, ETH, 0, 0, MAX, who)
        if close
        else t.market.mint(series.id, ETH, MAX, MAX, who)
    )
    acts = acts_of(watched, lambda: verb.send(who))
    booked = acts.index(Act("market", "store"))
    before, after = ([a.whom for a in part] for part in (acts[:booked], acts[booked:]))
    for source in ("spot", "surface"):
        assert (before.count(source), after.count(source)) == (1, 0)
    # Of the venue's position: by whoever assembles the trade from the router, by that from the
    # venue. An open asks the venue nothing else before it is booked, a close how much it takes.
    asked = 2 if close else 1
    assert before.count("router") == before.count("venue") == asked


@pytest.mark.proves("MP-9")
def test_a_mint_is_logged_once_with_the_state_after_it_and_its_token_moves_last(
    world: World,
) -> None:
    world.mint(world.put(2_400), 2 * ETH)
    receipt = world.mint(world.call(2_500), ETH)
    event = minted(receipt)
    assert event["maxima"] == world.tandem.market.call("liabilities")[0]
    assert event["floor"] == world.floor()
    assert hedged(receipt)["position_after"] == world.position()
    ours = {part.address for part in world.contracts()}
    last = [e for e in receipt.events() if e.address in ours][-1]
    assert (last.address, last.name) == (world.tandem.option.address, "Transfer")


@pytest.mark.proves("MP-4")
def test_an_open_that_capital_would_not_carry_reverts_before_the_venue_is_called(
    world: World,
) -> None:
    """The venue would refuse as well, and by another name."""
    world.set_terms(max_trade=1_000, exit_share=0)
    vault, lp = world.tandem.vault, world.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) * 95 // 100, lp, lp, sender=lp)
    world.curie.base.send("pause", sender=world.curie.owner)
    with world.refuses("CH_MNO"):
        world.mint(world.call(2_500), 8 * ETH)
    with world.refuses("floor: under reserve"):
        world.mint(world.call(2_500), 25 * ETH)


@pytest.mark.proves("ST-2")
def test_settlement_asks_the_oracle_and_neither_venue_nor_vault(watched: World) -> None:
    """What does not ask for the cash cannot judge it."""
    watched.mint(watched.call(2_500), ETH)
    watched.engine.set_time(watched.near)
    watched.push(2_600)
    round_id = watched.round_id()
    acts = acts_of(watched, lambda: watched.tandem.settle(watched.near, round_id))
    asked = {a.whom for a in acts}
    assert {"spot", "feed"} <= asked
    assert not asked & {"vault", "router", "venue", "surface"}


@pytest.mark.proves("FL-9")
def test_the_floor_asks_for_no_price_no_model_and_no_venue(watched: World) -> None:
    watched.mint(watched.call(2_500), ETH)
    assert {a.whom for a in acts_of(watched, watched.floor)} == {"vault"}


@pytest.mark.proves("FL-7")
def test_cash_lent_to_the_venue_leaves_the_floor_and_counts_again_when_it_is_back(
    world: World,
) -> None:
    world.mint(world.call(2_500), 4 * ETH)
    before = world.floor()
    cash = world.tandem.vault.call("cash")
    world.overfund()
    lent = cash - world.tandem.vault.call("cash")
    assert lent > 1_000 * USD
    assert world.floor() == before - lent
    with world.undone():
        world.move(2_600)  # the hedge gains, the floor does not
        assert world.floor() == before - lent
    back = world.tandem.desk.send("sweep", sender=world.stranger).returned
    assert world.floor() == before - lent + back
