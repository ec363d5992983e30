"""What commands that write share: whose account, how far, and show, ask, send, print."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click

from tandem.client import Bounds, Client, Done, Prepared
from tandem.client.amounts import SHARES, percent, shown
from tandem.client.sending import Sent
from tandem.errors import ConfigError
from tandem.terminal.common import Between, chain_options, emit, pairs
from tandem.terminal.ending import hush
from tandem.terminal.plain import plain
from tandem.terminal.stdout import for_programs
from tandem.units import YEAR, decimal, scaled

F = TypeVar("F", bound=Callable[..., Any])
Pairs = Iterable[tuple[str, str]]
MOST_WAIT = 86_400
LEAST_FEE = Decimal("1e-6")
"""ETH: of less than this nine decimals say little, and nothing of what is nearly free."""
MOST_LIFETIME = YEAR
"""A trade that is good for longer is a slip of the hand, and what is good past the year 9999 has no date."""


class UnansweredError(ConfigError):
    """Nobody is there to say yes, and nobody said it before."""


class UnwrittenError(ConfigError):
    """What was sent is on the chain, and what came of it could not be written."""


@dataclass(frozen=True, slots=True)
class How:
    """What the options of a writing command say."""

    rpc: str | None
    deployment: Path | None
    market: str | None
    account: str | None
    as_json: bool
    yes: bool
    dry_run: bool
    calldata: bool
    wait: float
    gas: str | None = None
    slippage: str | None = None
    lifetime: int | None = None

    def connect(self) -> Client:
        """The client. Raises ConfigError, and what connecting raises."""
        bounds = Bounds(wait=self.wait)
        if self.slippage is not None:
            bounds = replace(bounds, slippage=percent(self.slippage, "--slippage"))
        if self.gas is not None:
            wei = scaled(self.gas, SHARES, "amount of gas")
            bounds = replace(bounds, gas=decimal(wei, SHARES))
        if self.lifetime is not None:
            bounds = replace(bounds, lifetime=self.lifetime)
        return Client.connect(self.rpc, self.deployment, self.account, bounds, market=self.market)


def account_option(function: F) -> F:
    return click.option(
        "--account",
        metavar="NAME",
        help="An Ape account, TEST::n of a development node, or an address to prepare for; "
        "TANDEM_KEY where it is left out.",
    )(function)


def paid_option(function: F) -> F:
    return click.option("--to", "recipient", metavar="ADDRESS", help="Who is paid: you.")(function)


def writing(function: Callable[..., None]) -> Callable[..., None]:
    """The options of a writing command, handed over as `how`."""

    @wraps(function)
    def command(**given: Any) -> None:
        names = How.__dataclass_fields__
        how = How(**{name: given.pop(name) for name in [*given] if name in names})
        function(how=how, **given)

    for option in (
        click.option("--yes", "-y", is_flag=True, help="Send without asking."),
        click.option("--dry-run", is_flag=True, help="Simulate and show; send nothing."),
        for_programs(
            "--calldata",
            told="Print the transactions as JSON (to, value, data), for a Safe; send nothing.",
        ),
        click.option(
            "--wait",
            type=Between(1, MOST_WAIT),
            default=Bounds().wait,
            show_default=True,
            help="Seconds to wait for a transaction's block.",
        ),
        click.option(
            "--gas",
            metavar="ETH",
            help=f"The most that a transaction's gas and data may cost.  [default: {Bounds().gas}]",
        ),
        account_option,
        chain_options,
    ):
        command = option(command)
    return command


def trading(function: F) -> F:
    """--slippage and --deadline, for verbs that have a price."""
    bounds = Bounds()
    for option in (
        click.option(
            "--slippage",
            metavar="PERCENT",
            help=f"How much worse than quoted is taken.  [default: {bounds.slippage * 100:.0f}]",
        ),
        click.option(
            "--deadline",
            "lifetime",
            type=click.IntRange(1, MOST_LIFETIME),
            metavar="SECONDS",
            help=f"How long the transaction is good for.  [default: {bounds.lifetime}]",
        ),
    ):
        function = option(function)
    return function


def carry_out(
    how: How,
    prepared: Prepared[Any, Any],
    before: Pairs,
    after: Callable[[Any], Pairs],
) -> None:
    """Show what was simulated, ask where somebody is there to ask, send, print what came of it. What
    was agreed to is sent to its end, whether or not somebody still reads. Raises UnansweredError,
    UnwrittenError, ClientError."""
    if how.calldata:
        emit(True, prepared.calldata, [])
        return
    data = {
        "verb": prepared.verb,
        "account": prepared.account,
        "preview": plain(prepared.preview),
        "transactions": [{"note": step.note} | step.calldata for step in prepared.steps],
        "sent": [],
    }
    shown = [*pairs([*before, ("account", prepared.account)]), *_steps(prepared)]
    if not how.as_json:
        try:
            emit(False, None, shown)
        except BrokenPipeError:
            if how.dry_run or not how.yes:
                raise
            hush()
    if how.dry_run:
        emit(how.as_json, data, ["dry run: nothing was sent"])
        return
    _ask(how, prepared)
    lost: list[OSError] = []
    told = (lambda _: None) if how.as_json else lambda sent: aloud(lambda: tell(sent), lost)
    done: Done[Any] = prepared.send(told)
    data |= {"sent": plain(list(done.sent)), "after": plain(done.after)}
    aloud(lambda: emit(how.as_json, data, pairs(after(done.after))), lost)
    if lost and not isinstance(lost[0], BrokenPipeError):
        raise UnwrittenError(
            f"the {prepared.verb} was sent ({', '.join(sent.hash for sent in done.sent)}), "
            f"and this could not be written: {lost[0].strerror or lost[0]}",
            "do not send it again: look at what it left, with `tandem positions` or `tandem terms`",
        )


def aloud(say: Callable[[], None], lost: list[OSError]) -> None:
    """Say it, or keep why that was not possible; after that nothing more is said."""
    try:
        say()
    except OSError as error:
        hush()
        lost.append(error)


def _steps(prepared: Prepared[Any, Any]) -> list[str]:
    return [f"{number}. {step.note}" for number, step in enumerate(prepared.steps, 1)]


def _ask(how: How, prepared: Prepared[Any, Any]) -> None:
    if how.yes:
        return
    if how.as_json or not somebody_is_there():
        raise UnansweredError(
            f"nothing was sent: nobody is here to confirm the {prepared.verb}",
            "pass --yes to send it, --dry-run to look at it",
        )
    if not click.confirm(f"send {len(prepared.steps)} transaction(s)?", err=True):
        raise UnansweredError("nothing was sent", "say yes, or change what is asked for")


def somebody_is_there() -> bool:
    """Whether a question would be read by a person."""
    return sys.stdin.isatty()


def tell(sent: Sent) -> None:
    """One that was mined."""
    fee = f"{sent.fee:.9f}" if sent.fee >= LEAST_FEE else shown(sent.fee)
    click.echo(f"{sent.note}: {sent.hash}, block {sent.block}, {sent.gas_used:,} gas, {fee} ETH")
