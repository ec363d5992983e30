"""HG-15: the funding that an open pays, worked out beside the contracts' own arithmetic."""

from __future__ import annotations

import boa
import pytest
from worlds import World

from tandem.protocol import terms
from tandem.units import DAY, HOUR, WAD

NOISE = WAD // 10_000
STEP = 2 * 10**12
HOURS = terms.FIELDS["carry"].default
LIVES = [HOUR + 1, HOURS * HOUR - 1, 40 * DAY]


@pytest.mark.proves("HG-15")
@pytest.mark.parametrize("sign", [1, -1])
def test_r38_funding_is_charged_for_the_expected_seconds_and_no_more(sign: int) -> None:
    """HG-15: "An open pays the venue's adverse funding on its own delta for the expected time"."""
    funding = boa.load("contracts/lib/funding.vy").internal
    rate = sign * 37 * WAD // 10_000
    charged = funding.charged(rate, -rate)
    assert charged == rate - sign * NOISE
    assert charged % STEP == 0
    assert funding.charged(rate, -rate + STEP) == rate, "a lender's, to the step"
    for life in LIVES:
        exact = charged * min(HOURS * HOUR, life) / DAY
        word = funding.pack((charged, -charged, HOURS))
        assert funding.over(word, True, life) == pytest.approx(exact, rel=1e-12, abs=1)
        assert funding.over(word, False, life) == pytest.approx(-exact, rel=1e-12, abs=1)


@pytest.mark.proves("HG-15")
def test_r38_what_holding_costs_is_asked_by_marks_an_hour_apart(world: World) -> None:
    """HG-15: by the average that the venue itself charges by, asked by a mark once what it said before is an
    hour old, and not before."""
    router, venue, life = world.tandem.router, world.tandem.venue, 5 * DAY
    world.engine.advance(HOUR)
    remark(world)
    asked, then = world.engine.now(), router.call("carry", life)
    world.curie.converge(world.spot * 1_004 // 1_000)
    world.engine.set_time(asked + HOUR - 120)
    world.push_wad(world.spot)
    assert abs(venue.call("funding")[0]) > NOISE
    remark(world)
    assert router.call("carry", life) == then
    world.engine.set_time(asked + HOUR + 60)
    world.push_wad(world.spot)
    assert router.call("carry", life) == then
    remark(world)
    rate = venue.call("funding")[0]
    charged = (rate - NOISE if rate > 0 else rate + NOISE) * life // DAY
    assert router.call("carry", life) == pytest.approx((charged, -charged), abs=200 * STEP)
    assert abs(charged - then[0]) > 1_000 * STEP


def remark(world: World) -> None:
    world.freshen()
    world.tandem.stress.remark().send(world.stranger)
