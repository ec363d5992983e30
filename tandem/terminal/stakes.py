"""An LP's stake, in words."""

from __future__ import annotations

from tandem.client.liquidity import Stake
from tandem.terminal.common import usd


def stake_lines(stake: Stake) -> list[tuple[str, str]]:
    """Shares held, waiting and claimable."""
    return [
        ("shares", f"{stake.shares:,.6f}, worth {usd(stake.worth)} at the last low NAV"),
        ("waiting to leave", f"{stake.pending:,.6f} shares"),
        ("to claim", usd(stake.claimable)),
    ]
