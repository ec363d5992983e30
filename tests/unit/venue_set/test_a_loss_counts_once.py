"""HG-13: what was lost counts once. `delever` that finds a venue past its cap had it counted in the Vault,
and left it to be found again."""

from __future__ import annotations

from contextlib import suppress

import pytest
from barred import topped_up
from several import ALL, REPLACED, members, tell
from worlds import World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, WAD


@pytest.mark.proves("HG-13", "HG-20")
@pytest.mark.parametrize("first", ["top_up", "delever"])
def test_whoever_comes_first(faced: World, face: Contract, first: str) -> None:
    """One and a half times its cap is under it after ten days and a half; counted twice it was 32 days."""
    t, who = faced.tandem, faced.stranger
    faced.bring_home()
    for one in members(faced):
        topped_up(faced, one)
    held = face.call("position") * faced.spot // WAD
    face.send("set_equity", 25_000 * WAD, sender=who)
    tell(faced, face, ("bounds", REPLACED, ALL, 30_000 * WAD * WAD // (held + 10**5 * WAD)))
    topped_up(faced, face)
    tell(faced, face, ("bounds", 0, 0, 0))
    count, cap = t.vault.call("venue_losses", face)
    left = t.desk.seen(face).equity - (cap - count) * 3 // 2 * 10**12

    def under_its_least() -> None:
        now = max(face.call("position") * faced.spot // WAD, WAD)
        tell(faced, face, ("bounds", REPLACED, ALL, (left + 100 * WAD) * WAD // now))

    face.send("set_equity", left, sender=who)
    under_its_least()
    assert t.vault.call("would_lend", face) > 0
    found = t.desk.call("lost")
    if first == "delever":
        t.desk.send("delever", face, sender=who)
        under_its_least()
    with suppress(Reverted):
        t.desk.send("top_up", face, sender=who)
    assert t.desk.call("lost") - found == pytest.approx((cap - count) * 3 // 2, rel=0.01)
    days = sent = 0
    while not sent and days < 40:
        with suppress(Reverted):
            sent = t.desk.send("top_up", face, sender=who).returned
        faced.engine.advance(DAY)
        faced.freshen()
        days += 1
    assert 10 <= days <= 12
