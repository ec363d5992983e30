"""`tandem mint`: buy an option; its hedge trades in the same transaction, or nothing does."""

from __future__ import annotations

import rich_click as click

from tandem.client.trades import MintPreview, Traded
from tandem.errors import ConfigError
from tandem.terminal.common import sized, usd, when
from tandem.terminal.verbs import How, Pairs, carry_out, trading, writing

WHO = "trader"


@click.command()
@click.argument("series")
@click.argument("size")
@trading
@click.option("--most", metavar="USD", help="The most that you pay, everything included.")
@click.option("--to", "recipient", metavar="ADDRESS", help="Who gets the option: you.")
@click.option("--no-approve", is_flag=True, help="Give the Vault no allowance; it must have one.")
@writing
def mint(
    series: str,
    size: str,
    most: str | None,
    recipient: str | None,
    no_approve: bool,
    how: How,
) -> None:
    """Buy SIZE of SERIES, as ETH-27MAR26-3000-6000-C or, nearest to it, ATM-21D-C.

    You pay at most the quoted total and the slippage, until the deadline; the Vault is allowed
    exactly that, and what is left of it is taken back.

    \b
    Examples:
      tandem mint ATM-21D-C 1
      tandem mint ETH-27MAR26-2500-P 0.5 --slippage 0.3 --yes
      tandem mint ETH-27MAR26-2500-P 0.5 --account 0x… --calldata
    """
    if most is not None and how.slippage is not None:
        raise ConfigError(
            "--most and --slippage exclude each other: both say what is paid at most",
            "give one of the two",
        )
    prepared = how.connect().prepare_mint(
        series, size, most=most, recipient=recipient, approve=not no_approve
    )
    carry_out(how, prepared, _before(prepared.preview), _after)


def _before(p: MintPreview) -> Pairs:
    q = p.quote
    return [
        ("mint", f"{sized(q.size, q.series.asset)} of {q.series}"),
        ("mark", f"{usd(q.mark)} at {q.implied_vol:.2%} volatility"),
        ("spread, fee", f"{usd(q.spread)}, {usd(q.fee)}"),
        ("capital charge", usd(q.capital_charge)),
        ("carry", usd(q.carry)),
        ("hedge", f"{usd(q.hedge_cost)} for an order of {sized(q.hedge_order, q.series.asset)}"),
        ("you pay", f"{usd(q.total)}, at most {usd(p.most)}"),
        ("until", when(p.deadline)),
        ("to", p.recipient),
    ]


def _after(t: Traded) -> Pairs:
    return [
        ("paid", usd(t.paid)),
        ("you hold", f"{sized(t.holding, t.series.asset)} of {t.series}"),
    ]
