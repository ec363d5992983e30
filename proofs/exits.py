"""LPs who leave: what is set aside for them, and what they may claim of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from proofs.account import mark, running
from proofs.lemma import Goal, lemma
from proofs.reading import Reading
from proofs.sources import Sources
from proofs.values import OPAQUE, Num


@lemma(
    "SV-13",
    "What exits may take leaves cash for every maximum and claim, and for the reserve of what is left.",
    broken=("modules/nav.vy", "max(by_nav, above - maxima)", "max(by_nav, above)"),
    proves=("FL-5",),
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
        10_000 * (floor - paid) >= reserve.term * (nav.term - paid),
        floor - paid >= m["maxima"].term,
    )
    yield Goal([*given, paid > 0], kept, "the reserve of what is left")


@lemma(
    "SV-12",
    "A claim of an LP who left takes from cash what was set aside for it; what rounding left over is cash.",
    broken=("Vault.vy", "money._release(assets + dust)", "money._release(dust)"),
    proves=("FL-1",),
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
    proves=("FL-5",),
    laws=("exits", "the floor is not under water"),
)
def processing_leaves_the_floor(sources: Sources) -> Iterator[Goal]:
    """One epoch of `process`, with the mark's maxima and claims those of the book (one call reads both).
    Where not all of it fits, shares are burned for what does: rounded down twice, so never for more. Whatever
    the NAV is past which nobody leaves."""
    r, account, before = running(
        sources,
        {
            "modules/epochs._due": lambda *_: OPAQUE,
            "modules/epochs._left": lambda r, *_: r.symbol("left"),
            "modules/epochs._fill": lambda *_: None,
            "modules/shares._burn": lambda *_: None,
            "modules/valuation._supply": lambda r, *_: r.symbol("supply"),
            "modules/valuation._most_nav": lambda *_: OPAQUE,
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
    broken=(
        "modules/exits.vy",
        "t.shares * e.assets // e.shares - t.paid",
        "t.shares * e.assets // e.shares + 1 - t.paid",
    ),
    proves=("SH-3",),
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
