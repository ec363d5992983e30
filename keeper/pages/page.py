"""A page as a value, and the one HTML file that it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from keeper.pages.figures import Panel
from keeper.pages.palette import SCHEMES, Tone


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of the headline, with its meaning in a line."""

    label: str
    figure: str
    note: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Banner:
    """What a reader must know before he reads a figure."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Panels, one under the other or side by side; linked ones share their time axis."""

    kind: ClassVar[str] = "figures"
    title: str
    panels: Sequence[Panel]
    note: str = ""
    linked: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, with a command to copy."""

    kind: ClassVar[str] = "facts"
    title: str
    facts: Sequence[tuple[str, str]]
    command: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A word or a reason: what it means, and a figure at its side."""

    name: str
    text: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Things explained; folded away where `folded`."""

    kind: ClassVar[str] = "words"
    title: str
    items: Sequence[Item]
    note: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that scroll in a box of their own. numbers: columns set to the right; choose: the column
    whose values are buttons that filter."""

    kind: ClassVar[str] = "table"
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    choose: int | None = None
    note: str = ""

    @property
    def choices(self) -> list[str]:
        """What the buttons say."""
        return [] if self.choose is None else sorted({row[self.choose] for row in self.rows})


Block = Figures | Facts | Words | Table


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that a page shows, from top to bottom."""

    title: str
    subtitle: str
    blocks: Sequence[Block]
    cards: Sequence[Card] = ()
    banners: Sequence[Banner] = ()


def render(page: Page) -> str:
    """The page as one file that asks for nothing from outside."""
    return _environment().get_template("page.html").render(
        page=page,
        schemes=SCHEMES,
        dark=dict(SCHEMES.values()),
        plotly=Markup(get_plotlyjs()),  # noqa: S704 - the library's own source
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("keeper.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
