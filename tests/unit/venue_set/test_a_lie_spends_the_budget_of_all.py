"""HG-13, VS-8: what one of several venues says for a moment spends its own part of the cap of losses, and
keeps margin from no other."""

from __future__ import annotations

import pytest
from barred import lacking, lie
from several import members
from worlds import World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, WAD


def _fall(world: World, face: Contract) -> None:
    """Both lose by the price what they need."""
    world.move(1_600)
    face.send("tell", 1_600 * WAD, face.call("curve", WAD)[2][0], 0, 0, sender=world.stranger)
    world.freshen()


@pytest.mark.proves("VS-8", "VS-6", "HG-13")
def test_a_venue_that_lies_for_a_moment_keeps_margin_from_no_other(
    faced: World, face: Contract
) -> None:
    """VS-8: "Whatever one venue answers, the others go on"; HG-13: "Of several venues each has a count of its
    own"."""
    world, vault, curie = faced, faced.tandem.vault, members(faced)[0]
    floor = vault.call("would_lend", curie)
    sent = lie(world, face)
    lost, cap = vault.call("venue_losses", face)
    assert lost == 2 * cap + 1
    assert vault.call("venue_losses", curie) == (0, cap)
    assert vault.call("would_lend", face) == 0
    assert vault.call("would_lend", curie) == floor - sent > 0
    _fall(world, face)
    with pytest.raises(Reverted, match="margin: floor or budget"):
        world.tandem.desk.top_up(face).send(world.stranger)
    assert world.tandem.desk.top_up(curie).send(world.stranger).returned > 0


@pytest.mark.proves("HG-13")
def test_the_caps_of_all_venues_are_what_one_would_have(faced: World, face: Contract) -> None:
    """HG-13: "and an equal part of the cap": whatever they lose together, LPs risk what they risk at one."""
    vault, (curie, _) = faced.tandem.vault, members(faced)
    nav = vault.call("totalAssets")
    caps = [vault.call("venue_losses", one)[1] for one in (curie, face)]
    assert caps == [nav * 15 // 1_000] * 2


@pytest.mark.proves("VS-6", "HG-13")
def test_a_top_up_that_names_no_venue_passes_over_one_that_may_get_nothing(
    faced: World, face: Contract
) -> None:
    """VS-6: "where none is named, the first for which it is due"."""
    world, desk, curie = faced, faced.tandem.desk, members(faced)[0]
    lie(world, face)
    _fall(world, face)
    (event,) = desk.top_up().send(world.stranger).events("MarginToppedUp")
    assert event["venue"] == curie.address
    assert lacking(world, face) > 0
    with pytest.raises(Reverted, match="margin: floor or budget"):
        desk.top_up().send(world.stranger)


@pytest.mark.proves("BR-1", "VS-8")
def test_what_one_may_not_get_is_no_distress_of_all(faced: World, face: Contract) -> None:
    """BR-1: "where the next top-up is more than floor or budget give": to no venue."""
    world, stress = faced, faced.tandem.stress
    lie(world, face)
    assert lacking(world, face) > 0
    stress.send("remark", sender=world.stranger)
    assert not world.tandem.snapshot().is_distressed


@pytest.mark.proves("VS-5", "HG-13")
def test_the_bit_of_the_one_that_lied_changes_nothing_for_the_others(
    faced: World, face: Contract
) -> None:
    """VS-5: "The others trade and are topped up". Brought back, what it lost counts, less what leaked."""
    world, t, curie = faced, faced.tandem, members(faced)[0]
    lie(world, face)
    t.guardian.take_down_one(1).send(t.roles.guardian)
    _fall(world, face)
    assert t.desk.top_up(curie).send(world.stranger).returned > 0
    t.guardian.bring_back_one(1).send(t.roles.deployer)
    world.engine.advance(2 * DAY)
    world.freshen()
    t.guardian.apply(0).send(t.roles.deployer)
    lost, cap = t.vault.call("venue_losses", face)
    assert cap < lost < 2 * cap
    assert t.vault.call("would_lend", face) == 0 < t.vault.call("would_lend", curie)
