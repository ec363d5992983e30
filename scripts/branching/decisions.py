"""The decisions of a Vyper source, and the same source with each of them telling how it went."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import accumulate

BASE = 0xB1A << 144
"""Added to a number, the address that stands for it."""

TELLER = '''

@internal
@view
def _told(number: uint256, is_so: bool) -> bool:
    """
    @return What it was told.
    """
    place: uint256 = {base} + 2 * number + convert(is_so, uint256)
    assert convert(convert(place, uint160), address).balance == 0
    return is_so
'''


@dataclass(frozen=True, slots=True)
class Decision:
    """A condition. line: from 1; kind: if, assert, choice; text: what it asks, in one line."""

    file: str
    line: int
    kind: str
    text: str


# Vyper's words that Python has not, and as long ones that it has: every place stays where it is.
AS_LONG: tuple[tuple[str, str], ...] = (
    (r"\bstaticcall ", "-          "),
    (r"\bextcall ", "-       "),
    (r"^(\s*)log ", r"\1-   "),
    (r"\bx(?=\"[0-9a-f]*\")", "r"),
    (r"^struct ", "class  "),
    (r"^event ", "class "),
    (r"^interface ", "class     "),
)
Node = ast.If | ast.Assert | ast.IfExp
KINDS: dict[type, str] = {ast.If: "if", ast.Assert: "assert", ast.IfExp: "choice"}


def _as_python(text: str) -> str:
    """The same text for Python's parser, each character of it in its place."""
    for pattern, words in AS_LONG:
        text = re.sub(pattern, words, text, flags=re.MULTILINE)
    return re.sub(
        r"^(\s*for \w+)(: [\w.\[\], ]+?)(?= in )",
        lambda m: m[1] + " " * len(m[2]),
        text,
        flags=re.MULTILINE,
    )


def instrumented(file: str, text: str, first: int) -> tuple[str, list[Decision]]:
    """The source in which decision `first`, `first` + 1, ... tell; and these, in the source's order."""
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    nodes = [node for node in ast.walk(ast.parse(_as_python(text))) if isinstance(node, Node)]
    nodes.sort(key=lambda node: (node.test.lineno, node.test.col_offset))
    found: list[Decision] = []
    put: list[tuple[int, int, str]] = []
    for number, node in enumerate(nodes, first):
        test = node.test
        start = starts[test.lineno - 1] + test.col_offset
        end = starts[(test.end_lineno or 0) - 1] + (test.end_col_offset or 0)
        asks = " ".join(text[start:end].split())
        found.append(Decision(file, test.lineno, KINDS[type(node)], asks))
        put += [(start, 1, f"self._told({number}, "), (end, 0, ")")]
    for place, _, words in sorted(put, reverse=True):
        text = text[:place] + words + text[place:]
    return text + (TELLER.format(base=BASE) if found else ""), found
