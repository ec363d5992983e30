"""What a plan says of money, and what it leaves. What a journal refuses: test_what_a_journal_refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from chain_of_others import FEE, Chain
from click.testing import CliRunner, Result

from tandem.engine.anvil import free_port
from tandem.engine.base import Tx
from tandem.engine.data_fees import Kind, data_fee, kind_of, unsigned
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key
from tandem.errors import ConfigError, EngineError
from tandem.protocol.applying import apply
from tandem.protocol.costs import Cost, check_money
from tandem.protocol.deploy_journal import journal_of
from tandem.protocol.deployment import FOLDER
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.terminal.deploying import carry_out
from tandem.terminal.group import main
from tandem.terminal.planning import planned
from tandem.units import WAD

Run = Callable[..., Result]


@pytest.fixture
def tandem(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TANDEM_RPC", chain.node.url)
    return lambda *arguments: CliRunner(mix_stderr=False).invoke(main, ["deploy", *arguments])


def priced(chain: Chain) -> RemoteEngine:
    """A node on which gas costs a hundredth of a gwei."""
    chain.node.rpc("anvil_setNextBlockBaseFeePerGas", hex(10**7))
    chain.node.rpc("evm_mine")
    engine = chain.engine()
    assert engine.base_fee == 10**7
    return engine


def test_a_plan_says_what_each_transaction_then_costs(chain: Chain, tmp_path: Path) -> None:
    """Its gas is a receipt's to two percent, each unit is paid for at the base fee with the usual tip, its
    data fee is the chain's own of the bytes that are signed, and the sum is in USD at the feed's price."""
    engine = priced(chain)
    tip = int(engine.request("eth_maxPriorityFeePerGas", []), 16)
    shown = planned(engine, chain.recipe, chain.deployer).data
    apply(engine, chain.recipe, chain.deployer)
    gas, data = 0, 0
    head = engine.block()
    for number in range(head - len(shown["contracts"]) + 1, head + 1):
        block = engine.request("eth_getBlockByNumber", [hex(number), True])
        (sent,) = block["transactions"]
        done = engine.request("eth_getTransactionReceipt", [sent["hash"]])
        row = shown["contracts"][int(sent["nonce"], 16)]
        assert row["address"].lower() == done["contractAddress"]
        assert row["gas"] == pytest.approx(int(done["gasUsed"], 16), rel=0.02)
        assert int(done["effectiveGasPrice"], 16) == int(block["baseFeePerGas"], 16) + tip
        raw = engine.request("eth_getRawTransactionByHash", [sent["hash"]])
        assert row["data"] == pytest.approx(FEE * (len(raw) // 2 - 1), rel=0.05)
        gas, data = gas + row["gas"], data + row["data"]
    total = shown["total"]
    assert (total["gas"], total["data"]) == (gas, data)
    assert total["usd"] == pytest.approx((total["execution"] + data) / WAD * 2_500)
    assert total["execution"] == gas * (10**7 + tip)
    assert shown["needed"] == int((total["execution"] + data) * 1.25)


def test_the_fee_is_of_the_bytes_that_are_signed(chain: Chain) -> None:
    """What the fee contract is asked about is within a signature and a few bytes of fees of what is sent."""
    engine = chain.engine()
    tx = Tx(chain.deployer, chain.node.accounts[3], b"\x01" * 200, 90_000, nonce=7)
    fields = {
        "from": tx.sender,
        "to": tx.to,
        "data": tx.data,
        "value": 0,
        "gas": tx.gas,
        "nonce": 7,
    }
    fields |= {"maxFeePerGas": 12 * 10**7, "maxPriorityFeePerGas": 10**6, "chainId": 10}
    sent = from_key(LOCAL_KEEPER_KEY).sign(fields)
    assert len(sent) - 68 <= len(unsigned(engine, tx)) <= len(sent) - 64
    assert kind_of(engine) is Kind.BESIDE
    assert data_fee(engine, tx) == pytest.approx(FEE * len(sent), rel=0.05)


def test_a_chain_that_says_no_fee_is_named(chain: Chain) -> None:
    engine = chain.engine()
    tx = Tx(chain.deployer, None, b"\x01", 90_000)
    assert data_fee(engine, tx, Kind.NONE) == 0
    with pytest.raises(EngineError, match="0x00000000000000000000000000000000000000C8"):
        data_fee(engine, tx, Kind.IN_GAS)


def test_too_little_money_is_told_where_gas_is_nearly_free(chain: Chain) -> None:
    """ "holds 0.000000 ETH, and deploying takes up to 0.000000": who reads that has what it takes."""
    engine = chain.engine()
    chain.node.rpc("anvil_setBalance", chain.deployer, hex(3 * 10**9))
    cheap = Cost(gas=10**6, execution=7 * 10**6, data=5 * 10**9, usd=None)
    with pytest.raises(ConfigError) as error:
        check_money(engine, chain.deployer, [cheap])
    held, needed = "0.000000003", "0.00000000625875"
    said = f"{chain.deployer} holds {held} ETH, and deploying takes up to {needed}"
    assert error.value.message == said


def test_too_little_money_is_named_before_anything_is_sent(chain: Chain, tmp_path: Path) -> None:
    engine = priced(chain)
    chain.node.rpc("anvil_setBalance", chain.deployer, hex(10**14))
    path = tmp_path / "there.json"
    with pytest.raises(ConfigError, match=r"holds 0\.0001 ETH, and deploying takes up to 0\.\d"):
        carry_out(engine, chain.recipe, chain.deployer, path, replace=False, said=lambda _: None)
    assert engine.nonce(chain.deployer) == 0
    assert not journal_of(path, "there").exists()


def test_a_plan_needs_no_key_and_shows_money_and_roles(chain: Chain, tandem: Run) -> None:
    priced(chain)
    done = tandem("plan", str(chain.file), "--deployer", chain.deployer)
    assert done.exit_code == 0, done.output
    assert "17 transactions" in done.stdout
    assert "USD" in done.stdout
    assert "the deployer holds 10000" in done.stdout
    assert "same addresses on every chain" not in done.stdout
    for who in chain.recipe.roles["signers"]:
        assert who in done.stdout
    data = json.loads(
        tandem("plan", str(chain.file), "--deployer", chain.deployer, "--json").stdout
    )
    assert len(data["contracts"]) == 17
    assert {each["role"] for each in data["access"]} == {
        "owner", "guardian", "lister", "signer", "deployer", "anybody"
    }  # fmt: skip


@pytest.mark.parametrize("verb", ["plan", "apply", "rehearse"])
def test_a_node_of_another_chain_is_named_whether_or_not_there_is_a_key(
    chain: Chain, tandem: Run, verb: str
) -> None:
    done = tandem(verb, str(FOLDER / "local.toml"))
    assert done.exit_code == 2
    assert "the node is of chain 10, local is 31337" in done.stderr


@pytest.mark.parametrize("verb", ["plan", "apply", "rehearse"])
def test_a_chain_that_no_file_is_of_is_named(
    chain: Chain, tandem: Run, tmp_path: Path, verb: str
) -> None:
    file = tmp_path / "nowhere.toml"
    out = ["--out", str(tmp_path / "nowhere.json"), "--yes"] if verb == "apply" else []
    done = tandem(verb, str(file), *out)
    assert done.exit_code == 2
    assert f"there is no deployment file {file}" in done.stderr
    assert "copy deployments/local.toml" in done.stderr
    assert nothing_is_left(chain, tmp_path)


@pytest.mark.parametrize("verb", ["plan", "apply", "rehearse"])
def test_a_node_that_is_not_there_is_named(
    chain: Chain, tandem: Run, tmp_path: Path, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("TANDEM_RPC_TIMEOUT", "0.5")
    monkeypatch.setenv("TANDEM_KEY", LOCAL_KEEPER_KEY)
    out = ["--out", str(tmp_path / "there.json"), "--yes"] if verb == "apply" else []
    done = tandem(verb, str(chain.file), "--rpc", url, *out)
    assert done.exit_code == 2
    assert f"no node answers: {url}" in done.stderr
    assert "start the node, or name another with --rpc" in done.stderr
    assert nothing_is_left(chain, tmp_path)


@pytest.mark.parametrize("more", [(), ("--force",)])
def test_no_record_is_written_over_the_file_that_was_reviewed(
    chain: Chain,
    tandem: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: tuple[str, ...],
) -> None:
    """It was moved away, a record took its place, and nothing was left to hold that to."""
    monkeypatch.setenv("TANDEM_KEY", LOCAL_KEEPER_KEY)
    before = chain.file.read_text()
    done = tandem("apply", str(chain.file), "--yes", "--out", str(chain.file), *more)
    assert done.exit_code == 2
    assert "there.toml is called as a file that is reviewed" in done.stderr
    assert chain.file.read_text() == before
    assert nothing_is_left(chain, tmp_path)


def nothing_is_left(chain: Chain, folder: Path) -> bool:
    """Whether nothing was sent, and nothing written beside the file."""
    beside = [path for path in folder.iterdir() if path != chain.file]
    return chain.engine().nonce(chain.deployer) == 0 and beside == []


def test_a_used_deployer_is_told_that_its_addresses_are_of_this_chain_alone(
    chain: Chain, tandem: Run
) -> None:
    chain.node.rpc("anvil_setNonce", chain.deployer, hex(5))
    done = tandem("plan", str(chain.file), "--deployer", chain.deployer)
    said = " ".join(done.stdout.split())
    assert "same addresses on every chain come from a deployer that has sent nothing" in said
