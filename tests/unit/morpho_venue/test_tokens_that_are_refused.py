"""What the adapter's constructor asks of both tokens: that the lender may take them, and how they count."""

from __future__ import annotations

import pytest
from adapter_bench import places
from broken import broken
from denying import DENYING
from morpho_bench import PRICE, Bench
from refusals import refuses

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.errors import Reverted
from tandem.venues import Opening
from tandem.venues.morpho import MorphoRecipe


def test_no_adapter_stands_on_a_token_that_denies_the_lender() -> None:
    """The token says no by False, to the address where the adapter is about to be; once it does not, the
    same adapter is there."""
    engine = open_engine("pyrevm")
    with broken(*DENYING):
        morpho = MorphoRecipe(used=False).open(engine, PRICE, Opening())
    args, who = places(morpho, engine.accounts[1]), engine.accounts[5]
    place, code = engine.next_address(who, 0), compile_vyper("MorphoVenue")
    mark = engine.snapshot()
    morpho.usdc.send("deny", place, sender=engine.accounts[3])
    with pytest.raises(Reverted):
        engine.deploy(code, *args, sender=who)
    assert engine.code(place) == b""
    engine.revert(mark)
    assert engine.deploy(code, *args, sender=who).address == place
    assert morpho.usdc.call("allowance", place, morpho.lender) == 2**256 - 1


def test_a_base_token_of_six_decimals_is_refused(on_v3: Bench) -> None:
    """The two markets taken the wrong way round: dollars would be what is hedged, priced in ether."""
    router, reach, lender, short, long, pool, base, quote, *margins = places(
        on_v3.morpho, on_v3.router
    )
    with refuses("spot: base decimals"):
        on_v3.new(router, reach, lender, long, short, pool, quote, base, *margins)
    on_v3.new(router, reach, lender, short, long, pool, base, quote, *margins)
