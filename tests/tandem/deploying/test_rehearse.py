"""`deploy rehearse` on a chain of others: everything is done, and nothing reaches the chain."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from chain_of_others import Chain
from click.testing import CliRunner, Result

from tandem.engine.anvil import AnvilEngine
from tandem.protocol.rehearsal import RecipeRefusedError, rehearse
from tandem.terminal.group import main
from tandem.venues import Depth

Run = Callable[..., Result]


@pytest.fixture
def tandem(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TANDEM_RPC", chain.node.url)
    return lambda *arguments: CliRunner(mix_stderr=False).invoke(main, ["deploy", *arguments])


def test_it_deposits_mints_rebalances_and_closes_and_sends_nothing(
    chain: Chain, tandem: Run
) -> None:
    block = chain.node.rpc("eth_blockNumber")
    done = tandem("rehearse", str(chain.file))
    assert done.exit_code == 0, done.output + done.stderr
    acts = [line.split()[0] for line in done.stdout.splitlines() if " gas  " in line]
    assert acts == ["deposit", "list", "post", "mint", "rebalance", "close"]
    assert "the hedge is +" in done.stdout
    assert chain.node.rpc("eth_blockNumber") == block


@pytest.mark.long
def test_machines_read_each_act(chain: Chain, tandem: Run) -> None:
    done = json.loads(tandem("rehearse", str(chain.file), "--json").stdout)
    gas = {each["act"]: each["gas"] for each in done}
    assert 400_000 < gas["mint"] < 1_500_000
    assert 300_000 < gas["rebalance"] < 1_200_000


@pytest.mark.parametrize(("usd", "said"), [(0, "holds no liquidity"), (100, "is refused: ")])
def test_a_pool_without_liquidity_is_found_before_anything_is_for_good(
    chain: Chain, tandem: Run, usd: int, said: str
) -> None:
    """An empty one by being asked, one with next to nothing in it by being tried."""
    chain.node.rpc("evm_setAutomine", False)
    chain.node.sync()
    try:
        chain.exchange.remove_liquidity()
        if usd:
            chain.exchange.spot.add_liquidity(Depth(usd=usd))
    finally:
        chain.node.rpc("evm_setAutomine", True)
    done = tandem("rehearse", str(chain.file))
    assert done.exit_code == 2
    assert said in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Guardian", "Guardian refuses its arguments without saying why"),
        ("AaveReach", "an oracle without"),
    ],
)
def test_a_constructor_that_gives_no_reason_is_not_told_as_a_lenders(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    """Forty signers were told as the lending market's oracle. Of the lender's own adapter that is said."""
    many = [f"0x{n + 1:040x}" for n in range(40)]
    recipe = chain.recipe
    if name == "Guardian":
        recipe = replace(recipe, roles=recipe.roles | {"signers": many})
    else:
        recipe = replace(
            recipe, addresses=recipe.addresses | {"provider": recipe.addresses["feed"]}
        )
    with pytest.raises(RecipeRefusedError, match=f"{name} would not be constructed") as caught:
        rehearse(chain.engine(), recipe, chain.deployer)
    assert said in caught.value.message
    assert "look at what the file gives it" in caught.value.hint


@pytest.mark.long
def test_a_file_that_brings_its_venue_is_rehearsed_with_it(tmp_path: Path) -> None:
    """On a chain of one's own, which then has nothing of it."""
    with AnvilEngine(prune_history=False) as node:
        node.rpc("evm_setAutomine", True)
        done = CliRunner(mix_stderr=False).invoke(main, ["deploy", "rehearse", "--rpc", node.url])
        assert done.exit_code == 0, done.stderr
        assert "rebalance" in done.stdout
        assert node.rpc("eth_blockNumber") == "0x0"
