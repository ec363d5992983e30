"""What `tandem deploy migrate` deposits is what came to the LP from the old one, neither more nor less, and
what it sends is what it showed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from leading import SMILE, deposited, processed, sessions
from lived_in import Market

from tandem.client.migration import carry_out, moves
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.protocol.tandem import Tandem
from tandem.terminal import migrating
from tandem.terminal.group import main
from tandem.units import HOUR, USD, WAD


def test_what_an_lp_put_into_the_new_one_before_is_not_taken_for_it(
    market: Market, new: Path
) -> None:
    """He was told that nothing was left to do, and what he had claimed lay in his account."""
    who = market.engine.accounts[7]
    fresh = put(market, new, who, 60_000 * USD)
    got = processed(market, new, who)
    carry_out(*sessions(market, new)(who))
    assert market.tandem.exchange.usdc.call("balanceOf", who) == 0
    assert deposited(fresh, who) == pytest.approx(60_000 * USD + got, abs=2)
    assert list(moves(*sessions(market, new)(who))) == []


def test_what_was_claimed_for_somebody_else_is_not_deposited_of_other_money(
    market: Market, new: Path
) -> None:
    """As much of what the LP had besides went after it."""
    t, (who, other) = market.tandem, market.engine.accounts[7:10:2]
    processed(market, new, who)
    t.vault.redeem(t.vault.maxRedeem(who), other, who).send(who)
    t.give(who, 70_000 * USD)
    assert list(moves(*sessions(market, new)(who))) == []
    assert carry_out(*sessions(market, new)(who)) == []


def test_what_somebody_else_deposits_for_him_is_not_taken_for_it(market: Market, new: Path) -> None:
    """Between the claim and the deposit of a run that was interrupted: what he had claimed lay in his
    account."""
    t, (who, other) = market.tandem, market.engine.accounts[7:10:2]
    got = processed(market, new, who)
    t.vault.redeem(t.vault.maxRedeem(who), who, who).send(who)
    put(market, new, other, 60_000 * USD, who)
    carry_out(*sessions(market, new)(who))
    assert got > 0
    assert t.exchange.usdc.call("balanceOf", who) == 0


def test_what_is_refused_now_waits_and_keeps_nothing_else_back(market: Market, new: Path) -> None:
    """The new one takes no deposit beside a stale surface; nothing was shown then, nor was anything else
    sent."""
    t, engine, who = market.tandem, market.engine, market.engine.accounts[7]
    processed(market, new, who)
    t.vault.redeem(t.vault.maxRedeem(who), who, who).send(who)
    t.deposit(10_000 * USD, who)
    left = t.vault.balanceOf(who)
    fresh = put(market, new, engine.accounts[9], 900_000 * USD)
    sells(market, new, fresh)
    engine.advance(HOUR)
    t.exchange.set_index(2_500 * WAD)
    put_there, leave = moves(*sessions(market, new)(who))
    assert put_there.prepared is None
    assert "surface" in put_there.waits
    assert leave.prepared is not None
    carry_out(*sessions(market, new)(who))
    assert (t.vault.balanceOf(who), t.vault.pendingRedeemRequest(0, who)) == (0, left)
    fresh.post({market.series.expiry: SMILE})
    (put_there, _) = moves(*sessions(market, new)(who))
    assert put_there.prepared is not None


def test_what_comes_in_the_same_run_is_counted_before_it_is_asked_for(
    market: Market, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`send the 1 that are due?` was answered for the listing, and the pause went with it."""
    monkeypatch.setenv("TANDEM_RPC", market.url)
    monkeypatch.setattr(migrating, "somebody_is_there", lambda: True)
    processed(market, new, market.engine.accounts[7])
    how = ["--deployment", str(market.file), "--to", str(new), "--account"]
    for number, then in ((3, "then  guardian stop opens"), (7, "then  LP       deposit it")):
        run = CliRunner(mix_stderr=False)
        asked = run.invoke(main, ["deploy", "migrate", *how, f"TEST::{number}"], input="n\n")
        assert then in asked.stdout
        assert "send these 2, one after the other?" in asked.stderr
    assert not market.tandem.snapshot().is_paused


@pytest.mark.parametrize("lines", [0, 2, 3])
def test_what_was_agreed_to_is_sent_to_its_end_whether_or_not_somebody_reads(
    market: Market, new: Path, lines: int
) -> None:
    """`| head`: the claim was sent and its deposit was not, or nothing at all was, and it ended with 0."""
    who = market.engine.accounts[7]
    processed(market, new, who)
    command = [sys.executable, "-m", "tandem", "deploy", "migrate", "--account", "TEST::7", "--yes"]
    command += ["--rpc", market.url, "--deployment", str(market.file), "--to", str(new)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        assert run.stdout is not None
        for _ in range(lines):
            run.stdout.readline()
        run.stdout.close()
        assert run.wait(60) == 0
    assert market.tandem.vault.maxWithdraw(who) == 0
    assert market.tandem.exchange.usdc.call("balanceOf", who) == 0


def put(market: Market, new: Path, who: str, amount: int, owner: str = "") -> Tandem:
    """A deposit of other money in the new one, by hand. owner: whose the shares are, who where empty."""
    fresh, t = tandem_of(market.engine, Deployment.load(new)), market.tandem
    t.give(who, amount)
    t.exchange.usdc.send("approve", fresh.vault.address, amount, sender=who)
    fresh.vault.deposit(amount, owner or who).send(who)
    return fresh


def sells(market: Market, new: Path, fresh: Tandem) -> None:
    """The new one has what the old one lists, and sells one call of it."""
    carry_out(*sessions(market, new)(market.engine.accounts[3]))
    fresh.desk.top_up().send(fresh.keeper)
    fresh.post({market.series.expiry: SMILE})
    market.engine.advance(61)
    market.tandem.give(fresh.trader, 10_000 * USD)
    market.tandem.exchange.usdc.send("approve", fresh.vault.address, 2**255, sender=fresh.trader)
    fresh.mint(market.series, 1_000_000)
