"""R11: money that nobody asked for changes nothing that is paid out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.units import DAY

GIFT = 50_000 * USD
NAMES = ("market", "vault", "router", "desk", "venue", "option", "lens", "underwriter", "surface")


def a_day(world: World) -> tuple[object, ...]:
    """Everything that is paid to anybody: trades, a mark, an LP's entry and exit, settlement."""
    t = world.tandem
    series, other = world.call(2_500), world.put(2_400)
    paid: list[object] = [world.mint(series, 3 * ETH).returned, world.mint(other, 2 * ETH).returned]
    t.vault.send("poke", sender=world.stranger)
    paid.append(world.close(series, ETH).returned)
    paid.append(t.deposit(10_000 * USD, lp=world.engine.accounts[6]).returned)
    lp = world.engine.accounts[6]
    t.vault.send("requestRedeem", t.vault.call("balanceOf", lp), lp, lp, sender=lp)
    world.engine.advance(DAY + 3_600)
    world.freshen()
    paid.append(t.vault.send("process", 1, sender=world.stranger).returned)
    claim = t.vault.call("maxRedeem", lp)
    paid.append(t.vault.send("redeem", claim, lp, lp, sender=lp).returned)
    world.settle(world.near, 2_640)
    paid.append(t.redeem(series, 2 * ETH).returned)
    paid.append(t.redeem(other, 2 * ETH).returned)
    paid.append((world.floor(), t.vault.call("cash"), t.market.call("liabilities")))
    return tuple(paid)


@pytest.mark.proves("FL-8")
@pytest.mark.parametrize("name", NAMES)
def test_r11_tokens_sent_by_hand_change_no_payment(world: World, name: str) -> None:
    target = getattr(world.tandem, name)
    with world.undone():
        world.donate(world.stranger, GIFT)  # the same blocks, and nothing for us
        plain = a_day(world)
    world.donate(target, GIFT)
    assert a_day(world) == plain
    assert world.usdc(target) >= GIFT


@pytest.mark.proves("FL-8")
def test_r11_a_strangers_margin_deposit_changes_no_trade_before_the_next_mark(world: World) -> None:
    series = world.call(2_500)
    with world.undone():
        world.deposit_for_venue(USD)
        plain = [world.mint(series, 3 * ETH).returned, world.close(series, ETH).returned]
    world.deposit_for_venue(GIFT)
    assert [world.mint(series, 3 * ETH).returned, world.close(series, ETH).returned] == plain


@pytest.mark.proves("FL-7", "FL-8")
def test_r11_a_strangers_margin_deposit_changes_no_floor_and_no_holders_payoff(
    world: World,
) -> None:
    series = world.call(2_500)
    world.mint(series, 3 * ETH)
    floor = world.floor()
    world.deposit_for_venue(GIFT)
    world.tandem.vault.send("poke", sender=world.stranger)
    assert world.floor() == floor
    world.settle(world.near, 2_640)
    assert world.tandem.redeem(series, 3 * ETH).returned == 3 * 140 * USD


def test_r11_a_margin_deposit_brings_an_lp_who_gives_it_nothing(world: World) -> None:
    vault, rich = world.tandem.vault, world.stranger
    world.tandem.deposit(2_000_000 * USD, lp=rich)
    worth = []
    for account in (world.trader, None):
        with world.undone():
            world.deposit_for_venue(GIFT, sender=rich, account=account)
            vault.send("poke", sender=rich)
            worth.append(vault.call("convertToAssets", vault.call("balanceOf", rich)))
    assert worth[0] == worth[1] > 2_000_000 * USD * 99 // 100


@pytest.mark.proves("FL-8")
@pytest.mark.parametrize("amount", [1, 100 * USD, GIFT])
def test_r11_a_strangers_margin_deposit_changes_no_lps_payout(world: World, amount: int) -> None:
    with world.undone():
        world.deposit_for_venue(amount, account=world.trader)
        plain = a_day(world)
    world.deposit_for_venue(amount)
    assert a_day(world) == plain


# ---------------------------------------------------------------- margin moves


def moved(world: World, fn: str) -> int | str:
    """What a margin move came to, or why it was refused."""
    try:
        return int(world.tandem.desk.send(fn, sender=world.stranger).returned)
    except Reverted as refused:
        return refused.reason


def low_on_margin(world: World) -> None:
    for _ in range(2):
        world.mint(world.call(2_500), 8 * ETH)
    world.move(2_450)
    world.freshen()


def rich_in_margin(world: World) -> None:
    world.mint(world.call(2_500), 4 * ETH)
    world.overfund()


def idle_with_a_queue(world: World) -> None:
    vault, lp = world.tandem.vault, world.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    world.engine.advance(10_000)


def balanced(world: World) -> None:
    world.mint(world.call(2_500), ETH)


@pytest.mark.proves("FL-8", "HG-12")
@pytest.mark.parametrize(
    ("state", "due"),
    [
        (low_on_margin, {"top_up"}),
        (rich_in_margin, {"sweep"}),
        (idle_with_a_queue, {"sweep"}),
        (balanced, set[str]()),
    ],
)
@pytest.mark.parametrize("first", ["top_up", "sweep"])
def test_r11_a_gift_neither_puts_off_a_top_up_nor_sets_off_a_sweep(
    world: World, state: Callable[[World], None], due: set[str], first: str
) -> None:
    """Whoever gives and calls, and in whichever order: the same money moves."""
    second = "sweep" if first == "top_up" else "top_up"
    state(world)
    came: list[object] = []
    for account in (world.trader, None):
        with world.undone():
            world.deposit_for_venue(GIFT, account=account)
            moves = {fn: moved(world, fn) for fn in (first, second)}
            world.deposit_for_venue(GIFT, account=account)
            again = {fn: moved(world, fn) for fn in (first, second)}
            came.append((moves, again, world.tandem.vault.call("cash")))
            assert {fn for fn, amount in moves.items() if isinstance(amount, int)} == due
            assert not any(isinstance(amount, int) for amount in again.values())
    assert came[0] == came[1]


def test_r11_what_was_given_stays_when_the_last_lp_has_left(world: World) -> None:
    idle_with_a_queue(world)
    world.deposit_for_venue(GIFT)
    assert moved(world, "sweep") == 3_000 * USD
    assert world.curie.vault.call("getBalance(address)", world.tandem.venue) == GIFT
    assert moved(world, "sweep") == "margin: no sweep due"


# ---------------------------------------------------------------- an account under water


def crash(world: World) -> None:
    """A long hedge through a crash that no keeper answers."""
    for _ in range(3):
        world.mint(world.call(2_500), 6 * ETH)
        moved(world, "top_up")
    for price in (2_300, 2_100, 1_900, 1_700, 1_500):
        world.move(price)
    world.freshen()


def a_new_start(world: World) -> tuple[object, ...]:
    """The next margin after the venue closed the account, what LPs have then, and a trade."""
    amount = moved(world, "top_up")
    world.engine.advance(61)
    world.tandem.vault.send("poke", sender=world.stranger)
    nav = world.tandem.vault.call("totalAssets")
    return amount, nav, world.mint(world.put(1_500), 3 * ETH).returned


def liquidated(world: World) -> None:
    while world.curie.liquidatable(world.tandem.venue):
        world.curie.liquidate(world.tandem.venue)
        world.engine.advance(20)
    assert world.position() == 0
    world.freshen()


def test_r11_a_gift_to_an_account_under_water_makes_nobody_richer(world: World) -> None:
    """It keeps the hedge alive at the giver's cost; LPs still have nothing there."""
    t, came = world.tandem, list[tuple[object, ...]]()
    crash(world)
    for account in (world.trader, None):
        with world.undone():
            world.deposit_for_venue(GIFT, account=account)
            t.vault.send("poke", sender=world.stranger)
            low, bankrupt = t.router.call("account", world.spot, 0)[1:4:2]
            with pytest.raises(Reverted, match="vault: bankrupt venue"):
                t.deposit(10_000 * USD, lp=world.engine.accounts[6])
            came.append((t.vault.call("totalAssets"), low, bankrupt, moved(world, "top_up")))
    assert came[0] == came[1]
    assert came[0][1:] == (0, True, "margin: bankrupt account")


@pytest.mark.proves("FL-8")
@pytest.mark.parametrize("amount", [100 * USD, GIFT])
def test_r11_lps_start_anew_with_all_that_they_send_whatever_was_given(
    world: World, amount: int
) -> None:
    crash(world)
    came: list[object] = []
    for account in (world.trader, None):
        with world.undone():
            liquidated(world)
            world.deposit_for_venue(amount, account=account)
            came.append(a_new_start(world))
    assert came[0] == came[1]


def test_r11_a_small_gift_and_a_small_order_keep_no_account_bankrupt(world: World) -> None:
    crash(world)
    liquidated(world)
    world.deposit_for_venue(100 * USD)
    with world.refuses("router: under minimum"):
        world.mint(world.put(1_500), ETH // 10)
    assert isinstance(moved(world, "top_up"), int)
    world.mint(world.put(1_500), ETH // 10)
