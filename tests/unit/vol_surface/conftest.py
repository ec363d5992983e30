"""Every surface test starts from the same deployed contract."""

from surface_bench import bench, bench_once

__all__ = ["bench", "bench_once"]
