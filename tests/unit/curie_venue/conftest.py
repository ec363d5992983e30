"""The adapter on real venue bytecode; every test gets it back as it was."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "venues"))

from curie_bench import bench, bench_once

__all__ = ["bench", "bench_once"]
