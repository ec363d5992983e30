"""The three backends are one chain: same blocks, same times, same addresses, same refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tandem.engine import artifacts, open_engine
from tandem.engine.abi import Abi
from tandem.engine.anvil import find_anvil
from tandem.engine.artifacts import Artifact, compile_vyper, load_npm
from tandem.engine.backend import BaseEngine, create_address
from tandem.engine.base import GENESIS, Call, Receipt, Tx
from tandem.engine.revert_data import decode_reason
from tandem.errors import ConfigError, EngineError, Reverted, SetupError

# tload(0) returned, then tstore(0, 1): 0 for every transaction that starts clean
TRANSIENT = bytes.fromhex("5f5c5f5260015f5d60205ff3")
VIEW_TIME = bytes.fromhex("425f52436020526040 5ff3".replace(" ", ""))


def _raw(runtime: bytes, outputs: list[str]) -> Artifact:
    prefix = bytes.fromhex(f"60{len(runtime):02x}8060095f395ff3")
    abi = [
        {
            "type": "function",
            "name": "run",
            "stateMutability": "nonpayable",
            "inputs": [],
            "outputs": [{"name": "", "type": kind} for kind in outputs],
        }
    ]
    return Artifact("Raw", Abi(abi), prefix + runtime)


def test_first_addresses_are_the_well_known_ones_of_the_public_mnemonic() -> None:
    owner = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
    assert create_address(owner, 0) == "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    assert create_address(owner, 1) == "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"


def test_next_address_is_where_the_deployment_goes(engine: BaseEngine) -> None:
    owner, other = engine.accounts[:2]
    usdc = compile_vyper("USDC")
    for sender in (owner, other, owner):
        expected = engine.next_address(sender)
        token = engine.deploy(usdc, sender=sender)
        assert token.address == expected
        token.send("mint", owner, 1, sender=sender)
        with pytest.raises(Reverted):
            token.send("transfer", owner, 10**30, sender=sender)
    ahead = engine.next_address(owner, ahead=2)
    token.send("mint", owner, 1, sender=owner)
    token.send("mint", owner, 1, sender=owner)
    assert engine.deploy(usdc, sender=owner).address == ahead


def test_a_send_is_its_own_block_one_second_after_the_last(engine: BaseEngine) -> None:
    clock = engine.deploy(_raw(VIEW_TIME, ["uint256", "uint256"]))
    assert (engine.now(), engine.block()) == (GENESIS + 1, 1)
    assert clock.call("run") == (GENESIS + 1, 1)
    receipt = clock.send("run", sender=engine.accounts[0])
    assert receipt.returned == (GENESIS + 2, 2)
    engine.advance(100)
    assert clock.call("run") == (GENESIS + 102, 3)
    later = engine.send(clock, "run", sender=engine.accounts[0], timestamp=GENESIS + 500)
    assert later.returned == (GENESIS + 500, 4) == (later.timestamp, later.block)
    engine.advance(0)
    assert engine.block() == 4


def test_time_cannot_go_back(engine: BaseEngine) -> None:
    token = engine.deploy(compile_vyper("USDC"))
    with pytest.raises(EngineError, match="would not follow"):
        engine.set_time(GENESIS)
    with pytest.raises(EngineError, match="would not follow"):
        engine.send(token, "mint", token, 1, sender=engine.accounts[0], timestamp=engine.now())


def test_a_batch_is_one_block_and_hands_back_its_failures(engine: BaseEngine) -> None:
    owner, other = engine.accounts[:2]
    token = engine.deploy(compile_vyper("USDC"))
    calls = [
        Call(token, "mint", (other, 5), owner),
        Call(token, "mint", (other, 7), other),
        Call(token, "transfer", (owner, 6), other),
        Call(token, "transfer", (owner, 2), other),
    ]
    block = engine.block()
    minted, refused, too_much, moved = engine.send_many(calls, timestamp=GENESIS + 60)
    assert not isinstance(minted, Reverted)
    assert not isinstance(moved, Reverted)
    assert isinstance(refused, Reverted)
    assert isinstance(too_much, Reverted)
    assert refused.reason == "usdc: not the owner"
    assert (minted.block, moved.block) == (block + 1, block + 1)
    assert engine.now() == GENESIS + 60
    assert [event.args["value"] for event in minted.events() + moved.events()] == [5, 2]
    assert (token.call("balanceOf", owner), token.call("balanceOf", other)) == (2, 3)


def test_what_would_be_refused_is_not_sent_and_leaves_no_block(engine: BaseEngine) -> None:
    owner, other = engine.accounts[:2]
    token = engine.deploy(compile_vyper("USDC"))
    mint = token.abi.function("mint", 2).encode((other, 5))

    def state() -> tuple[object, ...]:
        seen = engine.now(), engine.block(), engine.head, engine.next_address(other)
        return *seen, token.call("balanceOf", other)

    before = state()
    sent, refused = engine.transact_unless_refused(Tx(other, token.address, mint, 100_000))
    assert not sent
    assert isinstance(refused, Reverted)
    assert refused.reason == "usdc: not the owner"
    assert state() == before
    clock = engine.deploy(_raw(VIEW_TIME, ["uint256", "uint256"]))
    now, block = engine.now(), engine.block()
    sent, receipt = engine.transact_unless_refused(Tx(owner, token.address, mint, 100_000))
    assert sent
    assert isinstance(receipt, Receipt)
    assert (receipt.timestamp, receipt.block) == (now + 1, block + 1)
    assert [log["value"] for log in receipt.events("Transfer")] == [5]
    assert clock.call("run") == (now + 1, block + 1)
    assert token.call("balanceOf", other) == 5


def test_many_senders_in_one_batch_keep_their_order(engine: BaseEngine) -> None:
    """Everybody moves one unit on in a ring: any other order would fail."""
    people = engine.accounts
    token = engine.deploy(compile_vyper("USDC"))
    token.send("mint", people[0], 1, sender=people[0])
    ring = [(a, people[(i + 1) % 10]) for i, a in enumerate(people)] * 12
    calls = [Call(token, "transfer", (to, 1), sender, 100_000) for sender, to in ring]
    assert not [r for r in engine.send_many(calls) if isinstance(r, Reverted)]


def test_a_refusal_carries_reason_and_data(engine: BaseEngine) -> None:
    token = engine.deploy(compile_vyper("USDC"))
    stranger = engine.accounts[1]
    for refused in (
        lambda: token.send("mint", stranger, 1, sender=stranger),
        lambda: token.call("mint", stranger, 1, sender=stranger),
    ):
        with pytest.raises(Reverted) as caught:
            refused()
        assert caught.value.reason == "usdc: not the owner"
        assert caught.value.data[:4].hex() == "08c379a0"


def test_a_call_that_could_write_changes_nothing(engine: BaseEngine) -> None:
    owner = engine.accounts[0]
    token = engine.deploy(compile_vyper("USDC"))
    token.call("mint", owner, 5, sender=owner)
    assert token.call("balanceOf", owner) == 0


def test_transient_storage_ends_with_its_transaction(engine: BaseEngine) -> None:
    contract = engine.deploy(_raw(TRANSIENT, ["uint256"]))
    sender = engine.accounts[0]
    assert contract.send("run", sender=sender).returned == 0
    assert contract.send("run", sender=sender).returned == 0
    assert contract.call("run") == 0
    both = engine.send_many([Call(contract, "run", (), sender)] * 2)
    assert [r.returned for r in both if not isinstance(r, Reverted)] == [0, 0]


def test_a_snapshot_brings_back_state_time_and_addresses(engine: BaseEngine) -> None:
    owner = engine.accounts[0]
    token = engine.deploy(compile_vyper("USDC"))
    clock = engine.deploy(_raw(VIEW_TIME, ["uint256", "uint256"]))
    outer = engine.snapshot()
    before = (engine.now(), engine.block(), engine.next_address())
    token.send("mint", owner, 5, sender=owner)
    inner = engine.snapshot()
    engine.deploy(compile_vyper("USDC"))
    engine.advance(50)
    engine.revert(inner)
    assert token.call("balanceOf", owner) == 5
    engine.revert(outer)
    assert token.call("balanceOf", owner) == 0
    assert (engine.now(), engine.block(), engine.next_address()) == before
    assert clock.call("run") == before[:2]
    for used in (inner, outer):
        with pytest.raises(EngineError, match="no snapshot"):
            engine.revert(used)
    assert engine.deploy(compile_vyper("USDC")).address == before[2]


def test_balances_and_code_are_visible(engine: BaseEngine) -> None:
    token = engine.deploy(compile_vyper("USDC"))
    assert len(engine.code(token)) > 100
    assert engine.code(engine.accounts[5]) == b""
    engine.fund(token, 123)
    assert engine.balance(token) == 123


def test_the_wrong_number_of_constructor_arguments_is_named(engine: BaseEngine) -> None:
    with pytest.raises(EngineError, match="2 arguments, 1 were given"):
        engine.deploy(compile_vyper("PriceFeed"), 8)


def test_opening_one_engine_imports_no_other() -> None:
    code = (
        "import sys; from tandem.engine import open_engine; open_engine('pyrevm');"
        "print([m for m in ('boa', 'tandem.engine.anvil', 'web3', 'vyper') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_engine_is_named_with_the_choice() -> None:
    with pytest.raises(ConfigError, match="pyrevm, boa, anvil"):
        open_engine("geth")


def test_missing_packages_say_make_setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(artifacts, "ROOT", tmp_path)
    monkeypatch.setattr("tandem.engine.anvil.ROOT", tmp_path)
    monkeypatch.setenv("PATH", "")
    artifacts._package_index.cache_clear()
    try:
        with pytest.raises(SetupError, match="make setup"):
            load_npm("@perp/absent", "ClearingHouse")
        with pytest.raises(SetupError, match="make setup"):
            find_anvil()
    finally:
        artifacts._package_index.cache_clear()


def test_libraries_are_linked_where_hardhat_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "node_modules" / "pkg" / "artifacts" / "A.sol"
    folder.mkdir(parents=True)
    hole = "__$" + "0" * 34 + "$__"[:3]
    raw = {
        "abi": [],
        "bytecode": "0x6001" + hole.ljust(40, "_") + "6002",
        "linkReferences": {"L.sol": {"L": [{"length": 20, "start": 2}]}},
    }
    (folder / "A.json").write_text(json.dumps(raw))
    monkeypatch.setattr(artifacts, "ROOT", tmp_path)
    linked = load_npm("pkg", "A", {"L": "0x" + "AB" * 20})
    assert linked.bytecode.hex() == "6001" + "ab" * 20 + "6002"
    with pytest.raises(SetupError, match="needs the library L"):
        load_npm("pkg", "A")


def test_overloads_are_told_apart_by_count_or_signature() -> None:
    def entry(*kinds: str) -> dict[str, object]:
        inputs = [{"name": "", "type": kind} for kind in kinds]
        return {"type": "function", "name": "f", "inputs": inputs, "outputs": []}

    abi = Abi([entry("uint256"), entry("address"), entry("uint256", "uint256")])
    assert abi.function("f", 2).inputs == ("uint256", "uint256")
    assert abi.function("f(address)", 1).selector.hex() == "fc68521a"
    with pytest.raises(EngineError, match="is ambiguous"):
        abi.function("f", 1)
    with pytest.raises(EngineError, match="does not take 3"):
        abi.function("f", 3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "reverted without a reason"),
        ("4e487b71" + f"{0x11:064x}", "panic: arithmetic overflow"),
        ("deadbeef", "0xdeadbeef"),
        ("08c379a0ff", "0x08c379a0ff"),
    ],
)
def test_revert_data_without_a_string_is_described(data: str, reason: str) -> None:
    assert decode_reason(bytes.fromhex(data)) == reason
