"""The mutants of a Vyper source: one small thing changed, in code and never in comments or docstrings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. line: from 1; old, new: the whole line (or statement) before and after; nth: which
    of the changes of this file that read the same, from 0."""

    file: str
    line: int
    kind: str
    old: str
    new: str
    nth: int = 0

    @property
    def was(self) -> str:
        """What it changes, in one line."""
        return " ".join(self.old.split())

    @property
    def reads(self) -> str:
        """What stands there instead, in one line."""
        return " ".join(self.new.split())

    def applied(self, text: str) -> str:
        """The source with this change."""
        lines = text.splitlines(keepends=True)
        count = self.old.count("\n") + 1
        here = "".join(lines[self.line - 1 : self.line - 1 + count])
        if here.rstrip("\n") != self.old:
            raise ValueError(f"{self.file}:{self.line} no longer reads {self.old!r}")
        lines[self.line - 1 : self.line - 1 + count] = [self.new + "\n"]
        return "".join(lines)

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.kind}: {self.was}  ->  {self.reads}"


# What is written -> what is written instead, one at a time.
SWAPS: tuple[tuple[str, str, str], ...] = (
    ("comparison", " <= ", " < "),
    ("comparison", " < ", " <= "),
    ("comparison", " >= ", " > "),
    ("comparison", " > ", " >= "),
    ("comparison", " == ", " != "),
    ("comparison", " != ", " == "),
    ("operator", " + ", " - "),
    ("operator", " - ", " + "),
    ("operator", " * ", " // "),
    ("operator", " // ", " * "),
    ("operator", " % ", " // "),
    ("operator", " & ", " | "),
    ("operator", " | ", " & "),
    ("operator", " << ", " >> "),
    ("operator", " >> ", " << "),
    ("operator", " and ", " or "),
    ("operator", " or ", " and "),
    ("operator", "not ", ""),
    ("assignment", " += ", " = "),
    ("assignment", " += ", " -= "),
    ("assignment", " -= ", " += "),
    ("constant", "True", "False"),
    ("constant", "False", "True"),
    ("call", "min(", "max("),
    ("call", "max(", "min("),
)
NUMBER = re.compile(r"(?<![\w.\[])\d[\d_]*(?![\w\].])")
ARGUMENTS = re.compile(r"(\b[\w.]+\()([\w.\[\]]+), ([\w.\[\]]+)(?=[,)])")
# Statements that may be left out: checks, calls, events, changes of state.
DROPPED = re.compile(r"^\s+(assert |extcall |log |self\.\w+\(|\w+\._\w+\(|[\w.\[\]]+ [-+]?= )")
SKIPPED = re.compile(
    r"^\s*(#|@|from |import |implements|uses|initializes|exports|event |struct |interface )"
)
DECLARED = re.compile(r"^\s*(def |\w+: [\w\[\], ]+$|\w+: (public|immutable|HashMap))")


def code_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that hold code, with their numbers; what declares or documents is passed over."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        quotes = line.count('"""')
        if quotes or inside:
            inside = inside != (quotes % 2 == 1)
            continue
        if line.strip() and not SKIPPED.match(line) and not DECLARED.match(line):
            yield number, line


def _code(line: str) -> str:
    """The line without its comment, as long as it was: places stay."""
    place = line.find("  # ")
    return line if place < 0 else line[:place]


def _swapped(file: str, number: int, line: str) -> Iterator[Mutant]:
    code = _code(line)
    plain = re.sub(r'"[^"]*"', lambda m: '"' * len(m[0]), code)
    for kind, old, new in SWAPS:
        for found in re.finditer(re.escape(old), plain):
            start, end = found.span()
            if old[0].isalpha() and start and plain[start - 1].isalnum():
                continue
            yield Mutant(file, number, kind, line, line[:start] + new + line[end:])
    for found in NUMBER.finditer(plain):
        start, end = found.span()
        number_ = int(found[0].replace("_", ""))
        yield Mutant(file, number, "constant", line, f"{line[:start]}{number_ + 1}{line[end:]}")
    for found in ARGUMENTS.finditer(plain):
        call, first, second = found.groups()
        if first != second and call not in ("min(", "max("):
            new = f"{line[: found.start()]}{call}{second}, {first}{line[found.end() :]}"
            yield Mutant(file, number, "arguments", line, new)


def _statement(lines: list[str], number: int) -> str:
    """A statement from its first line to where its brackets close."""
    depth, taken = 0, []
    for line in lines[number - 1 :]:
        taken.append(line)
        code = re.sub(r'"[^"]*"', "", _code(line))
        depth += sum(code.count(c) for c in "([{") - sum(code.count(c) for c in ")]}")
        if depth <= 0:
            break
    return "\n".join(taken)


def mutants_of(file: str, text: str) -> list[Mutant]:
    """Every mutant of a source, in the order of its lines."""
    lines = text.splitlines()
    found: list[Mutant] = []
    for number, line in code_lines(text):
        found += _swapped(file, number, line)
        dropped = DROPPED.match(line)
        if dropped:
            whole = _statement(lines, number)
            indent = line[: len(line) - len(line.lstrip())]
            kind = "event" if dropped[1] == "log " else "dropped"
            found.append(Mutant(file, number, kind, whole, f"{indent}pass"))
    return list(_numbered(found))


def _numbered(found: list[Mutant]) -> Iterator[Mutant]:
    """The same, told apart where lines that read the same are changed in the same way."""
    seen: Counter[tuple[str, str]] = Counter()
    for mutant in found:
        yield replace(mutant, nth=seen[mutant.was, mutant.reads])
        seen[mutant.was, mutant.reads] += 1


def first_of_each(mutants: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """So many of every source, in the order of the sources given. Each source's own order is drawn by
    the seed and its name alone, so a larger count goes on where a smaller one ended."""
    files: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        files.setdefault(mutant.file, []).append(mutant)
    for file, found in files.items():
        Random(f"{seed} {file}").shuffle(found)
    return [mutant for found in files.values() for mutant in found[:count]]
