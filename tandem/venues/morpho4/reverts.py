"""What the reverts of Uniswap v4 and of what speaks for its pool mean, each with a next step."""

from __future__ import annotations

from tandem.engine.revert_data import know_errors

MANAGER: dict[str, tuple[str, str]] = {
    "AlreadyUnlocked": (
        "Whoever called holds the pool manager open, and it opens for one at a time.",
        "Trade in a transaction of its own.",
    ),
    "CurrencyNotSettled": (
        "What was paid to the pool manager is not what the order owes.",
        "Look at what the lender or a token moved in the same transaction.",
    ),
    "SwapAmountCannotBeZero": ("An order of nothing.", "Trade an amount."),
    "PoolNotInitialized": (
        "The pool manager has no pool of this key.",
        "Compare pool, fee and tick_spacing with an explorer of pools.",
    ),
}

OURS: dict[str, tuple[str, str]] = {
    "pool: native ether": (
        "One of the two tokens is ether itself.",
        "Name a pool of wrapped ether: lenders have no other.",
    ),
    "pool: another key, or hooks": (
        "The id is not that of the pool of these tokens, this fee and spacing that has no hooks.",
        "Name fee and tick_spacing of the pool; one with hooks cannot be taken.",
    ),
    "pool: not initialised": (
        "The pool manager keeps no pool of this id.",
        "Compare pool and pool_manager with an explorer of pools.",
    ),
    "pool: not the manager": ("Only the pool manager calls back.", "Nothing is to be done."),
}

REASONS = MANAGER | OURS

know_errors(MANAGER)
