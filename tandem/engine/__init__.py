"""A chain behind one small interface: in process (pyrevm, titanoboa) or a local node (anvil).

May be touched by recipes, replays and tests; imports nothing of the protocol. A backend is
imported when it is opened, so that one can be used where another is not installed.
"""

from __future__ import annotations

from typing import Any

from tandem.engine.backend import BaseEngine
from tandem.errors import ConfigError

BACKENDS = ("pyrevm", "boa", "anvil")


def open_engine(name: str = "pyrevm", **options: Any) -> BaseEngine:
    """Start a backend by name. Options: `timestamp`, `chain_id`, and what the backend adds."""
    if name == "pyrevm":
        from tandem.engine.revm import RevmEngine

        return RevmEngine(**options)
    if name == "boa":
        from tandem.engine.boa_engine import BoaEngine

        return BoaEngine(**options)
    if name == "anvil":
        from tandem.engine.anvil import AnvilEngine

        return AnvilEngine(**options)
    raise ConfigError(f"there is no engine {name!r}", f"choose one of {', '.join(BACKENDS)}")
