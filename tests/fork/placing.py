"""Contracts at addresses of our choice, on a development node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tandem.engine.abi import Function
from tandem.engine.artifacts import Artifact
from tandem.engine.base import GAS_LIMIT, Contract, Receipt, Tx, address_of
from tandem.engine.remote import RemoteEngine


def init_of(artifact: Artifact, args: tuple[Any, ...]) -> bytes:
    """What is sent to create a contract."""
    return artifact.bytecode + Function("", artifact.abi.constructor, (), False, b"").encode(args)


def place(
    engine: RemoteEngine, where: str, artifact: Artifact, *args: Any, sender: Any = None
) -> Contract:
    """Construct a contract at an address: its own constructor runs there, so that what it stores and what it
    knows of itself are what they would be had it been created there."""
    who = address_of(sender or engine.accounts[0])
    init = "0x" + init_of(artifact, args).hex()
    fields = {"from": who, "to": where, "gas": hex(GAS_LIMIT)}
    engine.request("anvil_setCode", [where, init])
    code = engine.request("eth_call", [fields, "latest"])
    outcome = engine.transact(Tx(who, where, b"", GAS_LIMIT))
    assert isinstance(outcome, Receipt), f"{artifact.name} was not constructed at {where}"
    engine.request("anvil_setCode", [where, code])
    engine.request("anvil_setNonce", [where, "0x1"])  # that of a contract which has created nothing
    return engine.at(artifact, where)


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
