"""Whatever one venue of several answers, the others go on: each view of `IHedgeVenue`, by each kind of
answer that is none, against each act. What its own account is worth nobody else knows: where it does not
say that, nobody comes or leaves, and no mark is taken, until a guardian's bit is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from several import (
    ALL,
    BURNS,
    IS_SILENT,
    REPLACED,
    REVERTS,
    TOILS,
    Lie,
    build_beside_two_faces,
    legs,
    members,
    tell,
)
from worlds import ETH, USD, World

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY, Contract
from tandem.errors import Reverted
from tandem.units import DAY, WAD

WORDS = {
    "curve": 10,
    "max_order": 1,
    "position": 1,
    "account": 4,
    "bounds": 3,
    "average": 3,
    "price": 1,
    "quotation": 3,
    "funding": 2,
    "funding_since": 3,
    "purse": 1,
    "lot": 1,
    "history": 2,
    "index": 1,
    "free_collateral": 1,
}
"""How many numbers each view answers."""
ABSURD = {"least": 2**255, "most": 2**255 - 1, "huge": 2**128}
NO_MORE = {"nothing": 0, "all ones": 2**256 - 1}
"""The latter is -1e-18 of what has a sign."""
NOT_NUMBERS = {"reverts": REVERTS, "is silent": IS_SILENT, "burns gas": BURNS}
MOST_GAS = 12_000_000
"""Of an act beside a venue that burns whatever it is given: it fits a block several times."""


def lies() -> Iterator[Any]:
    for view, words in WORDS.items():
        for name, kind in NOT_NUMBERS.items():
            yield pytest.param((view, kind, 0, 0), id=f"{view} {name}")
        for place in [*range(words), ALL]:
            where = "all" if place == ALL else str(place)
            for name, word in (ABSURD | NO_MORE).items():
                # a position or an account of nothing is one that was liquidated: no absurdity
                if name in ABSURD or view not in ("position", "account"):
                    yield pytest.param((view, REPLACED, place, word), id=f"{view} {where} {name}")


def mint_that_buys(world: World) -> Any:
    return world.mint(world.call(2_500), 15 * ETH)


def mint_that_sells(world: World) -> Any:
    return world.mint(world.put(2_500), 20 * ETH)


def close(world: World) -> Any:
    return world.close(world.call(2_500), 15 * ETH)


def rebalance(world: World) -> Any:
    receipt = world.tandem.rebalance(sender=world.stranger)
    assert legs(receipt)
    return receipt


def top_up(world: World) -> Any:
    """More capital asks for more margin: that of the real one."""
    receipt = world.tandem.desk.top_up(members(world)[0]).send(world.stranger)
    assert receipt.returned > 0
    return receipt


def sweep(world: World) -> Any:
    receipt = world.tandem.desk.sweep(members(world)[0]).send(world.stranger)
    assert receipt.returned > 0
    return receipt


def value(world: World) -> Any:
    return world.tandem.lens.call("mark")


def remark(world: World) -> Any:
    return world.tandem.stress.remark().send(world.stranger)


def leave(world: World) -> Any:
    return world.tandem.vault.send("process", 5, sender=world.stranger)


def capital(world: World) -> None:
    world.tandem.deposit(10**6 * USD)


def lower_limit(world: World) -> None:
    world.set_terms(max_trade=100)


def ask_to_leave(world: World) -> None:
    vault, lp = world.tandem.vault, world.tandem.lp
    world.bring_home()
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    world.engine.advance(DAY + 3_600)
    world.freshen()


def nothing(_: World) -> None: ...


Act = Callable[[World], Any]
GOES_ON: dict[Act, Act] = {
    mint_that_buys: nothing,
    mint_that_sells: nothing,
    close: nothing,
    rebalance: nothing,
    top_up: capital,
    sweep: lower_limit,
}
"""Whatever one says. Before each what makes it due."""
WAITS: dict[Act, Act] = {value: nothing, remark: nothing, leave: ask_to_leave}
"""Where one does not say what its account is worth; what it says that it holds, and nobody opened,
makes it worth no more."""


@pytest.mark.sampled(60)
@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("lie", lies())
def test_r35_whatever_one_answers_the_others_go_on(faced: World, face: Contract, lie: Lie) -> None:
    for act, before in (GOES_ON | WAITS).items():
        with faced.undone():
            before(faced)
            tell(faced, face, lie)
            if act in WAITS and lie[0] == "account" and lie[1:3] != (REPLACED, 0):
                with pytest.raises(Reverted, match="venues: account unknown"):
                    act(faced)
            else:
                done = act(faced)
                assert getattr(done, "gas_used", 0) < MOST_GAS


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("lie", lies())
def test_the_market_is_read_whatever_one_answers(faced: World, face: Contract, lie: Lie) -> None:
    """Who keeps the others' hedge has to see it: only what the accounts are worth is not told."""
    before = faced.tandem.snapshot()
    with faced.undone():
        tell(faced, face, lie)
        seen = faced.tandem.snapshot()
    says_nothing = lie[0] == "account" and lie[1:3] != (REPLACED, 0)
    assert seen.account_known is not says_nothing
    assert (seen.account.need == 0) is says_nothing
    assert before.account_known
    assert seen.position == pytest.approx(before.position, rel=1e-9)  # or as it was known
    assert seen.stance.residual == pytest.approx(before.stance.residual, rel=1e-4)  # a second later


@pytest.fixture(scope="session")
def two_faces_once() -> World:
    """Two that say what they are told. Nothing is sent after what the first owes: its hedge is to go."""
    world = build_beside_two_faces("CurieVenue", "AaveVenue")
    first, face = members(world)
    for one in (first, face):
        one.send("tell", 2_500 * WAD, 10**4 * WAD, 0, 0, sender=world.stranger)
    world.mint(world.call(2_500), 15 * ETH)
    assert first.call("position") > WAD < face.call("position")
    first.send("set_equity", -20_000 * WAD, sender=world.stranger)
    return world


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("lie", lies())
def test_r35_a_hedge_is_lowered_where_it_lies_whatever_another_venue_answers(
    two_faces_once: World, lie: Lie
) -> None:
    world = two_faces_once
    with world.undone():
        first, face = members(world)
        held = first.call("position")
        tell(world, face, lie)
        receipt = world.tandem.desk.delever(first).send(world.stranger)
        (event,) = receipt.events("Delevered")
        assert event["venue"] == first.address
        assert first.call("position") == held + event["order"] < held
        assert receipt.gas_used < MOST_GAS


@pytest.mark.proves("VS-8", "VS-3")
def test_who_opens_waits_once_a_proof_of_what_an_account_holds_is_old(
    faced: World, face: Contract
) -> None:
    """What lowers risk goes on, at the others: a sale back, and what brings the hedge home."""
    faced.engine.advance(3 * 3_600)
    faced.freshen()
    tell(faced, face, ("account", REVERTS, 0, 0))
    for refused in (mint_that_buys, mint_that_sells):
        with pytest.raises(Reverted, match="venues: account unknown"):
            refused(faced)
    curie = members(faced)[0]
    for act in (close, rebalance):
        with faced.undone():
            assert set(legs(act(faced))) == {curie.address}


@pytest.mark.proves("VS-8")
def test_who_sends_little_gas_does_not_choose_who_takes_part(faced: World, face: Contract) -> None:
    """A venue that needs much gas answers with as much as it may take, or the question reverts: what it
    could not say for want of gas does not count as nothing."""
    splitter = faced.engine.at(compile_vyper("Splitter"), faced.tandem.venue.call("SPLITTER"))
    tell(faced, face, ("curve", TOILS, 0, 0))
    answered: list[int] = []
    for gas in range(40_000, 700_000, 10_000):
        with suppress(Reverted):
            asked = ([face, *[NOBODY] * 3], 0, WAD, 0, [0] * 4, 0)
            receipt = splitter.send("curves", *asked, sender=faced.stranger, gas=gas)
            answered.append(receipt.gas_used)
            assert receipt.returned[0][0] == face.call("price")
    assert answered
    assert min(answered) > 100_000
