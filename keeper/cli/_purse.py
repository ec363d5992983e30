"""What gas is paid from and what it may cost, as `tandem doctor` says it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from keeper.alerts.rules import DAYS_OF_GAS
from keeper.cli._nodes import FAIL, OK, WARN, Line
from keeper.execution.fees import FeeSettings
from keeper.journal import JournalError
from keeper.journal_costs import read_paid
from keeper.tables import FeeTable
from tandem.terminal.common import eth
from tandem.units import DAY, GWEI, WAD

LEAST_GAS = 10**16
NEARLY = 0.8
"""Of what a day may cost, from which on it is told."""


def purse_lines(
    table: FeeTable, account: str, balance: int, journal: Path, base_fee: int
) -> Iterator[Line]:
    """What the account holds, as the alert TandemGasMoneyLow judges it, and what the caps leave."""
    day = 0
    with suppress(JournalError):
        day = read_paid(journal, time.time() - DAY)
    enough = max(round(table.action_eth * WAD), DAYS_OF_GAS * day)
    state = FAIL if balance < LEAST_GAS else OK if balance >= enough else WARN
    missing = max(enough, LEAST_GAS) - balance
    todo = "" if state == OK else f"send it at least {eth(missing / WAD)}"
    spent = f"; the last day cost {eth(day / WAD)}" if day else ""
    yield Line(state, "key", f"{account} holds {eth(balance / WAD)}{spent}", todo)
    yield from _caps(FeeSettings.from_table(table), day, base_fee)


def _caps(fees: FeeSettings, day: int, base_fee: int) -> Iterator[Line]:
    """Where what is due is held back by what it may cost, whatever else says that a keeper does it. day: wei
    in the last 24 hours."""
    if fees.offer(base_fee) is None:
        rest = (
            "what can wait is not sent" if fees.offer(base_fee, urgent=True) else "nothing is sent"
        )
        found = f"a unit of gas costs {base_fee / GWEI:g} gwei, which is over its cap: {rest}"
        yield Line(WARN, "fees", found, "wait, or raise TANDEM_FEES__MOST_GWEI (URGENT_GWEI)")
    if day < NEARLY * fees.day_most:
        return
    rest = f"past {eth(fees.day_most / WAD)} what can wait is not sent"
    if not fees.left(day, urgent=True):
        rest = "nothing is sent any more"
    found = f"the last 24 hours cost {eth(day / WAD)}: {rest}"
    todo = "raise TANDEM_FEES__DAY_ETH (URGENT_DAY_ETH), or wait until what was sent first is a day old"
    yield Line(WARN, "fees", found, todo)
