"""What a transaction may cost, and for how long one is waited for."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

GWEI = 10**9
LEAST_BUMP = 1.1
"""Nodes take a replacement from a tenth more on."""


@dataclass(frozen=True, slots=True)
class FeeSettings:
    """Wei per gas, and patience."""

    most: int = 5 * GWEI
    """Never more than this, whatever the base fee."""
    tip: int = GWEI // 100
    bump: float = 1.125
    stuck_seconds: float = 30.0
    """After this long the fee is raised."""
    wait_seconds: float = 20.0
    """How long a cycle waits for a block."""
    watch_blocks: int = 16
    """How long a mined transaction is watched in case its block goes away."""
    doubt_seconds: float = 600.0
    """How long what was given up is looked for once its nonce is used."""

    def offer(self, base_fee: int) -> tuple[int, int] | None:
        """(most per gas, tip) at a base fee, None where that alone is over the cap."""
        if base_fee + self.tip > self.most:
            return None
        return min(2 * base_fee + self.tip, self.most), self.tip

    def raised(self, max_fee: int, tip: int, now: tuple[int, int]) -> tuple[int, int] | None:
        """The fees of a replacement, None where the cap leaves less than a node takes. now: what would be
        offered now."""
        fee = min(max(ceil(max_fee * self.bump), now[0]), self.most)
        if fee < ceil(max_fee * LEAST_BUMP):
            return None
        return fee, min(max(ceil(tip * self.bump), tip + 1), fee)
