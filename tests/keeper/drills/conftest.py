"""One market on a local node."""

from lived_in import ask, lived_in, market, settings, tandem

__all__ = ["ask", "lived_in", "market", "settings", "tandem"]
