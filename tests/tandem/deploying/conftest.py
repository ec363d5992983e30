"""A chain of others, as each test finds it."""

from chain_of_others import chain, standing

__all__ = ["chain", "standing"]
