"""A keeper on a market of a local node, and the meter that counts it."""

from __future__ import annotations

from lived_in import KEEPER_KEY, heard, keeper, lived_in, market, settings, tandem

__all__ = ["KEEPER_KEY", "heard", "keeper", "lived_in", "market", "settings", "tandem"]
