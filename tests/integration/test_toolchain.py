"""What is tested in process is what Ape deploys: the compilers agree to the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ape
import pytest

from tandem.engine.artifacts import compile_vyper

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
DEPLOYABLES = sorted(file.stem for file in CONTRACTS.rglob("[A-Z]*.vy"))
SIZE_LIMIT = 24_576  # EIP-170


def contract_type(name: str) -> Any:
    return ape.project.get_contract(name).contract_type


def code(container: Any) -> bytes:
    return bytes.fromhex(container.bytecode.removeprefix("0x"))


def test_there_are_deployables() -> None:
    assert "USDC" in DEPLOYABLES


def test_only_deployables_are_camel_case() -> None:
    parts = [file for room in ("modules", "lib") for file in (CONTRACTS / room).rglob("*.vy")]
    assert [file.name for file in parts if file.stem != file.stem.lower()] == []


@pytest.mark.parametrize("name", DEPLOYABLES)
def test_ape_and_the_engines_deploy_the_same_bytecode(name: str) -> None:
    ours = compile_vyper(name)
    theirs = contract_type(name)
    assert code(theirs.deployment_bytecode) == ours.bytecode
    assert len(ours.bytecode) > 100


@pytest.mark.parametrize("name", DEPLOYABLES)
def test_a_contract_fits_the_chain(name: str) -> None:
    assert len(code(contract_type(name).runtime_bytecode)) <= SIZE_LIMIT


def test_the_local_node_is_anvil_and_speaks_cancun(accounts: Any) -> None:
    provider = ape.networks.provider
    assert provider.name == "foundry"
    # MCOPY, new in cancun: copies the word at 0 to 32 and returns it.
    program = "0x602a6000526020600060205e60206020f3"
    call = {"from": accounts[0].address, "data": program}
    assert int(provider.make_request("eth_call", [call, "latest"]), 16) == 42


def test_a_contract_deploys_and_a_refusal_keeps_its_reason(accounts: Any) -> None:
    deployer, stranger = accounts[0], accounts[1]
    token = deployer.deploy(ape.project.get_contract("USDC"))
    assert token.decimals() == 6
    with ape.reverts():
        token.transferFrom(deployer, stranger, 1, sender=stranger)
