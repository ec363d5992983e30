"""The same acts on a market over one lending market and a pool."""

from __future__ import annotations

from lenders import Lenders
from mortal import MortalMorpho, MortalMorpho4
from several import LentWorld
from stage import TERMS
from worlds import World, build

from tandem.protocol.deploy import DeploySettings
from tandem.venues import VenueRecipe
from tandem.venues.aave import AaveRecipe


class OnAave(Lenders):
    """Nobody else borrows there, so that interest is next to nothing."""

    venues = "aave"

    @staticmethod
    def world() -> World:
        return on(AaveRecipe(used=False))


class OnMorpho(Lenders):
    """Two markets, and a pool of Uniswap v3."""

    venues = "morpho"

    @staticmethod
    def world() -> World:
        return on(MortalMorpho())


class OnMorphoOfEight(Lenders):
    """The same, of a base token of eight decimals."""

    venues = "morpho of eight"

    @staticmethod
    def world() -> World:
        return on(MortalMorpho(), decimals=8)


class OnMorpho4(Lenders):
    """Two markets, a pool of Uniswap v4 and its reference."""

    venues = "morpho4"

    @staticmethod
    def world() -> World:
        return on(MortalMorpho4())


def on(recipe: VenueRecipe, decimals: int = 18) -> World:
    """A market over one venue. decimals: of its base token."""
    settings = DeploySettings(terms=TERMS)
    return build(settings=settings, fees=True, venue=recipe, decimals=decimals, kind=LentWorld)
