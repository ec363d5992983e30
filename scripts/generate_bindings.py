"""Write tandem/protocol/bindings: a typed class per contract, a dataclass per struct and event.

    python -m scripts.generate_bindings            # write (make bindings)
    python -m scripts.generate_bindings --check    # exit with 1 where a file is stale

A view's method returns what it reads; any other function's a `Prepared`, to be sent, tried or
relayed. What the sources say comes from `scripts/binding_model.py`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from vyper.compiler.input_bundle import FilesystemInputBundle
from vyper.compiler.phases import CompilerData
from vyper.semantics.types import StructT, TupleT

from scripts.binding_model import (
    HASHED,
    Model,
    Record,
    Words,
    glossary,
    notice_of,
    notice_of_contract,
    title,
)
from scripts.generated import stale, write
from tandem.engine.bound import Bound

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "tandem" / "protocol" / "bindings"
PACKAGE = "tandem.protocol.bindings"
# Whoever trades on a venue knows its interface; the mocks are what local chains have.
SOURCES = (
    "Bounty.vy",
    "Breaker.vy",
    "Guardian.vy",
    "HedgeRouter.vy",
    "Lens.vy",
    "MarginDesk.vy",
    "Market.vy",
    "OptionToken.vy",
    "Risk.vy",
    "StressTest.vy",
    "Underwriter.vy",
    "Vault.vy",
    "VenueLens.vy",
    "VolSurface.vy",
    "oracles/ChainlinkSpot.vy",
    "oracles/EtherSpot.vy",
    "VenueSet.vy",
    "interfaces/IHedgeVenue.vyi",
    "mocks/DataFees.vy",
    "mocks/PriceFeed.vy",
    "mocks/USDC.vy",
)
# struct -> what can be asked of it, written by hand.
VIEWS = {"Expiry": "ExpiryView", "Snapshot": "SnapshotView"}
VIEWS_MODULE = "tandem.protocol.views"
RESERVED = {name for name in dir(Bound) if not name.startswith("__")}
MARK = "Generated from the sources by `make bindings`: do not edit."
WIDTH = 100
RULES = ("F401", "I")
"""Take out what is not used, then sort."""


# ---- writing
def _docstring(text: str, indent: str) -> list[str]:
    wrapped = textwrap.wrap(f'"""{text}"""', WIDTH - len(indent))
    return [indent + line for line in wrapped]


def _sentence(words: str) -> str:
    """A comment as a sentence; symbols keep their case."""
    first = re.match(r"[a-z]{2,}\b", words)
    return (words[0].upper() + words[1:] if first else words) + "."


def _fields(model: Model, types: Mapping[str, Any], words: Words | None) -> Iterator[str]:
    for name, kind in types.items():
        about = words.each.get(name, "") if words else ""
        yield f"    {name}: {model.python(kind)}"
        if about:
            yield from _docstring(_sentence(about), "    ")


def _record(model: Model, record: Record) -> Iterator[str]:
    view = VIEWS.get(record.name)
    yield "@dataclass(frozen=True, slots=True)"
    yield f"class {record.name}({view + ', ' if view else ''}Struct):"
    if record.words and record.words.about:
        yield from _docstring(record.words.about, "    ")
    yield from _fields(model, record.types, record.words)
    reads = [model.read(kind, f"raw[{i}]") for i, kind in enumerate(record.types.values())]
    inner = [(i, read) for i, read in enumerate(reads) if read != f"raw[{i}]"]
    if inner:
        yield "    @classmethod"
        yield "    def decode(cls, raw: Sequence[Any]) -> Self:"
        yield "        values = list(raw)"
        yield from (f"        values[{i}] = {read}" for i, read in inner)
        yield "        return cls(*values)"


def structs(model: Model) -> str:
    """The module of all records."""
    lines = [
        f'"""What the contracts hand out. {MARK}"""',
        "from __future__ import annotations",
        "from collections.abc import Sequence",
        "from dataclasses import dataclass",
        "from typing import Any, Self",
        "from tandem.engine.abi import Struct, checksum",
        f"from {VIEWS_MODULE} import {', '.join(VIEWS.values())}",
    ]
    for record in model.records.values():
        lines += ["", *_record(model, record)]
    return "\n".join(lines) + "\n"


def _abi_line(entry: Mapping[str, Any]) -> str:
    """An entry of a JSON ABI in words, as `Abi.spelled` reads them."""
    inputs = ",".join(
        " ".join((_spelled(part), *(["indexed"] if part.get("indexed") else []), part["name"]))
        for part in entry["inputs"]
    )
    line = f"{' '.join(filter(None, (entry['type'], entry.get('name'))))}({inputs})"
    if entry.get("stateMutability") in ("view", "pure"):
        line += f" {entry['stateMutability']}"
    outputs = ",".join(_spelled(part) for part in entry.get("outputs", ()))
    return f"{line} returns ({outputs})" if outputs else line


def _spelled(part: Mapping[str, Any]) -> str:
    kind: str = part["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(map(_spelled, part['components']))}){kind[5:]}"


def _event(model: Model, event: Any) -> Iterator[str]:
    yield "@dataclass(frozen=True, slots=True)"
    yield f"class {event.name}(Log):"
    words = model.words(event.name, event.arguments)
    yield from _docstring(words.about, "    ") if words and words.about else ()
    yield f'    TYPE: ClassVar[EventType] = ABI.event("{event.name}")'
    for kind, is_indexed in zip(event.arguments.values(), event.indexed, strict=True):
        if isinstance(kind, StructT) or (is_indexed and isinstance(kind, HASHED)):
            raise SystemExit(f"event {event.name}: {kind} is no plain field of an event")
    yield from _fields(model, event.arguments, words)


def _method(model: Model, function: Any) -> Iterator[str]:
    """One function: a view returns its value, anything else a `Prepared`."""
    if function.name in RESERVED:
        raise SystemExit(f"{function.name} would hide Bound.{function.name}: rename the function")
    kind, about = function.return_type, notice_of(function)
    if isinstance(kind, TupleT):
        result = model.results(function.name, kind)
    else:
        result = "None" if kind is None else model.python(kind)
    passed = ", ".join((f'"{function.name}"', *_passed(function)))
    is_view = function.mutability.value in ("view", "pure")
    shown = result if is_view else f"Prepared[{result}]"
    yield f"    def {function.name}({', '.join(_parameters(model, function))}) -> {shown}:"
    yield from _docstring(about, "        ") if about else ()
    if is_view:
        yield f"        return {_read(model, kind, result, f'self.call({passed})')}"
        return
    read = _read(model, kind, result, "raw")
    short = read.removesuffix("(raw)") if read.count("raw") == 1 else f"lambda raw: {read}"
    yield f"        return self._prepare({passed}{'' if read == 'raw' else f', read={short}'})"


def _read(model: Model, kind: Any, result: str, raw: str) -> str:
    """The expression that makes a function's result; the decoder has seen to plain values."""
    if isinstance(kind, TupleT):
        return f"{result}.decode({raw})"
    read = model.read(kind, raw)
    return raw if "checksum(" in read else read


def _parameters(model: Model, function: Any) -> Iterator[str]:
    """Arguments of a getter have no names, and go by their place."""
    yield "self"
    first_optional = len(function.positional_args)
    for place, argument in enumerate(function.arguments):
        default = " | None = None" if place >= first_optional else ""
        yield f"{argument.name}: {model.taken(argument.typ)}{default}"
    if function.arguments and function.arguments[0].name == "arg0":
        yield "/"


def _passed(function: Any) -> Sequence[str]:
    names = [argument.name for argument in function.arguments]
    return [f"*given({', '.join(names)})"] if function.keyword_args else names


def contract(model: Model, path: Path) -> str:
    """The module of one contract, or of an interface. It imports all that it may need: what it
    does not, ruff takes out."""
    files = FilesystemInputBundle([ROOT, path.parent])
    module = CompilerData(files.load_file(path), input_bundle=files).annotated_vyper_module
    kind = module._metadata["type"]  # noqa: SLF001
    functions = kind.exposed_functions or list(kind.functions.values())
    entries = kind.interface.to_toplevel_abi_dict()
    if kind.init_function is not None:
        entries = [*kind.init_function.to_toplevel_abi_dict(), *entries]
    name = title(path)
    methods = [line for each in functions for line in ("", *_method(model, each))]
    events = [line for event in kind.used_events for line in ("", *_event(model, event))]
    return "\n".join(
        [
            f'"""{name}, as its ABI has it. {MARK}"""',
            "from __future__ import annotations",
            "from collections.abc import Sequence",
            "from dataclasses import dataclass",
            "from typing import ClassVar",
            "from tandem.engine.abi import Abi, EventType",
            "from tandem.engine.bound import Address, Bound, Log, Prepared, given",
            f"from {PACKAGE}.structs import {', '.join(model.records)}" if model.records else "",
            "ABI = Abi.spelled(",
            *sorted({f'    "{_abi_line(e)}",' for e in entries}),
            ")",
            *events,
            f"class {name}(Bound):",
            *_docstring(notice_of_contract(module, path), "    "),
            "    ABI = ABI",
            *methods,
        ]
    )


def file_of(path: Path) -> str:
    """market.py for Market.vy, hedge_venue.py for IHedgeVenue.vyi."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", title(path))
    return f"{words.lower()}.py"


def generate(sources: Sequence[Path], known: Iterable[Path]) -> dict[str, str]:
    """File name -> its text, not yet formatted."""
    model = Model(glossary(known))
    texts = {file_of(path): contract(model, path) for path in sources}
    return texts | {"structs.py": structs(model)}


def formatted(texts: Mapping[str, str]) -> dict[str, str]:
    """As ruff lays them out."""
    done: dict[str, str] = {}
    for name, text in texts.items():
        path = str(OUT / name)
        for command in (*(["check", "--fix-only", "--select", rule] for rule in RULES), ["format"]):
            ran = subprocess.run(
                [sys.executable, "-m", "ruff", *command, "--stdin-filename", path, "-"],
                input=text, capture_output=True, text=True, check=True,
            )  # fmt: skip
            text = ran.stdout
        done[name] = text
    return done


@cache
def bindings() -> dict[str, str]:
    """Each file's text by its name, from the sources as they are."""
    contracts = ROOT / "contracts"
    known = [*contracts.rglob("*.vy"), *contracts.rglob("*.vyi")]
    return formatted(generate([contracts / name for name in SOURCES], known))


def main(arguments: Sequence[str], out: Path = OUT) -> int:
    texts = bindings()
    names = stale(texts, (path for path in out.glob("*.py") if path.stem != "__init__"))
    if "--check" in arguments:
        for name in names:
            print(f"bindings/{name} is stale: run `make bindings`")
        return int(bool(names))
    write(texts, names, out)
    print(f"{len(texts)} bindings, {len(names)} of them changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
