"""What a bounty costs is said in ether's price: one that is told of nobody who says it is not deployed."""

from __future__ import annotations

import pytest
from worlds import World

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY
from tandem.errors import Reverted


def test_a_bounty_that_knows_nobody_who_says_what_ether_costs_is_refused(straddles: World) -> None:
    """With the market's own source of it the same is deployed, and without an oracle of data fees too."""
    w, code = straddles, compile_vyper("Bounty")
    for fees in (NOBODY, w.fees):
        with pytest.raises(Reverted) as caught:
            w.engine.deploy(code, w.tandem.market, fees, NOBODY, sender=w.stranger)
        assert caught.value.reason == "bounty: no ether price"
        there = w.engine.deploy(code, w.tandem.market, fees, w.tandem.ether, sender=w.stranger)
        assert there.call("ETHER_SPOT") == w.tandem.ether.address
