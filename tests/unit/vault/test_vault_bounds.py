"""What a Vault is deployed with, on its bounds."""

from __future__ import annotations

from functools import cache

import boa
import pytest

from tandem.units import DAY


@cache
def compiled():
    return boa.load_partial("contracts/Vault.vy")


def load(bench, delay: int):
    return compiled().deploy(
        bench.usdc, bench.market, bench.market, bench.who["router"],
        bench.market, "x", "x", delay, 0, 0,
    )  # fmt: skip


@pytest.mark.parametrize("delay", [0, 7 * DAY])
def test_an_exit_waits_seven_days_at_most(bench, delay):
    assert load(bench, delay).DELAY() == delay


def test_a_longer_wait_is_refused(bench):
    with boa.reverts("vault: delay bounds"):
        load(bench, 7 * DAY + 1)
