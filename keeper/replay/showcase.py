"""One trade, step by step, and one that cannot be hedged: what the protocol is about."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Group
from rich.text import Text

from keeper.replay.facts import Facts
from tandem import venues
from tandem.engine import open_engine
from tandem.engine.backend import BaseEngine
from tandem.errors import Reverted
from tandem.feeds.surface import SMILE
from tandem.model import svi
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.usdc import USDC
from tandem.protocol.deploy import deploy_tandem
from tandem.protocol.reverts import explain
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.tandem import Tandem
from tandem.units import USD, WAD
from tandem.venues import Exchange, Opening

SPOT = 2_500
INTEREST = 10**10
"""On a position of an ether in the seconds between two blocks, at most: 1e-8 ETH."""
STRIKES = (1_750, 2_000, 2_250, 2_500, 2_750, 3_000, 3_500, 4_000, 5_000)


@dataclass(frozen=True, slots=True)
class Showcase:
    """Figures of the trade that fills, and of the one that does not. USD, ETH, gas units."""

    series: str
    size: float
    mark: float
    ask: float
    fee: float
    capital_charge: float
    hedge_cost: float
    paid: float
    order: float
    fill: float
    oracle: float
    residual_before: float
    residual_after: float
    hard_band: float
    floor: float
    gas: int
    refused: str
    reason: str
    explanation: str
    untouched: bool
    """Whether balances, book, hedge and option supply were the same after the revert."""


def show_one(engine_name: str = "anvil", venue: str = venues.DEFAULT) -> Showcase:
    """Deploy everything on a fresh chain, mint one call, then try a mint that no pool can fill."""
    recipe = venues.recipe(venue)
    with open_engine(engine_name) as engine:
        exchange = recipe.open(engine, SPOT * WAD, Opening())
        tandem = deploy_tandem(engine, exchange)
        series = _open_shop(engine, exchange, tandem)
        tandem.freshen_gate()
        deal = tandem.quote(series, USD)
        receipt = tandem.mint(series, USD)
        hedge, minted = receipt.events("Hedged")[0], receipt.events("OptionMinted")[0]
        refused = Series(series.expiry, True, 2_250)
        exchange.remove_liquidity()
        reason, untouched = _tried(exchange, tandem, refused)
        return Showcase(
            series=str(series),
            size=1.0,
            mark=deal.mark / USD,
            ask=minted["premium"] / USD,
            fee=minted["fee"] / USD,
            capital_charge=minted["capital_charge"] / USD,
            hedge_cost=minted["hedge_cost"] / WAD,
            paid=receipt.returned / USD,
            order=hedge["order"] / WAD,
            fill=abs(hedge["quote_delta"] / hedge["order"]),
            oracle=hedge["oracle_price"] / WAD,
            residual_before=hedge["residual_before"] / WAD,
            residual_after=hedge["residual_after"] / WAD,
            hard_band=hedge["hard_band"] / WAD,
            floor=minted["floor"] / USD,
            gas=receipt.gas_used,
            refused=str(refused),
            reason=reason,
            explanation=str(explain(reason)),
            untouched=untouched,
        )


def _open_shop(engine: BaseEngine, exchange: Exchange, tandem: Tandem) -> Series:
    """Capital, margin, an expiry with strikes, a surface; the series to trade."""
    exchange.set_index(SPOT * WAD)
    tandem.deposit(1_000_000 * USD)
    tandem.give(tandem.trader, 100_000 * USD)
    tandem.desk.top_up().send(tandem.keeper)
    expiry = next_expiry(engine.now(), 28)
    tandem.list_expiry(expiry, STRIKES)
    tau = (expiry - engine.now()) / 31_536_000
    smile = SMILE[0].normalised().at(expiry, 0.62, tau, 0.03, 1.0)
    tandem.post({expiry: svi.pack(smile)})
    engine.advance(61)
    return Series(expiry, False, SPOT, 5_000)


def _tried(exchange: Exchange, tandem: Tandem, series: Series) -> tuple[str, bool]:
    """Why a mint reverted, "" where it did not, and whether all is as it was. The hedge may have earned
    interest meanwhile."""
    venue = HedgeVenue.of(tandem.venue)
    before, held = _fingerprint(tandem, exchange, series), venue.position()
    reason = ""
    try:
        tandem.mint(series, USD)
    except Reverted as error:
        reason = error.reason
    moved = abs(venue.position() - held)
    return reason, before == _fingerprint(tandem, exchange, series) and moved < INTEREST


def _fingerprint(tandem: Tandem, exchange: Exchange, series: Series) -> tuple[object, ...]:
    """Everything that a trade touches, but for the hedge."""
    usdc = USDC.of(exchange.usdc)
    return (
        usdc.balanceOf(tandem.trader),
        usdc.balanceOf(tandem.vault),
        tandem.vault.funds(),
        tandem.market.snapshot(),
        tandem.option.totalSupply(series.id),
    )


def shown(t: Showcase) -> Group:
    """Both trades in words and figures, for a terminal."""
    rows = (
        ("series", f"{t.size:g} ETH", t.series),
        ("model value", f"{t.mark:,.2f}", "USD, at mid volatility"),
        ("ask", f"{t.ask:,.2f}", f"USD; fee {t.fee:.2f}, capital charge {t.capital_charge:.2f}"),
        ("hedge", f"{t.order:+.6f}", f"ETH at {t.fill:,.2f}; the oracle says {t.oracle:,.2f}"),
        ("hedge cost", f"{t.hedge_cost:,.2f}", "USD, borne by the trader"),
        ("paid", f"{t.paid:,.2f}", "USD, all in"),
        ("residual", f"{t.residual_after:+.6f}", f"ETH; the hard band is {t.hard_band:.3f}"),
        ("floor", f"{t.floor:,.0f}", "USD left after the worst payoff of every option"),
        ("gas", f"{t.gas / 1e3:,.0f}k", "for the option, its hedge and every check"),
    )
    return Group(
        Text("One option and its hedge, in one transaction", style="bold"),
        Facts("", [(name, Text(figure), note) for name, figure, note in rows]),
        Text(),
        Text("The same with no liquidity in the venue's pool", style="bold"),
        Text.assemble(f"{t.refused}: reverted whole, ", (t.reason, "red")),
        Text(t.explanation, style="dim"),
        Text("Balances, book, hedge and supply are as they were.", style="dim"),
    )
