"""Whom and where `tandem deploy migrate` leads to, and what it tells where something cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from leading import sessions
from lived_in import Market

from tandem.client.migration import MigrationError, carry_out, check, moves, run_off
from tandem.protocol.deployment import Deployment, record_of, tandem_of
from tandem.terminal.group import main
from tandem.units import HOUR


@pytest.fixture
def market(market: Market, monkeypatch: pytest.MonkeyPatch) -> Market:
    """Where commands find its node by themselves."""
    monkeypatch.setenv("TANDEM_RPC", market.url)
    return market


def migrate(old: Path, new: Path, number: int, *more: str) -> Result:
    how = ["--deployment", str(old), "--to", str(new), "--account", f"TEST::{number}", *more]
    return CliRunner(mix_stderr=False).invoke(main, ["deploy", "migrate", *how])


def test_the_two_in_the_wrong_order_pause_nothing(market: Market, new: Path) -> None:
    """The guardian's pause of the new market was due, which ends after an owner's delay."""
    found = migrate(new, market.file, 3, "--yes")
    assert found.exit_code == 2
    assert "stood first" in found.stderr
    assert not tandem_of(market.engine, Deployment.load(new)).snapshot().is_paused


def test_a_market_on_something_else_is_none_to_follow(market: Market, new: Path) -> None:
    """LPs' money would have gone to it, and its ladders been filled with strikes of another price."""
    old, fresh = sessions(market, new)(market.tandem.lp)
    with pytest.raises(MigrationError, match="options are on ETH, the new one's on BTC"):
        check(old, replace(fresh, on=replace(fresh.on, asset="BTC")))


def test_what_was_delisted_on_the_new_one_stays_so(market: Market, new: Path) -> None:
    """More strikes for it opened it again, and nothing said that."""
    who = market.engine.accounts[3]
    carry_out(*sessions(market, new)(who))
    tandem_of(market.engine, Deployment.load(new)).delist(market.series.expiry)
    market.tandem.list_expiry(market.series.expiry, [3_000])
    assert list(moves(*sessions(market, new)(who))) == []


def test_what_was_sent_is_told_where_the_old_one_cannot_be_read(market: Market, new: Path) -> None:
    """An exit was asked for, which cannot be taken back, and the answer was an error alone."""
    market.engine.request("anvil_setCode", [market.tandem.venue.address, "0x60006000fd"])
    told = json.loads(migrate(market.file, new, 2, "--yes", "--json").stdout)
    assert [each["note"][:12] for each in told["sent"]] == ["ask to leave"]
    assert told["left"] is None
    assert "venue does not answer" in told["unread"]
    assert "left of the old one: the hedge venue" in migrate(market.file, new, 2).stdout


def test_the_journal_of_a_market_is_one_however_it_is_named(market: Market, new: Path) -> None:
    """By --market, or by its record: a second run under the other name knew nothing of the first."""
    for file in (market.file, new):
        record_of(file, "eth").write_bytes(file.read_bytes())
    assert migrate(market.file, new, 2, "--market", "eth", "--yes").exit_code == 0
    one = record_of(market.file, "eth"), record_of(new, "eth")
    assert migrate(*one, 2, "--yes").exit_code == 0
    assert [each.name[:8] for each in new.parent.glob("*.migration.jsonl")] == ["new-eth."]


def test_a_surface_that_nobody_renews_is_said_to_who_leaves(market: Market, new: Path) -> None:
    """Whose signers had gone on to the new one got 15 % less than his share, and nothing had said so."""
    assert "signers" not in migrate(market.file, new, 2, "--dry-run").stdout
    market.engine.advance(2 * HOUR)
    assert (
        "surface            stale: exits wait" in migrate(market.file, new, 2, "--dry-run").stdout
    )
    assert json.loads(migrate(market.file, new, 2, "--dry-run", "--json").stdout)["left"][
        "is_stale"
    ]


def test_crumbs_are_nothing_that_is_left(market: Market, new: Path) -> None:
    """Two units that a lender keeps, and the shares of which they are: a keeper was to go on for good."""
    left = run_off(sessions(market, new)(market.tandem.lp)[0])
    assert not left.is_over
    none, some = Decimal(0), Decimal("0.000003")
    gone = replace(left, owed=none, hedge=none, claims=some, shares=some, exits=some)
    assert gone.is_over
    assert not replace(gone, hedge=some).is_over
