"""The words of reports, in plain words."""

from __future__ import annotations

GLOSSARY: dict[str, str] = {
    "LP": "Liquidity provider: deposits dollars, and stands behind every option that is sold.",
    "NAV": "Net asset value: what the LPs would have if everything were closed at the mark.",
    "mark": "The price at which the protocol counts an open option: by the surface, at mid.",
    "spot": "The price of ETH, as the venue's index has it.",
    "surface": "Implied volatility by strike and expiry: what options are priced with.",
    "premium": "What a trader pays for an option. As a cause of profit: the part above the mark.",
    "capital charge": "The part of a premium that pays LPs for money which the option locks up.",
    "delta": "ETH that an option moves like. As a cause of profit: moves times delta left unhedged.",
    "gamma": "How delta changes as spot moves. Who sells options loses by it when prices move.",
    "theta": "What time takes from an option. Who sells options earns it when prices stand still.",
    "vega": "What a change of implied volatility does to the options that are open.",
    "hedge": "The perpetual position that stands against the delta of the options sold.",
    "residual": "Delta that the hedge leaves over. As a cause of profit: what no cause explains.",
    "hard band": "The most residual that a trade may leave; a trade that would leave more reverts.",
    "trigger": "The residual up to which the contract refuses to rebalance: hedging costs.",
    "floor": "Cash left after the worst payout of every option: below zero LPs might not cover it.",
    "worst jump": "The dearest of the jumps of spot, −50 to +100 %, that the gate reckons with, at once.",
    "hedge cost": "Fees and price impact of hedges, less what traders were charged for them.",
    "funding": "What holders of perpetuals pay each other as time passes.",
    "pool lag": "What a pool that had not yet followed the index gave or took. No profit of the "
    "protocol's: nobody would leave it there.",
    "informed": "Traders who know which way the next hour goes, or how far: LPs lose to them.",
    "reservation": "What traders pay above the mark at most, on average; who finds it dearer lets it be.",
    "drawdown": "The largest fall of what was earned from an earlier high.",
    "Sharpe": "Mean of daily earnings over their spread, for a year: how even a profit is.",
    "revert": "A transaction that the chain undid whole: nothing of it happened, hedge included.",
}

CAUSES: dict[str, str] = {
    "premium": "what traders paid above the mark",
    "fees": "of each trade",
    "delta": "moves of spot, by the delta left unhedged",
    "gamma": "what moves of spot cost who sold options",
    "theta": "what time takes from options that were sold",
    "vega": "changes of implied volatility",
    "funding": "of the hedge, paid or earned as time passes",
    "hedge_cost": "what traders were charged for hedges, less their fees and price impact",
    "residual": "what no cause explains",
    "pool_lag": "no profit of the protocol's",
}
"""Of profit, each in a few words: what a figure above nothing came from."""


def explained(*words: str) -> list[tuple[str, str]]:
    """Each word with its meaning; all of them where none is named."""
    return [(word, GLOSSARY[word]) for word in words or GLOSSARY]
