"""`tandem run` on a chain that forks, a node that errs and a key that is used elsewhere: is the journal what
the chain says, and is somebody told? On what a keeper does for gate and bounty."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from faults.conftest import Told
from faults.ledgers import GWEI, blocks, costs, later, written
from faults.proxy import Proxy
from keeper.journal import Journal, Outcome, State
from tandem.units import WAD

pytestmark = pytest.mark.usefixtures("as_before")

Run = Callable[..., Result]
NOBODY_WAITS = "TANDEM_FEES__WAIT_SECONDS"


def happened(market: Any, settings: Path) -> list[tuple[str, str, str, int | None]]:
    """The same as the chain has it."""
    found = []
    for kind, hash_, state, _ in written(settings):
        seen = market.engine.request("eth_getTransactionReceipt", [hash_])
        if seen is None:
            assert state not in (State.MINED, State.REVERTED), (kind, state)
            continue
        state = State.MINED if seen["status"] == "0x1" else State.REVERTED
        found.append((kind, hash_, state, int(seen["blockNumber"], 16)))
    return found


def stamped(tandem: Run, market: Any) -> None:
    """The hedge waits for the pool, and the keeper has said that others may bring it home."""
    market.engine.advance(700)
    market.move(2_650)
    costs(market, GWEI)
    assert "stamp" in tandem("run", "--once").stderr


def test_a_fork_in_which_somebody_else_was_first_is_seen_at_the_same_height(
    tandem: Run, market: Any, settings: Path, told: Told
) -> None:
    """FAULTS 7: "reorg keeps it, changes its result". Blocks were compared by their numbers: a bounty that
    another fork gave to a rival, in a block of the same number, was "mined" in the journal for ever."""
    t, engine = market.tandem, market.engine
    stamped(tandem, market)
    engine.advance(600)
    t.exchange.set_index(2_650 * WAD)
    costs(market, GWEI)
    tandem("run", "--once")
    hash_, block = next((h, b) for kind, h, _, b in written(settings) if kind == "bounty")
    with sqlite3.connect(settings / "journal.sqlite") as db:
        (raw,) = db.execute("SELECT raw FROM transactions WHERE hash = ?", (hash_,)).fetchone()
    first = {
        "from": engine.accounts[6], "to": t.market.address, "gas": hex(4_000_000),
        "data": "0x" + t.market.abi.function("rebalance", 1).encode((0,)).hex(),
        "gasPrice": hex(3 * GWEI),
    }  # fmt: skip
    depth = engine.block() - block + 1
    engine.request("anvil_reorg", [depth, [[first, 0], ["0x" + raw.hex(), 0]]])
    said = tandem("run", "--once").stderr
    assert ("bounty", hash_, State.REVERTED, block) in written(settings)
    assert "sent before: reverted" in said
    assert told.says("sent before: reverted", "intent: bounty")
    tandem("run", "--once")
    assert written(settings) == happened(market, settings)


def test_a_fork_while_the_keeper_was_away_leaves_no_gap(
    tandem: Run, market: Any, settings: Path, told: Told
) -> None:
    """FAULTS 6 and 10. What was mined was looked at for sixteen blocks. A keeper that came back later went on
    with the nonce after those that the fork had taken back: nothing it sent was ever mined, it waited for
    good, and its journal said that gate and stamp were marked."""
    engine = market.engine
    height = engine.block()
    stamped(tandem, market)
    sent = [hash_ for _, hash_, _, _ in written(settings)]
    engine.request("anvil_reorg", [len(sent), []])
    assert engine.request("eth_getTransactionReceipt", [sent[0]]) is None
    blocks(market, 20)
    assert engine.block() > height + 16
    said = tandem("run", "--once").stderr
    assert said.count("sent before: sent ") == said.count("note='its block is gone'") == len(sent)
    assert told.says("sent before: sent", "its block is gone")
    for _ in range(2):
        tandem("run", "--once")
        blocks(market, 1)
    assert written(settings) == happened(market, settings)
    assert [hash_ for _, hash_, _, _ in written(settings)][: len(sent)] == sent


def gone_wrong(journal: Path, keeper: str, first: int, count: int) -> None:
    """As many transactions that another chain mined."""
    with closing(Journal(journal, 31_337, keeper)) as made:
        for nonce in range(first, first + count):
            number, name = made.plan("stamp", (), "there", 7), f"0x{nonce:064x}"
            made.sign(number, name, nonce, b"", GWEI, GWEI)
            made.finished(name, Outcome(State.MINED, 7, 1, "", 0))


def test_a_journal_of_another_chain_with_the_same_number_is_refused(
    tandem: Run, market: Any, settings: Path
) -> None:
    """A local chain that was begun anew has the number of the old one: what was sent waited for nonces that
    nobody used, for good. Sent again would be what was meant for the chain before."""
    used = market.nonce()
    gone_wrong(settings / "journal.sqlite", market.tandem.keeper, used, 65)
    result = tandem("run", "--once")
    assert result.exit_code == 2
    assert "another chain with the same number" in result.stderr
    assert "move it aside" in result.stderr
    assert market.nonce() == used


def test_a_gap_of_nonces_is_filled(
    tandem: Run,
    proxy: Proxy,
    market: Any,
    settings: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: Told,
) -> None:
    """FAULTS 10: "filled or cancelled". A node that once counted two too many left a keeper deaf for good:
    what it had sent waited behind nonces that nobody would use, and it said so at each block."""
    monkeypatch.setenv(NOBODY_WAITS, "0.1")
    market.engine.advance(700)
    used = market.nonce()
    proxy.answer = lambda asked, answer: (
        answer | {"result": hex(int(answer["result"], 16) + 2)}
        if asked["method"] == "eth_getTransactionCount"
        else answer
    )
    assert "not in a block yet" in tandem("run", "--once", "--rpc", proxy.url).stderr
    for _ in range(4):
        tandem("run", "--once")
        blocks(market, 1)
    assert told.says("intent: fill")
    assert written(settings) == happened(market, settings)
    assert [kind for kind, *_ in written(settings)] == ["fill", "fill", "post"]
    assert market.nonce() == used + 3


def test_what_a_fork_took_back_is_not_made_dearer(
    tandem: Run, market: Any, settings: Path, told: Told
) -> None:
    """FAULTS 6: "same raw transaction again". What had been signed more than half a minute before the fork
    was taken for stuck, and another transaction signed in its place at once."""
    engine = market.engine
    stamped(tandem, market)
    sent = [hash_ for _, hash_, _, _ in written(settings)]
    later(settings, 60)
    engine.request("anvil_reorg", [1, []])
    tandem("run", "--once")
    assert told.says("its block is gone")
    assert [hash_ for _, hash_, _, _ in written(settings)] == sent
    tandem("run", "--once")
    assert written(settings) == happened(market, settings)


def test_two_days_without_a_block_leave_one_intent_and_one_effect(
    tandem: Run,
    market: Any,
    settings: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: Told,
) -> None:
    """FAULTS 25: "no block for 43 h: no duplicate intents". What waits is made no dearer meanwhile, as no fee
    buys a place in a block that does not come, and nothing else is begun."""
    monkeypatch.setenv(NOBODY_WAITS, "0.1")
    market.engine.advance(700)
    before = market.nonce()
    market.engine.request("evm_setAutomine", [False])
    for _ in range(4):
        assert tandem("run", "--once").exit_code == 0
        later(settings, 43 * 3_600 // 4)
    with closing(sqlite3.connect(settings / "journal.sqlite")) as db:
        (intents,) = db.execute("SELECT COUNT(*) FROM actions").fetchone()
        (signed,) = db.execute("SELECT COUNT(*) FROM transactions").fetchone()
    assert (intents, signed) == (1, 1)
    assert not told.says("its fee is raised")
    market.engine.request("evm_setAutomine", [True])
    blocks(market, 1)
    assert tandem("run", "--once").exit_code == 0
    assert [state for *_, state, _ in written(settings)].count(State.MINED) == 1
    assert market.nonce() == before + 1


def test_a_key_that_is_used_elsewhere_is_said(
    tandem: Run,
    market: Any,
    settings: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: Told,
) -> None:
    """FAULTS 11, and "an alert within two cycles": the journal alone said that another process sends with
    this key, and what became of a transaction that was mined a block later was said by nobody."""
    engine, keeper = market.engine, market.tandem.keeper
    monkeypatch.setenv(NOBODY_WAITS, "0.1")
    engine.advance(700)
    engine.request("evm_setAutomine", [False])
    assert "not in a block yet" in tandem("run", "--once").stderr
    ((_, hash_, _, _),) = written(settings)
    engine.request("anvil_dropTransaction", [hash_])
    engine.request("eth_sendTransaction", [{"from": keeper, "to": keeper, "gas": "0x5208"}])
    blocks(market, 1)
    said = tandem("run", "--once").stderr
    assert "sent before: dropped" in said
    assert "its nonce was used by another transaction" in said
    assert told.says("its nonce was used by another transaction")
    blocks(market, 1)
    assert "sent before: mined" in tandem("run", "--once").stderr


def test_what_one_node_refused_and_another_holds_is_found_whenever_it_is_mined(
    tandem: Run, proxy: Proxy, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 12, and "the journal is what the chain says". A spike of gas, and a node that drops what pays
    less than the base fee while others keep it: ten minutes after it was signed nobody looked for it, and
    the journal said for ever that what was mined would have no effect."""
    engine = market.engine
    monkeypatch.setenv(NOBODY_WAITS, "0.1")
    monkeypatch.setenv("TANDEM_FEES__STUCK_SECONDS", "100000")
    engine.advance(700)
    engine.request("evm_setAutomine", [False])
    tandem("run", "--once")
    later(settings, 3_600)

    def spike(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] == "eth_getBlockByNumber":
            answer["result"]["baseFeePerGas"] = hex(500 * GWEI)
        if asked["method"] == "eth_getTransactionByHash":
            answer["result"] = None  # it dropped it
        if asked["method"] != "eth_sendRawTransaction":
            return answer
        error = {"code": -32000, "message": "max fee per gas less than block base fee"}
        return {"jsonrpc": "2.0", "id": asked["id"], "error": error}

    proxy.answer = spike
    said = tandem("run", "--once", "--rpc", proxy.url).stderr
    assert "sent before: dropped" in said
    assert "over the cap" in said
    later(settings, 3_600)
    blocks(market, 1)
    assert "sent before: mined" in tandem("run", "--once").stderr
    assert written(settings)[:1] == happened(market, settings)[:1]


def test_a_receipt_that_comes_late_is_believed(
    tandem: Run, proxy: Proxy, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind one address the node that counts nonces is ahead of the one that keeps receipts. What had waited
    for ten minutes was "dropped: its nonce was used by another transaction", and never looked for again."""
    monkeypatch.setenv(NOBODY_WAITS, "0.1")
    market.engine.advance(700)
    market.engine.request("evm_setAutomine", [False])
    tandem("run", "--once")
    blocks(market, 1)
    later(settings, 3_600)
    proxy.answer = lambda asked, answer: (
        answer | {"result": None} if asked["method"] == "eth_getTransactionReceipt" else answer
    )
    assert "sent before: dropped" in tandem("run", "--once", "--rpc", proxy.url).stderr
    assert "sent before: mined" in tandem("run", "--once").stderr
    assert written(settings)[:1] == happened(market, settings)[:1]


def test_a_receipt_of_another_transaction_is_no_answer(
    tandem: Run, proxy: Proxy, market: Any, settings: Path
) -> None:
    """A gateway that keeps answers gave out the receipt of somebody else's transaction: what had never left
    the keeper was "mined" in its journal, and forgotten."""
    engine = market.engine
    stranger = engine.accounts[7]
    fields = {"from": stranger, "to": stranger, "gas": "0x5208", "gasPrice": hex(GWEI)}
    other = engine.request("eth_sendTransaction", [fields])
    engine.advance(700)
    receipt = engine.request("eth_getTransactionReceipt", [other])
    assert receipt["status"] == "0x1"

    def repeat(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] == "eth_getTransactionReceipt":
            return {"jsonrpc": "2.0", "id": asked["id"], "result": receipt}
        return answer

    proxy.answer = repeat
    result = tandem("run", "--once", "--rpc", proxy.url)
    assert result.exit_code == 2
    assert "no answer to eth_getTransactionReceipt" in result.stderr
    assert State.MINED not in {state for _, _, state, _ in written(settings)}
    tandem("run", "--once")
    assert written(settings) == happened(market, settings)
