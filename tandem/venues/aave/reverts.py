"""What the reverts of Aave 3.6, of the Uniswap pool beside it and of our adapter mean, each with a next
step."""

from __future__ import annotations

from tandem.engine.revert_data import SILENT, know_errors

_ELSEWHERE = "Wait, or hedge on another venue."

# reason: what happened, what to do about it
LENDER: dict[str, tuple[str, str]] = {
    "ReservePaused": ("The lending market has paused one of the two tokens.", _ELSEWHERE),
    "ReserveFrozen": (
        "The lending market has frozen one of the two tokens: nothing more is lent or borrowed there.",
        "Lower the position, or wait.",
    ),
    "ReserveInactive": ("The lending market has ended one of the two tokens.", _ELSEWHERE),
    "BorrowingNotEnabled": ("The lending market lends this token to nobody.", _ELSEWHERE),
    "SupplyCapExceeded": (
        "More of this token would be lent than the lending market's cap.",
        "Trade at most max_order(order), or wait until others have taken theirs back.",
    ),
    "BorrowCapExceeded": (
        "More of this token would be owed than the lending market's cap.",
        "Trade at most max_order(order), or wait until others have repaid.",
    ),
    "CollateralCannotCoverNewBorrow": (
        "The account has less collateral than the lending market asks for what would be owed.",
        "Deposit margin or trade at most max_order(order).",
    ),
    "HealthFactorLowerThanLiquidationThreshold": (
        "The account would be liquidated at once.",
        "Top up the venue account first, then trade; until then anybody may liquidate it.",
    ),
    "LtvValidationFailed": (
        "A token that is worth nothing as collateral any more carries the account's debts.",
        "Call settle_collateral for the token, then trade again.",
    ),
    "PriceOracleSentinelCheckFailed": (
        "The lending market lends nothing while the rollup's sequencer is down, and a while after.",
        "Wait.",
    ),
    "SiloedBorrowingViolation": (
        "The lending market lets nobody owe this token beside another.",
        _ELSEWHERE,
    ),
    "InvalidAmount": ("The lending market does not have so much of this token there.", _ELSEWHERE),
    "panic: arithmetic overflow": (
        "More of a token is asked of the lending market than lies there: it says so in no other way.",
        "Trade at most max_order(order), or wait until others repay or lend.",
    ),
    SILENT: (
        "A contract that is asked says nothing: at the lending market it is an oracle without an answer.",
        "Wait; a guardian may take the venue down, and then closes go on.",
    ),
    "UserInIsolationModeOrLtvZero": (
        "The lending market takes this token for no debts now.",
        "Call settle_collateral again once its loan to value is above nothing.",
    ),
    "UnderlyingBalanceZero": ("The account lends nothing of this token.", "Nothing is to be done."),
}

OURS: dict[str, tuple[str, str]] = {
    "aave: no router": ("The adapter was given no router.", "Pass the router's address."),
    "aave: health factors": (
        "Health factors rise: 1 < least < target < most <= 10.",
        "Correct margin_least, margin_target and margin_most.",
    ),
    "aave: not the router": ("Only the router trades or moves margin.", "Go through the Market."),
    "aave: past the bound": (
        "The pool fills at a worse price than the order allows.",
        "Trade at most max_order(order), or wait until arbitrage has moved the pool.",
    ),
    "aave: fill not exact": (
        "The position moved by something else than the order.",
        "Look at what the lending market did in the same transaction.",
    ),
    "aave: not ours": (
        "What would be left is less than what others gave.",
        "Withdraw at most free_collateral.",
    ),
    "aave: not the pool": ("Only the pool calls back.", "Nothing is to be done."),
    "venue: not our order": ("No order of ours is with the pool.", "Nothing is to be done."),
    "spot: not their pool": (
        "The pool trades other tokens than the two.",
        "Name the pool of the quote token and wrapped ether.",
    ),
    "spot: base decimals": (
        "The base token has 8 to 18 decimals.",
        "Name the wrapped asset that the pool trades.",
    ),
    "spot: finer than the token": (
        "The order is finer than the base token counts.",
        "Orders are multiples of the venue's `grain`.",
    ),
    "spot: too few observations": (
        "The pool remembers too few seconds of its past.",
        "Call increaseObservationCardinalityNext(1801) on it, and wait for its next trade.",
    ),
    "spot: fill not exact": (
        "The pool does not hold enough liquidity to fill the order.",
        "Trade smaller, or hedge on another venue.",
    ),
    "lender: no reserve": (
        "The lending market has no such token.",
        "Compare both tokens with its address book.",
    ),
    "lender: decimals": (
        "The base token has 8 to 18 decimals and the quote token 6.",
        "Compare both tokens with the lending market's address book.",
    ),
}

REASONS = LENDER | OURS
know_errors(LENDER)
