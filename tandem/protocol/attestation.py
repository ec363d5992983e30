"""What an attestation says and how it is signed: the risk of one market at one block (EIP-712).

Amounts are as the chain has them. The file holds them as text, so that no reader rounds them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.address import is_address
from eth_utils.crypto import keccak

from tandem.engine.abi import checksum, encode_values, is_miscopied
from tandem.errors import TandemError
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.surface_signing import MAX_LOW_S

KIND, VERSION, DOMAIN = "tandem risk view", 1, "Tandem RiskView"
LARGEST = 65_536
"""Characters of a file at the most; one of eight expiries has some 3,000."""
MOST = 16
"""Of a list."""
BOOK = ("(uint256,int256,int256,uint256[],int256[])[]",)
"""Each open expiry: when, forward, cash, strikes and sizes of its nodes that are not 0, rising."""


class NotAnAttestationError(TandemError):
    """A file that holds no attestation, or not as `tandem attest sign` writes one."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"the file is no attestation: {why}", "take one that `tandem attest sign` wrote"
        )


@dataclass(frozen=True, slots=True)
class RiskView:
    """One market at one block. timestamp, expiries, marked_at: seconds, marked_at 0 where the gate never was;
    spot, losses: WAD USD, losses of the book by the gate's jumps as kept since marked_at; residual, position:
    WAD of the asset; floor, nav: token units; surface: the packed slice of each open expiry."""

    chain_id: int
    market: str
    block: int
    block_hash: str
    timestamp: int
    book_hash: str
    expiries: tuple[int, ...]
    surface: tuple[int, ...]
    spot: int
    floor: int
    residual: int
    position: int
    marked_at: int
    losses: tuple[int, ...]
    nav: int


SIGNED: tuple[tuple[str, str], ...] = (
    ("block", "uint256"), ("block_hash", "bytes32"), ("timestamp", "uint256"), ("book_hash", "bytes32"),
    ("expiries", "uint256[]"), ("surface", "uint256[]"), ("spot", "uint256"), ("floor", "int256"),
    ("residual", "int256"), ("position", "int256"), ("marked_at", "uint256"), ("losses", "int256[]"),
    ("nav", "uint256"),
)  # fmt: skip
"""Fields of the message, in order; chain and market are the domain's."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """A view, who says that he signed it, and the signature: r, s, v as 65 bytes in hex."""

    view: RiskView
    signer: str
    signature: str

    def plain(self) -> dict[str, Any]:
        """As the file has it."""
        view = {f.name: _text(getattr(self.view, f.name)) for f in fields(self.view)}
        return {
            "kind": KIND, "version": VERSION, "view": view, "signer": self.signer,
            "signature": self.signature,
        }  # fmt: skip

    def recovered(self) -> str | None:
        """Whose signature it is; None where it is nobody's."""
        raw = bytes.fromhex(self.signature[2:])
        r, s, v = int.from_bytes(raw[:32]), int.from_bytes(raw[32:64]), raw[64]
        if v not in (27, 28) or not 0 < s <= MAX_LOW_S:
            return None
        message = encode_typed_data(full_message=typed_data(self.view))
        try:
            return str(Account.recover_message(message, vrs=(v, r, s)))
        except Exception:  # of whatever kind: a point that is not on the curve
            return None


def view_of(s: Snapshot, chain_id: int, market: str, block: int, block_hash: str) -> RiskView:
    """What a snapshot comes down to. block: its number, which is not what contracts see on Arbitrum."""
    listed = sorted(s.open_expiries, key=lambda e: e.expiry)
    return RiskView(
        chain_id=chain_id,
        market=checksum(market),
        block=block,
        block_hash=block_hash,
        timestamp=s.timestamp,
        book_hash=book_hash(s),
        expiries=tuple(e.expiry for e in listed),
        surface=tuple(e.slice for e in listed),
        spot=s.spot,
        floor=s.floor,
        residual=s.stance.residual,
        position=s.position,
        marked_at=s.gate.mark.time,
        losses=tuple(s.gate.losses),
        nav=s.funds.nav,
    )


def book_hash(s: Snapshot) -> str:
    """Of all that open expiries may have to pay: keccak over their ABI encoding, the earliest first."""
    rows: list[Any] = []
    for e in sorted(s.open_expiries, key=lambda each: each.expiry):
        nodes = [(k, n) for k, n in zip(e.strikes, e.sizes, strict=True) if n]
        rows.append((e.expiry, e.forward, e.cash, [k for k, _ in nodes], [n for _, n in nodes]))
    return "0x" + keccak(encode_values(BOOK, (rows,))).hex()


def typed_data(view: RiskView) -> dict[str, Any]:
    """The EIP-712 message, as wallets show it. Source: EIP-712."""
    domain = {
        "name": DOMAIN, "version": str(VERSION), "chainId": view.chain_id,
        "verifyingContract": view.market,
    }  # fmt: skip
    kinds = {
        "name": "string",
        "version": "string",
        "chainId": "uint256",
        "verifyingContract": "address",
    }
    return {
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in kinds.items()],
            "RiskView": [{"name": _camel(name), "type": kind} for name, kind in SIGNED],
        },
        "primaryType": "RiskView",
        "domain": domain,
        "message": {_camel(name): _value(getattr(view, name)) for name, _ in SIGNED},
    }


def parse(text: str) -> Attestation:
    """A file's text, which anybody may have written. Raises NotAnAttestationError that says what is wrong."""
    if len(text) > LARGEST:
        raise NotAnAttestationError(f"it has more than {LARGEST:,} characters")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAnAttestationError("it holds no JSON") from error
    whole = _table(raw, "the file", {"kind", "version", "view", "signer", "signature"})
    if whole["kind"] != KIND or repr(whole["version"]) != str(VERSION):
        raise NotAnAttestationError(f"it is not of the kind {KIND!r}, version {VERSION}")
    view = _table(whole["view"], "its view", {f.name for f in fields(RiskView)})
    kinds = {"chain_id": "uint256", "market": "address", **dict(SIGNED)}
    values = {name: _field(name, kind, view[name]) for name, kind in kinds.items()}
    signature = _hex("signature", whole["signature"], 65)
    return Attestation(RiskView(**values), _address("signer", whole["signer"]), signature)


# ---- inside
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownArgumentType]


def _text(value: Any) -> Any:
    if isinstance(value, tuple):
        return [str(each) for each in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)


def _table(raw: Any, what: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise NotAnAttestationError(f"{what} is no table")
    if missing := sorted(names - raw.keys()):
        raise NotAnAttestationError(f"{what} lacks {missing[0]}")
    if len(raw) > len(names):
        raise NotAnAttestationError(f"{what} says more than was signed")
    return raw  # pyright: ignore[reportUnknownVariableType]


def _field(name: str, kind: str, raw: Any) -> Any:
    if kind.endswith("[]"):
        if not isinstance(raw, list) or len(raw) > MOST:  # pyright: ignore[reportUnknownArgumentType]
            raise NotAnAttestationError(f"{name} is no list of {MOST} at the most")
        return tuple(_number(name, kind[:-2], each) for each in raw)  # pyright: ignore[reportUnknownVariableType]
    readers: Mapping[str, Callable[[str, Any], Any]] = {
        "bytes32": lambda n, r: _hex(n, r, 32),
        "address": _address,
    }
    reader = readers.get(kind)
    return reader(name, raw) if reader else _number(name, kind, raw)


def _number(name: str, kind: str, raw: Any) -> int:
    if isinstance(raw, str) and re.fullmatch(r"-?(0|[1-9][0-9]{0,77})", raw, re.ASCII):
        number = int(raw)
        low, high = (0, 2**256) if kind == "uint256" else (-(2**255), 2**255)
        if low <= number < high and raw != "-0":
            return number
    raise NotAnAttestationError(f"{name} is no {kind}, in decimal digits between quotes")


def _hex(name: str, raw: Any, size: int) -> str:
    if isinstance(raw, str) and re.fullmatch(f"0x[0-9a-f]{{{2 * size}}}", raw, re.ASCII):
        return raw
    raise NotAnAttestationError(f"{name} is no 0x and {2 * size} small hex digits")


def _address(name: str, raw: Any) -> str:
    if isinstance(raw, str) and raw.startswith("0x") and is_address(raw) and not is_miscopied(raw):
        return checksum(raw)
    raise NotAnAttestationError(f"{name} is no address")
