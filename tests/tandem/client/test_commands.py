"""Verbs on the command line: show, ask, send, print; nothing goes out that was not agreed to."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tandem.protocol.series import next_expiry
from tandem.protocol.terms import FIELDS
from tandem.terminal import verbs

Run = Callable[..., Result]


def every_verb(market: Any) -> list[tuple[str, ...]]:
    """A command of each kind that would succeed."""
    series, roles = str(market.series), market.tandem.roles
    lister, owner = ("--account", roles.lister), ("--account", roles.owner)
    return [
        ("mint", series, "0.5"),
        ("close", series, "0.5", "--account", market.tandem.trader),
        ("deposit", "100"),
        ("exit", "100", "--account", market.tandem.lp),
        ("list", "+30", "2000", "2500", "5000", *lister),
        ("govern", "propose", "fee", "20", *owner),
        ("govern", "pause", "--account", roles.guardian),
        ("govern", "offer-role", "signer", market.tandem.lp, *owner),
    ]


def test_a_dry_run_shows_everything_and_sends_nothing(run: Run, market: Any) -> None:
    for command in every_verb(market):
        block = market.engine.block()
        shown = run(*command, "--dry-run")
        assert shown.exit_code == 0, shown.stderr
        assert "1. " in shown.stdout
        assert "dry run: nothing was sent" in shown.stdout
        data = json.loads(run(*command, "--dry-run", "--json").stdout)
        assert data["sent"] == []
        assert data["transactions"]
        assert data["preview"]
        assert market.engine.block() == block


def test_yes_sends_and_prints_hash_block_gas_and_the_state_after(run: Run, market: Any) -> None:
    for command in every_verb(market):
        mark = market.engine.request("evm_snapshot", [])
        result = run(*command, "--yes")
        assert result.exit_code == 0, result.stderr
        sent = [line for line in result.stdout.splitlines() if ", block " in line]
        assert sent
        for line in sent:
            hash_ = line.partition(", block ")[0].rpartition(": ")[2]
            receipt = market.engine.request("eth_getTransactionReceipt", [hash_])
            assert f"block {int(receipt['blockNumber'], 16)}" in line
            assert f"{int(receipt['gasUsed'], 16):,} gas" in line
        assert result.stdout.splitlines()[-1] != sent[-1]
        market.engine.request("evm_revert", [mark])


def test_json_says_what_was_sent_and_what_is_left(run: Run, market: Any) -> None:
    data = json.loads(run("mint", str(market.series), "0.5", "--yes", "--json").stdout)
    assert [each["note"].split()[0] for each in data["sent"]] == ["allow", "mint", "take"]
    assert data["after"]["holding"] == 0.5
    assert data["preview"]["quote"]["series"] == str(market.series)
    assert data["after"]["paid"] <= data["preview"]["most"]
    held = json.loads(run("positions", "--json").stdout)
    assert held["options"][0]["size"] == 0.5
    assert held["options"][0]["profit"] < 0
    prices = held["payoffs"][0]["prices"]
    assert held["payoffs"][0]["pays"] == [0.5 * market.series.payoff(p) for p in prices]


def test_calldata_is_json_of_transactions_and_nothing_else(run: Run, market: Any) -> None:
    block = market.engine.block()
    for command in every_verb(market):
        result = run(*command, "--calldata")
        batch = json.loads(result.stdout)
        assert {tuple(sorted(each)) for each in batch} == {("data", "to", "value")}
    assert market.engine.block() == block


def test_without_a_terminal_nobody_is_asked_and_nothing_is_sent(run: Run, market: Any) -> None:
    block = market.engine.block()
    for command in every_verb(market):
        result = run(*command, input="y\n")
        assert result.exit_code == 2
        assert "nobody is here to confirm" in result.stderr
        assert "--yes" in result.stderr
        assert run(*command, "--json").exit_code == 2
    assert market.engine.block() == block


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 2), ("", 2)])
def test_on_a_terminal_the_answer_decides(
    run: Run, market: Any, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(verbs, "somebody_is_there", lambda: True)
    block = market.engine.block()
    result = run("deposit", "100", input=answer)
    assert result.exit_code in (code, code and 1)
    assert "send 2 transaction(s)?" in result.stderr
    assert (market.engine.block() > block) == (code == 0)


def test_a_real_terminal_is_asked(run: Run, market: Any) -> None:
    mine, theirs = pty.openpty()
    command = [str(Path(sys.executable).with_name("tandem")), "deposit", "100"]
    block = market.engine.block()
    os.write(mine, b"n\n")
    done = subprocess.run(
        command, stdin=theirs, capture_output=True, text=True, timeout=60, check=False
    )
    os.close(mine)
    os.close(theirs)
    assert done.returncode == 2
    assert "send 2 transaction(s)?" in done.stderr
    assert "nothing was sent" in done.stderr
    assert market.engine.block() == block


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mint", "ETH-27MAR26-3000-C", "1"), "a call needs a cap"),
        (("mint", "ETH-27MAR26-3000-2000-C", "1"), "a call needs a cap above its strike"),
        (("mint", "ETH-27MAR26-3000-6000-C", "1"), "tandem chain"),
        (("mint", "SERIES", "1.0000001"), "at most six decimals"),
        (("mint", "SERIES", "100"), "size over cap"),
        (("mint", "SERIES", "1", "--most", "900", "--slippage", "1"), "exclude each other"),
        (("mint", "SERIES", "1", "--most", "1"), "Quote again"),
        (("mint", "SERIES", "1", "--most", "x"), "is no amount"),
        (("mint", "SERIES", "1", "--slippage", "-1"), "percent"),
        (("mint", "SERIES", "1", "--to", "me"), "is no address"),
        (("claim", "--to", "me"), "is no address"),
        (("mint", "SERIES", "1", "--no-approve"), "approve 0x"),
        (("mint", "SERIES", "1", "--account", "0x00000000000000000000000000000000000000aa"), "send it more"),
        (("close", "SERIES", "1"), "tandem positions"),
        (("redeem", "SERIES"), "tandem positions"),
        (("deposit", "1e9"), "send it more"),
        (("deposit", "-5"), "above 0"),
        (("exit", "1"), "at most"),
        (("claim",), "tandem exit"),
        (("revoke",), "nothing is left"),
        (("list", "31FEB26", "2500"), "27MAR26"),
        (("list", "+30", "2500.5"), "whole USD"),
        (("list", "+30", "9" * 5_000), "whole USD"),
        (("list", "+30", "²"), "whole USD"),
        (("mint", "9" * 5_000, "1"), "names no series"),
        (("mint", "²" * 13, "1"), "names no series"),
        (("mint", "SERIES", "1", "--account", f"TEST::{'9' * 5_000}"), "there is no account"),
        (("mint", "SERIES", "1", "--deadline", str(10**12)), "31536000"),
        (("close", "SERIES", "1", "--deadline", str(10**80)), "31536000"),
        (("exit", "--account", "TEST::9"), "tandem deposit"),
        (("list", "+30", "2500"), "--account with one who is"),
        (("govern", "pause"), "--account with one who is"),
        (("govern", "propose", "fee", "20"), "--account with one who is"),
        (("positions", "--account", "nobody-here"), "ape accounts import"),
        (("chain", "0"), "above 0"),
        (("chain", "--rpc", "http://127.0.0.1:1"), "start the node"),
        (("chain", "--deployment", "none.json"), "tandem deploy apply"),
        (("chain", "--market", "btc"), "name no market"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_with_a_next_step(
    run: Run, market: Any, arguments: tuple[str, ...], said: str
) -> None:
    block = market.engine.block()
    series = str(market.series)
    name, *rest = [series if each == "SERIES" else each for each in arguments]
    writes = name not in ("chain", "positions")
    extra = ["--yes"] if writes and "--" not in rest else []
    options = [each for each in rest if not each.startswith("-5")]
    tail = ["--", "-5"] if "-5" in rest else []
    result = run(name, *options, *extra, *tail)
    assert result.exit_code == 2, result.stdout
    assert said in result.stderr
    assert "what to do next: " in result.stderr
    assert "Traceback" not in result.stderr
    assert market.engine.block() == block


def test_a_market_that_lists_nothing_says_who_can(run: Run, market: Any) -> None:
    market.engine.set_time(market.series.expiry)
    assert "tandem list" in run("chain").stdout


def test_positions_draw_what_expiry_pays(run: Run, market: Any) -> None:
    run("mint", str(market.series), "1", "--yes")
    text = run("positions").stdout
    assert str(market.series) in text
    assert "█" in text
    assert "up to 1,250.00 USD" in text
    assert max(map(len, text.splitlines())) <= 80


def test_an_allowance_that_was_left_is_told_with_what_ends_it(
    run: Run, market: Any, signer: Any
) -> None:
    assert "revoke" not in run("positions").stdout
    token, vault = market.tandem.exchange.usdc, market.tandem.vault
    market.engine.fund(signer.address, 10**18)
    token.send("approve", vault, 1_234_500_000, sender=signer.address)
    said = "the Vault may still take 1,234.50 USD: `tandem revoke` ends that"
    assert said in run("positions").stdout
    told = run("revoke", "--yes").stdout.splitlines()[-1]
    assert " ".join(told.split()) == "the Vault may take 0.00 USD"
    assert token.call("allowance", signer.address, vault) == 0
    assert said not in run("positions").stdout


def test_terms_and_listings_change_as_they_say(run: Run, market: Any) -> None:
    roles = market.tandem.roles
    listed = run("list", "+30", "2500", "5000", "--account", roles.lister, "--yes")
    assert listed.stdout.splitlines()[-1].split() == ["listed", "2500", "5000"]
    expiry = next_expiry(market.engine.now(), 29)
    assert expiry in {e[0] for e in market.tandem.lens.call("expiries")}
    index = FIELDS["max_trade"].index
    run("govern", "propose", "max_trade", "100", "--account", roles.owner, "--yes")
    assert market.tandem.guardian.call("term", index)[0] == 100
    looser = run("govern", "propose", "max_trade", "150", "--account", roles.owner, "--yes")
    assert "from " in looser.stdout
    assert market.tandem.guardian.call("queued", index)[0] == 150
