"""Words of others, of a node or a contract, inside our own sentences: on one line, of some length, and
nothing in them that a terminal obeys or that draws nothing."""

from __future__ import annotations

import unicodedata

MOST = 200
"""Characters of a text that are shown."""
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
"""Kinds of characters that draw nothing, or turn around what follows them."""
UNSHOWN = "\ufffd"
"""Shown in the place of one; and of what is no text."""


def plain(text: str, most: int = MOST) -> str:
    """A text as it may be shown; what is more of it is left out, and said to be."""
    shown = "".join(map(_shown, text[:most]))
    return f"{shown}…" if len(text) > most else shown


def lines(text: str) -> str:
    """The same of whatever length, whose own lines stay."""
    return "\n".join("".join(map(_shown, line)) for line in text.split("\n"))


def _shown(letter: str) -> str:
    return UNSHOWN if unicodedata.category(letter) in HIDDEN else letter
