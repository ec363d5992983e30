"""Output that nobody reads, or that has no room, halves no trade and doubles none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tandem.client import Client
from tandem.protocol.deployment import Deployment

TANDEM = str(Path(sys.executable).with_name("tandem"))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, market: Any, key: str) -> None:
    """What a command reads of its environment."""
    monkeypatch.setenv("TANDEM_RPC", market.url)
    monkeypatch.setenv("TANDEM_DEPLOYMENT", str(market.file))
    monkeypatch.setenv("TANDEM_KEY", key)


def allowed_and_held(market: Any, account: str) -> tuple[int, int]:
    """What the Vault may still take of an account's USD, and the options that it holds."""
    option, token = market.tandem.option, market.tandem.exchange.usdc
    allowed = token.call("allowance", account, market.tandem.vault)
    return allowed, option.call("balanceOf", account, market.series.id)


@pytest.mark.parametrize("last", ["mint ", "allow "])
def test_a_reader_who_leaves_leaves_nothing_half_done(
    trader: Client, typed: None, market: Any, last: str
) -> None:
    """`tandem mint … --yes | head` ended with 0 after the allowance, or before it: nothing was minted,
    and the Vault might take what was allowed. What --yes was said to is sent to its end."""
    done = subprocess.Popen(
        [TANDEM, "mint", str(market.series), "0.5", "--yes"], stdout=subprocess.PIPE, text=True
    )
    assert done.stdout is not None
    next(line for line in done.stdout if line.startswith(last))
    done.stdout.close()
    assert done.wait(60) == 0
    assert allowed_and_held(market, trader.address) == (0, 500_000)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_what_was_sent_and_could_not_be_written_is_not_to_be_sent_again(
    trader: Client, typed: None, market: Any
) -> None:
    """The hint was to make room and to run it again: a second option was bought."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [TANDEM, "mint", str(market.series), "0.5", "--yes", "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert allowed_and_held(market, trader.address) == (0, 500_000)
    assert "run it again" not in done.stderr
    assert "was sent" in done.stderr
    assert done.stderr.count("0x") >= 2, "its transactions are named"


def test_a_deployment_is_written_down_whoever_reads(
    settings: Path, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`tandem deploy apply 2>&1 | head -1` ended with 0 among its transactions, without a record of what
    they had put on the chain."""
    monkeypatch.setenv("TANDEM_RPC", market.url)
    file = settings / "second.json"
    done = subprocess.Popen(
        [TANDEM, "deploy", "apply", "--out", str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert done.stdout is not None
    done.stdout.readline()
    done.stdout.close()
    assert done.wait(120) == 0
    assert Deployment.load(file).contracts


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("command", "code"),
    [("mint {series} 0.5 <&-", 2), ("chain >&-", 0), ("run --dry-run --once <&- >&- 2>&-", 0)],
)
def test_a_command_whose_streams_are_closed_ends_as_if_nobody_read_them(
    trader: Client, typed: None, market: Any, command: str, code: int
) -> None:
    """A question to nobody was a traceback, and a keeper without a stderr ended with 1."""
    done = subprocess.run(
        ["sh", "-c", f"{TANDEM} {command.format(series=market.series)}"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
