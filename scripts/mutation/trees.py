"""Vyper sources as trees: what is alike wherever it stands, and where in the text a node stands."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from io import StringIO
from itertools import accumulate
from token import NAME
from tokenize import generate_tokens
from typing import Any

import vyper.ast.parse as parser
from vyper.ast import nodes as vy
from vyper.ast.pre_parser import PreParser

SWITCH = "block.difficulty"
PLACES = frozenset({
    "lineno", "col_offset", "end_lineno", "end_col_offset", "node_id", "src", "full_source_code", "pos",
    "node_source_code", "ast_type", "doc_string", "path", "resolved_path", "source_id", "is_interface",
    "settings",
})  # fmt: skip
# By how much a keyword is longer than what Python's parser is given for it.
LONGER = {"staticcall": 5, "extcall": 2, "log": -2}


class _Ends(PreParser):
    """The compiler puts columns right where tokens begin; here, where they end, too."""

    def parse(self, code: str) -> None:
        super().parse(code)
        shifts: dict[int, int] = defaultdict(int)
        for token in generate_tokens(StringIO(code).readline):
            line, end = token.end
            if token.type == NAME and token.string in LONGER:
                shifts[line] += LONGER[token.string]
            self.adjustments.setdefault((line, end - shifts[line]), shifts[line])


@lru_cache(maxsize=512)
def parsed(text: str) -> vy.Module:
    """A source's tree."""
    before, parser.PreParser = parser.PreParser, _Ends
    try:
        return parser.parse_to_ast(text)
    finally:
        parser.PreParser = before


def named(text: str) -> dict[str, Any]:
    """What a source holds at its top, by kind and name."""
    found: dict[str, Any] = {}
    for place, node in enumerate(parsed(text).body):
        target = getattr(node, "target", None)
        name = getattr(target, "id", None) or getattr(node, "name", None)
        found[f"{type(node).__name__} {name or place}"] = node
    return found


@cache
def _fields(kind: type[vy.VyperNode]) -> list[str]:
    return sorted(kind.get_fields() - PLACES)


def fields(node: Any) -> list[tuple[str, Any]]:
    """What a node is, but for where it stands."""
    return [(field, getattr(node, field, None)) for field in _fields(type(node))]


def shape(value: Any, number: int | None = None) -> Any:
    """A tree without its places. number: with this switch on, the others off; None: as it is written."""
    if isinstance(value, list):
        return tuple(shape(v, number) for item in value for v in _picked(item, number))
    if isinstance(value, vy.VyperNode):
        (value,) = _picked(value, number) if isinstance(value, vy.IfExp) else (value,)
        return (type(value).__name__, *((f, shape(v, number)) for f, v in fields(value)))
    return value


def _picked(node: Any, number: int | None) -> list[Any]:
    """What stands in a node's place under that number: statements, or one expression."""
    if number is None or not isinstance(node, vy.If | vy.IfExp):
        return [node]
    mine = _switch(node)
    if mine is None:
        return [node]
    side: Any = node.body if mine == number else node.orelse
    inside = side if isinstance(side, list) else [side]
    return [inner for item in inside for inner in _picked(item, number)]


def _switch(node: Any) -> int | None:
    """The number for which a choice of ours is made."""
    left = getattr(node.test, "left", None)
    ours = isinstance(left, vy.Attribute) and source_of(left) == SWITCH
    return int(node.test.right.value) if ours else None


def source_of(node: Any) -> str:
    """The text of a node."""
    return lines_of([node])[node.col_offset :]


def lines_of(nodes: list[Any]) -> str:
    """The text of some statements that stand together, from the start of the first one's line."""
    first, last = nodes[0], nodes[-1]
    lines = first.full_source_code.splitlines(keepends=True)[first.lineno - 1 : last.end_lineno]
    lines[-1] = lines[-1][: last.end_col_offset]
    return "".join(lines)


@lru_cache(maxsize=8)
def _starts(text: str) -> list[int]:
    return [0, *accumulate(map(len, text.splitlines(keepends=True)))]


def span_of(text: str, node: Any) -> tuple[int, int]:
    """Where a node begins and ends in its source."""
    starts = _starts(text)
    return (
        starts[node.lineno - 1] + node.col_offset,
        starts[node.end_lineno - 1] + node.end_col_offset,
    )
