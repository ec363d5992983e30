"""`tandem redeem`: exchange settled options for their payoff."""

from __future__ import annotations

import rich_click as click

from tandem.client.trades import RedeemPreview, Traded
from tandem.terminal.common import sized, usd
from tandem.terminal.verbs import How, Pairs, carry_out, paid_option, writing

WHO = "trader"


@click.command()
@click.argument("series")
@click.argument("size", required=False)
@paid_option
@writing
def redeem(series: str, size: str | None, recipient: str | None, how: How) -> None:
    """Redeem SIZE of SERIES, all that you hold where SIZE is left out.

    An expiry that nobody has settled yet is settled first, with the proof that the oracle's rounds
    give. Claims do not expire. Where the token's issuer pays your address nothing, name another one
    with --to.

    \b
    Examples:
      tandem redeem ETH-27MAR26-3000-6000-C
    """
    prepared = how.connect().prepare_redeem(series, size, recipient=recipient)
    carry_out(how, prepared, _before(prepared.preview), _after)


def _before(p: RedeemPreview) -> Pairs:
    return [
        ("redeem", f"{sized(p.size, p.series.asset)} of {p.series}"),
        ("settlement price", usd(p.price)),
        ("you are paid", usd(p.pays)),
        ("to", p.recipient),
    ]


def _after(t: Traded) -> Pairs:
    return [
        ("received", usd(-t.paid)),
        ("you hold", f"{sized(t.holding, t.series.asset)} of {t.series}"),
    ]
