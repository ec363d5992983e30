"""What the reverts of Perp v2 (Curie), of the Uniswap pool under it and of our adapter mean, each with
a next step."""

from __future__ import annotations

# reason: what happened, what to do about it
VENUE: dict[str, tuple[str, str]] = {
    "CH_NEFCI": (
        "The venue account has less than the initial margin that opening, adding or flipping needs.",
        "Deposit margin or trade at most max_order(order).",
    ),
    "CH_NEFCM": (
        "Even a reducing order is refused, because the account is under its maintenance margin.",
        "Top up the venue account first, then trade; until then anybody may liquidate it.",
    ),
    "EX_OPB": (
        "The order would push the venue's pool further from its index than the price band allows.",
        "Wait until arbitrage has moved the pool to the index, or trade the other way or smaller.",
    ),
    "EX_OPLAS": (
        "The order would move the venue's pool further than one 15-second window allows.",
        "Split the order, 15 seconds apart.",
    ),
    "EX_MIP": (
        "The venue has stopped trading in this market.",
        "Wait, or hedge on another venue.",
    ),
    "UB_UOA": (
        "The venue's pool does not hold enough liquidity to fill the order exactly.",
        "Trade smaller, or hedge on another venue.",
    ),
    "CH_F0S": (
        "There is no liquidity at the venue's price at all.",
        "Hedge on another venue until makers return.",
    ),
    "CH_TLRS": (
        "The sale would bring less than the price bound allows.",
        "Quote again; widen the bound only if the oracle agrees with the pool.",
    ),
    "CH_TMRL": (
        "The purchase would cost more than the price bound allows.",
        "Quote again; widen the bound only if the oracle agrees with the pool.",
    ),
    "CH_TLRL": (
        "The purchase would bring less base than the bound allows.",
        "Quote again.",
    ),
    "CH_TMRS": (
        "The sale would take more base than the bound allows.",
        "Quote again.",
    ),
    "CH_MNO": (
        "The venue's market is paused or closed.",
        "Hedge on another venue; a closed position is paid out by quitMarket.",
    ),
    "CH_MP": (
        "The venue's market is paused.",
        "Wait until it opens or closes.",
    ),
    "Pausable: paused": (
        "The whole venue is paused.",
        "Wait, or hedge on another venue.",
    ),
    "V_NEFC": (
        "The withdrawal is larger than the account's free collateral.",
        "Withdraw at most free_collateral().",
    ),
    "V_ZA": ("A deposit of nothing was refused.", "Deposit more than 0."),
    "V_GTSTBC": (
        "The venue's cap on deposits is reached.",
        "Wait, or use another venue.",
    ),
    "V_IBA": (
        "The quote token did not arrive in full.",
        "Check the token: one that takes a fee cannot be used.",
    ),
    "AS": ("An order of size 0 was refused.", "Trade at least the venue's lot."),
    "SPL": (
        "The pool is past the order's price limit already.",
        "Read slot0 again; nothing is left to do at that limit.",
    ),
    "OLD": (
        "The venue's pool has no 30-minute average yet, or too few observations for one.",
        "Wait 30 minutes, or raise the pool's observation cardinality.",
    ),
    "SafeMath: subtraction overflow": (
        "The venue's oracle adapter was not told of the feed's last price for over 15 minutes.",
        "Call refresh() on the venue adapter; anybody may, and a trade does so too.",
    ),
    "SafeCast: value must be positive": (
        "The venue's averages are below zero: its oracle adapter was not told of the last price.",
        "Call refresh() on the venue adapter; anybody may, and a trade does so too.",
    ),
    "CH_TE": ("The order's deadline has passed.", "Send it again with a later deadline."),
    "CH_PSZ": ("There is no position to close.", "Nothing is left to do."),
    "CH_EAV": (
        "The account is above its maintenance margin and cannot be liquidated.",
        "Nothing is left to do.",
    ),
    "CH_IIC": (
        "The venue's insurance fund cannot cover the loss of this liquidation.",
        "Somebody must fund it first; count the account as worth nothing until then.",
    ),
    "CH_SHNAOPT": (
        "The venue's owner replaced the contract that holds trading approvals.",
        "Call renew_approval() on the venue adapter; anybody may.",
    ),
    "CH_OMPS": (
        "Makers cannot add liquidity while the pool is too far from the index.",
        "Wait until arbitrage has moved the pool.",
    ),
    "EX_BTNE": ("The venue has no such market.", "Check the base token's address."),
}

# contracts/venues/CurieVenue.vy
ADAPTER: dict[str, tuple[str, str]] = {
    "curie: not the router": (
        "Only the hedge router may trade or move margin.",
        "Go through the market or the router.",
    ),
    "curie: bought above the bound": (
        "The pool sells the hedge dearer than the fill band around the oracle's price allows.",
        "Wait until arbitrage has moved the pool to the index, or trade smaller.",
    ),
    "curie: sold below the bound": (
        "The pool buys the hedge cheaper than the fill band around the oracle's price allows.",
        "Wait until arbitrage has moved the pool to the index, or trade smaller.",
    ),
    "curie: fill not exact": (
        "The venue's position did not change by exactly the order.",
        "Stop trading on this venue and look at it.",
    ),
    "curie: not ours": (
        "The withdrawal would take margin that others gave to the account.",
        "Withdraw at most free_collateral().",
    ),
    "curie: too few observations": (
        "The venue's pool keeps too few observations: cheap trades could erase its average.",
        "Call the pool's increaseObservationCardinalityNext(1801), wait for a trade, plan again.",
    ),
    "curie: margin bounds": (
        "Margin bounds rise to 100 % at most: least over what liquidates, target over what opens, there.",
        "Correct margin_least, margin_target and margin_most.",
    ),
    "curie: no router": ("The adapter was given no router.", "Pass the router's address."),
}

REASONS = {**VENUE, **ADAPTER}
