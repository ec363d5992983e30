"""Which opens the gate lets through, and that nothing else meets it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_marks_of_the_gate import gate, remark, renew
from worlds import ETH, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.terms import FIELDS
from tandem.units import DAY, WAD

TERMS = WIDE | {"exit_share": 0, "gate": 600}


@pytest.fixture(scope="module")
def full_once() -> World:
    """Sixty calls and a gate of 6 % of NAV, which they nearly fill."""
    w = build(settings=DeploySettings(terms=TERMS))
    for _ in range(2):
        w.mint(w.call(2_500), 30 * ETH)
        w.curie.converge()
        if w.tandem.snapshot().account.top_up:
            w.top_up()
    w.engine.advance(61)
    renew(w)
    remark(w)
    return w


@pytest.fixture
def full(full_once: World) -> Iterator[World]:
    with full_once.undone():
        yield full_once


@pytest.mark.proves("GT-1")
def test_r22_an_open_past_the_gate_is_refused_and_the_largest_that_fits_is_not(full: World) -> None:
    series, low, high, reasons = full.call(2_500), ETH // 100, 30 * ETH, set[str]()
    with full.refuses("gate: worst jump", series):
        full.mint(series, high)
    while high - low > ETH // 100:
        units = (low + high) // 2
        try:
            full.tandem.quote(series, units)
            low = units
        except Reverted as refused:
            reasons.add(refused.reason)
            high = units
    assert reasons == {"gate: worst jump"}
    full.mint(series, low)
    now = gate(full)
    assert 0 <= now.limit - now.worst < 40 * WAD
    remark(full)
    assert gate(full).worst <= now.limit


@pytest.mark.proves("GT-1")
def test_past_the_gate_an_open_that_makes_no_jump_worse_is_welcome(full: World) -> None:
    """A narrow spread pays less at twice the price than its hedge brings; another call does not."""
    full.mint(full.call(2_500), 10 * ETH)
    owner = full.tandem.roles.deployer
    full.tandem.guardian.send("set_term", FIELDS["gate"].index, 500, sender=owner)
    remark(full)
    assert gate(full).worst > gate(full).limit
    with full.refuses("gate: worst jump"):
        full.mint(full.call(2_750), ETH)
    before = gate(full).worst
    full.mint(full.call(2_500, 2_600), ETH)
    assert gate(full).worst < before


@pytest.mark.proves("GT-1", "HG-2")
def test_r22_the_better_the_hedge_the_more_the_gate_carries(world: World) -> None:
    """A book without its hedge would fill the gate twice as soon."""
    world.mint(world.call(2_500), 5 * ETH)
    remark(world)
    shown = gate(world)
    alone = max(shown.losses)
    assert shown.worst * 3 < alone * 2


@pytest.mark.proves("GT-5")
def test_nothing_but_opens_meets_the_gate(full: World) -> None:
    """The mark is a day old and the book past the gate: closes, hedges, margin and exits go on."""
    t, lp = full.tandem, full.tandem.lp
    shares = t.vault.call("balanceOf", lp) // 10
    t.vault.send("requestRedeem", shares, lp, lp, sender=lp)
    full.engine.advance(DAY + 3_700)
    full.push(2_700)
    full.curie.converge()
    full.post()
    full.engine.advance(61)
    assert not gate(full).is_fresh
    full.close(full.call(2_500), 5 * ETH)
    full.engine.advance(600)
    full.push_wad(full.spot)
    full.post()
    full.bring_home()
    t.vault.send("process", 5, sender=full.stranger)
    full.settle(full.near, 2_650)
    t.redeem(full.call(2_500), ETH)
    assert not gate(full).is_fresh


@pytest.mark.proves("GT-6")
def test_a_tighter_gate_holds_from_the_next_mark_on(world: World) -> None:
    guardian, owner = world.tandem.guardian, world.tandem.roles.deployer
    assert gate(world).mark.limit == 2_000
    guardian.send("set_term", FIELDS["gate"].index, 1_000, sender=owner)
    assert gate(world).mark.limit == 2_000
    remark(world)
    assert gate(world).mark.limit == 1_000
    assert gate(world).limit == world.tandem.vault.funds().nav * 10**12 // 10


@pytest.mark.proves("GT-4")
def test_an_open_marks_nothing(world: World) -> None:
    """The word of the mark stays as it was."""
    remark(world)
    marked = gate(world).mark
    world.mint(world.call(), ETH)
    assert gate(world).mark == marked
