"""R34: margin moves whenever the venue may liquidate, whether spot is believed or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from worlds import ETH, WIDE, World, build

from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD
from tandem.venues.curie import Depth

GAP = 85  # what is left of the price, per cent
TERMS = WIDE | {"reserve": 500, "gate": 4_000}


@pytest.fixture(scope="module")
def hedged_once() -> World:
    """A long hedge of over a hundred ETH, on a chain with a sequencer."""
    w = build(depth=Depth(tail=1.0), settings=DeploySettings(terms=TERMS), uptime=True)
    for _ in range(9):
        w.engine.advance(DAY // 2)
        w.freshen()
        if w.tandem.snapshot().account.top_up:
            w.top_up()
        w.mint(w.call(2_500), 30 * ETH)
    assert w.position() > 100 * WAD
    return w


@pytest.fixture
def hedged(hedged_once: World) -> Iterator[World]:
    with hedged_once.undone():
        yield hedged_once


def in_grace(w: World) -> None:
    assert w.uptime is not None
    w.uptime.send("push", 0, sender=w.curie.owner)
    w.move(w.spot // WAD * GAP // 100)


def goes_stale(w: World) -> None:
    w.move(w.spot // WAD * GAP // 100)
    w.engine.advance(4_100)


REFUSED = pytest.mark.parametrize(
    ("gap", "reason"),
    [(in_grace, "spot: grace period"), (goes_stale, "spot: stale")],
    ids=["grace", "stale"],
)


def liquidated(w: World) -> float:
    """ETH that the venue takes until it is content."""
    before = w.position()
    while w.curie.liquidatable(w.tandem.venue):
        w.curie.liquidate(w.tandem.venue)
    return (before - w.position()) / WAD


@pytest.mark.proves("HG-12", "AV-3")
@REFUSED
def test_r34_after_a_gap_while_spot_is_refused_a_top_up_saves_the_hedge(
    hedged: World, gap: Callable[[World], None], reason: str
) -> None:
    """R34: "lets margin move whenever the venue may liquidate". Half the hedge went before."""
    w = hedged
    gap(w)
    w.engine.advance(2_400)
    with w.refuses(reason):
        w.tandem.rebalance(sender=w.stranger)
    with w.undone():
        lost = liquidated(w)
    assert lost > w.position() / WAD / 3
    assert w.top_up() > 0
    assert liquidated(w) == 0
