"""A whole market with one part of it replaced by one that lies."""

from __future__ import annotations

import pytest
from harnesses import harness
from worlds import PRICE, World, furnish

from tandem.engine import open_engine
from tandem.engine.artifacts import Artifact
from tandem.protocol import deploy
from tandem.units import WAD
from tandem.venues.curie import deploy_curie

UNDERWRITER = "unit/market/LyingUnderwriter.vy"
VENUE = "unit/market/LyingVenue.vy"
real_of: dict[str, str] = {}


def build_with(name: str, path: str) -> World:
    """The whole protocol with one part replaced."""
    compile_real = deploy.compile_vyper

    def compile_liar(wanted: str) -> Artifact:
        return harness(path) if wanted == name else compile_real(wanted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deploy, "compile_vyper", compile_liar)
        engine = open_engine("pyrevm")
        curie = deploy_curie(engine, PRICE * WAD)
        tandem = deploy.deploy_tandem(engine, curie)
    if name == "Underwriter":
        real = engine.deploy(compile_real("Underwriter"), tandem.risk)
        real_of[tandem.underwriter.address] = real.address
    world = World(engine, curie, tandem, 0, 0)
    if name == "Underwriter":
        tell(world)

    def boast() -> None:
        """Nobody would come while a venue says that a million is there: it says so once LPs are."""
        if name != "Underwriter":
            liar = engine.at(harness(path), tandem.venue)
            liar.send("set_equity", 10**6 * WAD, sender=world.stranger)

    return furnish(world, margin=name == "Underwriter", then=boast)


def tell(world: World, *, generous: bool = False, lazy: bool = False, ordered: int = 0) -> None:
    liar = world.engine.at(harness(UNDERWRITER), world.tandem.underwriter)
    liar.send("tell", real_of[liar.address], generous, lazy, ordered, sender=world.stranger)
