"""Rows of a name, figures and a note for a terminal: beside each other where all of it fits, else below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tandem.terminal.common import flowing

GAP = 1
"""Blanks on either side of a column."""
NOTE = 20
"""Columns that a note needs beside its figure, at least."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names, each with a figure and what is said of it. No figure is cut, and no word of a note."""

    title: str
    rows: Sequence[tuple[str, Text, str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        taken = sum(max((len(row[i]) for row in self.rows), default=0) + 2 * GAP for i in (0, 1))
        words = [len(word) for row in self.rows for word in row[2].split()]
        if options.max_width - taken < max(NOTE, *words, 0) + GAP:
            yield from self._below()
            return
        grid = bare(self.title)
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column(style="dim", ratio=1)
        for row in self.rows:
            grid.add_row(*row)
        yield grid

    def _below(self) -> Iterable[RenderableType]:
        if self.title:
            yield Text(self.title, style="bold")
        for name, figure, note in self.rows:
            yield Text.assemble((name, "dim"), "  ", figure)
            if note:
                yield Padding(Text(note, style="dim"), (0, 0, 0, 2))


@dataclass(frozen=True, slots=True)
class Columns:
    """Figures under a head; where they do not fit, each row's name and its figures with theirs. numbers: the
    columns that stand to the right."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        listed = [self.head, *self.rows]
        figures = sum(
            max(len(row[i]) for row in listed) + 2 * GAP for i in range(1, len(self.head))
        )
        if options.max_width - figures < NOTE:
            yield Text(self.title, style="bold")
            for name, *values in self.rows:
                yield Text(name, style="dim")
                named = zip(self.head[1:], values, strict=True)
                yield from map(Text, flowing("", named, options.max_width))
            return
        grid = bare(self.title)
        for place in range(len(self.head)):
            grid.add_column(justify="right" if place in self.numbers else "left", no_wrap=place > 0)
        for row in listed:
            grid.add_row(*row)
        yield grid


def bare(title: str = "") -> Table:
    """A table without lines."""
    return Table(
        title=title or None, title_style="bold", title_justify="left", box=None, show_header=False,
        pad_edge=False, padding=(0, GAP),
    )  # fmt: skip
