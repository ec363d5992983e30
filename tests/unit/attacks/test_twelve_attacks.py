"""Twelve attacks that took money from others, each on ours and on a copy of ours with one thing broken.

An attack that fails on ours proves little by itself: on the copy, which lacks the one line that stands
in its way, it has to succeed. Copies whose compilation takes long are a matter of `make long`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from broken import Change, broken, is_there
from test_callbacks_reach_nothing import GAS, _actions, _probes, _through, hostile_world
from worlds import ETH, USD, WIDE, World, build

from tandem.engine.artifacts import Artifact
from tandem.errors import Reverted
from tandem.protocol import deploy
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD
from tandem.venues import Depth

TERMS = WIDE | {"reserve": 500, "gate": 4_000}


def plain() -> World:
    return build(settings=DeploySettings(terms=TERMS))


def poor() -> World:
    return build(settings=DeploySettings(terms=TERMS), capital=60_000 * USD)


def deep() -> World:
    return build(depth=Depth(tail=1.0))


def looked_at_half_done(w: World) -> bool:
    """1 (GMX, 2025): a callback in the middle of a mint sees the Vault's account half done."""
    probes, token = {"funds": _probes(w)["funds"]}, w.curie.usdc
    token.send("arm", [(c.address, data) for c, data in probes.values()], sender=w.stranger)
    contract, fn, args, sender = _actions(w)["mint"]
    contract.send(fn, *args, sender=sender, gas=GAS)
    return _through(w, probes) == {"funds"}


def took_by_a_function_of_ours(w: World) -> bool:
    """2 (KiloEx, 2025): a stranger calls what only another contract of ours may."""
    before = w.usdc(w.stranger)
    with suppress(Reverted):
        w.tandem.vault.send("pay", w.stranger, 1_000 * USD, sender=w.stranger)
    return w.usdc(w.stranger) > before


def redeemed_twice(w: World) -> bool:
    """3 (Opyn, 2020): one option is exchanged for its payoff more than once."""
    for holder in (w.trader, w.stranger):
        w.mint(w.call(2_500), 2 * ETH, trader=holder)
    w.settle(w.near, 2_600)
    before = w.usdc(w.trader)
    for _ in range(2):
        with suppress(Reverted):
            w.tandem.redeem(w.call(2_500), 2 * ETH)
    return w.usdc(w.trader) - before > 200 * USD


def left_before_the_loss(w: World) -> bool:
    """4 (Hegic, 2020): an LP takes the premium and is gone before the next price."""
    vault, lp = w.tandem.vault, w.tandem.lp
    w.mint(w.call(2_500), 2 * ETH)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    w.engine.advance(3_700)
    w.freshen()
    return bool(vault.send("process", 4, sender=w.stranger).returned)


def owes_more_than_it_says(w: World) -> bool:
    """5 (Drift, 2022): claims are larger than what is set aside for them."""
    w.mint(w.call(2_500), 2 * ETH)
    w.mint(w.put(2_600), 2 * ETH)
    w.settle(w.near, 2_550)
    return w.tandem.market.call("liabilities")[1] < 2 * (50 + 50) * USD


def sold_what_nobody_can_pay(w: World) -> bool:
    """6 (Perp v1, 2022): a gap, with every keeper dead, costs more than there is."""
    for _ in range(16):
        with suppress(Reverted):
            w.mint(w.put(2_500), 2 * ETH)
            w.top_up()
        w.engine.advance(DAY // 4)
        w.freshen()
    w.settle(w.near, 250)
    return w.floor() < 0


def has_no_lock(w: World) -> bool:
    """7 (Curve, 2023): the compiled code lacks the lock that the source asks for."""
    code = w.engine.code(w.tandem.option.address)
    places, at = set(), 0
    while at < len(code):
        places.add(code[at])
        at += code[at] - 0x5E if 0x60 <= code[at] <= 0x7F else 1
    return 0x5D not in places  # TSTORE


def traded_with_himself(w: World) -> bool:
    """8 (JELLY, 2025): one purse on both sides of a trade wins from the Vault."""
    before = w.usdc(w.trader)
    w.mint(w.put(2_500), 2 * ETH)
    w.close(w.put(2_500), 2 * ETH)
    return w.usdc(w.trader) > before


def opened_on_a_hedge_that_is_gone(w: World) -> bool:
    """9 (10 October 2025): the venue closed the hedge, and opens go on as if it stood."""
    for _ in range(6):
        w.mint(w.call(2_500), 5 * ETH)
        with suppress(Reverted):
            w.top_up()
    price = 2_500
    while not w.curie.liquidatable(w.tandem.venue):
        price -= 100
        w.move(price)
    gone = w.position()
    w.curie.liquidate(w.tandem.venue)
    assert w.position() < gone
    w.move(price)
    w.freshen()
    with suppress(Reverted):
        w.mint(w.put(1_500), ETH // 100)
    told, stance = w.tandem.router.call("position"), w.tandem.snapshot().stance
    return told != w.position() and abs(w.position() - stance.delta) > stance.hard


def made_shares_dear(w: World) -> bool:
    """10 (Euler, Hundred): a gift raises what a share is worth."""
    vault = w.tandem.vault
    vault.send("poke", sender=w.stranger)
    before = vault.call("convertToAssets", 10**18)
    w.donate(vault, 100_000 * USD)
    vault.send("poke", sender=w.stranger)
    return vault.call("convertToAssets", 10**18) > before + USD // 1_000


def traded_at_a_pushed_price(w: World) -> bool:
    """11 (Mango, 2022): the venue's price is moved for a moment, and an open meets it."""
    w.curie.deposit(w.stranger, 20_000_000 * USD)
    w.curie.open(w.stranger, 900 * WAD)
    with suppress(Reverted):
        w.mint(w.call(2_500), 2 * ETH)
    return w.tandem.balance_of(w.call(2_500)) > 0


def traded_at_an_old_price(w: World) -> bool:
    """12: the oracle has not spoken for longer than it may."""
    w.engine.advance(4_100)
    w.post()
    w.engine.advance(61)
    with suppress(Reverted):
        w.mint(w.call(2_500), 2 * ETH)
    return w.tandem.balance_of(w.call(2_500)) > 0


@dataclass(frozen=True, slots=True)
class Attack:
    """How it is tried, in which market, and without which line it succeeds."""

    succeeds: Callable[[World], bool]
    without: tuple[Change, ...]
    market: Callable[[], World] = plain

    @property
    def is_soon_broken(self) -> bool:
        """Whether a contract without imports lacks the line: any other compiles for ten seconds or more."""
        return all(file in ALONE for file, _, _ in self.without)


VENUE = "venues/CurieVenue.vy"
ALONE = ("OptionToken.vy", "oracles/ChainlinkSpot.vy")
ATTACKS = (
    Attack(
        looked_at_half_done,
        (("modules/money.vy", "# pragma nonreentrancy on", "# pragma nonreentrancy off"),),
        hostile_world,
    ),
    Attack(
        took_by_a_function_of_ours,
        (("modules/money.vy", "    self._only_market()\n    assert self._cash", "    assert self._cash"),),
    ),
    Attack(
        redeemed_twice,
        (("modules/expiries.vy", "    extcall parties.OPTION.burn(owner, id, units)\n", ""),),
    ),
    Attack(
        left_before_the_loss,
        (("modules/exits.vy", "epochs._join(amount, delay)", "epochs._join(amount, 0)"),),
    ),
    Attack(
        owes_more_than_it_says,
        (("modules/expiries.vy", "_set_aside(payouts)", "_set_aside(payouts // 2)"),),
    ),
    Attack(
        sold_what_nobody_can_pay,
        (
            ("modules/trades.vy", " left >= convert(reserve", " True or left > convert(reserve"),
            (
                "modules/trades.vy",
                "not terms.stops_opens(word)",
                "word & (terms.PAUSED | terms.TRIPPED) == 0",
            ),
        ),
        poor,
    ),
    Attack(
        has_no_lock,
        (("OptionToken.vy", "# pragma nonreentrancy on", "# pragma nonreentrancy off"),),
    ),
    Attack(
        traded_with_himself,
        (
            (
                "modules/money.vy",
                "self._pull(payer, amount)\n    log IVault.Collected",
                "self._pull(payer, amount * 2 // 3)\n    log IVault.Collected",
            ),
        ),
    ),
    Attack(
        opened_on_a_hedge_that_is_gone,
        (
            (VENUE, "own_balance: public(int256)", "held: int256\nown_balance: public(int256)"),
            (VENUE, "    return after, self._quote", "    self.held = after\n    return after, self._quote"),
            (VENUE, "    return self._position()\n", "    return self.held\n"),
        ),
        deep,
    ),
    Attack(
        made_shares_dear,
        (
            (
                "modules/money.vy",
                "return word & MASK_128, word >> 128",
                "return staticcall TOKEN.balanceOf(self), word >> 128",
            ),
        ),
    ),
    Attack(
        traded_at_a_pushed_price,
        (
            (
                "modules/hedges.vy",
                "desk.spot * terms.fill_band(desk.terms) // 10_000",
                "desk.spot // 2",
            ),
        ),
    ),
    Attack(
        traded_at_an_old_price,
        (("oracles/ChainlinkSpot.vy", "latest.updated_at <= MAX_AGE", "latest.updated_at <= 10**9"),),
    ),
)  # fmt: skip


def named(attack: Attack) -> str:
    return attack.succeeds.__name__


@pytest.mark.parametrize("attack", ATTACKS, ids=named)
def test_the_attack_is_stopped_by_ours(attack: Attack) -> None:
    assert not attack.succeeds(attack.market())


def test_there_are_twelve_and_each_line_that_a_copy_lacks_is_there() -> None:
    assert len(ATTACKS) == 12
    assert all(attack.without and is_there(*attack.without) for attack in ATTACKS)


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(
            attack, marks=() if attack.is_soon_broken else pytest.mark.long, id=named(attack)
        )
        for attack in ATTACKS
    ],
)
def test_it_succeeds_where_its_line_is_missing(attack: Attack) -> None:
    plain_compiler: Callable[[str], Artifact] = deploy.compile_vyper
    with broken(*attack.without):
        weak = attack.market()
    assert deploy.compile_vyper is plain_compiler
    assert attack.succeeds(weak)
