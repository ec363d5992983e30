"""What a command writes for programs has stdout to itself: whatever else is printed meanwhile, as by a
plug-in of another package, goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, redirect_stdout
from typing import Any, TextIO, TypeVar

import rich_click as click

F = TypeVar("F", bound=Callable[..., Any])

_kept: list[tuple[TextIO, TextIO]] = []
"""The stream that a command in progress writes to, and what sys.stdout is meanwhile."""


class _Alone(click.RichOption):
    """From where it is read on, stdout is the command's; help is for people."""

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        if opts.get(self.name or "") and not opts.get("help") and not ctx.resilient_parsing:
            ctx.find_root().with_resource(alone())
        return super().handle_parse_result(ctx, opts, args)


def for_programs(*names: str, told: str) -> Callable[[F], F]:
    """A flag by which a command writes for programs, and by `put` alone. Eager, because another option's
    callback may load a plug-in."""
    return click.option(*names, is_flag=True, is_eager=True, cls=_Alone, help=told)


@contextmanager
def alone() -> Generator[None]:
    """Inside, nothing reaches stdout but what is `put` there. A command inside another's process that was
    given a stdout of its own writes to that one."""
    given = not _kept or sys.stdout is not _kept[-1][1]
    _kept.append((sys.stdout if given else ours(), sys.stderr))
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _kept.pop()


def ours() -> TextIO:
    """Where this command's own words go, whoever else is kept from there."""
    return _kept[-1][0] if _kept else sys.stdout


def put(text: str, *, nl: bool = True) -> None:
    """Write it to stdout at once, from any thread. Raises OSError where that cannot be."""
    click.echo(text, file=ours(), nl=nl)
