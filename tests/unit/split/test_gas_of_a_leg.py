"""A leg has to save more than its gas takes, which is paid in ether whatever the markets are on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from harnesses import harness
from pools import words
from several import LIAR, splitter
from worlds import ETH, build

from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY, Contract
from tandem.model.split import Curve, Stretch
from tandem.units import HOUR, WAD
from tandem.venues import recipe

BASE_FEE = 10**9
LEG_GAS = 150_000
PRICE = 90_000
"""Of what the markets are on, USD."""
ETHER = 2_500


@dataclass(frozen=True)
class Asked:
    """A splitter, and a venue that it asks for its lot."""

    splitter: Contract
    venue: Contract


@pytest.fixture(scope="module")
def splitters() -> Iterator[dict[str, Asked]]:
    """Asked in a block of a gwei: of markets on ether, on something else, and on something else where ether's
    feed has been silent for too long. The fast engine has no base fee. The venue does not lie here: it is the
    one whose constructor asks nobody."""
    with AnvilEngine() as engine:
        who = engine.accounts[0]
        feed = engine.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD", sender=who)
        feed.send("push", ETHER * 10**8, sender=who)
        venue = engine.deploy(harness(LIAR), *[who] * 6, 0, 0, 0, sender=who)
        found: dict[str, Asked] = {}
        for name, age in (("ether", 0), ("other", HOUR), ("silent", 1)):
            ether = NOBODY
            if age:
                ether = engine.deploy(compile_vyper("EtherSpot"), feed, age, sender=who).address
            found[name] = Asked(engine.deploy(compile_vyper("Splitter"), ether, sender=who), venue)
        engine._rpc.call("anvil_setNextBlockBaseFeePerGas", hex(BASE_FEE))
        engine.advance(10)
        yield found


def least(asks: Asked, price: float) -> float:
    """The least that a part has to save for its leg, USD: found by halving. It saves half of what the
    market's price moves by times its size."""
    curve = Curve(price, 0.0, (Stretch(1e9, 1e9),))
    level = int((price * 1.0001) ** 0.5 * WAD)
    low, high = 0.0, 1e9
    for _ in range(80):
        size = (low + high) / 2
        part = int(size / price * WAD)
        if asks.splitter.call("judged", asks.venue, True, words(curve), part, level)[1]:
            high = size
        else:
            low = size
    return high * 1e-4 / 2


@pytest.mark.proves("VS-2")
@pytest.mark.parametrize(
    ("markets", "price", "ether"),
    [
        ("ether", 1_000.0, 1_000),
        ("ether", 4_000.0, 4_000),
        ("other", 1.0, ETHER),
        ("other", PRICE, ETHER),
    ],
)
def test_gas_counts_at_ethers_price_whatever_the_markets_are_on(
    splitters: dict[str, Asked], markets: str, price: float, ether: int
) -> None:
    """On ether it is their own. On bitcoin a leg had to save thirty-six times as much as it took."""
    want = BASE_FEE * LEG_GAS / WAD * ether
    assert least(splitters[markets], price) == pytest.approx(want, rel=0.01)


@pytest.mark.proves("VS-2")
def test_where_nobody_knows_what_ether_costs_it_counts_as_nothing(
    splitters: dict[str, Asked],
) -> None:
    """An order is split as if gas were free, and is not refused: a lot is enough."""
    asks = splitters["silent"]
    lot = asks.venue.call("lot") / WAD * PRICE * 1e-4 / 2
    assert least(asks, PRICE) == pytest.approx(lot, rel=0.01)


def test_a_set_is_told_who_says_what_ether_costs() -> None:
    """In a market on something else; a market on ether needs nobody."""
    other = build(venue=recipe("aave+morpho"), ether=ETHER)
    asks = splitter(other)
    assert asks.call("ETHER_SPOT") == other.tandem.ether.address != other.tandem.spot.address
    other.mint(other.call(2_500), ETH)
    own = build(venue=recipe("aave+morpho"))
    assert splitter(own).call("ETHER_SPOT") == NOBODY
