"""What the reverts of Morpho Blue and of our adapter mean, each with a next step. Those of the pool and of
what both lending venues share stand with the first of them."""

from __future__ import annotations

# reason: what happened, what to do about it
LENDER: dict[str, tuple[str, str]] = {
    "insufficient collateral": (
        "The account has less collateral than the lender asks for what would be owed.",
        "Deposit margin or trade at most max_order(order).",
    ),
    "insufficient liquidity": (
        "The market's lenders have not left so much of this token there.",
        "Trade at most max_order(order), or wait until others repay or lend.",
    ),
    "market not created": (
        "The lender has no market of these terms.",
        "Compare short_market and long_market with the lender's own list.",
    ),
    "position is healthy": ("The account may not be liquidated.", "Nothing is to be done."),
    "transferFrom reverted": (
        "A token would not be moved to the lender.",
        "Look at whether its issuer has stopped it.",
    ),
    "transfer reverted": (
        "A token would not be moved from the lender.",
        "Look at whether its issuer has stopped it.",
    ),
}

OURS: dict[str, tuple[str, str]] = {
    "morpho: no router": ("The adapter was given no router.", "Pass the router's address."),
    "morpho: health factors": (
        "Health factors rise: 1 < least < target < most <= 10.",
        "Correct margin_least, margin_target and margin_most.",
    ),
    "morpho: not the router": ("Only the router trades or moves margin.", "Go through the Market."),
    "morpho: past the bound": (
        "The pool fills at a worse price than the order allows.",
        "Trade at most max_order(order), or wait until arbitrage has moved the pool.",
    ),
    "morpho: fill not exact": (
        "The position moved by something else than the order.",
        "Look at what the lender did in the same transaction.",
    ),
    "morpho: not ours": (
        "What would be left is less than what others gave.",
        "Withdraw at most free_collateral.",
    ),
    "morpho: not the pool": ("Only the pool calls back.", "Nothing is to be done."),
    "lender: not their markets": (
        "One of the two markets lends or takes other tokens, or there is none of that id.",
        "The short's lends wrapped ether for the quote token, the long's the other way round.",
    ),
    "lender: no collateral": (
        "What is pledged in one of the two markets counts for nothing.",
        "Name a market with a threshold above nothing.",
    ),
}

REASONS = LENDER | OURS
