"""The adapter of two lending markets and a pool, on the real ones; every test gets it back as it was."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "venues"))

from morpho_bench import bench, busy, either, on_v3
from v4_bench import on_v4

__all__ = ["bench", "busy", "either", "on_v3", "on_v4"]
