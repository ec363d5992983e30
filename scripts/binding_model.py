"""What the contracts' sources say: types from the compiler, names and words from the text.

An ABI does not name what a function with several results returns: `RESULTS` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vyper.semantics.types import (
    AddressT,
    BoolT,
    BytesM_T,
    BytesT,
    DArrayT,
    IntegerT,
    InterfaceT,
    SArrayT,
    StringT,
    StructT,
    TupleT,
)

ADDRESSES = (AddressT, InterfaceT)
ARRAYS = (DArrayT, SArrayT)
HASHED = (*ARRAYS, StringT, BytesT)
"""Of these a log keeps a hash where they are indexed."""
# function -> the dataclass of its several results, and their names; the same in every contract.
RESULTS: Mapping[str, tuple[str, ...]] = {
    "gate_words": ("GateWords", "book", "mark"),
    "assess": ("Assessment", "exposure", "greeks"),
    "average": ("Average", "price", "depth", "steady_depth"),
    "bring": ("BroughtHome", "order", "position_after", "quote_delta", "fee"),
    "carry": ("Carry", "long", "short"),
    "close": ("Closed", "units", "payout"),
    "closing_spot": ("ClosingSpot", "price", "last_resort"),
    "fill": ("SplitFill", "position_after", "quote_delta", "fee", "filled"),
    "fill_at": ("Fill", "position_after", "quote_delta", "fee"),
    "funding": ("Carry", "long", "short"),
    "funding_since": ("CarrySince", "mark", "long", "short"),
    "getRoundData": ("Round", "id", "answer", "started_at", "updated_at", "answered_in"),
    "hedge": ("Hedging", "position_after", "quote_delta", "fee", "charge"),
    "history": ("History", "covered", "needed"),
    "last_mark": ("LastMark", "nav", "time"),
    "latestRoundData": ("Round", "id", "answer", "started_at", "updated_at", "answered_in"),
    "liabilities": ("Liabilities", "maxima", "claims"),
    "net": ("Netted", "size", "received"),
    "peek": ("Answer", "price", "time", "fresh"),
    "proposed_growth": ("ProposedGrowth", "growth", "ready_at"),
    "price": ("PriceGreeks", "value", "delta", "gamma", "vega", "theta"),
    "queue": ("Queue", "first", "last"),
    "term": ("Term", "amount", "lowest", "highest", "raising_is_tighter", "lowering_is_tighter"),
    "trade": ("Fill", "position_after", "quote_delta", "fee"),
    "unseen": ("Unseen", "lost", "lendable"),
    "venue_losses": ("VenueLosses", "lost", "cap"),
    "volatility": ("SmilePoint", "vol", "slope", "forward"),
}


@dataclass(frozen=True)
class Words:
    """What a source says about a struct or an event, and about each of its fields."""

    owner: str
    fields: tuple[str, ...]
    about: str
    each: Mapping[str, str]


@dataclass
class Record:
    """A dataclass to be written: a struct, or several results."""

    name: str
    types: dict[str, Any]
    words: Words | None = None


@dataclass
class Model:
    """All records, each once, in the order in which they are needed."""

    glossary: Mapping[str, Sequence[Words]]
    records: dict[str, Record] = field(default_factory=dict[str, Record])

    def struct(self, kind: StructT) -> str:
        """The class of a Vyper struct. One that shares its name with another, differing struct is
        called after its owner as well."""
        rivals = {w.fields for w in self.glossary.get(kind.name, ())}
        words = self.words(kind.name, kind.members)
        name = kind.name if words is None or len(rivals) < 2 else words.owner + kind.name
        return self._add(Record(name, dict(kind.members), words))

    def results(self, function: str, kind: TupleT) -> str:
        """The class of several results. Raises SystemExit where nobody has named them."""
        known = RESULTS.get(function, ())
        types = kind.member_types
        if len(known) != len(types) + 1:
            raise SystemExit(f"{function} has {len(types)} results: name them in RESULTS")
        return self._add(Record(known[0], dict(zip(known[1:], types, strict=True))))

    def words(self, name: str, members: Mapping[str, Any]) -> Words | None:
        """What the sources say about a struct or an event."""
        fields = tuple(members)
        return next((w for w in self.glossary.get(name, ()) if w.fields == fields), None)

    def _add(self, record: Record) -> str:
        spelled = {name: self.python(kind) for name, kind in record.types.items()}
        before = self.records.setdefault(record.name, record)
        if spelled != {name: self.python(kind) for name, kind in before.types.items()}:
            raise SystemExit(f"two different things are called {record.name}: rename one")
        return record.name

    # ---- types
    def python(self, kind: Any) -> str:
        """The Python type of what comes out."""
        if isinstance(kind, StructT):
            return self.struct(kind)
        if isinstance(kind, ARRAYS):
            return f"tuple[{self.python(kind.value_type)}, ...]"
        return _scalar(kind)

    def taken(self, kind: Any) -> str:
        """The Python type of what goes in."""
        if isinstance(kind, ARRAYS):
            return f"Sequence[{self.taken(kind.value_type)}]"
        python = self.python(kind)
        return "Address" if isinstance(kind, ADDRESSES) else python

    def read(self, kind: Any, raw: str) -> str:
        """The expression that makes it from what the ABI's decoder gives inside a tuple."""
        if isinstance(kind, StructT):
            return f"{self.struct(kind)}.decode({raw})"
        if isinstance(kind, ADDRESSES):
            return f"checksum({raw})"
        if isinstance(kind, ARRAYS):
            each = self.read(kind.value_type, "each")
            return raw if each == "each" else f"tuple([{each} for each in {raw}])"
        return raw


def _scalar(kind: Any) -> str:
    if isinstance(kind, (*ADDRESSES, StringT)):
        return "str"
    if isinstance(kind, BoolT):
        return "bool"
    if isinstance(kind, IntegerT):
        return "int"
    if isinstance(kind, (BytesM_T, BytesT)):
        return "bytes"
    raise SystemExit(f"no Python type is known for {kind}: add it to scripts/binding_model.py")


# ---- what sources say
_BLOCK = re.compile(r"^((?:#.*\n)*)(?:struct|event) (\w+):\n((?:    .*\n)+)", re.MULTILINE)
_FIELD = re.compile(r"^    (\w+): [^#]*?(?:  # (.*))?$", re.MULTILINE)


def glossary(sources: Iterable[Path]) -> dict[str, list[Words]]:
    """Structs and events by name, with their comments."""
    found: dict[str, list[Words]] = {}
    for path in sorted(sources):
        for about, name, body in _BLOCK.findall(path.read_text()):
            each = dict(_FIELD.findall(body))
            prose = " ".join(line.lstrip("# ") for line in about.splitlines())
            found.setdefault(name, []).append(Words(title(path), tuple(each), prose, each))
    return found


def title(path: Path) -> str:
    """Market for Market.vy, HedgeVenue for IHedgeVenue.vyi."""
    return path.stem.removeprefix("I") if path.suffix == ".vyi" else path.stem


def notice_of(function: Any) -> str:
    """What a function does, else what it returns; "" for a getter."""
    node = function.decl_node
    if getattr(node, "full_source_code", None) is None:
        return ""
    if getattr(node, "doc_string", None):
        return _natspec(node.doc_string.value)
    above: list[str] = []
    for line in reversed(node.full_source_code.splitlines()[: node.lineno - 1]):
        if not line.startswith(("#", "@")):
            break
        above.insert(0, line.lstrip("# ") if line.startswith("#") else "")
    return _natspec("\n".join(above))


def notice_of_contract(module: Any, path: Path) -> str:
    """What a contract is for."""
    if getattr(module, "doc_string", None):
        text = module.doc_string.value
    else:
        lines = path.read_text().splitlines()
        text = "\n".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    return _natspec(text) or f"`{path.name}`."


def _natspec(text: str) -> str:
    """The notice, else the first return, as one paragraph."""
    for tag in ("@notice ", "@return "):
        if tag in text:
            return " ".join(re.split(r"@\w+", text.split(tag, 1)[1])[0].split())
    return ""
