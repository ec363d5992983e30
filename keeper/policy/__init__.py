"""When to hedge. Pure: no chain, no clock, no files; the same code runs live, in replay, in back-test.

A policy is anything with `decide(MarketState) -> Decision`. Policies of other packages are found
by the entry point group `tandem.policies`: a name, and a factory that takes keyword settings.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from keeper.policy.errors import PolicyBrokenError, PolicyClashError, PolicyUnknownError
from keeper.policy.threshold import FixedClockPolicy, ThresholdPolicy, WhalleyWilmottPolicy
from keeper.policy.types import Decision, MarketState, Policy

GROUP = "tandem.policies"
DEFAULT = "threshold"

_BUILT_IN: dict[str, Callable[..., Policy]] = {
    "threshold": ThresholdPolicy,
    "whalley-wilmott": WhalleyWilmottPolicy,
    "clock": FixedClockPolicy,
}


def names() -> tuple[str, ...]:
    """Every policy that `create` knows, in order."""
    return tuple(sorted({*_BUILT_IN, *(point.name for point in _plug_ins())}))


def create(name: str = DEFAULT, **settings: object) -> Policy:
    """The policy called `name`, built in or plugged in, with its settings."""
    plugged = [point for point in _plug_ins() if point.name == name]
    if len(plugged) > 1 or (plugged and name in _BUILT_IN):
        raise PolicyClashError(
            f"more than one policy is called {name!r}",
            f"rename the entry point in group {GROUP}, or uninstall one of the packages",
        )
    try:
        factory = _BUILT_IN[name] if name in _BUILT_IN else plugged[0].load()
    except IndexError as error:
        raise PolicyUnknownError(
            f"no policy is called {name!r}", f"choose one of: {', '.join(names())}"
        ) from error
    except Exception as error:
        raise PolicyBrokenError(
            f"the policy {name!r} cannot be loaded: {error}", "repair or uninstall its package"
        ) from error
    try:
        policy = factory(**settings)
    except TypeError as error:
        raise PolicyBrokenError(
            f"the policy {name!r} does not take these settings: {error}",
            "remove the setting, or correct its name",
        ) from error
    if not isinstance(policy, Policy):
        raise PolicyBrokenError(
            f"the policy {name!r} has no decide(state)", "return an object with that method"
        )
    return policy


def _plug_ins() -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=GROUP))


__all__ = ["DEFAULT", "GROUP", "Decision", "MarketState", "Policy", "create", "names"]
