"""What the protocol does between the dismissal of its last signer and the arrival of the next."""

from __future__ import annotations

import pytest
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import DAY

SIGNER = 3  # the role


@pytest.mark.proves("PW-2")
def test_without_signers_closes_wait_for_the_delay_of_new_ones_and_settlement_does_not(
    world: World,
) -> None:
    w, guardian, owner = world, world.tandem.guardian, world.tandem.roles.deployer
    series, signer = w.call(2_500), w.engine.accounts[4]
    w.mint(series, 2 * ETH)
    guardian.send("revoke_role", SIGNER, signer, sender=owner)
    with pytest.raises(Reverted, match="surface: not a signer"):
        w.post()
    guardian.send("offer_role", SIGNER, signer, sender=owner)
    w.engine.advance(DAY)
    w.push_wad(w.spot)
    with w.refuses("market: surface stale", series):
        w.close(series, ETH)
    with w.refuses("guardian: too early"):
        guardian.send("accept_role", SIGNER, sender=signer)
    with w.undone():
        w.settle(w.near, 2_600)
        assert w.tandem.redeem(series, ETH).returned == 100 * 10**6
    w.engine.advance(DAY)
    guardian.send("accept_role", SIGNER, sender=signer)
    w.freshen()
    assert w.close(series, ETH).returned[0] == ETH
