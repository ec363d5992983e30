"""What a node may answer to which question: what has another shape is no answer.

Half a proxy, a gateway or a node that is not in sync yet says null, or nothing, where a number belongs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

BUSY = (-32005, 429)
"""Codes by which a node says that it was asked too often."""
_QUANTITY = re.compile("0x[0-9a-fA-F]+")


def _is_quantity(found: Any) -> bool:
    return isinstance(found, str) and bool(_QUANTITY.fullmatch(found))


def quantity(found: Any) -> int:
    """What is no number is none: of what a node may leave out."""
    return int(found, 16) if _is_quantity(found) else 0


def _is_count(found: Any) -> bool:
    """A number of blocks, transactions, seconds or gas: none was ever past 63 bits."""
    return _is_quantity(found) and int(found, 16) < 1 << 63


def _is_data(found: Any) -> bool:
    if not isinstance(found, str) or not found.startswith("0x"):
        return False
    try:
        bytes.fromhex(found[2:])
    except ValueError:
        return False
    return True


def _has(*names: str) -> Callable[[Any], bool]:
    """Whether something is an object with these counts."""
    return lambda found: (
        isinstance(found, dict) and all(_is_count(found.get(name)) for name in names)
    )


def _is_block(found: Any) -> bool:
    fee = found.get("baseFeePerGas", "0x0") if isinstance(found, dict) else None
    return (
        _is_quantity(fee) and _has("number", "timestamp")(found) and _is_quantity(found.get("hash"))
    )


def _is_log(found: Any) -> bool:
    if not _has("blockNumber")(found):
        return False
    topics = found.get("topics")
    return isinstance(topics, list) and all(
        map(_is_data, (found.get("address"), found.get("data"), *topics))
    )


def _are_logs(found: Any) -> bool:
    return isinstance(found, list) and all(map(_is_log, found))


def _is_receipt(found: Any) -> bool:
    return _has("status", "blockNumber", "gasUsed")(found) and _are_logs(found.get("logs"))


_SHAPES: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(
        (
            "eth_chainId", "eth_blockNumber", "eth_getTransactionCount", "eth_estimateGas",
        ),
        _is_count,
    ),
    **dict.fromkeys(("eth_getBalance", "eth_gasPrice", "eth_maxPriorityFeePerGas"), _is_quantity),
    **dict.fromkeys(("eth_call", "eth_getCode"), _is_data),
    "eth_getBlockByNumber": _is_block,
    "eth_getLogs": _are_logs,
    "eth_getTransactionReceipt": lambda found: found is None or _is_receipt(found),
}  # fmt: skip


def is_answer(method: str, params: Sequence[Any], result: Any) -> bool:
    """Whether a result can be one of this method. What is not known here may be anything. A receipt names
    its transaction: that of another, as whoever keeps answers may hand out, says nothing of this one."""
    if method == "eth_getTransactionReceipt" and isinstance(result, dict):
        known = result.get("transactionHash")
        if str(known).lower() != params[0].lower():
            return False
    if method == "eth_getBlockByNumber" and result is None:
        return str(params[0]).startswith("0x")  # one that a node does not keep; the latest it has
    shape = _SHAPES.get(method)
    return shape is None or shape(result)


REFUSABLE = (
    "eth_call", "eth_estimateGas", "eth_sendRawTransaction", "eth_sendTransaction", "debug_traceCall",
)  # fmt: skip
"""What a chain can refuse; which block it has, or of which chain it is, only a node can fail to say."""
REVERTED = 3
"""The code of a call that the chain itself refuses."""
EXECUTED = ("revert", "outofgas", "invalidopcode", "invalidjump", "stackunderflow", "stackoverflow")
JUDGED = (
    "nonce", "underpriced", "replac", "known", "exists", "insufficientfunds", "intrinsic", "gaslimit",
    "feecap", "feetoolow", "gastoolow", "basefee", "exceedsblock", "invalidsender", "signature", "chainid",
    "oversized",
)  # fmt: skip
"""Words of a node that looked at a transaction and would not have it, without blanks."""


def says(message: str, *words: str) -> bool:
    """Whether a node's refusal has one of these, however it is spelt."""
    plain = "".join(message.lower().split())
    return any(word in plain for word in words)


def is_word(method: str, error: Any) -> bool:
    """Whether an error says something of what was asked, and not of the node: what the chain refuses, another
    node refuses too; what a node lacks, or cannot do now, another may have."""
    if not isinstance(error, dict) or method not in REFUSABLE:
        return False
    data = error.get("data")
    if error.get("code") == REVERTED or (data != "0x" and "0x" in str(data)):
        return True
    words = (*EXECUTED, *JUDGED) if method == "eth_sendRawTransaction" else EXECUTED
    return says(str(error.get("message", "")), *words)


def is_own_fault(answer: Any, asked: Any) -> bool:
    """Whether a node says, in form, of one question that it cannot say: another may."""
    if isinstance(asked, list) or not isinstance(answer, dict) or "error" not in answer:
        return False
    return not is_word(asked["method"], answer["error"])


def is_busy(answer: Any) -> bool:
    """Whether a node says, in form, that it was asked too often."""
    several = answer if isinstance(answer, list) else [answer]
    errors = [each["error"] for each in several if "error" in each]
    return any(isinstance(e, dict) and e.get("code") in BUSY for e in errors)
