"""One market on a local node."""

from lived_in import KEEPER_KEY, ask, heard, keeper, lived_in, market, settings, tandem

__all__ = ["KEEPER_KEY", "ask", "heard", "keeper", "lived_in", "market", "settings", "tandem"]
