"""What each cause of a report is, in words: under its table, and beside the page's (app/src/abi/causes.ts is
written from here, with the events that a report reads)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CAUSES: Final[Mapping[str, str]] = {
    "premium": "Spread: what traders paid above the model's value of what they bought.",
    "fees": "Trading fees and the charge for capital that is set aside.",
    "delta": "What book and hedge together were exposed to, times the move of spot.",
    "gamma": "The rest of valuing the book at the new spot: its curvature, and jumps in full.",
    "theta": "Time that passed, and what was left of it when an expiry settled.",
    "vega": "Volatilities that signers posted, the forward's basis included.",
    "funding": "What holding the hedge brought at its venue: funding, interest, or carry.",
    "hedge_cost": "What orders cost against the oracle less what traders were charged; a pool behind "
    "the index, bounties, liquidations and a venue's losses included.",
    "residual": "What no cause explains.",
}  # fmt: skip
"""By the names of `PnlTerms`, in their order. Where a pool stood no log says: its lag is in hedge_cost."""

ENTRIES: Final = "entries"
ENTRIES_MEANING: Final = (
    "What those who came or left at another price than NAV gave those who stayed."
)
"""By share: no cause of the Vault's own profit."""
