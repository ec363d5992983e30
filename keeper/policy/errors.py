"""What can be wrong with a policy."""

from __future__ import annotations

from keeper.errors import TandemError


class PolicyError(TandemError):
    """Base of every error about a hedging policy."""


class PolicyUnknownError(PolicyError):
    """No built-in or plugged-in policy has that name."""


class PolicyClashError(PolicyError):
    """Two policies claim one name."""


class PolicyBrokenError(PolicyError):
    """A plug-in cannot be loaded, or does not take the settings given."""
