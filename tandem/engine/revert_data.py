"""Why a call was refused: what a contract said, out of the data that it reverted with."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from eth_abi.exceptions import DecodingError
from eth_utils.crypto import keccak

from tandem.engine.abi import ETH_ABI
from tandem.errors import Reverted
from tandem.foreign import plain

PANICS = {
    0x01: "assertion failed",
    0x11: "arithmetic overflow",
    0x12: "division by zero",
    0x21: "invalid enum value",
    0x32: "index out of bounds",
    0x41: "out of memory",
}

SILENT = "reverted without a reason"

_ERRORS: dict[bytes, str] = {}
"""Errors without arguments that contracts of others revert with, by selector."""


def know_errors(names: Iterable[str]) -> None:
    """Show these errors of a contract by their names: they have no arguments."""
    _ERRORS.update({keccak(f"{name}()".encode())[:4]: name for name in names})


def decode_reason(data: bytes) -> str:
    """The reason inside revert data: Error(string), Panic(uint256), a known error, or a description."""
    if data in _ERRORS:
        return _ERRORS[data]
    if data[:4] == b"\x08\xc3\x79\xa0":
        return _said(data)
    if data[:4] == b"\x4e\x48\x7b\x71" and len(data) >= 36:
        code = int.from_bytes(data[4:36], "big")
        return f"panic: {PANICS.get(code, hex(code))}"
    return plain("0x" + data.hex()) if data else SILENT


@lru_cache(maxsize=256)  # the same few are met all day
def _said(data: bytes) -> str:
    """The string of Error(string), as it may be shown: whoever is called may send anything."""
    try:
        return plain(ETH_ABI.decode(["string"], data[4:])[0])
    except (DecodingError, ValueError):  # malformed revert data of foreign code
        return plain("0x" + data.hex())


def reverted(data: bytes) -> Reverted:
    """The exception for revert data."""
    return Reverted(decode_reason(data), data)
