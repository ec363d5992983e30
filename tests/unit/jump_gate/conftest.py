"""A whole market on the real venue; every test gets it back as it was."""

from worlds import world, world_once

__all__ = ["world", "world_once"]
