"""What is other in the next deployment: whoever is led there by his own key knows it before he goes.

Terms and who holds which role are asked of both Guardians; what stands for good (delays, feeds, caps) is what
the records say, which `tandem deploy verify` holds to the chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tandem.client.governance import Role
from tandem.client.session import Session
from tandem.protocol.deployment import Deployment
from tandem.protocol.terms import unpack

FLAGS = "flags"
"""What is paused and what is down now are no terms: `check` refuses a new one that takes nothing."""
TERMS = "terms"
"""As they were at first; what they are is asked of the Guardian."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One of them, each in its own unit; None where one of both has none of that name."""

    name: str
    old: Any
    new: Any


def differences(old: Session, new: Session) -> list[Difference]:
    """What is other in the new one, roles before terms before what stands for good. Raises EngineError."""
    pairs = [*_pairs(_roles(old), _roles(new)), *_pairs(_terms(old), _terms(new))]
    pairs += _pairs(_for_good(old.deployment), _for_good(new.deployment))
    return [each for each in pairs if each.old != each.new]


def _pairs(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    for name in {**old, **new}:
        yield Difference(name, old.get(name), new.get(name))


def _roles(session: Session) -> dict[str, Any]:
    return {role.name.lower(): sorted(session.on.guardian.members(role)) for role in Role}


def _terms(session: Session) -> dict[str, Any]:
    found = unpack(session.on.guardian.words())
    return {name: value for name, value in found.items() if name != FLAGS}


def _for_good(deployment: Deployment) -> dict[str, Any]:
    settings = {name: str(v) for name, v in deployment.settings.items() if name != TERMS}
    return settings | {"venue": deployment.venue["kind"]}
