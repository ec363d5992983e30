"""The floor: cash less what LPs who left may claim, less what settled holders may claim, less the most
that every open expiry can have to pay. Each lemma is of one way in which one of the four moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from proofs.lemma import Goal, lemma
from proofs.numbers import Whole
from proofs.reading import OPAQUE, Fields, Num, Reading
from proofs.sources import Module, Sources

@dataclass
class Account:
    """The four words that make a floor, whole numbers; what moves them on the way moves them here."""

    cash: Any
    exits: Any
    maxima: Any
    claims: Any

    @classmethod
    def any(cls) -> Account:
        return cls(*z3.Ints("cash exits maxima claims"))

    @property
    def floor(self) -> Any:
        return self.cash - self.exits - self.maxima - self.claims

    @property
    def sane(self) -> list[Any]:
        """Fields hold what is not negative, in so many bits."""
        bits = {"cash": 128, "exits": 128, "maxima": 88, "claims": 88}
        terms = [(getattr(self, name), 2**width) for name, width in bits.items()]
        return [z3.And(term >= 0, term < bound) for term, bound in terms]

    # ---- what stands for the code that moves them (SV-6, SV-7)
    def hooks(self) -> dict[str, Any]:
        def move(name: str, sign: int) -> Any:
            def moved(r: Reading, *args: Any) -> None:
                now, by = getattr(self, name), args[-1].term
                if sign < 0:
                    r.guards.append(z3.Implies(r.active, by <= now))
                setattr(self, name, z3.If(r.active, now + sign * by, now))

            return moved

        def number(name: str) -> Any:
            return lambda *_: Num(getattr(self, name), "uint256")

        return {
            "modules/money._pull": move("cash", 1),
            "modules/money._push": move("cash", -1),
            "modules/money._set_aside": move("exits", 1),
            "modules/money._release": move("exits", -1),
            "modules/money._cash": number("cash"),
            "modules/money._exits": number("exits"),
            "modules/money._account": lambda *_: (number("cash")(), number("exits")()),
            "modules/money._only_market": lambda *_: None,
            "modules/lending._only_router": lambda *_: None,
            "static liabilities": lambda *_: (number("maxima")(), number("claims")()),
            "lib/book_totals.maxima": number("maxima"),
            "lib/book_totals.claims": number("claims"),
            "lib/book_totals.owed": lambda *_: Num(self.maxima + self.claims, "uint256"),
            "lib/book_totals.set_aside": self._then(move("claims", 1)),
            "lib/book_totals.paid": self._then(move("claims", -1)),
            "lib/book_totals.moved": self._moved,
            "lib/book_words.maximum_of": lambda _, h: h["maximum"],
            "lib/book_words.units_of": lambda _, h: h["units"],
            "lib/book_words.expiry_of": lambda *_: OPAQUE,
            "lib/terms.field": lambda r, *_: r.symbol(r.numbers.fresh("term")),
        }

    @staticmethod
    def _then(move: Any) -> Any:
        """The same, which answers with the word that it moved."""

        def moved(r: Reading, word: Any, amount: Num) -> Any:
            move(r, amount)
            return word

        return moved

    def _moved(self, r: Reading, word: Any, _: Any, before: Any, after: Any) -> Any:
        less = before["maximum"].term
        more = after["maximum"].term if isinstance(after, dict) else 0
        r.guards.append(z3.Implies(r.active, less <= self.maxima))
        self.maxima = z3.If(r.active, self.maxima - less + more, self.maxima)
        return word


def running(sources: Sources, more: Mapping[str, Any] | None = None) -> tuple[Reading, Account, Any]:
    """A reading with an account; the account, and the floor before anything ran."""
    account = Account.any()
    state = {"modules/book.totals": Fields(), "modules/book.headers": OPAQUE, "msg.sender": OPAQUE}
    state |= {"modules/book.nodes": OPAQUE, "modules/book.settlements": OPAQUE}
    return Reading(sources, Whole, account.hooks() | dict(more or {}), state), account, account.floor


MARK = (
    "liability", "liability_low", "liability_high", "equity", "equity_low", "equity_high",
    "rehedge_cost", "rehedge_gain", "maxima", "claims", "top_up",
)  # fmt: skip


def mark(reading: Reading) -> dict[str, Any]:
    """Any mark."""
    found: dict[str, Any] = {
        name: reading.symbol(name, "int256" if name == "equity" else "uint256") for name in MARK
    }
    return found | {name: z3.Bool(name) for name in ("bankrupt", "calm", "stale")}


@lemma(
    "SV-13",
    "What exits may take leaves cash for every maximum and claim, and for the reserve of what is left.",
    broken=("modules/nav.vy", "max(by_nav, above - maxima)", "max(by_nav, above)"),
    laws=("the floor is not under water",),
)
def exits_leave_the_floor(sources: Sources) -> Iterator[Goal]:
    """x <= own - maxima where anything may leave; own is cash less exits and claims."""
    r = Reading(sources)
    own, nav = r.symbol("own", "int256"), r.symbol("nav")
    reserve, m = r.symbol("reserve"), mark(r)
    room: Num = r.call("modules/nav._exit_room", own, nav, reserve, m)
    given = [*r.assumed, reserve.term < 10_000]
    paid = z3.Int("paid")
    given += [paid >= 0, paid <= room.term]
    floor = own.term - m["maxima"].term
    yield Goal([*given, floor >= 0], floor - paid >= 0, "the floor")
    yield Goal([*given, paid > 0], floor - paid >= m["top_up"].term, "the next top-up")
    kept = z3.Or(
        10_000 * (floor - paid) >= reserve.term * (nav.term - paid), floor - paid >= m["maxima"].term
    )
    yield Goal([*given, paid > 0], kept, "the reserve of what is left")


@lemma(
    "SV-8",
    "A settlement sets aside at most the maximum that it replaces: the floor does not fall.",
    broken=("modules/book.vy", "(slot, w, empty(IUnderwriter.Words))", "(slot, w, w)"),
    laws=("claims", "maxima", "floor"),
)
def a_settlement_lowers_no_floor(sources: Sources) -> Iterator[Goal]:
    """Given that what an expiry pays is at most its maximum (SV-2)."""
    header = Fields(maximum=Num(z3.Int("maximum"), "uint256"), units=Num(z3.Int("units"), "uint256"))
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
    broken=("modules/trades.vy", "convert(reserve + funds.queued, int256)", "-convert(reserve, int256)"),
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
    for door, check in (("mint", "_verify_reserve"), ("close", "_verify_floor")):
        yield Goal([], z3.BoolVal(not moves_behind(market, door, check)), f"{door}: the check is last")


HARMLESS = {"Log", "Return"}


def moves_behind(module: Module, door: str, check: str) -> list[str]:
    """What a function does behind a check, besides events, reads of memory, and moving the option."""
    body = module.functions[door].body
    places = [
        i for i, s in enumerate(body) if type(s).__name__ == "AnnAssign" and check in s.node_source_code
    ]
    behind = body[places[0] + 1 :]
    return [
        s.node_source_code
        for s in behind
        if type(s).__name__ not in HARMLESS
        and not s.node_source_code.startswith(("hedges._log(", "extcall parties.OPTION.mint("))
    ]


@lemma(
    "SV-11",
    "Margin leaves inside the floor: what is lent leaves it at least at 0; what comes back, or is "
    "collected, raises it.",
    broken=("modules/lending.vy", "money._exits() + maxima + claims", "money._exits() + maxima"),
    laws=("cash", "the floor is not under water"),
)
def margin_leaves_inside_the_floor(sources: Sources) -> Iterator[Goal]:
    """Lending is the one way in which cash goes to a venue."""
    quiet = {"modules/lending._count": lambda *_: None, "modules/shares._last": lambda *_: [OPAQUE] * 3}
    r, account, before = running(sources, quiet)
    sane = account.sane
    r.call("modules/lending.lend", OPAQUE, r.symbol("amount"), OPAQUE)
    yield Goal([*r.assumed, *sane, before >= 0], account.floor >= 0, "lend")
    for place, args in (("modules/lending.restore", 1), ("modules/money.collect", 2)):
        r, account, before = running(sources, quiet)
        r.call(place, *[OPAQUE] * (args - 1), r.symbol("amount"))
        yield Goal(r.assumed, account.floor == before + z3.Int("amount"), place.rpartition(".")[2])


@lemma(
    "SV-12",
    "A claim of an LP who left takes from cash what was set aside for it; what rounding left over is cash.",
    broken=("Vault.vy", "money._release(assets + dust)", "money._release(dust)"),
    laws=("exits", "cash", "floor"),
)
def a_claim_takes_what_was_set_aside(sources: Sources) -> Iterator[Goal]:
    """Claims of an epoch are at most its assets (the law `exits`): so there is as much."""
    r, account, before = running(sources)
    sane = account.sane
    assets, dust = r.symbol("assets"), r.symbol("dust")
    r.call("Vault._leave", OPAQUE, OPAQUE, assets, r.symbol("amount"), dust)
    yield Goal([*r.assumed, *sane], account.floor == before + dust.term)


@lemma(
    "SV-14",
    "Processing exits sets aside what the floor has, epoch after epoch: it stays at 0 or over it.",
    broken=("Vault.vy", "if assets > room:", "if assets > room + 1:"),
    laws=("exits", "the floor is not under water"),
)
def processing_leaves_the_floor(sources: Sources) -> Iterator[Goal]:
    """One epoch of `process`, with the mark's maxima and claims those of the book (one call reads both). Where
    not all of it fits, shares are burned for what does: rounded down twice, so never for more."""
    r, account, before = running(
        sources,
        {
            "modules/epochs._due": lambda *_: OPAQUE,
            "modules/epochs._left": lambda r, *_: r.symbol("left"),
            "modules/epochs._fill": lambda *_: None,
            "modules/shares._burn": lambda *_: None,
            "modules/valuation._supply": lambda r, *_: r.symbol("supply"),
        },
    )
    sane = account.sane
    m = mark(r)
    m |= {"maxima": Num(account.maxima, "uint256"), "claims": Num(account.claims, "uint256")}
    r.state |= {"self": OPAQUE}
    names = {
        "low": r.symbol("low"), "high": r.symbol("high"), "m": m, "reserve": r.symbol("reserve"),
        "latest": OPAQUE, "total": r.symbol("total"),
    }  # fmt: skip
    r.turn("Vault._process", names)
    small = [z3.Int("supply") > 0, z3.Int("supply") < 2**113, z3.Int("low") < 2**128]
    given = [*r.assumed, *sane, *small, before >= 0, z3.Int("reserve") < 10_000]
    yield Goal(given, account.floor >= 0)


@lemma(
    "SV-17",
    "What all who left in an epoch may claim is at most the assets that were set aside for it.",
    broken=("modules/exits.vy", "t.shares * e.assets // e.shares - t.paid", "t.shares * e.assets // e.shares + 1 - t.paid"),
    laws=("exits",),
)
def claims_of_an_epoch_are_covered(sources: Sources) -> Iterator[Goal]:
    """Two tickets of an epoch, and so any number, are together entitled to no more than one that has both's
    shares; and one that has all of them to the assets. What is left over is not negative."""
    r = Reading(sources)
    e = {name: r.symbol(name) for name in ("shares", "burned", "assets", "paid", "claimed")}
    e |= {"next": OPAQUE}
    zero = r.number(0, "uint256")

    def entitled(units: Any) -> Any:
        ticket = {"shares": Num(units, "uint256"), "claimed": zero, "paid": zero}
        return r.call("modules/exits._claimable", e, ticket)[1].term

    m, n = z3.Ints("m n")
    one, two, both, every = map(entitled, (m, n, m + n, e["shares"].term))
    given = [
        *r.assumed, m >= 0, n >= 0, e["shares"].term > 0, e["burned"].term <= e["shares"].term,
        m + n <= e["shares"].term,
    ]  # fmt: skip
    yield Goal(given, one + two <= both, "parts and the whole")
    yield Goal(given, every <= e["assets"].term, "all of them")
