"""`tandem` run against one deployment on a local node."""

from lived_in import KEEPER_KEY, SIGNER_KEY, ask, keeper, lived_in, market, settings, tandem

__all__ = ["KEEPER_KEY", "SIGNER_KEY", "ask", "keeper", "lived_in", "market", "settings", "tandem"]
