"""LM-10: a base token of eight decimals hedges on Aave alone, and in no set."""

from __future__ import annotations

from dataclasses import replace

import pytest
from adapter_bench import places
from refusals import refuses
from several import guardian_of

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.units import WAD
from tandem.venues import Depth, Opening
from tandem.venues._setup import DEPTH_SECONDS
from tandem.venues._spot import open_pool
from tandem.venues.aave import AaveRecipe
from tandem.venues.morpho import MorphoRecipe
from tandem.venues.morpho.build import LLTV
from tandem.venues.morpho.ledger import id_of

PRICE = 3_000 * WAD


@pytest.mark.proves("LM-10")
def test_the_adapter_of_morpho_refuses_it() -> None:
    """Two markets and a pool of it, with all that the adapter asks of any other."""
    engine = open_engine("pyrevm")
    morpho = MorphoRecipe(used=False).open(engine, PRICE, Opening())
    token = engine.deploy(compile_vyper("WBTC"), sender=morpho.owner)
    people = (morpho.owner, morpho.spot.maker, morpho.spot.arbitrageur)
    pool = open_pool(engine, morpho.usdc, token, PRICE, 1_801, people, decimals=8)
    pool.add_liquidity(Depth())
    engine.advance(DEPTH_SECONDS)
    pool.swap(morpho.spot.maker, WAD)
    ids: dict[str, str] = {}
    for name, side in (("short", morpho.short), ("long", morpho.long)):
        mine = [token.address if each == morpho.weth.address else each for each in side.params[:3]]
        params = (*mine, side.params[3], LLTV)
        morpho.lender.send("createMarket", params, sender=morpho.owner)
        ids[f"{name}_market"] = id_of(params)
    named = ids | {"weth": token.address, "pool": pool.pool.address}
    args = places(morpho, engine.accounts[1], None, **named)
    with refuses("morpho: base decimals"):
        engine.deploy(compile_vyper("MorphoVenue"), *args, sender=morpho.owner)


@pytest.mark.proves("LM-10", "VS-1", "VS-5")
@pytest.mark.parametrize(
    ("decimals", "guarded", "reason"),
    [(18, 2, ""), (18, 3, "venues: guardian's count"), (8, 2, "venues: base decimals")],
)
def test_a_set_refuses_an_adapter_of_it(decimals: int, guarded: int, reason: str) -> None:
    """Beside the same of eighteen decimals, which it takes twice, where its guardian knows of two."""
    engine = open_engine("pyrevm")
    who, nobody = engine.accounts[5], engine.accounts[3]
    place = engine.next_address(who, 2)
    opening = Opening()
    first = AaveRecipe().open(engine, PRICE, opening)
    other = AaveRecipe().open(engine, PRICE, replace(opening, decimals=decimals))
    code = compile_vyper("AaveVenue")
    members = [engine.deploy(code, *places(m, place), sender=who) for m in (first, other)]
    told = (nobody, guardian_of(engine, guarded), nobody, nobody, members)
    if not reason:
        assert engine.deploy(compile_vyper("VenueSet"), *told, sender=who).address == place
        return
    with refuses(reason):
        engine.deploy(compile_vyper("VenueSet"), *told, sender=who)
