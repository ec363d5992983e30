"""`tandem`: one group, commands loaded on use, errors that say what to do next.

A command is one file that holds one click command (`tandem.plugins`); it is imported when it runs,
never for `tandem --help`, so that nothing waits for numba or ape that does not need them. What it is
and who types it (`WHO`) are read from the file's text.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Any, NoReturn

import rich_click as click

from tandem.errors import ConfigError
from tandem.plugins import PlugIn, PlugInBrokenError, find
from tandem.terminal.ending import orderly
from tandem.terminal.release import print_version

GROUP = "tandem.commands"

PEOPLE = ("newcomer", "trader", "LP", "auditor", "deployer", "operator", "researcher")
"""Who types commands, in the order of `tandem --help`; a file says it as `WHO = "trader"`."""
OTHERS = "other packages"


class UnknownCommandError(ConfigError):
    """No command has that name."""


class Group(click.RichGroup):
    """A group that knows what was meant by a name that it does not have."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        names = self.list_commands(ctx)
        if args[0] not in names and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(args[0], names, 1)
            meant = f"did you mean `{ctx.command_path} {near[0]}`? " if near else ""
            raise UnknownCommandError(
                f"`{ctx.command_path}` has no command {args[0]!r}",
                f"{meant}`{ctx.command_path} --help` lists them",
            )
        return super().resolve_command(ctx, args)


class LazyGroup(Group):
    """A group that finds its commands by entry points and imports one only to run it."""

    @cached_property
    def _plug_ins(self) -> dict[str, PlugIn]:
        return find(GROUP)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._plug_ins})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A stand-in with the one-line help; `resolve_command` loads the real one."""
        plug_in = self._plug_ins.get(cmd_name)
        if plug_in is None:
            return super().get_command(ctx, cmd_name)
        text = plug_in.summary().partition(": ")[2]
        return click.Command(cmd_name, help=text[:1].upper() + text[1:])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        plug_in = self._plug_ins.get(name) if name else None
        return name, _command(plug_in) if plug_in else command, rest

    def format_help(self, ctx: click.RichContext, formatter: click.RichHelpFormatter) -> None:
        """Commands by who types them."""
        formatter.config.command_groups = {"*": self._panels()}  # pyright: ignore[reportAttributeAccessIssue]
        super().format_help(ctx, formatter)

    def _panels(self) -> list[dict[str, Any]]:
        by_person: dict[str, list[str]] = {}
        for name, plug_in in self._plug_ins.items():
            by_person.setdefault(plug_in.constant("WHO") or OTHERS, []).append(name)
        order = [*PEOPLE, *(who for who in by_person if who not in PEOPLE)]
        return [{"name": w, "commands": by_person[w]} for w in order if w in by_person]

    def main(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        **extra: Any,
    ) -> NoReturn:
        """Run what was typed, and end the process (`tandem.terminal.ending`)."""
        extra.pop("standalone_mode", None)
        name = prog_name or "tandem"
        self._main_shell_completion(extra, name, complete_var)
        typed = list(sys.argv[1:] if args is None else args)
        with orderly(last=args is None), self.make_context(name, typed) as ctx:
            self.invoke(ctx)
        raise SystemExit(0)


def _command(plug_in: PlugIn) -> click.Command:
    """Raises PlugInBrokenError, also where what is there is no command."""
    found = plug_in.load()
    if not isinstance(found, click.Command):
        raise PlugInBrokenError(
            f"{plug_in.name!r} ({plug_in.module}) is no command of click",
            "repair or uninstall its package",
        )
    return found


@click.group("tandem", cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version,
    help="Show the version, and the commit of a checkout.",
)  # fmt: skip
def main() -> None:
    """Options and their hedge, in one transaction.

    Every command takes --help and shows examples there. It exits with 0 when it is done, 1 when
    what it looked at is wrong, 2 when it could not do its work (the error says what to do next),
    129, 130 or 143 where a closed terminal, Ctrl-C or SIGTERM cut it short. Colours are off where
    NO_COLOR is set.
    """
