"""Policies as they are typed: `threshold:risk_aversion=8,cost=0.0005`."""

from __future__ import annotations

import math

from keeper.policy import create
from keeper.policy.types import Policy
from tandem.errors import ConfigError

HINT = "write NAME or NAME:setting=value,setting=value, for example threshold:risk_aversion=8"


class PolicySpecError(ConfigError):
    """A policy that cannot be read or run."""


def split(text: str, hint: str = HINT) -> tuple[str, dict[str, str]]:
    """Name and settings, not read any further. hint: what may be typed instead. Raises PolicySpecError."""
    name, _, rest = text.strip().partition(":")
    given: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in rest.split(","))):
        setting, equals, value = (each.strip() for each in part.partition("="))
        if not equals or not setting.isidentifier() or setting in given:
            raise PolicySpecError(f"--policy {text!r}: {part!r} is no setting", hint)
        given[setting] = value
    return name, given


def number(text: str, digits: str, hint: str = HINT) -> float:
    """A setting of the policy typed as `text`. Raises PolicySpecError for what is no finite number."""
    try:
        value = float(digits)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PolicySpecError(f"--policy {text!r}: {digits!r} is no number", hint)
    return value


def named(text: str) -> Policy:
    """The policy, made. Raises PolicySpecError, or a PlugInError for one that is unknown or refuses its
    settings."""
    name, given = split(text)
    return create(name, **{setting: number(text, digits) for setting, digits in given.items()})
