"""A market is wound down as deployers.md tells it: everybody gets out, and nothing complains after that."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from keeper.alerts.memory import Memory
from keeper.alerts.rules import rules
from keeper.gauges import Sight, of_market
from keeper.tables import FeeTable
from tandem.protocol.series import day_of
from tandem.units import DAY, HOUR, USD

Run = Callable[..., Result]
ALL_IN = 10**12 + 54_321_123_457
"""Token units that both LPs brought."""


def keep(tandem: Run, market: Any, times: int, price: int = 2_700) -> list[str]:
    """So many times three minutes and a keeper's look at that price; what it said."""
    said = list[str]()
    for _ in range(times):
        market.rest()
        market.move(price)
        done = tandem("run", "--once")
        assert done.exit_code == 0, done.stderr
        said += done.stderr.splitlines()
    return said


def alerts(market: Any) -> set[str]:
    """Those that what a keeper sees of the market would raise."""
    memory, seen = Memory({}), Sight(0, market.tandem.snapshot(), 0)
    found = {
        (each.name, tuple(each.samples[0].labels.items())): float(each.samples[0].value)
        for each in of_market(seen, "ETH")
    }
    memory.add(0.0, found, float(seen.snapshot.timestamp))
    return {rule.name for rule in rules(FeeTable()) if not rule.window and rule.broken(memory)}


@pytest.mark.live
def test_the_last_cent_goes_home_and_nobody_is_woken_for_the_one_that_is_left(
    tandem: Run, market: Any
) -> None:
    """The unit that was left of NAV lacked as margin for good: TandemMarginLacks, which is critical, "The
    hedge lacks 0.00 USD", and a warning of doctor that a keeper tops up."""
    m, roles, usdc = market, market.tandem.roles, market.tandem.exchange.usdc
    people = m.tandem.lp, m.engine.accounts[8]

    def done(*arguments: str, by: str) -> None:
        result = tandem(*arguments, "--account", by, "--yes")
        assert result.exit_code == 0, result.stderr

    usdc.send("mint", people[1], 54_321_123_457, sender=m.tandem.exchange.owner)
    done("deposit", "54321.123457", by=people[1])
    done("govern", "pause", by=roles.guardian)
    done("delist", day_of(m.series.expiry), by=roles.lister)
    before = sum(usdc.call("balanceOf", each) for each in people)
    for each in people:
        done("exit", by=each)
    m.engine.advance(DAY + HOUR)
    keep(tandem, m, 4)
    m.engine.advance(m.series.expiry - m.engine.now() + 60)
    keep(tandem, m, 16)
    done("redeem", str(m.series), by=m.tandem.trader)
    for each in people:
        done("claim", by=each)
    snapshot, vault = m.tandem.snapshot(), m.tandem.vault
    assert (snapshot.position, vault.call("totalSupply"), snapshot.expiries) == (0, 0, ())
    assert usdc.call("balanceOf", vault.address) <= 2
    taken = sum(usdc.call("balanceOf", each) for each in people) - before
    assert taken == pytest.approx(ALL_IN, abs=500 * USD)
    assert keep(tandem, m, 2) == []
    assert alerts(m) == set()
    lines = json.loads(tandem("doctor", "--json").stdout)
    assert [each["name"] for each in lines if each["state"] != "ok"] == ["opens"]
    assert snapshot.account.top_up == 1


@pytest.mark.long
def test_a_keeper_that_is_begun_each_hour_pays_no_exit_by_the_cent(
    tandem: Run, market: Any
) -> None:
    """Each `run --once` was a process that knew of no payment before it: past a day of waiting every one of
    them paid what an hour had freed, 0.11 USD."""
    m, guardian = market, market.tandem.roles.guardian
    for act in (("govern", "take-down", "--account", guardian), ("exit", "--account", m.tandem.lp)):
        assert tandem(*act, "--yes").exit_code == 0
    m.engine.advance(3 * DAY)
    said = list[str]()
    for hour in range(12):
        m.engine.advance(HOUR)
        said += keep(tandem, m, 1, 2_570 + hour)
    paid = [line for line in said if "intent=process" in line]
    assert len(paid) == 1, paid
    assert "LP exits of 99" in paid[0]
    m.engine.advance(DAY)
    said = list[str]()
    for hour in range(8):
        m.engine.advance(HOUR)
        said += keep(tandem, m, 1, 2_600 + hour)
    assert sum("intent=process" in line for line in said) == 1, said
