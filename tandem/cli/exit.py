"""`tandem exit`: ask to leave the Vault."""

from __future__ import annotations

import rich_click as click

from tandem.client.liquidity import ExitPreview
from tandem.terminal.common import usd, when
from tandem.terminal.stakes import stake_lines
from tandem.terminal.verbs import How, Pairs, carry_out, writing

WHO = "LP"


@click.command("exit")
@click.argument("shares", required=False)
@writing
def exit(shares: str | None, how: How) -> None:  # noqa: A001 (a command's file is its name)
    """Queue SHARES to leave, all of yours where SHARES is left out.

    It cannot be taken back. The price is the low NAV at which the epoch is processed, as far as the
    floor allows; then `tandem claim` brings the money.

    \b
    Examples:
      tandem exit 2500
      tandem exit --yes
    """
    prepared = how.connect().prepare_exit(shares)
    carry_out(how, prepared, _before(prepared.preview), stake_lines)


def _before(p: ExitPreview) -> Pairs:
    return [
        ("exit", f"{p.shares:,.6f} shares"),
        ("worth", f"{usd(p.worth)} at the last low NAV; the price is that of the processing"),
        ("processed", f"in epoch {p.epoch}, at {when(p.earliest)} at the earliest"),
    ]
