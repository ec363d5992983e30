"""BR-1: no mark that is made while nobody signs hides from the breaker what a share lost."""

from __future__ import annotations

import pytest
from filling import puts
from worlds import WIDE, World, build

from tandem.protocol.deploy import DeploySettings
from tandem.units import HOUR

TERMS = WIDE | {"reserve": 500, "gate": 4_000, "share_fall": 100}


@pytest.fixture(scope="module")
def written() -> World:
    """Puts on half of the floor, hedged, marked and looked at."""
    w = build(settings=DeploySettings(terms=TERMS))
    puts(w, 12)
    w.tandem.vault.send("poke", sender=w.stranger)
    w.freshen()
    return w


@pytest.mark.proves("BR-1", "SH-10")
@pytest.mark.parametrize("is_marked", [False, True])
def test_what_a_share_lost_while_nobody_signed_is_seen_at_the_first_look(
    written: World, is_marked: bool
) -> None:
    """BR-1: a look trips it where "a share, as it was marked within the hour or else as it is now ... is more
    than `share_fall` under its highest price within a day". Anybody may mark what nobody signs."""
    w = written
    with w.undone():
        w.engine.advance(w.terms()["exit_wait"] + HOUR)
        w.move(2_200)
        w.engine.advance(60)
        w.push_wad(w.spot)
        if is_marked:
            w.tandem.vault.send("poke", sender=w.stranger)
        w.post()
        w.tandem.stress.send("remark", sender=w.stranger)
        state = w.tandem.breaker.state()
        assert state.reasons & w.tandem.breaker.SHARE_FELL()
