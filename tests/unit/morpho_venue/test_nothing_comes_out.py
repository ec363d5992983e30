"""V4Pool: whoever brings so little that the fee is all of it pays that, and nothing is taken for him."""

from __future__ import annotations

import pytest
from harnesses import harness
from morpho_bench import Bench
from v4_bench import speaker, traded

TAKER = "unit/morpho_venue/V4Taker.vy"


@pytest.mark.parametrize("first", [True, False], ids=["the first token", "the second"])
def test_a_unit_that_goes_in_brings_nothing_out_and_is_paid(on_v4: Bench, first: bool) -> None:
    there, taker = speaker(on_v4), on_v4.engine.deploy(harness(TAKER))
    tokens = [on_v4.morpho.weth, on_v4.morpho.usdc]
    if not traded(on_v4).reference.base_first:
        tokens.reverse()
    for token in tokens:
        token.send("mint", taker, 10, sender=on_v4.morpho.owner)
    had = [token.call("balanceOf", on_v4.router) for token in tokens]
    price = there.call("slot0")
    receipt = taker.send("take", there, first, 1, 0, on_v4.router, sender=on_v4.stranger)
    (event,) = receipt.events("Swap")
    assert sorted((event["amount0"], event["amount1"])) == [-1, 0]
    assert [taker.call("got", n) for n in (0, 1)] == ([1, 0] if first else [0, 1])
    assert [token.call("balanceOf", taker) for token in tokens] == ([9, 10] if first else [10, 9])
    assert [token.call("balanceOf", on_v4.router) for token in tokens] == had
    assert there.call("slot0") == price
