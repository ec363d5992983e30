"""The contracts as their parser reads them: functions, constants, structs and imports by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from vyper.ast import parse_to_ast

CONTRACTS = Path(__file__).resolve().parents[1] / "contracts"


@dataclass(frozen=True)
class Module:
    """One source. name: its path under contracts/ without the ending."""

    name: str
    text: str
    root: Path

    @cached_property
    def tree(self) -> Any:
        return parse_to_ast(self.text)

    def _named(self, kind: str) -> dict[str, Any]:
        return {n.name: n for n in self.tree.body if type(n).__name__ == kind}

    @cached_property
    def functions(self) -> Mapping[str, Any]:
        return self._named("FunctionDef")

    @cached_property
    def structs(self) -> Mapping[str, Mapping[str, Any]]:
        """Struct -> field -> annotation."""
        return {
            name: {f.target.id: f.annotation for f in node.body}
            for name, node in self._named("StructDef").items()
        }

    @cached_property
    def variables(self) -> Mapping[str, Any]:
        """Constants, immutables and storage, as declared."""
        return {n.target.id: n for n in self.tree.body if type(n).__name__ == "VariableDecl"}

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """What a name stands for: the path of another source."""
        found: dict[str, str] = {}
        here = Path(self.name).parent
        for node in self.tree.body:
            if type(node).__name__ != "ImportFrom" or node.level == 0:
                continue
            base = here
            for _ in range(node.level - 1):
                base = base.parent
            path = base / (node.module or "").replace(".", "/") / node.name
            found[node.alias or node.name] = str(path)
        return found


@dataclass(frozen=True)
class Sources:
    """All of them. changed: other texts for some files, as in a copy that is broken on purpose."""

    root: Path = CONTRACTS
    changed: Mapping[str, str] = field(default_factory=dict)
    _read: dict[str, Module] = field(default_factory=dict)

    def module(self, name: str) -> Module:
        if name not in self._read:
            for ending in (".vy", ".vyi"):
                path = self.root / (name + ending)
                if path.exists():
                    text = self.changed.get(name + ending, path.read_text())
                    self._read[name] = Module(name, text, self.root)
                    break
            else:
                raise LookupError(f"no source contracts/{name}.vy")
        return self._read[name]

    def breaking(self, file: str, old: str, new: str) -> Sources:
        """The same with one passage replaced. Raises LookupError where it does not stand there once."""
        text = (self.root / file).read_text()
        if text.count(old) != 1:
            raise LookupError(f"{file} has {old!r} {text.count(old)} times, not once")
        return Sources(self.root, {**self.changed, file: text.replace(old, new)})
