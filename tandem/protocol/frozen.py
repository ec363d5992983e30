"""Whom the quote token moves nothing for. Its issuer may list an address, no standard says whom, and margin
that cannot come home counts until a guardian takes its venue down. A transfer of nothing, which nobody sends,
tells."""

from __future__ import annotations

from tandem.errors import Reverted
from tandem.protocol.bindings.usdc import USDC
from tandem.protocol.handles import Handles

GAS = 500_000


def frozen(h: Handles) -> tuple[str, ...]:
    """Of those through whose hands margin and payouts go; none where nobody can tell: where the Lens, through
    which no money goes, is refused too, the token is paused, or knows no transfer of nothing, or the node
    asks nothing in a contract's name."""
    token = USDC(h.vault.engine, h.vault.asset())
    venues = [each.venue for each in h.venue_lens.venues()]
    named = {"Vault": h.vault.address, "HedgeRouter": h.router.address}
    named |= {f"venue {address}": address for address in venues}
    found = tuple(name for name, address in named.items() if not _moves(token, address))
    return found if found and _moves(token, h.lens.address) else ()


def _moves(token: USDC, who: str) -> bool:
    try:
        token.transfer(who, 0).simulate(who, GAS)
    except Reverted:
        return False
    return True
