"""What a Vault is deployed with, on its bounds."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import env

from tandem.units import DAY, WAD


def load(bench, delay: int, token=None, caps=(0, 1)):
    return env.load(
        "Vault", token or bench.usdc, bench.market, bench.market, bench.who["router"],
        bench.market, "x", "x", delay, *caps,
    )  # fmt: skip


@pytest.mark.parametrize("delay", [0, 7 * DAY])
def test_an_exit_waits_seven_days_at_most(bench, delay):
    assert load(bench, delay).DELAY() == delay


def test_a_longer_wait_is_refused(bench):
    with reverts("vault: delay bounds"):
        load(bench, 7 * DAY + 1)


@pytest.mark.proves("PW-5")
@pytest.mark.parametrize("delay", [0, DAY, 7 * DAY])
def test_r40_a_request_and_the_longest_wait_for_a_calm_moment_fit_into_the_timelock(bench, delay):
    with env.anchor():
        bench.market.set_delay(delay + DAY)
        assert load(bench, delay).DELAY() == delay
        bench.market.set_delay(delay + DAY - 1)
        with reverts("vault: delay over timelock"):
            load(bench, delay)


@pytest.mark.parametrize("decimals", [18, 19])
def test_a_token_has_eighteen_decimals_at_most(bench, decimals):
    token = env.loads(f"# pragma version 0.4.3\ndecimals: public(constant(uint8)) = {decimals}\n")
    if decimals == 18:
        assert load(bench, 0, token).convertToShares(5) == 5
    else:
        with reverts("vault: token decimals"):
            load(bench, 0, token)


@pytest.mark.parametrize("caps", [(0, 1), (WAD, 1), (WAD, 365 * DAY)])
def test_losses_may_be_all_there_is_and_be_remembered_for_a_year(bench, caps):
    vault = load(bench, 0, caps=caps)
    assert (vault.LOSS_CAP(), vault.LOSS_PERIOD()) == caps


@pytest.mark.parametrize("caps", [(WAD + 1, 1), (0, 0), (WAD, 365 * DAY + 1)])
def test_losses_past_all_and_periods_of_nothing_are_refused(bench, caps):
    with reverts("lending: cap bounds"):
        load(bench, 0, caps=caps)
