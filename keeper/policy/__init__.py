"""When to hedge. Pure: no chain, no clock, no files; the same code runs live, in replay, in back-test.

A policy is anything with `decide(MarketState) -> Decision`. They are found in the entry point group
`tandem.policies` (`tandem.plugins`): a file of `keeper.policy.built_in` whose `create` makes one, or
another package's factory that takes keyword settings.
"""

from __future__ import annotations

from keeper.policy.types import Decision, MarketState, Policy
from tandem.plugins import FACTORY, PlugInBrokenError, find, make

GROUP = "tandem.policies"
DEFAULT = "threshold"


def names() -> tuple[str, ...]:
    """Every policy that `create` knows, in order."""
    return tuple(find(GROUP, FACTORY))


def create(name: str = DEFAULT, **settings: object) -> Policy:
    """The policy called `name`, built in or plugged in, with its settings. Raises a PlugInError."""
    policy = make(GROUP, name, "policy", settings)
    if not isinstance(policy, Policy):
        raise PlugInBrokenError(
            f"the policy {name!r} has no decide(state)", "return an object with that method"
        )
    return policy


__all__ = ["DEFAULT", "GROUP", "Decision", "MarketState", "Policy", "create", "names"]
