"""The book of a market that lives, as the chain has it, on the surface that is posted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from lived_in import ask, lived_in, market, settings, tandem

from keeper.stress.book import of_snapshot
from keeper.stress.gate import carried
from tandem.errors import ConfigError
from tandem.model import jumps, svi
from tandem.protocol.deployment import handles
from tandem.protocol.waits import snapshot_of
from tandem.terminal.group import main
from tandem.units import USD, WAD

__all__ = ["ask", "lived_in", "market", "settings", "tandem"]

pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def snapshot(market: Any) -> Any:
    return snapshot_of(handles(market.engine, market.deployment))


def stressed(market: Any, *flags: str) -> Result:
    chosen = ["--live", "--rpc", market.url, "--deployment", str(market.file)]
    few = ["--paths", "40", "--worlds", "2", "--days", "2"]
    return CliRunner(mix_stderr=False).invoke(main, ["stress", *chosen, *few, *flags])


def test_the_examples_capital_is_no_live_books(market: Any) -> None:
    """--nav was dropped without a word."""
    refused = stressed(market, "--nav", "50000")
    assert refused.exit_code == 2
    assert "--nav 50000 is of the example" in str(refused.stderr)


@pytest.mark.live
def test_the_command_that_a_live_report_shows_runs_again(market: Any, tmp_path: Path) -> None:
    """It named a capital that a live book does not take."""
    file = tmp_path / "live.html"
    assert stressed(market, "--report", str(file)).exit_code == 0
    shown = file.read_text(encoding="utf-8").partition("The same again")[2].partition("--seed")[0]
    assert "--live" in shown
    assert "--nav" not in shown


def test_a_market_with_no_book_names_every_option_that_chose_it(snapshot: Any) -> None:
    """--deployment alone chooses the market's book too, and `leave --live out` was no way on."""
    nobodys = replace(snapshot, funds=replace(snapshot.funds, nav=0))
    with pytest.raises(ConfigError, match="no open options") as caught:
        of_snapshot(nobodys)
    assert "--deployment" in caught.value.hint


def test_the_book_is_worth_and_moves_as_the_contracts_say(snapshot: Any) -> None:
    """Value, delta and gamma of the Market's own kernel, from the slices that are posted."""
    stood = of_snapshot(snapshot)
    assert stood.spot == snapshot.spot / WAD
    assert stood.position == snapshot.position / WAD
    assert stood.equity == snapshot.account.equity / WAD
    assert stood.nav == snapshot.funds.nav / USD
    assert stood.delta == pytest.approx(snapshot.stance.delta / WAD, rel=1e-6)
    gamma = sum(each.greeks(np.array([stood.spot]))[2][0] for each in stood.held)
    assert gamma == pytest.approx(snapshot.stance.gamma / WAD, rel=1e-6)
    smile = svi.unpack(snapshot.open_expiries[0].slice)
    assert stood.held[0].basis == smile.basis


def test_losses_are_those_of_the_book_with_the_hedge_that_stands(snapshot: Any) -> None:
    stood = of_snapshot(snapshot)
    bare = replace(stood, position=0.0, equity=0.0)
    for j, with_hedge, without in zip(jumps.GATE, stood.losses(), bare.losses(), strict=True):
        hedge = max(stood.position * stood.spot * j, -stood.equity) / stood.nav
        assert with_hedge == pytest.approx(without - hedge)


@pytest.mark.live
def test_the_command_takes_the_markets_own_book(market: Any, snapshot: Any) -> None:
    result = stressed(market, "--json")
    assert result.exit_code == 0, result.stderr
    book = json.loads(result.stdout)["book"]
    assert book["spot"] == snapshot.spot / WAD
    assert book["sold_eth"] == snapshot.gross / 1e6
    assert book["name"].startswith("the market's at 20")


def test_the_gate_is_the_markets_own(snapshot: Any) -> None:
    """GT-1. A market that had lowered it to 5 % was shown "gate 20%", and four times what it carries."""
    mark = snapshot.gate.mark
    lowered = replace(snapshot, gate=replace(snapshot.gate, mark=replace(mark, limit=500)))
    stood, usual = of_snapshot(lowered), of_snapshot(snapshot)
    assert (stood.gate, usual.gate) == (0.05, 0.2)
    few, many = carried(stood), carried(usual)
    assert few[0].most == pytest.approx(many[0].most / 4)
    unmarked = replace(snapshot.gate, mark=replace(mark, time=0, limit=0))
    assert of_snapshot(replace(snapshot, gate=unmarked)).gate == 0.2


@pytest.mark.live
def test_whoever_names_a_market_means_it(market: Any) -> None:
    few = ["--paths", "40", "--worlds", "2", "--days", "2", "--json"]
    named = ["--rpc", market.url, "--deployment", str(market.file)]
    result = CliRunner(mix_stderr=False).invoke(main, ["stress", *named, *few])
    assert json.loads(result.stdout)["book"]["name"].startswith("the market's at 20")


def test_a_market_with_nothing_to_stress_is_refused_by_name(snapshot: Any) -> None:
    with pytest.raises(ConfigError, match="no open options"):
        of_snapshot(replace(snapshot, expiries=()))
    bare = tuple(replace(each, slice=0) for each in snapshot.expiries)
    with pytest.raises(ConfigError, match="no surface"):
        of_snapshot(replace(snapshot, expiries=bare))


def test_no_node_is_an_error_in_words(market: Any) -> None:
    words = ["stress", "--live", "--rpc", "http://127.0.0.1:1", "--deployment", str(market.file)]
    result = CliRunner(mix_stderr=False).invoke(main, words)
    assert result.exit_code == 2
    assert "what to do next" in result.stderr
