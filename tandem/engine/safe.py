"""How many signatures a contract that acts for several people asks for."""

from __future__ import annotations

from tandem.engine.abi import Abi
from tandem.engine.artifacts import Artifact
from tandem.engine.base import Engine
from tandem.errors import EngineError, Reverted

SAFE = Artifact("Safe", Abi.spelled("function getThreshold() view returns (uint256)"), b"")


def threshold_of(engine: Engine, address: str) -> int | None:
    """As a Safe says it; None of a contract that is none."""
    try:
        found: int = engine.at(SAFE, address).call("getThreshold")
    except (Reverted, EngineError):
        return None
    return found
