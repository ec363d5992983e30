"""A chain of others, as each test finds it, and what a deployment leaves there."""

from chain_of_others import chain, standing
from cut_off import undisturbed

__all__ = ["chain", "standing", "undisturbed"]
