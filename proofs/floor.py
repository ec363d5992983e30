"""The floor: cash less what LPs who left may claim, less what settled holders may claim, less the most
that every open expiry can have to pay. Each lemma is of one way in which one of the four moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import z3

from proofs.account import running
from proofs.lemma import Goal, lemma
from proofs.sources import Module, Sources
from proofs.values import OPAQUE, Fields, Num


@lemma(
    "SV-8",
    "A settlement sets aside at most the maximum that it replaces: the floor does not fall.",
    broken=("modules/book.vy", "(slot, w, empty(IUnderwriter.Words))", "(slot, w, w)"),
    proves=("ST-2", "FL-6"),
    laws=("claims", "maxima", "floor"),
)
def a_settlement_lowers_no_floor(sources: Sources) -> Iterator[Goal]:
    """Given that what an expiry pays is at most its maximum (SV-2)."""
    header = Fields(
        maximum=Num(z3.Int("maximum"), "uint256"), units=Num(z3.Int("units"), "uint256")
    )
    payouts = Num(z3.Int("payouts"), "uint256")
    r, account, before = running(
        sources,
        {
            "modules/book._slot": lambda *_: OPAQUE,
            "modules/book._words": lambda *_: {"header": header, "nodes": [OPAQUE] * 4},
            "static settlement_price": lambda r, *_: r.symbol("price"),
            "static payouts": lambda *_: payouts,
        },
    )
    sane = account.sane
    r.state |= {"block.timestamp": r.symbol("now")}
    r.call("modules/expiries.settle", r.symbol("expiry"), r.symbol("round"))
    given = [*r.assumed, *sane, payouts.term >= 0, payouts.term <= z3.Int("maximum")]
    yield Goal(given, account.floor >= before, "the floor")
    yield Goal(given, account.claims == z3.Int("claims") + payouts.term, "the claims")


@lemma(
    "SV-9",
    "A redemption pays cash for as much of the claims: the floor stays.",
    broken=("modules/expiries.vy", "    book._paid(paid)\n", ""),
    proves=("ST-3",),
    laws=("claims", "cash", "floor"),
)
def a_redemption_leaves_the_floor(sources: Sources) -> Iterator[Goal]:
    """What is paid is part of what was set aside (SV-4); exits are not the Market's to pay."""
    r, account, before = running(
        sources,
        {
            "lib/series.unpack": lambda *_: {"expiry": OPAQUE},
            "modules/book._settlement": lambda r, *_: r.symbol("price"),
            "static isOperator": lambda *_: z3.Bool("operator"),
            "static payout": lambda r, *_: r.symbol("paid"),
            "ext burn": lambda *_: None,
            "ext pay": lambda r, *args: r.call("modules/money.pay", *args),
        },
    )
    sane = account.sane
    r.state |= {"block.timestamp": r.symbol("now")}
    r.call("modules/expiries.redeem", OPAQUE, OPAQUE, OPAQUE, OPAQUE)
    yield Goal([*r.assumed, *sane], account.floor == before)
    given = [*r.assumed, *sane, before >= 0]
    yield Goal(given, account.cash >= z3.Int("exits"), "the cash of LPs who left stays")


@lemma(
    "SV-10",
    "An open leaves the floor over the reserve and every queued exit; a close leaves it at least at 0; and "
    "nothing that either does afterwards can lower it.",
    broken=(
        "modules/trades.vy",
        "convert(reserve + funds.queued, int256)",
        "-convert(reserve, int256)",
    ),
    proves=("FL-1", "FL-2"),
    laws=("the floor is not under water",),
)
def a_trade_ends_above_the_floor(sources: Sources) -> Iterator[Goal]:
    """The checks are the contract's; behind them only the token of the option moves, and events."""
    r, account, _ = running(sources)
    sane = account.sane
    funds = {
        "cash": Num(account.cash, "uint256"), "exits": Num(account.exits, "uint256"),
        "queued": r.symbol("queued"), "nav": r.symbol("nav"), "nav_time": OPAQUE,
    }  # fmt: skip
    left = r.call("modules/trades._check_reserve", r.symbol("word"), funds, Fields())
    then = z3.And(left.term == account.floor, account.floor >= 0, account.floor >= z3.Int("queued"))
    yield Goal([*r.assumed, *sane], then, "an open")
    r.hooks |= {"static funds": lambda *_: funds}
    r.state |= {"Market.parties": OPAQUE}
    left = r.call("Market._verify_floor")
    yield Goal([*r.assumed, *sane], z3.And(left.term == account.floor, left.term >= 0), "a close")
    market = sources.module("Market")
    for door, check in (("mint", "_check_reserve"), ("close", "_verify_floor")):
        yield Goal(
            [], z3.BoolVal(not moves_behind(market, door, check)), f"{door}: the check is last"
        )
    body = market.functions["mint"].body
    read = body[checked_at(body, "_check_reserve") - 1].node_source_code
    yield Goal([], z3.BoolVal(read.endswith("parties.VAULT.funds()")), "mint: on the cash of then")


HARMLESS = {"Log", "Return"}


def checked_at(body: Sequence[Any], check: str) -> int:
    """The place of the statement that keeps what a check says."""
    return next(
        i
        for i, s in enumerate(body)
        if type(s).__name__ == "AnnAssign" and check in s.node_source_code
    )


def moves_behind(module: Module, door: str, check: str) -> list[str]:
    """What a function does behind a check, besides events, reads of memory, and moving the option."""
    body = module.functions[door].body
    return [
        s.node_source_code
        for s in body[checked_at(body, check) + 1 :]
        if type(s).__name__ not in HARMLESS
        and not s.node_source_code.startswith(("hedges._log(", "extcall parties.OPTION.mint("))
    ]


@lemma(
    "SV-11",
    "Margin leaves inside the floor: what is lent leaves it at least at 0; what comes back, or is "
    "collected, raises it.",
    broken=("modules/lending.vy", "money._exits() + maxima + claims", "money._exits() + maxima"),
    proves=("FL-4", "FL-7"),
    laws=("cash", "the floor is not under water"),
)
def margin_leaves_inside_the_floor(sources: Sources) -> Iterator[Goal]:
    """Lending is the one way in which cash goes to a venue."""
    quiet = {
        "modules/lending._count": lambda *_: None,
        "modules/lending._losses": lambda r, *_: [r.symbol("lost"), r.symbol("cap")],
    }
    r, account, before = running(sources, quiet)
    sane = account.sane
    r.state["modules/money._out"] = r.symbol("out")
    r.call("modules/lending.lend", OPAQUE, r.symbol("amount"), OPAQUE)
    yield Goal([*r.assumed, *sane, before >= 0], account.floor >= 0, "lend")
    for place, args in (("modules/lending.restore", 1), ("modules/money.collect", 2)):
        r, account, before = running(sources, quiet)
        r.state["modules/money._out"] = r.symbol("out")
        r.call(place, *[OPAQUE] * (args - 1), r.symbol("amount"))
        yield Goal(r.assumed, account.floor == before + z3.Int("amount"), place.rpartition(".")[2])


@lemma(
    "SV-19",
    "A bounty, whatever it is, leaves the floor at least at 0, and the cash of LPs who left.",
    broken=("Market.vy", "    self._verify_floor()\n", ""),
    proves=("FL-4", "HG-14"),
    laws=("cash", "the floor is not under water"),
)
def a_bounty_is_paid_inside_the_floor(sources: Sources) -> Iterator[Goal]:
    """Nothing is asked of how its contract came to the amount."""
    r, account, _ = running(
        sources, {"ext pay": lambda r, *args: r.call("modules/money.pay", *args)}
    )
    sane = account.sane
    r.hooks["static funds"] = lambda r, *_: {
        "cash": Num(account.cash, "uint256"), "exits": Num(account.exits, "uint256"),
        "queued": r.symbol("queued"), "nav": r.symbol("nav"), "nav_time": OPAQUE,
    }  # fmt: skip
    r.state |= {"Market.parties": OPAQUE, "Market.BOUNTY": OPAQUE}
    r.call("Market.reward", OPAQUE, r.symbol("amount"))
    given = [*r.assumed, *sane]
    yield Goal(given, account.floor >= 0)
    yield Goal(given, account.cash >= z3.Int("exits"), "the cash of LPs who left stays")
