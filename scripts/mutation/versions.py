"""What a mutant makes of each source that it changes: its own, what is written out of the library, and,
for a constant, every source that uses it.

A constant cannot be chosen at run time, its uses can: a second one is declared beside it, with the
mutant's value, and so for what is computed of it; the version uses the second ones.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vyper.ast import nodes as vy
from vyper.exceptions import VyperException

from mutation.mutants import Mutant
from mutation.schemata import Unswitchable
from mutation.trees import named, parsed, shape, source_of, span_of

LIBRARY = "lib/"
WRITTEN_OUT = "lib/inlined.vy"


class NoContract(Exception):
    """The parser, or what writes the library out, does not take it."""


def versions_of(contracts: Path, mutant: Mutant, number: int) -> dict[str, str]:
    """Path under contracts/ -> that source with the mutant. Raises Unswitchable and NoContract."""
    changed = mutant.applied((contracts / mutant.file).read_text())
    try:
        constants = _constants(contracts, mutant)
    except VyperException as error:
        raise NoContract from error
    if constants:
        return _Constants(contracts, mutant.file, changed, number).with_second(constants)
    versions = {mutant.file: changed}
    if mutant.file.startswith(LIBRARY):
        versions[WRITTEN_OUT] = _written_out(contracts / LIBRARY, Path(mutant.file).name, changed)
    return versions


def is_declared(contracts: Path, mutant: Mutant) -> bool:
    """Whether it is a constant's value that it changes."""
    return bool(_constants(contracts, mutant))


def _constants(contracts: Path, mutant: Mutant) -> list[str]:
    original = (contracts / mutant.file).read_text()
    before, after = named(original), named(mutant.applied(original))
    return [
        node.target.id
        for name, node in after.items()
        if name in before
        and isinstance(node, vy.VariableDecl)
        and shape(node) != shape(before[name])
    ]


def _written_out(library: Path, name: str, changed: str) -> str:
    """The library's hot functions with their calls written out, from the library with this source."""
    from scripts import inline_vyper
    from scripts.inliner.text import InlineError

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "lib"
        shutil.copytree(library, copy)
        (copy / name).write_text(changed)
        try:
            return inline_vyper.generate(copy, formatted=False)
        except (InlineError, SyntaxError) as error:
            raise NoContract from error


class _Constants:
    """Which constants of which sources a mutant's one changes, and where they are used."""

    def __init__(self, contracts: Path, file: str, changed: str, number: int) -> None:
        from tandem.engine.artifacts import IMPORT

        self.texts = {
            str(path.relative_to(contracts)): path.read_text()
            for path in sorted(contracts.rglob("*.vy"))
        }
        self.originals = dict(self.texts)
        self.texts[file] = changed
        self.file, self.suffix = file, f"__{number}"
        self.names: dict[str, set[str]] = defaultdict(set)
        self.imported: dict[str, dict[str, str]] = defaultdict(dict)
        for place, text in self.texts.items():
            for dots, room, name in IMPORT.findall(text):
                folder = (contracts / place).parents[len(dots) - 1].joinpath(*room.split("."))
                source = folder / f"{name}.vy"
                if source.is_file():
                    self.imported[place][name] = str(source.relative_to(contracts))

    def with_second(self, constants: list[str]) -> dict[str, str]:
        self.names[self.file] |= set(constants)
        known = -1
        while known != (known := sum(map(len, self.names.values()))):
            for file in self.texts:
                self._spread(file)
        return {file: text for file in self.texts if (text := self._text(file)) is not None}

    def _spread(self, file: str) -> None:
        """What a source computes of them is one of them."""
        for node in parsed(self.texts[file]).body:
            if isinstance(node, vy.FunctionDef) or not any(self._uses(file, node)):
                continue
            if not isinstance(node, vy.VariableDecl) or not node.is_constant or node.is_public:
                raise Unswitchable(f"{file}: {source_of(node)}")
            self.names[file].add(node.target.id)

    def _uses(self, file: str, node: Any) -> Iterator[Any]:
        modules = self.imported[file]
        for use in node.get_descendants((vy.Name, vy.Attribute)):
            if isinstance(use, vy.Name):
                if use.id in self.names[file] and not isinstance(use.get_ancestor(), vy.Attribute):
                    yield use
            elif use.attr in self.names.get(modules.get(getattr(use.value, "id", ""), ""), ()):
                yield use

    def _text(self, file: str) -> str | None:
        """The source with the second ones used and declared; None where it uses none."""
        text = self.texts[file]
        ends = {
            span_of(text, use)[1] for node in parsed(text).body for use in self._uses(file, node)
        }
        if not ends:
            return None
        at, parts = 0, []
        for end in sorted(ends):
            parts += [text[at:end], self.suffix]
            at = end
        before = named(self.originals[file])
        first = [source_of(before[f"VariableDecl {name}"]) for name in sorted(self.names[file])]
        return "\n".join(["".join([*parts, text[at:]]), *first, ""])
