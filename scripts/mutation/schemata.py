"""Many mutants in one source, each behind a switch: what stands there while `block.difficulty` is its
number, which no contract reads. With 0, or any other number, the source is what it was.

Both versions are parsed; at the smallest expression in which they differ stands `(new if … else old)`,
where no expression can be chosen a statement or a whole block is: `if …: new else: old`. That a source so
written gives each mutant, and itself without one, is shown by its tree (`shape` under a number).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from vyper.ast import nodes as vy

from mutation.trees import SWITCH, fields, lines_of, named, shape, source_of, span_of

# Where a node has an expression that names something and has no value of its own. The iterated and what
# a call, a log and an assignment are made on are passed through: their arguments have values.
NAMES = {
    (vy.Call, "func"), (vy.Attribute, "value"), (vy.Subscript, "value"), (vy.AnnAssign, "annotation"),
    (vy.AnnAssign, "target"), (vy.Assign, "target"), (vy.AugAssign, "target"), (vy.For, "target"),
    (vy.For, "iter"), (vy.ExtCall, "value"), (vy.StaticCall, "value"), (vy.Log, "value"),
    (vy.Expr, "value"), (vy.Assert, "msg"), (vy.Raise, "exc"),
}  # fmt: skip
BLOCKS = ("body", "orelse")
Versions: TypeAlias = Mapping[int, Any]


class Unswitchable(Exception):
    """A difference that cannot be chosen at run time: a declaration, a signature, an array's length."""


class _Reader:
    """One source: where its nodes stand, and what they differ in from other versions."""

    def __init__(self, text: str, coarse: frozenset[int]) -> None:
        self.text, self.coarse = text, coarse

    def span(self, node: Any) -> tuple[int, int]:
        return span_of(self.text, node)

    def pairs(self, one: Any, other: Any) -> list[tuple[str, Any, Any]] | None:
        """Their children, field by field, a block as a whole; None where more than these differs."""
        if type(one) is not type(other):
            return None
        found: list[tuple[str, Any, Any]] = []
        for (field, a), (_, b) in zip(fields(one), fields(other), strict=True):
            if isinstance(a, list) and field in BLOCKS and isinstance(one, vy.If | vy.For):
                if bool(a) != bool(b):
                    return None
                found += [(field, a, b)] if a else []
            elif isinstance(a, list):
                if len(a) != len(b):
                    return None
                found += [(field, x, y) for x, y in zip(a, b, strict=True)]
            elif isinstance(a, vy.VyperNode) and isinstance(b, vy.VyperNode):
                found.append((field, a, b))
            elif a != b:
                return None
        return found

    def below(self, one: Any, other: Any, number: int) -> bool:
        """Whether all that differs can be chosen inside of a node, without the whole of it."""
        pairs = self.pairs(one, other)
        return pairs is not None and all(
            isinstance(a, list)
            or shape(a) == shape(b)
            or self.valued(one, field, a, b, number)
            or self.below(a, b, number)
            for field, a, b in pairs
        )

    def valued(self, node: Any, field: str, one: Any, other: Any, number: int) -> bool:
        """Whether an expression can be chosen in the place of this one."""
        named_here = (type(node), field) in NAMES
        return number not in self.coarse and not named_here and _valued(one) and _valued(other)

    def expression(self, node: Any, versions: Versions) -> str:
        """A node's text, with every version that differs chosen in it."""
        if isinstance(node, list):
            return self.block(node, versions)
        apart = {n: o for n, o in versions.items() if shape(node) != shape(o)}
        inside = {n: o for n, o in apart.items() if self.below(node, o, n)}
        text = self.spliced(node, inside)
        for n, other in apart.items():
            if n not in inside:
                text = f"(({source_of(other)}) if {SWITCH} == {n} else {text})"
        return text

    def spliced(self, node: Any, versions: Versions) -> str:
        """A node's text with what differs inside of it chosen there."""
        edits: list[tuple[int, int, str]] = []
        children: dict[int, tuple[Any, dict[int, Any]]] = {}
        for n, other in versions.items():
            for place, (_, a, b) in enumerate(self.pairs(node, other) or ()):
                if shape(a) != shape(b):
                    children.setdefault(place, (a, {}))[1][n] = b
        for child, others in children.values():
            ends = (child[0], child[-1]) if isinstance(child, list) else (child, child)
            start, end = self.span(ends[0])[0], self.span(ends[1])[1]
            edits.append((start, end, self.expression(child, others)))
        start, end = self.span(node)
        return _edited(self.text, start, end, edits)

    def block(self, nodes: list[Any], versions: Versions) -> str:
        """Statements one by one; as a whole where there are more of them, or fewer, or declarations."""
        whole = {n: o for n, o in versions.items() if not self.aligned(nodes, o, n)}
        edits = []
        for place, node in enumerate(nodes):
            others = {n: o[place] for n, o in versions.items() if n not in whole}
            others = {n: o for n, o in others.items() if shape(o) != shape(node)}
            if others:
                edits.append((*self.span(node), self.statement(node, others)))
        start, end = self.span(nodes[0])[0], self.span(nodes[-1])[1]
        return self.chosen(nodes[0], _edited(self.text, start, end, edits), whole)

    def aligned(self, nodes: list[Any], others: list[Any], number: int) -> bool:
        return len(nodes) == len(others) and all(
            shape(a) == shape(b)
            or self.below(a, b, number)
            or not (
                isinstance(a, vy.AnnAssign)
                or isinstance(b, vy.AnnAssign)
                or source_of(a).startswith("elif")
            )
            for a, b in zip(nodes, others, strict=True)
        )

    def statement(self, node: Any, versions: Versions) -> str:
        inside = {n: o for n, o in versions.items() if self.below(node, o, n)}
        apart = {n: [o] for n, o in versions.items() if n not in inside}
        return self.chosen(node, self.spliced(node, inside), apart)

    def chosen(self, first: Any, text: str, versions: Versions) -> str:
        """Statements, or others where their number is on."""
        if not versions:
            return text
        indent = " " * first.col_offset
        parts = []
        for n, others in versions.items():
            if others[0].col_offset != first.col_offset or source_of(first).startswith("elif"):
                raise Unswitchable(n)
            parts.append(f"if {SWITCH} == {n}:\n{_deeper(lines_of(others))}")
        return f"\n{indent}el".join(parts) + f"\n{indent}else:\n{_deeper(indent + text)}"


def _valued(node: Any) -> bool:
    return isinstance(node, vy.ExprNode) and not isinstance(node, vy.Tuple)


def _deeper(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _edited(text: str, start: int, end: int, edits: list[tuple[int, int, str]]) -> str:
    parts, at = [], start
    for first, last, new in sorted(edits):
        parts += [text[at:first], new]
        at = last
    return "".join([*parts, text[at:end]])


def switched(text: str, versions: Mapping[int, str], coarse: frozenset[int] = frozenset()) -> str:
    """The source with all of these in it. coarse: whose expressions are not chosen, but whole statements.
    Raises Unswitchable with the number of one that does not go."""
    reader, edits, added = _Reader(text, coarse), [], []
    original = named(text)
    bodies: dict[str, dict[int, Any]] = {}
    for number, version in versions.items():
        others = named(version)
        if original.keys() - others.keys():
            raise Unswitchable(number)
        for name, other in others.items():
            node = original.get(name)
            if node is None:
                added.append(source_of(other))
            elif shape(node) != shape(other):
                if not isinstance(node, vy.FunctionDef) or not _same_head(node, other):
                    raise Unswitchable(number)
                bodies.setdefault(name, {})[number] = other.body
    for name, others in bodies.items():
        body = original[name].body
        start, end = reader.span(body[0])[0], reader.span(body[-1])[1]
        edits.append((start, end, reader.block(body, others)))
    done = _edited(text, 0, len(text), edits) + "".join(f"\n{line}\n" for line in added)
    for number in _unlike(done, text, versions):
        raise Unswitchable(number)
    return done


def _same_head(one: Any, other: Any) -> bool:
    return all(shape(a) == shape(getattr(other, f)) for f, a in fields(one) if f != "body")


def _unlike(done: str, text: str, versions: Mapping[int, str]) -> Iterator[int]:
    """Numbers under which it is not what it should be: the proof of what was written."""
    tree = named(done)
    for number, version in {0: text, **versions}.items():
        wanted = named(version)
        if any(shape(node) != shape(tree.get(name), number) for name, node in wanted.items()):
            yield number
