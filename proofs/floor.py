"""The floor: cash less what LPs who left may claim, less what settled holders may claim, less the most
that every open expiry can have to pay. Each lemma is of one way in which one of the four moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from proofs.lemma import Goal, lemma
from proofs.reading import Num, Reading
from proofs.sources import Sources

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
    "SV-9",
    "What exits may take leaves cash for every maximum and claim, and for the reserve of what is left.",
    broken=("modules/nav.vy", "max(by_nav, above - maxima)", "max(by_nav, above)"),
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
