"""A second feed a fifth off the first: who is told, and what a keeper does on the day on which it counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lived_in import DEPLOYER, KEEPER_KEY, SIGNER_KEY, Market, opened

from keeper import before
from tandem import venues
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import load_recipe
from tandem.terminal.group import main
from tandem.units import DAY, MINUTE


@dataclass
class Beside:
    """A market that has sold one call, and the feed beside its own."""

    market: Market
    feed: Any

    def says(self, usd: int) -> None:
        self.feed.send("push", usd * 10**8, sender=self.market.engine.accounts[0])


@pytest.fixture
def beside(settings: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Beside]:
    with AnvilEngine(prune_history=False) as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        second = engine.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD")
        second.send("push", 2_500 * 10**8, sender=engine.accounts[0])
        local = load_recipe(FOLDER / "local.toml")
        named = replace(local.settings, second_feed=second.address)
        recipe = replace(local, venue=venues.recipe("curie"), settings=named)
        file = settings / "local.json"
        market = opened(engine, node.url, recipe, engine.accounts[DEPLOYER], file)
        told = {
            "RPC": node.url, "DEPLOYMENT": str(file), "JOURNAL": str(settings / "journal.sqlite"),
            "KEY": KEEPER_KEY, "SURFACE__KEYS": SIGNER_KEY,
        }  # fmt: skip
        for name, value in told.items():
            monkeypatch.setenv(f"TANDEM_{name}", value)
        monkeypatch.setattr(before, "SECONDS", 60.0)
        yield Beside(market, second)


def tandem(*arguments: str) -> Result:
    return CliRunner(mix_stderr=False).invoke(main, list(arguments))


def lines() -> dict[str, dict[str, str]]:
    return {each["name"]: each for each in json.loads(tandem("doctor", "--json").stdout)}


@pytest.mark.live
def test_a_round_by_which_a_second_feed_takes_over_is_doubted_by_who_begins(beside: Beside) -> None:
    """A keeper that was begun each minute asked the first feed what was before, which had ended, and took the
    round for what it had always seen: 0.89 of 1.06 ETH of hedge sold at 2,500 for a price of 2,000. That the
    two were a fifth apart nobody was told before."""
    m = beside.market
    assert "second feed" not in lines()
    beside.says(2_000)
    told = lines()["second feed"]
    assert told["state"] == "warn"
    assert "2,000.00 USD" in told["found"]
    assert "-20.0 %" in told["found"]
    beside.says(2_500)
    assert "second feed" not in lines()
    m.engine.advance(3 * DAY - m.engine.now() + m.tandem.snapshot().spot_time + MINUTE)
    beside.says(2_000)
    held = m.tandem.snapshot()
    assert held.spot_fresh
    said = tandem("run", "--once").stderr
    assert "the price is doubted" in said
    assert "intent=rebalance" not in said
    assert m.tandem.snapshot().position == held.position
    assert "-20 %" in lines()["price"]["found"]
    m.engine.advance(MINUTE)
    beside.says(2_000)
    assert "intent=rebalance" in tandem("run", "--once").stderr
