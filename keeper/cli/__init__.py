"""`tandem`: one group, commands loaded on use, errors that say what to do next.

A command is one module that holds one click command; it is imported when it runs, never for
`tandem --help`, so that nothing waits for numba or ape that does not need them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import rich_click as click

from keeper.errors import TandemError

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("keeper.cli.demo:demo", "One trade, one refusal, then ten days with a crash."),
    "replay": ("keeper.cli.replay:replay", "Real contracts and venue through a file of prices."),
    "run": ("keeper.cli.run:run", "Keep a market, or print what a keeper would do."),
    "doctor": ("keeper.cli.doctor:doctor", "Is everything there that a keeper needs?"),
    "status": ("keeper.cli.status:status", "One market at one block."),
    "quote": ("keeper.cli.quote:quote", "The price of a trade now, and what it is made of."),
    "risk": ("keeper.cli.risk:risk", "Greeks and worst cases, from chain state alone."),
    "terms": ("keeper.cli.terms:terms", "Parameters, bounds, queued changes and roles."),
    "journal": ("keeper.cli.journal:journal", "What the keeper meant to do, and what came of it."),
    "config": ("keeper.cli.config:config", "Settings, their values and where they come from."),
    "deploy": ("keeper.cli.deploy:deploy", "Plan, apply and verify a deployment."),
    "bench": ("keeper.cli.bench:bench", "Measure, side by side with peers."),
    "price": ("keeper.cli.price:price", "Price a file of options, off chain or on."),
}
"""name -> (module:object, one line for --help)."""

EXIT_ERROR = 2


class LazyGroup(click.RichGroup):
    """A group that knows its commands' names and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A stand-in with the one-line help; `resolve_command` loads the real one."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        return click.Command(cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name in COMMANDS:
            module, attribute = COMMANDS[name][0].split(":")
            command = getattr(import_module(module), attribute)
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TandemError as error:
            click.echo(f"error: {error.message}", err=True)
            if error.hint:
                click.echo(f"what to do next: {error.hint}", err=True)
            ctx.exit(EXIT_ERROR)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)


def _version() -> str:
    try:
        return version("tandem-hedge")
    except PackageNotFoundError:
        return "unknown (not installed)"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), "--version", prog_name="tandem")
def main() -> None:
    """Options and their hedge, in one transaction.

    Every command takes --help. A command that fails says what to do next and exits with 2.
    """
