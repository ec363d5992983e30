"""What is said of each kind of act is said of all of them."""

from __future__ import annotations

from typing import Any

import pytest

from keeper.cycle import Keeper
from keeper.gas import GAS
from keeper.planner import Intent, Kind
from tandem.protocol.bindings.structs import SignedSlice

ARGS: dict[Kind, tuple[int, ...]] = {
    Kind.SETTLE: (1, 2), Kind.REBALANCE: (0,), Kind.BOUNTY: (0,), Kind.PROCESS: (8,),
    Kind.SHIFT: (1, 2, 3), Kind.POST: (1, 2),
    Kind.COLLATERAL: (1, 2),
}  # fmt: skip
"""Those of kinds that have any."""


class Named:
    """Says what was called by its name, and takes whatever it is given."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def __getattr__(self, name: str) -> Named:
        return Named(f"{self.name}.{name}")

    def __call__(self, *_: Any) -> str:
        return self.name


class Signs(Named):
    """A slice that was signed."""

    def __call__(self, *args: Any) -> Any:
        return SignedSlice(*args, ())


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_has_a_limit_of_gas_and_a_call(kind: Kind) -> None:
    """A kind that lacks one would halt its market where it is due first."""
    assert GAS[kind] > 0
    observer: Any = Named("observer")
    keeper = object.__new__(Keeper)
    object.__setattr__(keeper, "observer", observer)
    observer.desk = Named("desk")
    observer.desk.signed = Signs()
    object.__setattr__(keeper, "sender", Named("sender"))
    object.__setattr__(keeper, "utc", None)
    snapshot: Any = Named("snapshot")
    called: Any = keeper._call(snapshot, Intent(kind, ARGS.get(kind, ()), "due"))
    assert called.startswith("observer.")
