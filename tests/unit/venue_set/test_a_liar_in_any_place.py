"""A leg that lies, fails or calls back reverts the whole in whatever place of the set it is: also where
honest legs were filled before it, and where they would be after it; of opens both ways, and of closes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from several import build_beside_a_liar, fund, legs, liars, members
from worlds import ETH, PRICE, World

from tandem.engine.base import Contract, Receipt
from tandem.errors import Reverted
from tandem.units import WAD

NOBODY = "0x" + "00" * 20
PLACES = {"aave+curie": 0, "curie+aave": 1, "curie+aave+morpho": 1, "curie+morpho+aave": 2}
"""Where the liar is, which stands in Aave's place."""
DEEP = 10**5 * WAD
LEVELS = {1: PRICE * WAD * 1_001 // 1_000, -1: PRICE * WAD * 999 // 1_000}
"""What the first unit costs, or brings, at each, with its fee: each has a part of an order."""
ACTS = {"buys": 1, "sells": -1, "closes": -1}


class Acting(NamedTuple):
    """A market, and an act of which each member is to have a leg. sign: of its order; price: of the liar."""

    world: World
    act: str

    @property
    def sign(self) -> int:
        return ACTS[self.act]

    @property
    def price(self) -> int:
        return LEVELS[self.sign]

    def do(self) -> Receipt:
        w = self.world
        if self.act == "closes":
            return w.close(w.call(2_500), 20 * ETH)
        return w.mint((w.call if self.sign > 0 else w.put)(2_500), 20 * ETH)

    def level(self, sign: int) -> None:
        """All of them offer as much at one price."""
        w = self.world
        (liar,) = liars(w)
        liar.send("tell", LEVELS[sign], DEEP, 0, 0, sender=w.stranger)
        exchange: Any = w.curie
        for market, adapter in zip(exchange.members, members(w), strict=True):
            if adapter != liar:
                kept = WAD - adapter.call("curve", sign * WAD)[1]
                market.converge(
                    LEVELS[sign] * kept // WAD if sign > 0 else LEVELS[sign] * WAD // kept
                )


@pytest.fixture(scope="module", params=PLACES)
def once(request: pytest.FixtureRequest) -> World:
    world = build_beside_a_liar(request.param)
    (liar,) = liars(world)
    assert members(world).index(liar) == PLACES[request.param]
    fund(world)
    return world


@pytest.fixture(scope="module", params=ACTS)
def shared_once(once: World, request: pytest.FixtureRequest) -> Iterator[Acting]:
    acting = Acting(once, request.param)
    with once.undone():
        if acting.act == "closes":
            acting.level(1)
            once.mint(once.call(2_500), 20 * ETH)
            fund(once)
        acting.level(acting.sign)
        with once.undone():
            assert set(legs(acting.do())) == {one.address for one in members(once)}
        yield acting


@pytest.fixture
def shared(shared_once: Acting) -> Iterator[Acting]:
    with shared_once.world.undone():
        yield shared_once


@pytest.fixture
def liar(shared: Acting) -> Contract:
    (found,) = liars(shared.world)
    return found


def refused(shared: Acting, reason: str) -> None:
    """The act reverts for this reason, and no member's position has moved."""
    there = members(shared.world)
    before = [one.call("position") for one in there]
    with pytest.raises(Reverted) as caught:
        shared.do()
    assert caught.value.reason == reason
    after = [one.call("position") for one in there]
    assert after == pytest.approx(before, abs=10**11)  # interest of a second


@pytest.mark.proves("VS-1")
@pytest.mark.parametrize("drift", [10**6, -(10**6), WAD, -WAD])
def test_a_leg_that_is_not_exact_reverts_the_whole(
    shared: Acting, liar: Contract, drift: int
) -> None:
    liar.send("tell", shared.price, DEEP, 0, drift, sender=shared.world.stranger)
    refused(shared, "venues: leg not exact")


@pytest.mark.proves("VS-1")
@pytest.mark.parametrize("thousandths", [990, 1010])
def test_a_leg_outside_the_band_reverts_the_whole(
    shared: Acting, liar: Contract, thousandths: int
) -> None:
    fills_at = PRICE * WAD * thousandths // 1_000
    liar.send("tell", shared.price, DEEP, fills_at, 0, sender=shared.world.stranger)
    if shared.act == "closes" and thousandths > 1_000:
        shared.do()  # it sells dearer than anybody expected, which only an open may not
        return
    refused(shared, "venues: leg past the band")


@pytest.mark.proves("VS-1")
def test_a_venue_that_refuses_what_it_said_it_fills_reverts_the_whole(
    shared: Acting, liar: Contract
) -> None:
    liar.send("turn", False, True, NOBODY, sender=shared.world.stranger)
    refused(shared, "liar: refuses")


@pytest.mark.proves("VS-1")
@pytest.mark.parametrize("back", ["venue", "desk"])
def test_a_venue_that_calls_back_reverts_the_whole(
    shared: Acting, liar: Contract, back: str
) -> None:
    """Into the set that asked it, or into the desk, which anybody may call."""
    liar.send(
        "turn",
        False,
        False,
        getattr(shared.world.tandem, back).address,
        sender=shared.world.stranger,
    )
    refused(shared, "reverted without a reason")
