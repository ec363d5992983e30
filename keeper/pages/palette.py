"""The colours of pages and figures, each for light and for dark, and which colour a figure may have."""

from __future__ import annotations

from enum import StrEnum

SCHEMES: dict[str, tuple[str, str]] = {
    "ink": ("#1c2430", "#e6e9ee"),
    "muted": ("#5f6b7d", "#98a4b5"),
    "line": ("#dfe5ec", "#2b3340"),
    "page": ("#f5f7fa", "#0f1319"),
    "card": ("#ffffff", "#181d26"),
    "grey": ("#aab4c2", "#5c6778"),
    "teal": ("#0c7a6d", "#3fc6b3"),
    "mint": ("#58b6a7", "#8fe0d3"),
    "blue": ("#2f6fde", "#74a5ff"),
    "amber": ("#c97a12", "#f0b255"),
    "red": ("#c8402f", "#f27d6b"),
    "violet": ("#7a5cc7", "#a991f5"),
    "brown": ("#8a6d3b", "#c8a86e"),
    "pink": ("#b5548f", "#e78dc3"),
    "gold": ("#a88612", "#dcc04e"),
}
"""Name: light, dark. A figure is made of light colours; the page turns them where it is dark."""

INK, MUTED, LINE, CARD, GREY = (SCHEMES[n][0] for n in ("ink", "muted", "line", "card", "grey"))
TEAL, MINT, BLUE, AMBER, RED = (SCHEMES[n][0] for n in ("teal", "mint", "blue", "amber", "red"))
VIOLET, BROWN, PINK, GOLD = (SCHEMES[n][0] for n in ("violet", "brown", "pink", "gold"))


class Tone(StrEnum):
    """What a figure says of itself."""

    GOOD = "good"
    BAD = "bad"
    PLAIN = "plain"

    @property
    def colour(self) -> str:
        """Of a bar."""
        return {Tone.GOOD: TEAL, Tone.BAD: RED, Tone.PLAIN: GREY}[self]

    @property
    def style(self) -> str:
        """Of a word on a terminal."""
        return {Tone.GOOD: "green", Tone.BAD: "red", Tone.PLAIN: ""}[self]


def of_gain(value: float) -> Tone:
    """A gain is good, a loss is bad."""
    if value == 0:
        return Tone.PLAIN
    return Tone.GOOD if value > 0 else Tone.BAD


def of_cost(value: float) -> Tone:
    """value above 0 for a cost, which is bad. Never good: a cost that others bore is no gain."""
    return Tone.BAD if value > 0 else Tone.PLAIN
