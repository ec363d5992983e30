"""A market whose residual is past the trigger, on a rollup that says what its gas costs, and bots."""

from __future__ import annotations

from typing import Any

from worlds import ETH, USD, World, build

from tandem.engine.base import Receipt
from tandem.protocol.bindings.structs import Due
from tandem.units import WAD

GWEI = 10**9
GAS = 1_000_000
RAMP = 600
USUAL = 1
"""Gwei a gas."""


def market(**more: Any) -> World:
    """Thirty-five straddles, hedged; a gas costs a gwei. more: of `build`."""
    w = build(fees=True, **more)
    costs(w, USUAL)
    for _ in range(5):
        w.mint(w.call(2_500), 7 * ETH)
        w.mint(w.put(2_500), 7 * ETH)
    return w


def costs(w: World, gwei: int) -> None:
    """What a rebalance's gas costs from now on: in this engine the base fee is nothing, so all of it is the
    rollup's data fee."""
    assert w.fees is not None
    w.fees.send("say", gwei * GWEI * GAS, sender=w.curie.owner)


def moved(w: World, price: int = 2_600) -> int:
    """The price goes there, and nobody hedges for ten minutes; the residual."""
    w.move(price)
    w.rest()
    return w.tandem.snapshot().stance.residual


def stamped(w: World, price: int = 2_600, passed: int = RAMP) -> int:
    """The same, stamped so many seconds ago; the residual."""
    residual = moved(w, price)
    stamp(w)
    passes(w, passed)
    return residual


def stamp(w: World) -> Receipt:
    return w.tandem.bounty.stamp().send(w.stranger)


def passes(w: World, seconds: int) -> None:
    """So many seconds, with a price that is new."""
    if seconds > 1:
        w.engine.advance(seconds - 2)
        w.push_wad(w.spot)


def due(w: World) -> Due:
    return w.tandem.bounty.due(0)


def bring(w: World, target: int = 0, least: int = 0, who: str | None = None) -> Receipt:
    """A bot's rebalance."""
    bot = who or w.stranger
    return w.tandem.bounty.rebalance(target, bot, least).send(bot)


def paid(receipt: Receipt) -> int:
    """What it was paid, token units."""
    return sum(e["amount"] for e in receipt.events("BountyPaid"))


def most_by_gas(w: World, gwei: int, ether: int | None = None) -> int:
    """One and a half times what the gas costs, token units. ether: its price, whole USD, where the market is
    on something else."""
    price = w.spot if ether is None else ether * WAD
    return gwei * GWEI * GAS * price // WAD * 3 // 2 // 10**12


def risk(eth: int, spot: int, sigma: int) -> int:
    """What a residual moves by in a day, one deviation, token units."""
    return int(eth * (spot / WAD) * (sigma / WAD) * (1 / 365) ** 0.5 / WAD * USD)
