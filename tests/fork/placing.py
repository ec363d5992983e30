"""Contracts at addresses of our choice, on a development node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tandem.engine.artifacts import Artifact
from tandem.engine.base import GAS_LIMIT, Contract
from tandem.engine.fork import place
from tandem.engine.remote import RemoteEngine

__all__ = ["PlacingEngine", "place"]


class PlacingEngine(RemoteEngine):
    """Deploys as ever, but for contracts whose place is told: the first of each name goes to the first
    address told for it."""

    def __init__(self, *args: Any, places: Mapping[str, Iterable[str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self._places = {name: list(where) for name, where in places.items()}

    def deploy(
        self, artifact: Artifact, *args: Any, sender: Any = None, gas: int = GAS_LIMIT
    ) -> Contract:
        told = self._places.get(artifact.name)
        if told:
            return place(self, told.pop(0), artifact, *args, sender=sender)
        return super().deploy(artifact, *args, sender=sender, gas=gas)

    @property
    def left(self) -> list[str]:
        """Names of what was told a place and never deployed."""
        return [name for name, places in self._places.items() if places]
