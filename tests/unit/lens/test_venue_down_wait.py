"""How long those who leave wait for a venue that is down, to the second."""

from __future__ import annotations

import pytest
from worlds import PRICE, World

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.units import DAY, WAD


@pytest.mark.proves("HG-19")
@pytest.mark.parametrize(("second", "leaves"), [(3 * DAY - 1, False), (3 * DAY, True)])
def test_who_leaves_waits_three_days_and_no_second_more(
    world: World, second: int, leaves: bool
) -> None:
    """HG-19: "LPs leave from three days later on"; who comes waits for as long as it takes."""
    tandem = world.tandem
    assert tandem.router.call("max_order", WAD, 2**255) == WAD
    down = tandem.guardian.send("take_down", sender=tandem.roles.guardian).timestamp
    assert tandem.router.call("max_order", WAD, 2**255) == 0
    world.engine.set_time(down + second - 5)
    world.push(PRICE)
    poke = Call(tandem.vault, "poke", (), world.stranger)
    (answer,) = world.engine.send_many([poke], timestamp=down + second)
    assert world.engine.now() == down + second
    if leaves:
        assert not isinstance(answer, Reverted)
        assert tandem.vault.call("last_mark")[1] == down + second
        for preview in ("previewDeposit", "previewMint"):
            with pytest.raises(Reverted, match="lens: venue down"):
                tandem.vault.call(preview, 100 * WAD)
    else:
        assert isinstance(answer, Reverted)
        assert answer.reason == "lens: venue down"
