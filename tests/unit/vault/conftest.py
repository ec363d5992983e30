"""Every vault test starts from the same deployed vault."""

from vault_bench import bench, bench_once

__all__ = ["bench", "bench_once"]
