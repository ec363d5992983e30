"""The book: what an expiry can have to pay, does pay, and what its holders are paid.

Between two nodes a payoff is a straight line A x + B. `maximum` and `payoff` walk over the same nodes; a
turn of either is shown to keep the same A and B, so that what one says of a price is what the other
compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from proofs.lemma import Goal, lemma
from proofs.numbers import Whole
from proofs.reading import OPAQUE, Num, Reading
from proofs.sources import Sources

WAD = 10**18
STRIKES = 2**24
SLOPES = 2**49  # sixteen nodes of 40 bits, and a forward of 48


class Unchecked(Whole):
    """Whole numbers with what has to be shown of arithmetic that is not checked: that it is exact."""

    def __init__(self, guard: Any) -> None:
        super().__init__(guard)
        self.exact: list[Any] = []

    def wrapped(self, found: Any, kind: str) -> None:
        self.exact.append(z3.And(found >= -(2**255), found < 2**255))


def a_node(strike: Any, size: Any) -> dict[str, Any]:
    """Hooks by which whatever is read of a word is this node."""
    return {
        "lib/book_words.strike_of": lambda *_: Num(strike, "uint256"),
        "lib/book_words.size_of": lambda *_: Num(size, "int256"),
        "lib/book_words.node": lambda *_: (Num(strike, "uint256"), Num(size, "int256")),
        "lib/bits.signed": lambda _, n: Num(n.term, "int256"),
        "lib/bits.unsigned": lambda _, n: Num(n.term, "uint256"),
    }


@lemma(
    "SV-1",
    "The maximum of an expiry is at least 0 and at least its payoff at every price, also between nodes and "
    "beyond the last.",
    broken=("lib/payoffs.vy", "        if level > best:\n", "        if level > best and slope < 0:\n"),
    laws=("maximum of an expiry",),
)
def the_maximum_bounds_the_payoff(sources: Sources) -> Iterator[Goal]:
    """Kept by a turn: level = A here + B, slope = A, and best WAD >= A at + B WAD for every price at before
    `here`. A turn goes to the next node, of any size, at a strike that is not lower."""
    strike, size, at = z3.Ints("strike size at")
    r = Reading(sources, Unchecked, a_node(strike, size))
    a, b, here, best = z3.Ints("A B here best")
    names = {
        "i": r.symbol("i"), "nodes": OPAQUE, "word": OPAQUE,
        "slope": Num(a, "int256"), "level": Num(a * here + b, "int256"),
        "here": Num(here, "int256"), "best": Num(best, "int256"),
    }  # fmt: skip
    turn = r.turn("lib/payoffs.maximum", names)
    bounds = [
        0 <= here, here <= strike, strike < STRIKES, -SLOPES < a, a < SLOPES,
        -(2**39) <= size, size < 2**39, best >= 0, best >= a * here + b,
        -(2**80) < a * here + b, a * here + b < 2**80,
    ]  # fmt: skip
    given = [*r.assumed, *bounds]
    after = {name: turn.names[name].term for name in ("slope", "level", "here", "best")}
    line = a * at + b * WAD
    yield Goal(given, z3.And(*r.numbers.exact), "no sum wraps")
    yield Goal(
        [*given, here * WAD <= at, at <= strike * WAD],
        z3.And(after["best"] * WAD >= line, after["best"] >= best),
        "between two nodes",
    )
    yield Goal(
        given,
        z3.And(
            after["slope"] == a + size,
            after["here"] == strike,
            after["level"] == (a + size) * strike + (b - size * strike),
            after["best"] >= after["level"],
            after["best"] >= 0,
        ),
        "the next line meets this one",
    )
    r = Reading(sources, Unchecked, a_node(strike, size))
    found = r.rest("lib/payoffs.maximum", names)
    yield Goal(
        [*r.assumed, *bounds, at >= here * WAD],
        z3.And(found.term * WAD >= line, found.term >= 0),
        "beyond the last",
    )


@lemma(
    "SV-2",
    "What an expiry pays at a price is its payoff there, rounded up, and at most its maximum.",
    broken=("lib/payoffs.vy", "total += size * (at - strike)", "total += size * at"),
    laws=("payoff at each kink",),
)
def what_is_paid_is_at_most_the_maximum(sources: Sources) -> Iterator[Goal]:
    """Kept by a turn: total = A at + B WAD. The same A and B as in SV-1, whose maximum bounds the line."""
    strike, size, at, a, b, maximum = z3.Ints("strike size at A B maximum")
    r = Reading(sources, Whole, a_node(strike, size))
    names = {
        "i": r.symbol("i"), "nodes": OPAQUE,
        "at": Num(at, "int256"), "total": Num(a * at + b * WAD, "int256"),
    }  # fmt: skip
    turn = r.turn("lib/payoffs.payoff", names)
    given = [*r.assumed, 0 < strike, strike < STRIKES, at >= 0, at < 2**96]
    yield Goal(
        [*given, at > strike * WAD],
        turn.names["total"].term == (a + size) * at + (b - size * strike) * WAD,
        "a node that is passed",
    )
    yield Goal([*given, at <= strike * WAD], turn.broken, "none behind the price counts")
    r = Reading(sources)
    total = r.symbol("total", "int256")
    paid = r.rest("lib/payoffs.payoff", {"total": total})
    given = [*r.assumed, maximum >= 0, maximum * WAD >= total.term]
    yield Goal(
        given,
        z3.And(paid.term * WAD >= total.term, paid.term >= 0, paid.term <= maximum),
        "rounded up, at most the maximum",
    )
    forward, cash = z3.Ints("forward cash")
    header = {
        "forward": Num(forward, "int256"),
        "cash": Num(cash, "int256"),
        "count": Num(z3.IntVal(0), "uint256"),
    }
    start = Reading(sources, Whole, {"lib/book_words.unpack": lambda *_: header})
    first = start.call("lib/payoffs.payoff", OPAQUE, OPAQUE, Num(at, "uint256"))
    line = forward * at + cash * WAD
    yield Goal(
        [*start.assumed, at >= 0],
        z3.And(
            z3.Implies(line <= 0, first.term == 0),
            z3.Implies(line > 0, z3.And(first.term * WAD >= line, (first.term - 1) * WAD < line)),
        ),
        "before the first node",
    )


def _pays(r: Reading, is_put: Any, strike: Any, other: Any, at: Any) -> Any:
    """What one option pays at a price, by the contract's own formula; WAD USD."""
    wads = (Num(n * WAD, "uint256") for n in (strike, other))
    return r.call("lib/payoffs._pays", is_put, *wads, Num(at, "uint256")).term


@lemma(
    "SV-3",
    "A trade changes an expiry's payoff, at every price, by its units times what one such option pays; a "
    "strike that is listed changes nothing.",
    broken=("lib/nodes.vy", "h.forward -= units", "h.forward += units"),
    laws=("payoff at each kink", "units of an expiry"),
)
def a_trade_moves_the_payoff_by_what_it_sells(sources: Sources) -> Iterator[Goal]:
    """A node of `units` at a strike adds units (at - strike)+; the forward and the cash add theirs."""
    strike, other, units, at = z3.Ints("strike other units at")
    is_put = z3.Bool("is_put")
    bumps: list[tuple[Any, Any, Any]] = []

    def bumped(r: Reading, nodes: Any, _: Any, where: Num, size: Num) -> Any:
        bumps.append((r.active, where.term, size.term))
        return nodes

    before = {name: Num(z3.Int(name), "int256") for name in ("forward", "cash")}
    after: dict[str, Any] = {}
    hooks = {
        "lib/nodes._bumped": bumped,
        "lib/book_words.unpack": lambda r, _: before
        | {name: r.symbol(f"{name}_before") for name in ("count", "expiry", "units", "maximum")},
        "lib/book_words.pack": lambda _, h: after.update(h) or OPAQUE,
        "lib/inlined.maximum": lambda r, *_: r.symbol("maximum_after"),
    }
    r = Reading(sources, Whole, hooks)
    series = {
        "is_put": is_put, "strike": Num(strike, "uint256"), "other": Num(other, "uint256"),
    }  # fmt: skip
    r.call("lib/nodes.with_series", {"header": OPAQUE, "nodes": OPAQUE}, series, Num(units, "int256"))
    listed = z3.If(is_put, other < strike, other > strike)
    given = [
        *r.assumed, strike > 0, strike < STRIKES, other >= 0, other < STRIKES, at >= 0, at < 2**96,
        z3.Or(listed, z3.And(other == 0, is_put)),
    ]  # fmt: skip
    moved = sum(
        z3.If(z3.And(active, at > k * WAD), size * (at - k * WAD), 0) for active, k, size in bumps
    )
    moved += (after["forward"].term - z3.Int("forward")) * at
    moved += (after["cash"].term - z3.Int("cash")) * WAD
    pays = _pays(r, is_put, strike, other, at)
    for put in (True, False):
        sold = [*given, is_put == put, *r.assumed]
        yield Goal(sold, moved == units * pays, "put" if put else "call")
    follows = z3.And(
        after["maximum"].term == z3.Int("maximum_after"),
        after["units"].term == z3.Int("units_before") + units,
    )
    yield Goal(given, follows, "units and maximum follow")


@lemma(
    "SV-4",
    "What all holders of an expiry are paid is at most what was set aside for them, however they split and "
    "in whatever order they come.",
    broken=("lib/payoffs.vy", "other * WAD, at) // WAD", "other * WAD, at) // WAD + 1"),
    laws=("claims",),
)
def holders_are_paid_out_of_what_was_set_aside(sources: Sources) -> Iterator[Goal]:
    """With p what one unit pays: floor(m p) + floor(n p) <= floor((m + n) p), so parts are paid no more
    than the whole; and the whole, one series or the sum of several, is no more than the payoff rounded up."""
    at, strike, other, m, n, rest = z3.Ints("at strike other m n rest")
    is_put = z3.Bool("is_put")
    pays = z3.Int("pays")
    hooks = {"lib/payoffs._pays": lambda *_: Num(pays, "uint256")}
    r = Reading(sources, Whole, hooks)
    ask = lambda units: r.call(  # noqa: E731
        "lib/payoffs.unit_payoff",
        is_put, Num(strike, "uint256"), Num(other, "uint256"), Num(units, "uint256"), Num(at, "uint256"),
    ).term  # fmt: skip
    one, two, both = ask(m), ask(n), ask(m + n)
    given = [*r.assumed, m >= 0, n >= 0, pays >= 0, at >= 0]
    yield Goal(given, one + two <= both, "parts and the whole")
    # `rest`: what the other series pay, exactly; aside: the payoff of all, rounded up
    aside = z3.Int("aside")
    paid = z3.Int("paid_rest")
    given += [rest >= 0, aside * WAD >= rest + m * pays, paid * WAD <= rest, paid >= 0]
    yield Goal(given, paid + one <= aside, "all series and what was set aside")


@lemma(
    "SV-15",
    "What `max_close` says fits keeps the floor at every price: paying p for each of q and taking back what "
    "they pay leaves the payoff with the money paid inside the room.",
    broken=("lib/payoffs.vy", "if price_up > released:", "if price_up > released + 1_000_000:"),
    laws=("the floor is not under water",),
)
def what_fits_keeps_the_floor(sources: Sources) -> Iterator[Goal]:
    """At 0 and at every node, by a turn that looks at one; between them both sides are straight lines, and
    beyond the last the payoff falls and the option pays what it pays at its cap."""
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
        *r.assumed, here >= 0, here < STRIKES, 0 < strike, strike < STRIKES, 0 <= other, other < STRIKES,
        z3.If(is_put, other < strike, other > strike), price >= 0, fits >= 0,
    ]  # fmt: skip
    pays = _pays(Reading(sources), is_put, strike, other, here * WAD)
    after = turn.names["fits"].term
    nothing = turn.returned  # room is used up: nothing fits
    # level in 1e-6 USD; price and what is released in 1e-6 USD per ETH, q in 1e-6 ETH
    kept = 10**6 * level + after * (price - z3.Int("released")) <= 10**6 * room.term
    given.append(z3.Int("released") * 10**12 == pays)
    yield Goal(
        [*given, z3.Not(nothing), z3.Or(level <= room.term, price > z3.Int("released"))],
        z3.And(kept, after <= fits),
        "at a node",
    )


@lemma(
    "SV-16",
    "A listing changes no payoff and no maximum, and frees only what has no units.",
    broken=("lib/nodes.vy", "book_words.with_node(nodes, place, strike, 0)", "book_words.with_node(nodes, place, strike, 1)"),
    laws=("payoff at each kink", "expiries that are sold are listed"),
)
def a_listing_changes_nothing(sources: Sources) -> Iterator[Goal]:
    """A new strike has size 0, and nothing but the number of nodes changes in the header."""
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
    idle = [z3.Implies(when, z3.And(z3.Int("open") == 0, z3.Int("expiry") <= z3.Int("now"))) for when in freed]
    yield Goal(r.numbers.facts, z3.And(*idle), "what is freed")
