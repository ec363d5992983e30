"""What a jump costs book and hedge together, as replays show it, beside the contract's own sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from worlds import ETH, World

from tandem.client.gate import JUMPS, hedged
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import USD, WAD

STEP = 2**59 / WAD  # USD


def calls_and_puts(w: World) -> None:
    w.mint(w.call(2_500, 3_000), 3 * ETH)
    w.mint(w.put(2_400, 1_500), 3 * ETH)


def calls(w: World) -> None:
    w.mint(w.call(2_500, 5_000), 6 * ETH)


def puts(w: World) -> None:
    w.mint(w.put(2_500, far=True), 6 * ETH)


@pytest.mark.parametrize("sold", [calls_and_puts, calls, puts])
@pytest.mark.parametrize("moved", [0, 49, -49])
def test_the_worst_jump_is_the_contracts_own(
    world: World, sold: Callable[[World], None], moved: int
) -> None:
    """GT-2: "and what the position may have won inside the fiftieth either way"."""
    sold(world)
    world.tandem.stress.send("remark", sender=world.stranger)
    world.push(2_500 + moved)
    snap = world.tandem.snapshot()
    assert snap.position
    assert 0 <= snap.gate.worst / WAD - max(hedged(snap).values()) < 2 * STEP


def test_a_hedge_loses_what_lies_there_and_gains_what_the_venue_can_pay(world: World) -> None:
    calls(world)
    world.tandem.stress.send("remark", sender=world.stranger)
    snap = world.tandem.snapshot()
    notional = snap.position / WAD * snap.spot / WAD
    there = 100.0 + notional / 25
    found = gains(snap, equity=100, purse=500)
    assert found[-50] == found[-30] == found[-20] == pytest.approx(-there)
    assert found[20] == found[40] == found[100] == pytest.approx(500)
    usual = gains(snap, equity=10**6, purse=10**6)
    assert usual == pytest.approx({jump: notional * jump / 100 for jump in JUMPS})


def gains(snap: Snapshot, **there: int) -> dict[int, float]:
    """What the hedge gains by each jump, USD, where this lies at the venue and there is this besides."""
    changed = {name: usd * USD for name, usd in there.items()}
    gate = replace(snap.gate, mark=replace(snap.gate.mark, **changed), losses=(0,) * len(JUMPS))
    return {jump: -loss for jump, loss in hedged(replace(snap, gate=gate)).items()}
