"""`tandem close`: sell an option back, whole or in part."""

from __future__ import annotations

import rich_click as click

from tandem.client.trades import ClosePreview, Traded
from tandem.terminal.common import sized, usd, when
from tandem.terminal.quoted import part
from tandem.terminal.verbs import How, Pairs, carry_out, paid_option, trading, writing

WHO = "trader"


@click.command()
@click.argument("series")
@click.argument("size")
@trading
@click.option("--least", metavar="USD", help="The least that you are paid for all of SIZE.")
@paid_option
@writing
def close(series: str, size: str, least: str | None, recipient: str | None, how: How) -> None:
    """Sell SIZE of SERIES back.

    You are paid at least the quoted total less the slippage. Where floor or margin let only a part go,
    that part is sold and you keep the rest.

    \b
    Examples:
      tandem close ETH-27MAR26-3000-6000-C 1
      tandem close ETH-27MAR26-3000-6000-C 0.25 --dry-run
    """
    prepared = how.connect().prepare_close(series, size, least=least, recipient=recipient)
    carry_out(how, prepared, _before(prepared.preview), _after)


def _before(p: ClosePreview) -> Pairs:
    q = p.quote
    asked = sized(q.asked, q.series.asset)
    return [
        ("close", f"{sized(q.size, q.series.asset)} of {q.series}{part(q)}"),
        ("mark", f"{usd(q.mark)} at {q.implied_vol:.2%} volatility"),
        ("spread, fee", f"{usd(q.spread)}, {usd(q.fee)}"),
        ("hedge", f"{usd(q.hedge_cost)} for an order of {sized(q.hedge_order, q.series.asset)}"),
        ("you are paid", f"{usd(q.total)}; at least {usd(p.least)} for {asked}"),
        ("until", when(p.deadline)),
        ("to", p.recipient),
    ]


def _after(t: Traded) -> Pairs:
    return [
        ("received", f"{usd(-t.paid)} for {sized(t.size, t.series.asset)}"),
        ("you hold", f"{sized(t.holding, t.series.asset)} of {t.series}"),
    ]
