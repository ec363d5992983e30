"""A live book is led to the next deployment, and nobody loses a token unit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from leading import deposited, processed, sessions
from lived_in import Market

from tandem.client.migration import MigrationError, between, carry_out, check, moves, run_off
from tandem.engine.relay import Far, serving
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.protocol.rounds import settlement_round
from tandem.protocol.waits import UnreadableError
from tandem.terminal.group import main
from tandem.units import HOUR, USD, WAD


def test_a_live_book_migrates_and_nobody_loses_a_token_unit(market: Market, new: Path) -> None:
    """Lister, guardian and two LPs are led over while options are open; the old one runs off; what each LP
    claimed is what he deposited, and the holder is paid his payoff there. Longer than a test should be: it
    is one life."""
    t, engine = market.tandem, market.engine
    fresh = tandem_of(engine, Deployment.load(new))
    second = engine.accounts[7]
    t.deposit(300_000 * USD, second)
    operator = engine.accounts[3]  # lister and guardian of both
    ask = sessions(market, new)

    # the lister lists, and only then the guardian stops the old one
    first, then = moves(*ask(operator))
    assert (first.role, then.role) == ("lister", "guardian")
    assert "until the new one lists" in then.waits
    assert not t.snapshot().is_paused
    assert run_off(ask(t.lp)[0]).hedge * WAD == t.router.position() != 0
    carry_out(*ask(operator))
    assert [e.expiry for e in fresh.lens.expiries()] == [market.series.expiry]
    assert {e.strikes for e in fresh.lens.expiries()} == {e.strikes for e in t.lens.expiries()}
    assert t.snapshot().is_paused
    assert list(moves(*ask(operator))) == []

    # LPs leave, as far as the floor allows while options are open, and the rest once they are settled
    token = t.exchange.usdc
    for who in (t.lp, second):
        carry_out(*ask(who))
        assert t.vault.balanceOf(who) == 0
    engine.set_time(market.series.expiry + 30)
    t.exchange.set_index(2_600 * WAD)
    round_id = settlement_round(PriceFeed.of(t.exchange.feed), t.spot, market.series.expiry)
    assert round_id is not None
    t.settle(market.series.expiry, round_id)
    bring_home(market)
    for _ in range(4):
        engine.advance(HOUR)
        t.exchange.set_index(2_600 * WAD)
        t.vault.process(8).send(t.keeper)
    held = {who: token.call("balanceOf", who) for who in (t.lp, second)}
    claimable = {who: t.vault.maxWithdraw(who) for who in (t.lp, second)}
    assert all(claimable.values())
    for who in (t.lp, second):
        carry_out(*ask(who))
        assert token.call("balanceOf", who) == held[who]
        assert deposited(fresh, who) == claimable[who]
    # the holder is paid on the old one
    units = t.balance_of(market.series)
    paid = token.call("balanceOf", t.trader)
    t.redeem(market.series, units)
    assert token.call("balanceOf", t.trader) - paid == units * 100
    left = run_off(ask(t.lp)[0])
    assert (left.owed, left.claims, left.hedge) == (0, 0, 0)


def bring_home(market: Market) -> None:
    """The hedge of what was settled, chunk after chunk."""
    t = market.tandem
    for _ in range(60):
        if t.router.position() == 0:
            return
        market.engine.advance(60)
        t.exchange.set_index(2_600 * WAD)
        t.exchange.converge(2_600 * WAD)
        t.rebalance()
    raise AssertionError(t.router.position())


def test_who_is_interrupted_between_claim_and_deposit_goes_on(market: Market, new: Path) -> None:
    """What was claimed is found in the old one's events, and no more than it is deposited."""
    t, engine = market.tandem, market.engine
    ask = sessions(market, new)
    who = engine.accounts[7]
    got = processed(market, new, who)
    assert got > 49_000 * USD
    t.give(who, 7)  # money of his own
    before = t.exchange.usdc.call("balanceOf", who)
    t.vault.redeem(t.vault.maxRedeem(who), who, who).send(who)  # and the process ended here
    old, fresh = ask(who)
    assert between(old, fresh) * USD == got
    assert [m.what for m in moves(old, fresh)] == [f"deposit {got / USD:.6f} USD in the new one"]
    carry_out(old, fresh)
    assert t.exchange.usdc.call("balanceOf", who) == before
    assert between(old, fresh) == 0
    assert carry_out(old, fresh) == []


@pytest.fixture
def claimable(market: Market, new: Path) -> str:
    """An LP who asked to leave, was processed, and has as much money again of his own."""
    who = market.engine.accounts[7]
    processed(market, new, who)
    market.tandem.give(who, 200_000 * USD)
    return who


@pytest.mark.parametrize("lacking", ["old", "new"])
def test_a_node_that_lacks_the_last_logs_has_nothing_deposited_twice_or_left(
    market: Market, new: Path, claimable: str, lacking: str
) -> None:
    """What was deposited a moment ago was not in the logs of the machine that was asked next, and as much of
    the LP's other money went after it; what was claimed a moment ago was not, and stayed where it was."""
    own = market.tandem.exchange.usdc.call("balanceOf", claimable)
    file = market.file if lacking == "old" else new
    vault = Deployment.load(file).address("Vault").lower()
    far, mined = Far(market.url), set[str]()

    def behind(question: dict[str, Any]) -> dict[str, Any]:
        answer = far(question)
        if question["method"] == "eth_getTransactionReceipt" and answer.get("result"):
            mined.add(answer["result"]["transactionHash"])
        if (
            question["method"] == "eth_getLogs"
            and str(question["params"][0]["address"]).lower() == vault
        ):
            answer["result"] = [
                log for log in answer["result"] if log["transactionHash"] not in mined
            ]
        return answer

    with serving(behind) as url:
        sent = carry_out(*sessions(replace(market, url=url), new)(claimable))
    assert len([each for each in sent if each.note.startswith("deposit")]) == 1
    assert market.tandem.exchange.usdc.call("balanceOf", claimable) == own


def test_what_is_on_its_way_is_waited_for(market: Market, new: Path, claimable: str) -> None:
    """Whoever was interrupted while his deposit was in no block yet, and ran it again, deposited twice."""
    engine, ask = market.engine, sessions(market, new)
    own = market.tandem.exchange.usdc.call("balanceOf", claimable)
    got = market.tandem.vault.maxWithdraw(claimable)
    market.tandem.vault.redeem(market.tandem.vault.maxRedeem(claimable), claimable, claimable).send(
        claimable
    )
    engine.request("evm_setAutomine", [False])
    try:
        old, fresh = ask(claimable)
        (due,) = [move.prepared for move in moves(old, fresh) if move.prepared]
        for step in due.steps:
            asked = {"from": claimable, "to": step.to, "data": "0x" + step.data.hex()}
            engine.request("eth_sendTransaction", [asked | {"gas": hex(2_000_000)}])
        with pytest.raises(MigrationError, match="on their way"):
            carry_out(*ask(claimable))
    finally:
        engine.request("evm_setAutomine", [True])
        engine.request("evm_mine", [])
    assert carry_out(*ask(claimable)) == []
    assert market.tandem.exchange.usdc.call("balanceOf", claimable) == own
    assert deposited(tandem_of(engine, Deployment.load(new)), claimable) == pytest.approx(got)


def test_one_deployment_does_not_follow_itself_nor_one_of_another_money(
    market: Market, new: Path
) -> None:
    old, fresh = sessions(market, new)(market.tandem.lp)
    with pytest.raises(MigrationError, match="the same deployment"):
        check(old, old)
    other = replace(fresh, token=replace_token(fresh))
    with pytest.raises(MigrationError, match="the old one's money is"):
        check(old, other)
    tandem_of(market.engine, Deployment.load(new)).guardian.pause().send(market.engine.accounts[3])
    with pytest.raises(MigrationError, match="takes no deposits"):
        check(old, fresh)


@pytest.mark.proves("BK-7")
def test_what_is_delisted_is_not_listed_anew_nor_waited_for(market: Market, new: Path) -> None:
    """What is open there runs off on the old one."""
    market.tandem.delist(market.series.expiry)
    (then,) = moves(*sessions(market, new)(market.engine.accounts[3]))
    assert (then.role, then.waits) == ("guardian", "")


def test_a_market_whose_venue_is_gone_is_said_to_be_unreadable(market: Market, new: Path) -> None:
    """As `tandem status` says it, and what ends it: not the revert as the node has it."""
    old, fresh = sessions(market, new)(market.tandem.lp)
    balances = market.tandem.exchange.account_balance.address
    market.engine.request("anvil_setCode", [balances, "0x60006000fd"])
    for read in (lambda: run_off(old), lambda: check(old, fresh)):
        with pytest.raises(UnreadableError, match="the hedge venue does not answer"):
            read()
    market.tandem.guardian.send("take_down", sender=market.tandem.roles.guardian)
    assert run_off(old).hedge > 0
    with pytest.raises(UnreadableError, match="the new deployment, new: the hedge venue") as error:
        check(old, fresh)  # on the same venue: who had done as he was told was told it again
    assert "`tandem exit` and `tandem claim`" in error.value.hint


def replace_token(session: Any) -> Any:
    from tandem.protocol.bindings.usdc import USDC

    return USDC(session.engine, session.engine.accounts[9])


def test_the_command_shows_asks_and_sends(
    market: Market, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_RPC", market.url)

    def run(*more: str) -> Result:
        how = ["--deployment", str(market.file), "--to", str(new), "--account", "TEST::2", *more]
        return CliRunner(mix_stderr=False).invoke(main, ["deploy", "migrate", *how])

    looked = run("--dry-run")
    assert looked.exit_code == 0, looked.stderr
    assert "now   LP       ask to leave the old one with 1000000 shares" in looked.stdout
    assert "owed at most" in looked.stdout
    assert market.tandem.vault.balanceOf(market.tandem.lp) > 0
    unasked = run()
    assert unasked.exit_code == 2
    assert "nobody is here to confirm the migration" in unasked.stderr
    calls = json.loads(run("--calldata").stdout)
    assert [call["to"] for call in calls] == [market.tandem.vault.address]
    done = json.loads(run("--yes", "--json").stdout)
    assert len(done["sent"]) == 1
    assert market.tandem.vault.balanceOf(market.tandem.lp) == 0
    later = run("--dry-run").stdout
    assert "later LP       claim" in later
