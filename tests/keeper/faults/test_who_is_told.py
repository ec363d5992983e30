"""FAULTS: "an alert within two cycles". `tandem run` with somebody named to tell, who hears it over HTTP."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from listening import Said

from faults.conftest import Told
from faults.ledgers import GWEI, costs
from faults.parties import Faulty
from faults.proxy import Proxy, between
from faults.schedules import Fault
from faults.test_killed_at_every_step import NOWHERE, Killer, kept
from keeper.alerts.post import Letter
from keeper.alerts.rules import rules
from keeper.alerts.watch import Watcher
from keeper.cycle import Keeper
from keeper.metrics import Meter
from keeper.tables import FeeTable
from tandem.engine import node as node_module
from tandem.units import DAY, WAD

Run = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("as_before")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_module, "FIRST_PAUSE", 0.001)


@pytest.fixture
def faulty(market: Any) -> Iterator[Faulty]:
    with between(market.url, Faulty) as made:
        yield made


AWAY = "a node is not asked"
FAILS = "a node often fails"
MODES = [
    ("refuse", "does not answer"), ("hang", "does not answer"), ("drip", "does not answer"),
    ("limit", "does not answer"), ("busy", "does not answer"), ("html", "does not answer"),
    ("half", "does not answer"), ("lag", "blocks behind"), ("other chain", "is of chain 1"),
]  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("mode", "state"), MODES)
def test_one_of_two_nodes_that_is_away_is_told_of(
    tandem: Run, market: Any, faulty: Faulty, told: Told, mode: str, state: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """FAULTS 1 to 5. The other node serves, and the cycle succeeds: no figure of cycles shows it."""
    monkeypatch.setenv("TANDEM_RPC_TIMEOUT", "4")
    for _ in range(6):
        market.engine.advance(12)
    faulty.turn(Fault(mode, 0, 0, 0, 1.0))
    result = tandem("run", "--once", "--rpc", f"{faulty.url},{market.url}")
    assert result.exit_code == 0
    assert told.says("TandemWarning", AWAY, state)


def test_a_node_that_answers_badly_now_and_then_is_told_of(
    tandem: Run, market: Any, faulty: Faulty, told: Told
) -> None:
    """FAULTS 3, of the only one."""
    market.engine.advance(700)
    faulty.turn(Fault("some bad", 0, 0, 0, 0.5))
    tandem("run", "--once", "--rpc", faulty.url)
    assert told.says("TandemWarning", FAILS)


def test_two_nodes_that_answer_are_nobodys_concern(
    tandem: Run, market: Any, faulty: Faulty, told: Told
) -> None:
    market.engine.advance(700)
    assert tandem("run", "--once", "--rpc", f"{faulty.url},{market.url}").exit_code == 0
    assert told.service.told == []


def test_a_node_that_is_away_alone_ends_one_cycle_and_is_told_of(
    tandem: Run, market: Any, faulty: Faulty, told: Told
) -> None:
    """FAULTS 1, and once for all who start it again: a service manager does so every few seconds."""
    faulty.turn(Fault("refuse", 0, 0, 0, 1.0))
    for _ in range(3):
        assert tandem("run", "--once", "--rpc", faulty.url).exit_code == 2
    assert told.says("TandemKeeperGone", "no node answers")
    assert len(told.service.told) == 1


def test_gas_above_the_cap_is_told_of(tandem: Run, market: Any, told: Told) -> None:
    """FAULTS 12."""
    market.engine.advance(700)
    costs(market, 500 * GWEI)
    before = market.nonce()
    tandem("run", "--once")
    assert market.nonce() == before
    assert told.says("TandemWarning", "dropped", "base fee")


def test_an_account_without_gas_money_is_told_of(tandem: Run, market: Any, told: Told) -> None:
    """FAULTS 13: "alert, no crash loop"."""
    engine, account = market.engine, market.tandem.keeper
    engine.advance(700)
    had = engine.balance(account)
    engine.request("anvil_setBalance", [account, "0x1"])
    result = tandem("run", "--once")
    engine.request("anvil_setBalance", [account, hex(had)])
    assert result.exit_code == 0
    assert told.says("TandemWarning", "dropped", "nsufficient funds")


def test_what_nobody_foresaw_is_told_of_where_it_ends_a_keeper(
    tandem: Run, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a plug-in that errs: a process that was to be begun again and again said so in its log alone."""

    def fails(*_: object, **__: object) -> object:
        raise ValueError("a plug-in's own")

    monkeypatch.setattr("keeper.process.build", fails)
    assert isinstance(tandem("run", "--once").exception, ValueError)
    assert told.says("TandemKeeperGone", "a plug-in's own")


@pytest.mark.parametrize(
    ("holds", "is_poor"), [(5 * WAD // 100 - 1, True), (5 * WAD // 100, False)]
)
def test_an_account_that_cannot_pay_for_one_act_is_named_at_the_start(
    tandem: Run, market: Any, told: Told, holds: int, is_poor: bool
) -> None:
    """FAULTS 13, before anything is due: TANDEM_FEES__ACTION_ETH is what one may cost."""
    engine, account = market.engine, market.tandem.keeper
    had = engine.balance(account)
    engine.request("anvil_setBalance", [account, hex(holds)])
    result = tandem("run", "--once")
    engine.request("anvil_setBalance", [account, hex(had)])
    assert result.exit_code == 0
    words = ("the account holds less than one transaction may cost", account, "send it ether")
    assert told.says("TandemWarning", *words) is is_poor
    assert all(word in result.stderr for word in words) is is_poor


@pytest.mark.parametrize("apart", [-7_200, 7_200])
def test_a_clock_that_is_hours_off_the_chains_is_told_of(
    keeper: Keeper, market: Any, heard: Said, apart: int
) -> None:
    """FAULTS 23. Only where the chain's time is the world's."""
    keeper.cycle()
    assert "the chain and this machine's clock are apart" not in heard.events
    keeper.utc = lambda: market.engine.now() + apart
    market.engine.advance(12)
    keeper.cycle()
    assert "the chain and this machine's clock are apart" in heard.warned
    keeper.utc = lambda: market.engine.now() + 3
    market.engine.advance(12)
    keeper.cycle()
    assert "the chain and this machine's clock are apart: it is over" in heard.events


def test_who_was_named_hears_of_clocks_that_are_apart(
    tandem: Run, market: Any, proxy: Proxy, told: Told
) -> None:
    """FAULTS 23. These clocks are years apart, which says something where nobody commands the chain's."""
    event = "the chain and this machine's clock are apart"
    assert tandem("run", "--once", "--rpc", proxy.url).exit_code == 0
    assert not told.says(event)
    proxy.answer = lambda asked, answer: (
        answer | {"result": "Geth/v1"} if asked["method"] == "web3_clientVersion" else answer
    )
    assert tandem("run", "--once", "--rpc", proxy.url).exit_code == 0
    assert told.says("TandemWarning", event)


@pytest.mark.parametrize("how", ["stale", "failing"])
def test_a_feed_that_the_contracts_do_not_believe_is_told_of(
    tandem: Run, market: Any, told: Told, how: str
) -> None:
    """FAULTS 22."""
    event, feed = "the contracts believe no price now", market.tandem.exchange.feed
    assert tandem("run", "--once").exit_code == 0
    assert not told.says(event)
    if how == "stale":
        market.engine.advance(3 * DAY)
    else:
        feed.send("set_latest", NOWHERE, sender=market.tandem.exchange.owner)
    assert not market.tandem.snapshot().spot_fresh
    assert tandem("run", "--once").exit_code == 0
    assert told.says("TandemWarning", event)


def test_a_journal_that_is_locked_or_damaged_is_told_of(
    tandem: Run, market: Any, settings: Path, told: Told
) -> None:
    """FAULTS 24: "no send without journal"."""
    market.engine.advance(700)
    assert tandem("run", "--once").exit_code == 0
    path, before = settings / "journal.sqlite", market.nonce()
    market.engine.advance(700)
    with closing(sqlite3.connect(path, isolation_level=None)) as intruder:
        intruder.execute("BEGIN EXCLUSIVE")
        assert tandem("run", "--once").exit_code == 2
        intruder.execute("ROLLBACK")
    assert market.nonce() == before
    assert told.says("TandemKeeperGone", "cannot be used")
    whole = path.read_bytes()
    path.write_bytes(whole[:4_096] + bytes(len(whole) - 4_096))
    assert tandem("run", "--once").exit_code == 0
    assert told.says("TandemWarning", "the journal could not be read and was set aside")
    assert market.nonce() == before + 1


@pytest.mark.long
def test_a_process_that_was_cut_off_is_told_of_by_the_next_one(
    tandem: Run, market: Any, told: Told
) -> None:
    """FAULTS 14 to 16: killed with its transaction on the way to a node."""
    market.engine.advance(700)
    before = market.nonce()
    with between(market.url, Killer) as proxy:
        kept(proxy)
    assert told.says("TandemWarning", "the process before this one was cut off")
    assert market.nonce() == before + 1


def test_a_chain_that_stands_is_told_of_although_no_cycle_begins(
    keeper: Keeper, market: Any
) -> None:
    """FAULTS 25: without a block there is no cycle that could say anything; figures do."""
    meter, letters, now = Meter(), list[Letter](), [0.0]
    meter.watch(keeper, None)
    meter.cycle(keeper)
    block = market.engine.now()
    clocks = (lambda: now[0], lambda: block + now[0])
    listed = rules(FeeTable())
    watcher = Watcher(listed, meter.samples, letters.append, "local", 3_600, *clocks)
    while not letters and now[0] < 43 * 3_600:
        now[0] += 10
        watcher.look()
    assert letters[0].title.startswith("TandemChainStands")
    assert now[0] <= 430


def test_a_residual_past_the_hard_band_and_a_venue_that_is_down_are_told_of(
    tandem: Run, market: Any, told: Told
) -> None:
    """FAULTS 28: "gap seen in one cycle"."""
    t = market.tandem
    market.engine.advance(700)
    t.guardian.send("take_down", sender=t.roles.guardian)
    market.move(2_900)
    stance = t.snapshot().stance
    assert abs(stance.residual) > stance.hard
    tandem("run", "--once")
    assert told.says("TandemWarning", "the hedge venue is down")
    assert told.says("TandemWarning", "the residual is past the hard band")


def test_what_lasts_is_said_when_it_begins_and_when_it_is_over(
    keeper: Keeper, market: Any, heard: Said
) -> None:
    t = market.tandem
    market.engine.advance(700)
    t.guardian.send("take_down", sender=t.roles.guardian)
    for _ in range(3):
        market.engine.advance(12)
        keeper.cycle()
    assert heard.events.count("the hedge venue is down") == 1
    t.guardian.send("bring_back", sender=t.roles.owner)
    market.engine.advance(8 * DAY)
    t.guardian.send("apply", 0, sender=t.roles.owner)
    keeper.cycle()
    assert heard.events.count("the hedge venue is down: it is over") == 1
