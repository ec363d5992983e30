"""VS-6: what a venue lacks that may get nothing for what it lost is barred: nothing is held back for it, and
its hedge goes elsewhere or home."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from barred import lacking, lie
from several import REVERTS, build_beside_two_faces, fund, members, tell
from worlds import ETH, World

from keeper.cli.doctor import margin_line
from keeper.cycle import Keeper
from keeper.observer import Observer
from keeper.planner import Kind, PlannerSettings
from keeper.policy import create
from keeper.replay.outbox import LocalOutbox
from tandem.client.margin import distress
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.handles import handles_of
from tandem.units import DAY, HOUR, USD, WAD

SHORT = 500 * WAD
"""USD: under the least of what the second venue holds."""
ACTS: dict[str, Callable[[World], object]] = {
    "process": lambda world: world.tandem.vault.send("process", 5, sender=world.stranger),
    "poke": lambda world: world.tandem.vault.send("poke", sender=world.stranger),
    "deposit": lambda world: world.tandem.deposit(1_000 * USD, lp=world.engine.accounts[7]),
}


def due(world: World) -> None:
    """A tenth of the LP's shares."""
    vault, lp = world.tandem.vault, world.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    world.engine.advance(DAY + HOUR)
    world.freshen()
    world.rest()


def short(world: World, face: Contract, equity: int = SHORT) -> None:
    face.send("set_equity", equity, sender=world.stranger)


def barred_beside(place: int, size: int) -> tuple[World, Contract, Contract]:
    """Two that say what they are told: the one at that place is past its part of the cap on 100 USD; and the
    other one."""
    world = build_beside_two_faces("CurieVenue", "AaveVenue")
    barred, other = members(world)[place], members(world)[1 - place]
    world.mint(world.call(2_500), size)
    short(world, barred, 100 * WAD)
    while world.tandem.vault.call("would_lend", barred):
        world.tandem.desk.top_up(barred).send(world.stranger)
    return world, barred, other


@pytest.mark.proves("VS-8", "SH-6")
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("is_barred", [False, True])
def test_while_one_lacks_margin_the_vault_takes_its_mark(
    faced: World, face: Contract, act: str, is_barred: bool
) -> None:
    """The set asks the Vault what it may lend, in the middle of the Vault's own act: while its lock closed
    that too, whoever said that it is a dollar short stopped exits, deposits and marks."""
    world = faced
    world.bring_home()
    if is_barred:
        lie(world, face)
        fund(world)
        world.tandem.stress.send(
            "remark", sender=world.stranger
        )  # the breaker has seen it for a day
    short(world, face)
    due(world)
    assert lacking(world, face) > 0
    ACTS[act](world)


@pytest.mark.proves("VS-6", "FL-5")
def test_for_what_one_may_not_get_nothing_is_held_back(faced: World, face: Contract) -> None:
    """VS-6: "is held back from nobody": 43,923 USD of a million that no top-up could have taken kept
    leavers in for three weeks."""
    world, t, lp = faced, faced.tandem, faced.tandem.lp
    world.bring_home()
    lie(world, face)
    fund(world)
    short(world, face)
    due(world)
    account = t.router.account(world.spot, 0)
    assert account.barred == account.top_up == lacking(world, face) > 0
    assert t.lens.mark_for(t.vault.call("totalAssets"), 6 * HOUR).top_up == 0
    t.vault.send("process", 5, sender=world.stranger)
    assert t.vault.call("maxRedeem", lp) > 0


@pytest.mark.proves("VS-6", "HG-14")
def test_a_bounty_holds_nothing_back_for_it_either(faced: World, face: Contract) -> None:
    """What the Vault may lend is a reward's, less what a top-up could take."""
    world, t = faced, faced.tandem
    for _ in range(4):
        world.mint(world.call(2_500), 8 * ETH)
    lie(world, face)
    fund(world)
    short(world, face)
    world.move(2_750)
    world.rest()
    t.bounty.stamp().send(world.stranger)
    world.engine.advance(600)
    world.push_wad(world.spot)
    short(world, face)
    account = t.router.account(world.spot, 0)
    lendable = t.vault.call("would_lend", t.venue.address)
    assert 0 < account.barred < lendable
    found = t.bounty.due(10**9)
    assert found.by_day > 0
    assert found.by_floor == lendable - (account.top_up - account.barred)


@pytest.mark.proves("FL-5", "BR-1")
def test_what_none_may_get_is_held_back_and_is_distress(faced: World, face: Contract) -> None:
    """VS-6: "unless none may get any": as at the only venue, margin follows once the loss is forgotten."""
    world, t = faced, faced.tandem
    lie(world, face)
    short(world, face)
    t.guardian.take_down_one(0).send(t.roles.guardian)
    account = t.router.account(world.spot, 0)
    assert account.top_up == lacking(world, face) > 0 == account.barred
    t.stress.send("remark", sender=world.stranger)
    assert t.snapshot().is_distressed


@pytest.mark.proves("VS-6", "BR-1")
def test_one_that_is_not_worth_saving_is_none_that_may_get_any() -> None:
    """Nothing is sent to who is under water for good: whose cap is not passed may get nothing either."""
    world, _, second = barred_beside(0, 8 * ETH)
    t = world.tandem
    assert t.vault.call("would_lend", second) > 0
    assert t.router.account(world.spot, 0).barred > 0
    short(world, second, -200_000 * WAD)
    with pytest.raises(Reverted, match="margin: bankrupt account"):
        t.desk.top_up(second).send(world.stranger)
    account = t.router.account(world.spot, 0)
    assert account.top_up > 0 == account.barred
    t.stress.send("remark", sender=world.stranger)
    assert t.snapshot().is_distressed


@pytest.mark.proves("HG-20", "VS-6")
def test_a_keeper_lowers_or_moves_what_margin_of_a_barred_venue_does_not_carry(
    faced: World, face: Contract
) -> None:
    """4.35 ETH on 500 USD were left to be liquidated, and no line said so."""
    world, t = faced, faced.tandem
    world.bring_home()
    lie(world, face)
    fund(world)
    short(world, face)
    account = t.snapshot().account
    assert account.top_up >= account.barred > 0
    lendable = t.vault.call("would_lend", members(world)[0])
    assert distress(t.snapshot(), lendable) == ""
    assert "moves its hedge or lowers it" in margin_line(t.snapshot(), lendable, "ETH").todo
    observer = Observer(t.engine, handles_of(t), PlannerSettings())
    keeper = Keeper(observer, create("threshold"), LocalOutbox(t.engine, t.keeper, lambda *_: None))
    done: set[Kind] = set()
    for _ in range(10):
        t.engine.advance(60)
        world.push_wad(world.spot)
        done |= {one.intent.kind for one in keeper.cycle()}
    assert done & {Kind.DELEVER, Kind.SHIFT}


@pytest.mark.proves("HG-20", "VS-6")
def test_one_that_takes_no_margin_hides_no_barred_one() -> None:
    """Where none is named, the first that is due is lowered, not the first under its least: 7.92 ETH stayed
    on 100 USD behind one to which the Vault would lend."""
    world, second, first = barred_beside(1, 30 * ETH)
    t = world.tandem
    short(world, first, 10 * WAD)
    tell(world, first, ("deposit", REVERTS, 0, 0))
    held = second.call("position")
    (event,) = t.desk.delever().send(world.stranger).events("Delevered")
    assert event["venue"] == second.address
    assert second.call("position") < held


def topped_up_unnamed(world: World) -> str:
    """The venue that a top-up without a name goes to, undone, or what it is refused for."""
    try:
        with world.undone():
            receipt = world.tandem.desk.top_up().send(world.stranger)
    except Reverted as refused:
        return refused.reason
    (event,) = receipt.events("MarginToppedUp")
    return str(event["venue"])


@pytest.mark.proves("VS-6")
def test_a_top_up_without_a_name_passes_over_one_that_is_not_worth_saving() -> None:
    """VS-6: "the first for which it is due (of top-ups, that may get some)": and who has none left to get
    some is told of the last that lacks it."""
    world = build_beside_two_faces("CurieVenue", "AaveVenue")
    first, second = members(world)
    world.mint(world.call(2_500), 8 * ETH)
    short(world, first)
    short(world, second)
    assert topped_up_unnamed(world) == first.address
    short(world, first, -200_000 * WAD)
    assert topped_up_unnamed(world) == second.address
    short(world, second, 10**6 * WAD)
    assert topped_up_unnamed(world) == "margin: bankrupt account"


@pytest.mark.proves("VS-6")
def test_a_top_up_without_a_name_passes_over_one_that_is_barred() -> None:
    world, _, second = barred_beside(0, 8 * ETH)
    short(world, second)
    assert topped_up_unnamed(world) == second.address
    short(world, second, 10**6 * WAD)
    assert topped_up_unnamed(world) == "margin: floor or budget"
