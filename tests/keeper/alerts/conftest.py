"""A market of a local node, for commands."""

from __future__ import annotations

from lived_in import lived_in, market, settings, tandem

__all__ = ["lived_in", "market", "settings", "tandem"]
