"""A quick ABI codec for what contracts mostly exchange: numbers, addresses, tuples and lists.

A replay decodes a few hundred words per price, and eth_abi takes some 20 microseconds for each.
What is odd here (a type that is not covered, a value out of bounds, data too short) is answered
with `None` or an `Odd`, and left to eth_abi, whose errors say what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

WORD = 32


class Odd(Exception):
    """Not for this codec."""


Read = Callable[[bytes, int], Any]
Write = Callable[[Any], bytes]


@dataclass(frozen=True, slots=True)
class Codec:
    """One type. size: bytes that it takes in the head; a dynamic one has an offset there."""

    read: Read
    write: Write
    size: int
    dynamic: bool = False
    many: Callable[[bytes], tuple[Any, ...]] | None = None
    """All values of a row, where that is quicker than one by one."""


KEPT = 256
"""Answers of each tuple that are not read anew: most of a market is at a block what it was before."""
WORTH_KEEPING = 4 * WORD


def codec(kinds: Sequence[str]) -> Codec | None:
    """The codec of a list of values, or None where a type is not covered."""
    try:
        return _tuple([_codec(kind) for kind in kinds])
    except Odd:
        return None


def _codec(kind: str) -> Codec:
    if kind.endswith("]"):
        inner, _, count = kind[:-1].rpartition("[")
        item = _codec(inner)
        return _fixed(item, int(count)) if count else _list(item)
    if kind.startswith("("):
        return _tuple([_codec(part) for part in split(kind[1:-1])])
    if kind == "address":
        return Codec(_read_address, _write_address, WORD)
    if kind == "bool":
        return Codec(_read_bool, _write_bool, WORD)
    if kind == "bytes32":
        return Codec(_read_bytes32, _write_bytes32, WORD)
    if kind.startswith("uint"):
        return _number(0, 1 << int(kind[4:]))
    if kind.startswith("int"):
        half = 1 << (int(kind[3:]) - 1)
        return _number(-half, half)
    raise Odd


def split(inner: str) -> list[str]:
    """`a,(b,c),d` at the commas outside brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(inner):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(inner[start:place])
            start = place + 1
    return [*parts, inner[start:]] if inner else []


# ---- one word
def _number(low: int, high: int) -> Codec:
    signed = low < 0

    def read(data: bytes, at: int) -> int:
        value = int.from_bytes(data[at : at + WORD], "big", signed=signed)
        if low <= value < high:
            return value
        raise Odd

    def read_whole(data: bytes, at: int) -> int:
        return int.from_bytes(data[at : at + WORD], "big", signed=signed)

    def write(value: Any) -> bytes:
        if type(value) is not int or not low <= value < high:
            raise Odd
        return value.to_bytes(WORD, "big", signed=signed)

    @lru_cache(maxsize=1_024)  # a ladder of strikes is read at every price, and rarely changes
    def many(row: bytes) -> tuple[int, ...]:
        places = range(0, len(row), WORD)
        values = [int.from_bytes(row[at : at + WORD], "big", signed=signed) for at in places]
        if values and not (low <= min(values) and max(values) < high):
            raise Odd
        return tuple(values)

    fills_it = high - low == 1 << 8 * WORD  # then no word is out of bounds
    return Codec(read_whole if fills_it else read, write, WORD, many=many)


def _read_address(data: bytes, at: int) -> str:
    if any(data[at : at + 12]):
        raise Odd
    return "0x" + data[at + 12 : at + WORD].hex()


def _write_address(value: Any) -> bytes:
    if type(value) is not str or len(value) != 42:
        raise Odd
    return bytes(12) + bytes.fromhex(value[2:])


def _read_bool(data: bytes, at: int) -> bool:
    value = int.from_bytes(data[at : at + WORD], "big")
    if value > 1:
        raise Odd
    return value == 1


def _write_bool(value: Any) -> bytes:
    if type(value) is not bool:
        raise Odd
    return int(value).to_bytes(WORD, "big")


def _read_bytes32(data: bytes, at: int) -> bytes:
    return data[at : at + WORD]


def _write_bytes32(value: Any) -> bytes:
    if isinstance(value, str) and value.startswith("0x"):
        value = bytes.fromhex(value[2:])  # as deployment files have ids
    if type(value) is not bytes or len(value) != WORD:
        raise Odd
    return value


# ---- several
def _kept(read: Read) -> Callable[[bytes], Any]:
    """Of a value's bytes alone, which are read once while they are among the last."""
    return lru_cache(maxsize=KEPT)(lambda piece: read(piece, 0))


def _tuple(parts: Sequence[Codec]) -> Codec:
    head = sum(part.size for part in parts)
    dynamic = any(part.dynamic for part in parts)

    starts = accumulate((part.size for part in parts), initial=0)
    places = [(part.read, start, part.dynamic) for part, start in zip(parts, starts, strict=False)]

    def read(data: bytes, at: int) -> tuple[Any, ...]:
        if at + head > len(data):
            raise Odd
        values: list[Any] = []
        for take, start, has_offset in places:
            place = at + start
            if has_offset:
                place = at + int.from_bytes(data[place : place + WORD], "big")
            values.append(take(data, place))
        return tuple(values)

    kept = _kept(read)

    def write(values: Any) -> bytes:
        if not isinstance(values, list | tuple) or len(values) != len(parts):
            raise Odd
        written = [part.write(value) for part, value in zip(parts, values, strict=True)]
        if not dynamic:
            return b"".join(written)
        heads, tail = [], []
        offset = head
        for part, piece in zip(parts, written, strict=True):
            heads.append(offset.to_bytes(WORD, "big") if part.dynamic else piece)
            if part.dynamic:
                tail.append(piece)
                offset += len(piece)
        return b"".join((*heads, *tail))

    if dynamic:
        return Codec(read, write, WORD, dynamic=True)
    if head < WORTH_KEEPING:
        return Codec(read, write, head)
    return Codec(lambda data, at: kept(data[at : at + head]), write, head)


def _fixed(item: Codec, count: int) -> Codec:
    return _tuple([item] * count)


def _list(item: Codec) -> Codec:
    if not item.size:
        raise Odd
    kept = _kept(item.read)

    def read(data: bytes, at: int) -> tuple[Any, ...]:
        count = int.from_bytes(data[at : at + WORD], "big")
        start = at + WORD
        if start + count * item.size > len(data):
            raise Odd
        if item.many is not None:
            return item.many(data[start : start + count * WORD])
        places = range(start, start + count * item.size, item.size)
        if not item.dynamic:
            return tuple([item.read(data, place) for place in places])
        # each ends where the next begins; where they lie otherwise, one is cut short, which is odd
        begins = [start + int.from_bytes(data[place : place + WORD], "big") for place in places]
        ends = (*begins[1:], len(data))
        return tuple([kept(data[a:b]) for a, b in zip(begins, ends, strict=False)])

    def write(values: Any) -> bytes:
        if not isinstance(values, list | tuple):
            raise Odd
        return len(values).to_bytes(WORD, "big") + _fixed(item, len(values)).write(values)

    return Codec(read, write, WORD, dynamic=True)
