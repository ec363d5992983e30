"""The book: the part of a close that fits, and what a listing changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from proofs.lemma import Goal, lemma
from proofs.numbers import Whole
from proofs.payoffs import STRIKES, WAD, a_node, pays
from proofs.reading import Reading
from proofs.sources import Sources
from proofs.values import OPAQUE, Num


@lemma(
    "SV-15",
    "What `max_close` says fits keeps the floor at every price: paying p for each of q and taking back what "
    "they pay leaves the payoff with the money paid inside the room.",
    broken=("lib/payoffs.vy", "if price_up > released:", "if price_up > released + 1_000_000:"),
    proves=("FL-3", "MP-11"),
    laws=("the floor is not under water",),
)
def what_fits_keeps_the_floor(sources: Sources) -> Iterator[Goal]:
    """At 0 and at every node, by a turn that looks at one; between them both sides are straight lines, and
    beyond the last the payoff falls and the option pays what it pays at its cap. The room is maximum and
    floor less one unit, for what rounding may be; no payoff is above the maximum (SV-1), nor the floor
    below 0."""
    here, level, fits, price, strike, other = z3.Ints("here level fits price strike other")
    is_put = z3.Bool("is_put")
    r = Reading(sources, Whole, a_node(z3.Int("next"), z3.Int("size")))
    room = r.symbol("room", "int256")
    low = z3.If(is_put, z3.If(other < strike, other, strike), strike)
    high = z3.If(is_put, strike, z3.If(other != 0, other, 2**256 - 1))
    h = {"count": r.symbol("count")}
    names = {
        "i": r.symbol("i"), "h": h, "nodes": OPAQUE, "is_put": is_put, "strike": Num(strike, "uint256"),
        "low": Num(low, "uint256"), "high": Num(high, "uint256"), "here": Num(here, "uint256"),
        "level": Num(level, "int256"), "slope": r.symbol("slope", "int256"), "room": room,
        "fits": Num(fits, "uint256"), "price_up": Num(price, "uint256"),
    }  # fmt: skip
    turn = r.turn("lib/payoffs.max_close", names)
    given = [
        *r.assumed, here >= 0, here < STRIKES, strike > 0, strike < STRIKES, other >= 0, other < STRIKES,
        z3.If(is_put, other < strike, other > strike), price >= 0, fits >= 0,
    ]  # fmt: skip
    paid = pays(Reading(sources), is_put, strike, other, here * WAD)
    after = turn.names["fits"].term
    nothing = turn.returned  # room is used up: nothing fits
    # level in 1e-6 USD; price and what is released in 1e-6 USD per ETH, q in 1e-6 ETH
    left = 10**6 * level + after * (price - z3.Int("released"))
    given += [z3.Int("released") * 10**12 == paid, z3.Not(nothing), level <= room.term + 1]
    yield Goal(given, z3.And(left <= 10**6 * (room.term + 1), after <= fits), "at a node")
    given.append(z3.Or(level <= room.term, price > z3.Int("released")))
    yield Goal(given, left <= 10**6 * room.term, "with the unit to spare")


@lemma(
    "SV-16",
    "A listing changes no payoff and no maximum, and frees only what has no units.",
    broken=(
        "lib/nodes.vy",
        "book_words.with_node(nodes, place, strike, 0)",
        "book_words.with_node(nodes, place, strike, 1)",
    ),
    proves=("BK-2",),
    laws=("payoff at each kink", "expiries that are sold are listed"),
)
def a_listing_changes_nothing(sources: Sources) -> Iterator[Goal]:
    """A new strike has size 0, and nothing but the number of nodes changes in the header. Longer than a
    screen: a strike and a slot, each with what stands for the code that it meets."""
    sizes: list[Any] = []
    header = {
        name: Num(z3.Int(name), "int256" if name in ("forward", "cash") else "uint256")
        for name in ("count", "expiry", "units", "forward", "cash", "maximum")
    }
    after: dict[str, Any] = {}

    def written(_: Reading, nodes: Any, i: Num, strike: Num, size: Num) -> Any:
        if strike.term.eq(z3.Int("listed")):
            sizes.append(size.term)
        return nodes

    r = Reading(
        sources,
        Whole,
        {
            "lib/book_words.unpack": lambda *_: header,
            "lib/book_words.find": lambda r, *_: (z3.BoolVal(False), r.symbol("place")),
            "lib/book_words.node": lambda r, *_: (r.symbol("moved"), r.symbol("size", "int256")),
            "lib/book_words.with_node": written,
            "lib/book_words.pack": lambda _, h: after.update(h) or OPAQUE,
        },
    )
    words = {"header": OPAQUE, "nodes": OPAQUE}
    r.call("lib/nodes.with_strike", words, Num(z3.Int("listed"), "uint256"))
    same = [after[k].term == header[k].term for k in header if k != "count"]
    new = [after["count"].term == header["count"].term + 1, *(size == 0 for size in sizes)]
    yield Goal([*r.assumed, z3.BoolVal(len(sizes) == 1)], z3.And(*same, *new), "a strike")
    r = Reading(sources, Whole, {}, {"modules/book.headers": OPAQUE, "modules/book.totals": OPAQUE})
    freed: list[Any] = []
    r.hooks |= {
        "lib/book_totals.listed": lambda *_: OPAQUE,
        "modules/book._find": lambda r, *_: r.number(8, "uint256"),
        "lib/book_words.expiry_of": lambda r, *_: r.symbol("expiry"),
        "lib/book_words.units_of": lambda r, *_: r.symbol("open"),
        "lib/book_words.fresh": lambda *_: OPAQUE,
        "modules/book._free": lambda r, *_: freed.append(r.active),
    }
    r.state |= {"block.timestamp": r.symbol("now")}
    r.call("modules/book._open", r.symbol("asked"))
    idle = [
        z3.Implies(when, z3.And(z3.Int("open") == 0, z3.Int("expiry") <= z3.Int("now")))
        for when in freed
    ]
    yield Goal(r.numbers.facts, z3.And(*idle), "what is freed")
