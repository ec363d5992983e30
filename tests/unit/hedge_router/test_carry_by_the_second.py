"""HG-15: the funding that an open pays, worked out beside the router."""

from __future__ import annotations

import boa
import pytest

from tandem.protocol import terms
from tandem.units import DAY, HOUR, WAD

NOISE = WAD // 10_000
RATE = 37 * WAD // 10_000
SPOT = 2_500 * WAD
OWN = 1_000 * WAD

STUB = """
# pragma version 0.4.3
# A venue that asks for so much funding a day, and the terms beside it.
limits: public(uint256)
funding: public(int256)

@deploy
def __init__(limits: uint256, funding: int256):
    self.limits = limits
    self.funding = funding
"""


@pytest.mark.proves("HG-15")
@pytest.mark.parametrize("life", [HOUR + 1, 40 * DAY])
def test_r38_funding_is_charged_for_the_expected_seconds_and_no_more(life: int) -> None:
    """HG-15: "An open pays the venue's adverse funding on its own delta for the expected time"."""
    stub = boa.loads(STUB, terms.defaults()[1], RATE)
    market = boa.env.generate_address("market")
    people = [market, stub, stub, stub, stub, stub]
    router = boa.load("contracts/HedgeRouter.vy", *people, 1, 2, 3)
    seconds = min(terms.FIELDS["carry"].default * HOUR, life)
    due = OWN * SPOT * (RATE - NOISE) * seconds // (WAD * WAD * DAY)
    charged = router.secure(0, OWN, SPOT, life, sender=market)
    assert charged == pytest.approx(due / 10**12, abs=2)
    assert router.secure(0, -OWN, SPOT, life, sender=market) == 0
