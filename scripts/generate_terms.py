"""Write what is said of the protocol's parameters wherever it is said, from the one table of them.

    python scripts/generate_terms.py            # write
    python scripts/generate_terms.py --check    # write nothing; exit 1 where a file is behind

The table is contracts/terms.toml. Each target keeps its own text; only what lies between two marks
is replaced.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path("contracts/terms.toml")
BEGIN, END = "generated from contracts/terms.toml", "end of what is generated"
PLACES = 16  # fields of a word
MOST = 2**16 - 1  # what a field holds
LINE = 100
TIGHTER = ("set", "up", "down", "none")
WORDS = ("terms", "limits")  # in the order of their indices


class TableError(Exception):
    """The table contradicts itself, or a target lacks its marks."""


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter. index: its place over all words; the rest as in the table's head."""

    index: int
    name: str
    default: int
    least: int
    most: int
    unit: str
    tighter: str
    why: str


def read(text: str) -> list[Field]:
    """The fields of a table, by index. Raises TableError, naming the field and what is wrong."""
    raw = tomllib.loads(text)
    if tuple(raw) != WORDS:
        raise TableError(f"the words are {', '.join(WORDS)}, in this order")
    fields: list[Field] = []
    for number, word in enumerate(WORDS):
        if len(raw[word]) > PLACES:
            raise TableError(f"{word} has {len(raw[word])} fields; a word holds {PLACES}")
        for place, (name, row) in enumerate(raw[word].items()):
            fields.append(_field(PLACES * number + place, name, row))
    if len({f.name for f in fields}) != len(fields):
        raise TableError("two fields share a name")
    return fields


def _field(index: int, name: str, row: dict[str, object]) -> Field:
    try:
        field = Field(index, name, **row)  # pyright: ignore[reportArgumentType]
    except TypeError as error:
        raise TableError(f"{name}: {error}") from error
    if not 0 <= field.least <= field.default <= field.most <= MOST:
        raise TableError(f"{name}: least <= default <= most inside 0 and {MOST} does not hold")
    if field.tighter not in TIGHTER:
        raise TableError(f"{name}: tighter is one of {', '.join(TIGHTER)}")
    if (field.tighter == "set") != (index == 0):
        raise TableError(f"{name}: the first field is the flags, and no other is set by a pause")
    return field


# ---------------------------------------------------------------- what is written


def vyper(fields: list[Field]) -> str:
    """The constants of lib/terms.vy."""
    lines = [f"{f.name.upper()}: constant(uint256) = {f.index}  # {f.unit}" for f in fields]
    lines += [
        "",
        "# Bit i: field i exists; raising it, or lowering it, makes the system tighter.",
        _sum("FIELDS", [_bit(f) for f in fields]),
        _sum("TIGHTER_UP", [_bit(f) for f in fields if f.tighter == "up"]),
        _sum("TIGHTER_DOWN", [_bit(f) for f in fields if f.tighter == "down"]),
        "",
        "# The least and the most that each field may ever be, laid out as the words.",
    ]
    for name, bound in (("LOWEST", "least"), ("HIGHEST", "most")):
        for number, word in enumerate(WORDS):
            inside = [f for f in fields if f.index // PLACES == number and getattr(f, bound)]
            parts = [f"({getattr(f, bound):_} << {_shift(f)})" for f in inside]
            lines.append(_sum(f"{name}_{word.upper()}", parts))
        both = ", ".join(f"{name}_{word.upper()}" for word in WORDS)
        lines.append(f"{name}: constant(uint256[WORDS]) = [{both}]")
    return "\n".join(lines)


def _bit(field: Field) -> str:
    return f"(1 << {field.name.upper()})"


def _shift(field: Field) -> str:
    return f"(16 * ({field.name.upper()} % 16))"


def _sum(name: str, parts: list[str]) -> str:
    """A constant of several parts, as the formatter would write it."""
    head = f"{name}: constant(uint256) = "
    if not parts:
        return f"{head}0"
    if len(parts) == 1:
        return head + parts[0]
    flat = f"{head}({' | '.join(parts)})"
    if len(flat) <= LINE:
        return flat
    inner = f"    {' | '.join(parts)}"
    if len(inner) <= LINE:
        return f"{head}(\n{inner}\n)"
    return "\n".join([head + "(", f"    {parts[0]}", *(f"    | {p}" for p in parts[1:]), ")"])


def python(fields: list[Field]) -> str:
    """The fields of tandem/protocol/terms.py."""
    rows = [
        f'    "{f.name}": Field({f.index}, {f.default:_}, {f.least:_}, {f.most:_}, '
        f'"{f.unit}", "{f.tighter}"),'
        for f in fields
    ]
    words = ", ".join(f'"{word}"' for word in WORDS)
    head = f"WORDS = ({words})"
    return "\n".join([head, "", "FIELDS: Mapping[str, Field] = {", *rows, "}  # fmt: skip"])


def markdown(fields: list[Field]) -> str:
    """The table of docs/protocol.md."""
    lines = [
        "| | parameter | default | bounds | unit | at once | why |",
        "|---|---|---|---|---|---|---|",
    ]
    for f in fields:
        at_once = {"set": "set", "up": "raised", "down": "lowered", "none": "–"}[f.tighter]
        bounds = f"{f.least:,} – {f.most:,}"
        row = (str(f.index), f"`{f.name}`", f"{f.default:,}", bounds, f.unit, at_once, f.why)
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


TARGETS: dict[str, Callable[[list[Field]], str]] = {
    "contracts/lib/terms.vy": vyper,
    "tandem/protocol/terms.py": python,
    "docs/protocol.md": markdown,
}


def splice(text: str, body: str, begin: str = BEGIN, end: str = END) -> str:
    """`text` with `body` between its two marks. Raises TableError where it lacks one."""
    lines = text.split("\n")
    begins = [i for i, line in enumerate(lines) if begin in line]
    ends = [i for i, line in enumerate(lines) if end in line]
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        raise TableError(f"one line with {begin!r} and behind it one with {end!r} are needed")
    return "\n".join([*lines[: begins[0] + 1], "", *body.split("\n"), "", *lines[ends[0] :]])


def behind(root: Path, *, write: bool) -> list[str]:
    """The targets that do not say what the table says; written anew where asked for."""
    fields = read((root / TABLE).read_text())
    found: list[str] = []
    for name, render in TARGETS.items():
        file = root / name
        before = file.read_text()
        after = splice(before, render(fields))
        if after != before:
            found.append(name)
            if write:
                file.write_text(after)
    return found


def main(arguments: list[str], root: Path = ROOT) -> int:
    check = arguments == ["--check"]
    if arguments and not check:
        print(__doc__)
        return 2
    try:
        found = behind(root, write=not check)
    except TableError as error:
        print(f"{TABLE}: {error}")
        return 1
    for name in found:
        print(f"{name}: run scripts/generate_terms.py" if check else f"{name}: written")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
