"""What an account sent before its journal began, because the one before was lost, read off the chain.

So that what a day may cost counts what went already, and what waits is looked after as if it had never
been forgotten. Of what is mined the last day is found, as far back as the nodes keep states; what a
person sent with the same key, a trade or a deposit, is none of it, but for what waits: a keeper's next
act stands behind that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from typing import Any

from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from keeper.journal import Regained
from tandem.engine.abi import checksum
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.units import DAY

MOST = 64
"""Transactions that are looked for, the latest ones."""
STEP = 1_000
"""Blocks by which their distance in time is measured."""
SHORTER = 8
"""By which a span is divided whose first state a node does not keep."""
FIELDS = ("nonce", "value", "gas", "maxFeePerGas", "maxPriorityFeePerGas", "chainId")


def regain(
    engine: RemoteEngine,
    account: str,
    ours: Mapping[str, str],
    used: int,
    now: float,
    acts: Set[str] | None = None,
) -> list[Regained]:
    """Those of the account to these addresses, by nonce. ours: which market each is of; used: how many of
    its nonces are in blocks; acts: selectors of what a keeper sends, None for all. A node that does not
    say leaves them out; raises RpcError where it says what is no block."""
    if not ours:
        return []
    listed = {checksum(each): market for each, market in ours.items()}
    try:
        found = [
            *(each for each in _mined(engine, account, used) if _is_among(acts, each[0])),
            *((tx, None, now) for tx in _waiting(engine, account, used)),
        ]
        own = [each for each in found if _is_as_sent(each[0], account, listed, engine.chain_id)]
        whole = [
            Regained(
                tx["hash"], int(tx["nonce"], 16), raw, int(tx["maxFeePerGas"], 16),
                int(tx["maxPriorityFeePerGas"], 16), time, receipt, listed[checksum(tx["to"])],
            )
            for tx, receipt, time in own
            if (raw := _signed_by(tx, account))
        ]  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RpcError("eth_getBlockByNumber", {"message": f"no block: {error!r}"}) from error
    return sorted(whole, key=lambda each: each.nonce)


def _is_among(acts: Set[str] | None, tx: Mapping[str, Any]) -> bool:
    return acts is None or tx["input"][:10].lower() in acts


def _is_as_sent(
    tx: Mapping[str, Any], account: str, ours: Mapping[str, str], chain_id: int
) -> bool:
    """Whether it is said to be the account's, to one of these on this chain, and as a keeper signs."""
    to = tx.get("to")
    is_ours = tx["from"].lower() == account.lower() and to is not None and checksum(to) in ours
    return is_ours and tx.get("type") == "0x2" and int(tx["chainId"], 16) == chain_id


def _signed_by(tx: Mapping[str, Any], account: str) -> bytes:
    """Its bytes, b"" where the account's key did not sign them. What waits is signed anew with another fee,
    so that it must have been signed by this key before, whatever a node says."""
    raw = raw_of(tx)
    is_own = raw and Account.recover_transaction(raw) == checksum(account)  # pyright: ignore
    return raw if is_own else b""


def raw_of(tx: Mapping[str, Any]) -> bytes:
    """Its bytes as they were signed, from what a node says of it; b"" where they are not of its hash."""
    fields = {name: int(tx[name], 16) for name in FIELDS}
    fields |= {
        "r": int(tx["r"], 16),
        "s": int(tx["s"], 16),
        "v": int(tx.get("yParity", tx["v"]), 16),
    }
    whole = {
        **fields, "type": 2, "to": HexBytes(tx["to"]), "data": HexBytes(tx["input"]),
        "accessList": tx.get("accessList", []),
    }  # fmt: skip
    raw = bytes(TypedTransaction.from_dict(whole).encode())
    return raw if keccak(raw) == bytes.fromhex(tx["hash"][2:]) else b""


def target_of(raw: bytes) -> str:
    """To whom a signed transaction goes, "" for nobody, or where it is none that a keeper signs."""
    try:
        to = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()["to"]
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""
    return checksum(HexBytes(to).hex()) if to else ""


def _mined(
    engine: RemoteEngine, account: str, used: int
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], float]]:
    """The latest, each with its receipt and the time of its block."""
    try:
        blocks = _blocks(engine, account, used)
        asked = [("eth_getBlockByNumber", [hex(number), True]) for number in blocks]
        for block in engine.request_many(asked):
            txs = [tx for tx in block["transactions"] if tx["from"].lower() == account.lower()]
            receipts = engine.request_many(
                [("eth_getTransactionReceipt", [tx["hash"]]) for tx in txs]
            )
            for tx, receipt in zip(txs, receipts, strict=True):
                yield tx, receipt, float(int(block["timestamp"], 16))
    except RpcError:
        return


def _blocks(engine: RemoteEngine, account: str, used: int) -> list[int]:
    """In which the account's latest nonces were used: by halves, all of one depth in a trip."""
    head = engine.block()
    low, before = _begin(engine, account, head)
    first = max(before, used - MOST)
    spans, found = [(low, before, head, used)], list[int]()
    while spans:
        spans = [span for span in spans if span[1] < span[3] > first]
        found += [high for low, _, high, _ in spans if high - low == 1]
        spans = [span for span in spans if span[2] - span[0] > 1]
        middles = [(low + high) // 2 for low, _, high, _ in spans]
        counts = engine.request_many([_count(account, middle) for middle in middles])
        spans = [
            half
            for (low, n, high, m), middle, count in zip(spans, middles, counts, strict=True)
            for half in ((low, n, middle, int(count, 16)), (middle, int(count, 16), high, m))
        ]
    return sorted(found)


def _begin(engine: RemoteEngine, account: str, head: int) -> tuple[int, int]:
    """A block of a day ago, or the earliest of some whose state a node keeps, and the nonce there."""
    back = min(STEP, head)
    times = [
        int(block["timestamp"], 16)
        for block in engine.request_many(
            [("eth_getBlockByNumber", [hex(number), False]) for number in (head - back, head)]
        )
    ]
    pace = max(times[1] - times[0], 1) / max(back, 1)
    span = min(int(DAY / pace) + 1, head)
    while True:
        try:
            return head - span, int(engine.request(*_count(account, head - span)), 16)
        except RpcError:
            if not span:
                raise
            span //= SHORTER


def _count(account: str, block: int) -> tuple[str, list[Any]]:
    return "eth_getTransactionCount", [account, hex(block)]


def _waiting(engine: RemoteEngine, account: str, used: int) -> list[Mapping[str, Any]]:
    """What of it a node holds and has in no block: where it shows its pool, all; else what is next. Some
    give the latest block for the next."""
    found: list[Mapping[str, Any]] = []
    try:
        pool = engine.request("txpool_contentFrom", [account])
        for part in ("pending", "queued"):
            found += (pool.get(part) or {}).values()
    except RpcError:
        with suppress(RpcError):
            block = engine.request("eth_getBlockByNumber", ["pending", True])
            found += block["transactions"] if block else []
    return [tx for tx in found if int(tx["nonce"], 16) >= used]
