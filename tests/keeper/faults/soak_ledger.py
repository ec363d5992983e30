"""What journal, chain and purse say after a schedule of faults, and that it is the same."""

from __future__ import annotations

from typing import Any

from eth_utils.crypto import keccak

from faults.soaked import ENDS, Soak


def mined(soak: Soak) -> dict[str, dict[str, Any]]:
    """The keeper's transactions on the chain as it is, by hash."""
    request, keeper = soak.market.engine.request, soak.market.tandem.keeper.lower()
    found: dict[str, dict[str, Any]] = {}
    for number in range(soak.first, soak.market.engine.block() + 1):
        block = request("eth_getBlockByNumber", [hex(number), True])
        assert block is not None, f"the node has no block {number} of {soak.first} to its newest"
        for tx in block["transactions"]:
            if tx["from"].lower() == keeper:
                receipt = request("eth_getTransactionReceipt", [tx["hash"]])
                found[tx["hash"]] = {
                    "nonce": int(tx["nonce"], 16),
                    "state": "mined" if receipt["status"] == "0x1" else "reverted",
                    "block": int(receipt["blockNumber"], 16),
                    "block_hash": receipt["blockHash"],
                    "gas_used": int(receipt["gasUsed"], 16),
                    "paid": int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16),
                }
    return found


def check(soak: Soak) -> None:
    """Journal and chain say the same, each act had one effect, and the purse is what it must be."""
    said = soak.process.said.read_text(errors="replace")
    assert "Traceback" not in said, said[-3_000:]
    assert all(code == 2 for code in soak.process.codes), (soak.process.codes, said[-2_000:])
    assert soak.slowest_end < ENDS, said[-2_000:]
    chain, kept = mined(soak), soak.process.rows()
    ours = {hash_: tx for hash_, tx in chain.items() if hash_ not in soak.foreign}
    names = next(iter(ours.values()), {}).keys()
    written = {
        row["hash"]: {name: row[name] for name in names}
        for row in kept
        if row["state"] in ("mined", "reverted")
    }
    assert written == ours
    effects = [row["action"] for row in kept if row["state"] == "mined"]
    assert len(effects) == len(set(effects))
    known = {row["hash"] for row in kept}
    handed = {"0x" + keccak(raw).hex() for node in soak.nodes for raw in node.raw}
    assert handed <= known
    assert sorted(tx["nonce"] for tx in chain.values()) == list(
        range(soak.nonce, soak.market.nonce())
    )
    block, purse = soak.purse[-1]
    spent = sum(tx["paid"] for tx in chain.values() if tx["block"] > block)
    assert soak.market.engine.balance(soak.market.tandem.keeper) == purse - spent
