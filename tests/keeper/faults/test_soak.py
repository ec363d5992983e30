"""Schedules of faults drawn by chance: when all is healed, journal and chain say the same, to the wei.

A schedule that failed is run again by its seed: `pytest -m long -k 'soak and [17]'`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from faults.schedules import CHAIN, NODE, PROCESS, WORLD, drawn
from faults.soak_ledger import check
from faults.soaked import soaking

SCHEDULES = 200
pytestmark = pytest.mark.usefixtures("as_before", "tandem")


def run(seed: int, market: Any, settings: Path) -> None:
    faults = drawn(seed)
    with soaking(market, settings, faults, seed) as soak:
        try:
            soak.run()
            check(soak)
        except BaseException as error:
            error.add_note("; ".join(map(str, faults)))
            raise


@pytest.mark.live
def test_a_schedule_of_faults_leaves_journal_and_chain_the_same(
    market: Any, settings: Path
) -> None:
    run(1_001, market, settings)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, SCHEDULES + 1))
def test_soak(seed: int, market: Any, settings: Path) -> None:
    run(seed, market, settings)


def test_schedules_have_every_fault_many_times() -> None:
    met = Counter(fault.kind for seed in range(1, SCHEDULES + 1) for fault in drawn(seed))
    assert set(met) == {*NODE, *PROCESS, *CHAIN, *WORLD}
    assert min(met.values()) >= 10
    assert drawn(7) == drawn(7) != drawn(8)
