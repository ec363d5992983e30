"""FAULTS 30: "10^5 cycles: memory flat". One keeper, a block of two seconds a cycle."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

import pytest
import structlog

from keeper.cycle import Keeper
from keeper.metrics import Meter
from keeper.runner import Runner
from tandem.units import WAD

CYCLES = 100_000
WARM = CYCLES // 10
PAGE = os.sysconf("SC_PAGE_SIZE")
MOST = 8 * 1024 * 1024
"""Bytes that the process may be larger after all of them than after the first tenth."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")


def resident() -> int:
    """Bytes of memory that this process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


@pytest.mark.long
def test_a_hundred_thousand_cycles_leave_memory_as_it_was(keeper: Keeper, market: Any) -> None:
    engine, exchange = market.engine, market.tandem.exchange
    runner, seen = Runner(None, 60.0, structlog.get_logger()), list[int]()
    meter: Meter = runner.meter
    meter.watch(keeper, keeper.observer.engine.node)
    for cycle in range(CYCLES):
        if cycle % 500 == 0:
            price = 2_500 + 20 * (cycle // 500 % 3)
            exchange.set_index(price * WAD)
            exchange.converge(price * WAD)
        engine.request("evm_increaseTime", [2])
        engine.request("evm_mine", [])
        assert runner.once(lambda: meter.cycle(keeper)) is not None
        if cycle % WARM == WARM - 1:
            seen.append(resident())
    assert seen[-1] - seen[0] < MOST, [round(each / 2**20, 1) for each in seen]
