"""Morpho's two markets with oracles that may end, and nobody else in them."""

from __future__ import annotations

from dataclasses import dataclass

from harnesses import harness

from tandem.engine.base import Engine
from tandem.venues import Opening
from tandem.venues.morpho import Morpho, MorphoRecipe
from tandem.venues.morpho.build import LENT
from tandem.venues.morpho.ledger import id_of
from tandem.venues.morpho4 import Morpho4, Morpho4Recipe


def mortal(market: Morpho) -> None:
    """In the place of those that it was opened with."""
    maker = market.spot.maker
    for name, side in (("short", market.short), ("long", market.long)):
        oracle = market.parts[f"{name}_oracle"]
        mortal = market.engine.deploy(harness("unit/morpho_venue/MortalOracle.vy"), oracle)
        params = (*side.params[:2], mortal.address, *side.params[3:])
        market.lender.send("createMarket", params, sender=market.owner)
        short = name == "short"
        token = market.weth if short else market.usdc
        amount = market.spot.units(LENT[name]) if short else LENT[name]
        market.give(maker, token, amount)
        told = (params, amount, 0, maker, b"")
        market.lender.send("supply", *told, sender=maker)
        market.parts[f"{name}_oracle"] = mortal
        market.markets[f"{name}_market"] = id_of(params)


@dataclass(frozen=True, slots=True)
class MortalMorpho(MorphoRecipe):
    """With oracles that may end."""

    used: bool = False

    def open(self, engine: Engine, price: int, opening: Opening) -> Morpho:
        market = MorphoRecipe.open(self, engine, price, opening)
        mortal(market)
        return market


@dataclass(frozen=True, slots=True)
class MortalMorpho4(Morpho4Recipe):
    """With oracles that may end."""

    used: bool = False

    def open(self, engine: Engine, price: int, opening: Opening) -> Morpho4:
        market = Morpho4Recipe.open(self, engine, price, opening)
        mortal(market)
        return market
