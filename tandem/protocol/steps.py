"""The transactions of a deployment: what creates each contract, where it will stand, and which of the
deployer's transactions it is.

They follow from the file, the deployer and the number of his next transaction alone, so that whoever has
these three can say what was meant to stand where, before, during and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import create_address
from tandem.protocol.deploy import arguments, order
from tandem.protocol.recipe import Recipe, roles_of


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction. nonce: its number among the deployer's, from 0; args: of the constructor."""

    name: str
    address: str
    nonce: int
    args: tuple[Any, ...]

    @property
    def init(self) -> bytes:
        """What is sent."""
        return compile_vyper(self.name).init(self.args)


def steps(
    recipe: Recipe,
    deployer: str,
    first: int,
    addresses: Mapping[str, str],
    at: Mapping[str, str] | None = None,
) -> tuple[Step, ...]:
    """Every transaction in its order. first: the deployer's next; addresses: the venue's; at: where ours will
    stand, if not where `first` says."""
    names = order(recipe.venue, recipe.asset)
    if at is None:
        at = {name: create_address(deployer, first + n) for n, name in enumerate(names)}
    roles = roles_of(recipe, deployer)
    return tuple(
        Step(
            name,
            at[name],
            first + n,
            arguments(name, at, recipe.venue, addresses, recipe.settings, roles),
        )
        for n, name in enumerate(names)
    )


def hash_of(data: bytes) -> str:
    """Keccak-256, as JSON has it."""
    return "0x" + keccak(data).hex()
