"""ETH and BTC come from one file: planned, applied, verified, and traded each by its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lived_in import settings

from tandem.client import Client
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError
from tandem.model.svi import Slice
from tandem.protocol.deployment import Deployment, NotDeployedError, handles, tandem_of
from tandem.protocol.series import Series, SeriesError, next_expiry
from tandem.terminal.group import main
from tandem.units import WAD

__all__ = ["settings"]

FILE = """
name = "both"
chain_id = 31337
[roles]
guardian = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"
lister = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"
signers = ["0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"]
[settings]
timelock = 172_800
[markets.eth.venue]
deploy = true
price = 2_500
[markets.btc]
asset = "BTC"
[markets.btc.venue]
deploy = true
price = 60_000
[markets.btc.settings]
min_price = 6_000
max_price = 1_000_000
"""
PRICES = {"eth": 2_500, "btc": 60_000}


@dataclass
class Both:
    """The node, the file and what the commands printed. record: what --deployment is given."""

    engine: RemoteEngine
    url: str
    record: Path
    planned: dict[str, Any]
    applied: Any
    verified: Result

    def at(self, market: str) -> Deployment:
        return Deployment.load(self.record.with_name(f"both-{market}.json"))


def run(url: str, *words: str) -> Result:
    done = CliRunner(mix_stderr=False, env={"TANDEM_RPC": url}).invoke(main, list(words))
    assert done.exit_code == 0, done.stderr + done.stdout
    return done


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Two markets with money, a ladder, a surface and a price each."""
    folder = tmp_path_factory.mktemp("both")
    file, record = folder / "both.toml", folder / "both.json"
    file.write_text(FILE)
    with AnvilEngine(prune_history=False) as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        planned = json.loads(run(node.url, "deploy", "plan", str(file), "--json").stdout)
        applied = run(node.url, "deploy", "apply", str(file), "--out", str(record), "--json")
        verified = run(
            node.url, "deploy", "verify", "--deployment", str(record), "--recipe", str(file)
        )
        found = Both(engine, node.url, record, planned, json.loads(applied.stdout), verified)
        for market, price in PRICES.items():
            opened(engine, found.at(market), price)
            run(node.url, "remark", "--deployment", str(record), "--market", market, "--yes")
        yield found


def opened(engine: RemoteEngine, deployment: Deployment, price: int) -> None:
    """LPs' money, a ladder and a surface."""
    tandem = tandem_of(engine, deployment)
    tandem.exchange.set_index(price * WAD)
    tandem.deposit(10**13)
    tandem.desk.send("top_up", sender=tandem.keeper)
    expiry = next_expiry(engine.now(), 20)
    tandem.list_expiry(expiry, [price * part // 10 for part in (9, 10, 11, 20)])
    tandem.post({expiry: Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)})
    engine.advance(61)
    tandem.give(tandem.trader, 10**11)


@pytest.fixture
def tandem(both: Both, settings: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`tandem …` on the deployment of both."""
    monkeypatch.setenv("TANDEM_RPC", both.url)
    monkeypatch.setenv("TANDEM_DEPLOYMENT", str(both.record))
    return lambda *words: CliRunner(mix_stderr=False).invoke(main, list(words))


def test_what_was_planned_stands_and_is_verified(both: Both) -> None:
    for market in PRICES:
        planned = both.planned["markets"][market]["contracts"]
        stands = both.applied["markets"][market]["contracts"]
        assert {c["name"]: c["address"] for c in planned} == {
            name: part["address"] for name, part in stands.items()
        }
    assert [line for line in both.verified.stdout.splitlines() if line.startswith("[")] == [
        "[both-btc]",
        "[both-eth]",
    ]
    assert both.verified.stdout.count("ok   file") == 2


def test_gas_is_priced_at_ethers_price_in_both_markets(both: Both) -> None:
    for market in PRICES:
        total = both.planned["markets"][market]["total"]
        wei = int(total["execution"]) + int(total["data"])
        assert total["usd"] == pytest.approx(wei / WAD * PRICES["eth"])


def test_gas_counts_at_ethers_price_in_both_markets(both: Both) -> None:
    """HG-14: on chain too. `plan` has nothing to warn of."""
    for market, price in PRICES.items():
        assert both.planned["markets"][market]["warnings"] == []
        found = both.at(market)
        h = handles(both.engine, found)
        source = {"eth": "ChainlinkSpot", "btc": "EtherSpot"}[market]
        assert h.bounty.ETHER_SPOT() == h.ether.address == found.address(source)
        assert h.ether_price(price * WAD) == PRICES["eth"] * WAD
    assert "EtherSpot" not in both.at("eth").contracts


def test_an_options_name_on_chain_is_what_the_commands_call_it(both: Both) -> None:
    """BTC's options were called TANDEM-ETH."""
    for market in PRICES:
        token = handles(both.engine, both.at(market)).option
        series = Series(1_774_598_400, False, 3_000, 6_000, market.upper())
        assert token.ASSET() == market.upper()
        assert token.name(series.id) == token.symbol(series.id)
        assert token.name(series.id) == f"TANDEM-{market.upper()}-20260327-3000/6000-C"


def test_the_vaults_shares_are_called_after_the_asset(both: Both) -> None:
    for market in PRICES:
        vault = handles(both.engine, both.at(market)).vault
        name = market.upper()
        assert (vault.call("name"), vault.call("symbol")) == (f"Tandem {name} Vault", f"t{name}")


@pytest.mark.parametrize("market", PRICES)
def test_a_mint_in_each_says_of_what_it_is(
    both: Both, tandem: Callable[..., Result], market: str
) -> None:
    asset, other = market.upper(), {"eth": "BTC", "btc": "ETH"}[market]
    size = {"eth": "1", "btc": "0.05"}[market]
    words = ("--market", market)
    shown = tandem("mint", "ATM-21D-C", size, *words, "--yes")
    assert shown.exit_code == 0, shown.stderr
    lines = shown.stdout.splitlines()
    sizes = [line for line in lines if line.startswith(("mint   ", "hedge ", "you hold"))]
    assert len(sizes) == 3
    sizes += [line for line in lines if line[1:].startswith(". mint ")]
    assert len(sizes) == 4
    assert all(asset in line and other not in line for line in sizes), sizes
    (held,) = json.loads(tandem("positions", *words, "--json").stdout)["options"]
    assert held["series"].startswith(f"{asset}-")
    assert held["size"] == float(size)
    shown = tandem("positions", *words)
    assert held["series"] in shown.stdout
    for command in (("status",), ("risk",), ("venues",), ("chain", "0.05")):
        told = tandem(*command, "--market", market)
        assert told.exit_code == 0, told.stderr
        assert asset in told.stdout
        assert other not in told.stdout
    closed = tandem("close", held["series"], size, *words, "--dry-run")
    assert closed.exit_code == 0, closed.stderr
    wrong = tandem("close", held["series"].replace(asset, other), size, *words, "--dry-run")
    assert wrong.exit_code != 0
    assert f"is on {other}, and this market is on {asset}" in wrong.stderr


def test_the_keeper_plans_and_checks_the_market_that_is_named(
    both: Both, tandem: Callable[..., Result]
) -> None:
    assert tandem("mint", "ATM-21D-C", "0.01", "--market", "btc", "--yes").exit_code == 0
    plan = tandem("run", "--dry-run", "--once", "--market", "btc")
    assert plan.exit_code == 0, plan.output
    assert "inside" in plan.stdout
    assert "BTC" in plan.stdout
    assert "ETH" not in plan.stdout
    found = tandem("doctor", "--market", "btc")
    assert "as both-btc is" in found.stdout
    assert "what it costs is not known" not in found.stdout
    owner = both.engine.accounts[0]
    feed = both.engine.at(compile_vyper("PriceFeed"), both.at("btc").venue["ether_feed"])
    feed.send("push", 0, sender=owner)
    for market, warned in (("btc", 1), ("eth", 0)):
        found = tandem("doctor", "--market", market)
        assert found.stdout.count("what it costs is not known") == warned
    feed.send("push", PRICES["eth"] * 10**8, sender=owner)


def test_without_a_name_or_with_another_the_markets_are_named(
    both: Both, tandem: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotDeployedError) as caught:
        Client.connect()
    assert "--market: btc, eth" in caught.value.hint
    with pytest.raises(NotDeployedError, match="there is no market sol") as caught:
        Client.connect(market="sol")
    assert "there are btc, eth" in caught.value.hint
    with pytest.raises(ConfigError, match="is no market"):
        Client.connect(market="../eth")
    monkeypatch.setenv("TANDEM_MARKET", "btc")
    client = Client.connect()
    assert (client.session.asset, client.session.deployment.name) == ("BTC", "both-btc")
    with pytest.raises(SeriesError, match="this market is on BTC"):
        client.quote("ETH-27MAR26-3000-6000-C", 1)
    assert Client.connect(market="eth").session.asset == "ETH"
