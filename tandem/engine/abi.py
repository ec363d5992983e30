"""ABI encoding and decoding with everything that can be cached, cached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Self

from eth_abi.codec import ABICodec
from eth_abi.decoding import UnsignedIntegerDecoder
from eth_abi.encoding import UnsignedIntegerEncoder
from eth_abi.exceptions import DecodingError, EncodingError
from eth_abi.registry import BaseEquals, registry
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from tandem.engine.words import Codec, Odd, codec, split
from tandem.errors import EngineError
from tandem.foreign import plain


def _strict() -> ABICodec:
    """eth_abi as it is published. Ape, once imported, makes the shared one pad a number that a node
    cut short; here it stays an error."""
    own = registry.copy()
    own.unregister("uint")
    own.register(BaseEquals("uint"), UnsignedIntegerEncoder, UnsignedIntegerDecoder, label="uint")
    return ABICodec(own)


ETH_ABI = _strict()


@lru_cache(maxsize=4096)
def checksum(address: str) -> str:
    """The address with its checksum capitals."""
    return to_checksum_address(address)


def is_miscopied(address: str) -> bool:
    """Whether the capitals that somebody wrote say that a digit is wrong (EIP-55). Small letters alone,
    or capitals alone, say nothing."""
    digits = address[-40:]
    mixed = digits not in (digits.lower(), digits.upper())
    return mixed and not checksum("0x" + digits).endswith(digits)


def _type(entry: dict[str, Any]) -> str:
    """The canonical type of an ABI entry, tuples expanded."""
    kind: str = entry["type"]
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(_type(part) for part in entry["components"])
    return f"({inner}){kind[5:]}"


@lru_cache(maxsize=1024)
def _codec(kinds: tuple[str, ...]) -> Codec | None:
    return codec(kinds)


def encode_values(kinds: tuple[str, ...], values: Sequence[Any]) -> bytes:
    """The ABI encoding of several values."""
    quick = _codec(kinds)
    if quick is not None:
        try:
            return quick.write(values)
        except (Odd, ValueError):
            pass  # eth_abi says what is wrong
    return ETH_ABI.encode(kinds, values)


def decode_values(kinds: tuple[str, ...], data: bytes) -> tuple[Any, ...]:
    """Several values from their ABI encoding."""
    quick = _codec(kinds)
    if quick is not None:
        try:
            return quick.read(data, 0)
        except Odd:
            pass  # eth_abi says what is wrong
    return ETH_ABI.decode(kinds, data)


def _tidy(kind: str, value: Any) -> Any:
    if kind == "address":
        return checksum(value)
    if kind.startswith("address["):
        return tuple(checksum(part) for part in value)
    return value


class Struct:
    """A struct of a contract: a dataclass whose fields are the ABI's, in its order."""

    __slots__ = ()

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        """From what the ABI's decoder gives; a struct with others inside says how."""
        return cls(*raw)


_BARE = frozenset([int, str, bool, bytes])


def _plain(value: Any) -> Any:
    """Contracts, structs and nested sequences become what the encoder takes."""
    if type(value) in _BARE:
        return value
    if isinstance(value, Struct):
        return tuple([_plain(getattr(value, f.name)) for f in fields(value)])  # pyright: ignore
    address = getattr(value, "address", None)
    if isinstance(address, str):
        return address
    if isinstance(value, (list, tuple)):
        return tuple(_plain(part) for part in value)
    return value


def encode_args(kinds: tuple[str, ...], args: Sequence[Any]) -> bytes:
    """Arguments, as a program has them. Raises EncodingError."""
    return encode_values(kinds, [_plain(arg) for arg in args])


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a contract."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    view: bool
    selector: bytes

    @property
    def signature(self) -> str:
        return f"{self.name}({','.join(self.inputs)})"

    def encode(self, args: Sequence[Any]) -> bytes:
        if not self.inputs:
            return self.selector
        try:
            return self.selector + encode_args(self.inputs, args)
        except EncodingError as error:  # as of a number that a node made up
            raise EngineError(
                f"these are no arguments of {self.signature}: {plain(str(error))}",
                "where none of them is yours a node said it: ask another with --rpc",
            ) from error

    def decode(self, data: bytes) -> Any:
        """None, the single value, or a tuple of values."""
        if not self.outputs:
            return None
        try:
            values = decode_values(self.outputs, data)
        except (
            DecodingError,
            ValueError,
        ) as error:  # text of others that is no UTF-8 is a ValueError
            raise EngineError(
                f"{len(data)} bytes are no answer of {self.name}: {plain(str(error))}",
                "is the node in sync, and of the right chain?",
            ) from error
        tidy = tuple(_tidy(k, v) for k, v in zip(self.outputs, values, strict=True))
        return tidy[0] if len(tidy) == 1 else tidy


@dataclass(frozen=True, slots=True)
class EventType:
    """One event of a contract."""

    name: str
    topic: bytes
    indexed: tuple[tuple[str, str], ...]
    plain: tuple[tuple[str, str], ...]

    @property
    def asked(self) -> str:
        """Its topic, as a node is asked for it."""
        return "0x" + self.topic.hex()

    def decode(self, topics: Sequence[bytes], data: bytes) -> dict[str, Any]:
        """Its fields by name. Raises EngineError."""
        kinds = tuple([kind for _, kind in self.plain])
        values: dict[str, Any] = {}
        try:
            for (name, kind), topic in zip(self.indexed, topics[1:], strict=True):
                dynamic = kind in ("string", "bytes") or kind.endswith("]") or kind.startswith("(")
                values[name] = topic if dynamic else _tidy(kind, decode_values((kind,), topic)[0])
            for (name, kind), value in zip(self.plain, decode_values(kinds, data), strict=True):
                values[name] = _tidy(kind, value)
        except (DecodingError, ValueError) as error:
            raise EngineError(
                f"{len(topics)} topics and {len(data)} bytes are no log of {self.name}: {error}",
                "is the node in sync, and of the right chain?",
            ) from error
        return values


_LINE = re.compile(
    r"(constructor|function|event) ?(\w*)\((.*?)\)(?: (view|pure))?(?: returns \((.*)\))?"
)


def _spelled(line: str) -> dict[str, Any]:
    """One line of a human-readable ABI as its JSON entry; a tuple's type stays as it is spelled."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise EngineError(f"no line of an ABI: {line!r}", "as `function f(uint256 x) view`")
    kind, name, inputs, mutability, outputs = found.groups()
    entry = {"type": kind, "name": name, "stateMutability": mutability or "nonpayable"}
    entry["inputs"] = [_parameter(part) for part in split(inputs)]
    entry["outputs"] = [{"name": "", "type": part} for part in split(outputs or "")]
    return entry


def _parameter(spelled: str) -> dict[str, Any]:
    kind, *words = spelled.split(" ")
    return {"type": kind, "name": words[-1] if words else "", "indexed": "indexed" in words[:-1]}


class Abi:
    """Look-up of functions by name, name and argument count, or signature; events by topic."""

    __slots__ = ("_cache", "constructor", "events", "functions")

    @classmethod
    def spelled(cls, *lines: str) -> Self:
        """From lines such as `function f(uint256 x) view returns (address,(int256,bool)[])` and
        `event E(address indexed who)`. Raises EngineError for a line that is none."""
        return cls(_spelled(line) for line in lines)

    def __init__(self, raw: Iterable[dict[str, Any]]) -> None:
        self.constructor: tuple[str, ...] = ()
        self.functions: dict[str, list[Function]] = {}
        self.events: dict[bytes, EventType] = {}
        self._cache: dict[tuple[str, int], Function] = {}
        for entry in raw:
            self._add(entry)

    def _add(self, entry: dict[str, Any]) -> None:
        kind = entry["type"]
        if kind not in ("constructor", "function", "event"):
            return
        inputs = tuple(_type(part) for part in entry.get("inputs", ()))
        if kind == "constructor":
            self.constructor = inputs
            return
        name = entry["name"]
        digest = keccak(text=f"{name}({','.join(inputs)})")
        if kind == "function":
            outputs = tuple(_type(part) for part in entry.get("outputs", ()))
            view = entry.get("stateMutability") in ("view", "pure")
            function = Function(name, inputs, outputs, view, digest[:4])
            self.functions.setdefault(name, []).append(function)
        else:
            named = list(zip(entry["inputs"], inputs, strict=True))
            indexed = tuple((part["name"], k) for part, k in named if part["indexed"])
            plain = tuple((part["name"], k) for part, k in named if not part["indexed"])
            self.events[digest] = EventType(name, digest, indexed, plain)

    def event(self, name: str) -> EventType:
        """An event by name. Raises EngineError where there is none, or more than one."""
        named = [event for event in self.events.values() if event.name == name]
        if len(named) != 1:
            known = ", ".join(sorted(event.name for event in self.events.values()))
            raise EngineError(f"there is not one event {name}", f"the ABI has {known}")
        return named[0]

    def function(self, name: str, count: int) -> Function:
        """`name` alone picks by argument count; a full signature picks one overload."""
        key = (name, count)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._find(name, count)
        return found

    def _find(self, name: str, count: int) -> Function:
        bare = name.split("(", 1)[0]
        several = self.functions.get(bare, [])
        if "(" in name:
            matching = [f for f in several if f.signature == name.replace(" ", "")]
        else:
            matching = [f for f in several if len(f.inputs) == count]
        if len(matching) == 1:
            return matching[0]
        known = ", ".join(f.signature for f in several) or "nothing of that name"
        problem = "is ambiguous" if matching else f"does not take {count} arguments"
        raise EngineError(f"{name} {problem}", f"the ABI has {known}")
