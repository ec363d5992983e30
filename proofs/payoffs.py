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
from proofs.reading import Reading
from proofs.sources import Sources
from proofs.values import OPAQUE, Num

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
    broken=(
        "lib/payoffs.vy",
        "        if level > best:\n",
        "        if level > best and slope < 0:\n",
    ),
    proves=("BK-3",),
    laws=("maximum of an expiry",),
)
def the_maximum_bounds_the_payoff(sources: Sources) -> Iterator[Goal]:
    """Kept by a turn: level = A here + B, slope = A, and best WAD >= A at + B WAD for every price at before
    `here`. A turn goes to the next node, of any size, at a strike that is not lower. Longer than a screen:
    the variables of a turn, their bounds, and what every turn keeps belong on one page."""
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
        here >= 0, here <= strike, strike < STRIKES, a > -SLOPES, a < SLOPES,
        size >= -(2**39), size < 2**39, best >= 0, best >= a * here + b,
        a * here + b > -(2**80), a * here + b < 2**80,
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
    proves=("FL-6",),
    laws=("payoff at each kink",),
)
def what_is_paid_is_at_most_the_maximum(sources: Sources) -> Iterator[Goal]:
    """Kept by a turn: total = A at + B WAD. The same A and B as in SV-1, whose maximum bounds the line.
    Longer than a screen: a walk's beginning, its turn and its end."""
    strike, size, at, a, b, maximum = z3.Ints("strike size at A B maximum")
    r = Reading(sources, Whole, a_node(strike, size))
    names = {
        "i": r.symbol("i"), "nodes": OPAQUE,
        "at": Num(at, "int256"), "total": Num(a * at + b * WAD, "int256"),
    }  # fmt: skip
    turn = r.turn("lib/payoffs.payoff", names)
    given = [*r.assumed, strike > 0, strike < STRIKES, at >= 0, at < 2**96]
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


def pays(r: Reading, is_put: Any, strike: Any, other: Any, at: Any) -> Any:
    """What one option pays at a price, by the contract's own formula; WAD USD."""
    wads = (Num(n * WAD, "uint256") for n in (strike, other))
    return r.call("lib/payoffs._pays", is_put, *wads, Num(at, "uint256")).term


@lemma(
    "SV-3",
    "A trade changes an expiry's payoff, at every price, by its units times what one such option pays; a "
    "strike that is listed changes nothing.",
    broken=("lib/nodes.vy", "h.forward -= units", "h.forward += units"),
    proves=("BK-1",),
    laws=("payoff at each kink", "units of an expiry"),
)
def a_trade_moves_the_payoff_by_what_it_sells(sources: Sources) -> Iterator[Goal]:
    """A node of `units` at a strike adds units (at - strike)+; the forward and the cash add theirs. Longer
    than a screen: what stands for the words, and what they are compared with."""
    strike, other, units, at = z3.Ints("strike other units at")
    is_put = z3.Bool("is_put")
    bumps: list[tuple[Any, Any, Any]] = []

    def bumped(r: Reading, nodes: Any, _: Any, where: Num, size: Num) -> Any:
        bumps.append((r.active, where.term, size.term))
        return nodes, r.symbol("slope")

    before = {name: Num(z3.Int(name), "int256") for name in ("forward", "cash")}
    after: dict[str, Any] = {}
    hooks = {
        "lib/nodes._bumped": bumped,
        "lib/book_words.unpack": lambda r, _: (
            before
            | {name: r.symbol(f"{name}_before") for name in ("count", "expiry", "units", "maximum")}
        ),
        "lib/book_words.pack": lambda _, h: after.update(h) or OPAQUE,
        "lib/inlined.maximum": lambda r, *_: r.symbol("maximum_after"),
    }
    r = Reading(sources, Whole, hooks)
    series = {
        "is_put": is_put, "strike": Num(strike, "uint256"), "other": Num(other, "uint256"),
    }  # fmt: skip
    r.call(
        "lib/nodes.with_series", {"header": OPAQUE, "nodes": OPAQUE}, series, Num(units, "int256")
    )
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
    each = pays(r, is_put, strike, other, at)
    for put in (True, False):
        sold = [*given, is_put == put, *r.assumed]
        yield Goal(sold, moved == units * each, "put" if put else "call")
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
    proves=("UN-3", "ST-3"),
    laws=("claims",),
)
def holders_are_paid_out_of_what_was_set_aside(sources: Sources) -> Iterator[Goal]:
    """With p what one unit pays: floor(m p) + floor(n p) <= floor((m + n) p), so parts are paid no more
    than the whole; and the whole, one series or the sum of several, is no more than the payoff rounded up."""
    at, strike, other, m, n, rest = z3.Ints("at strike other m n rest")
    is_put = z3.Bool("is_put")
    each = z3.Int("pays")
    hooks = {"lib/payoffs._pays": lambda *_: Num(each, "uint256")}
    r = Reading(sources, Whole, hooks)
    ask = lambda units: r.call(  # noqa: E731
        "lib/payoffs.unit_payoff",
        is_put, Num(strike, "uint256"), Num(other, "uint256"), Num(units, "uint256"), Num(at, "uint256"),
    ).term  # fmt: skip
    one, two, both = ask(m), ask(n), ask(m + n)
    given = [*r.assumed, m >= 0, n >= 0, each >= 0, at >= 0]
    yield Goal(given, one + two <= both, "parts and the whole")
    # `rest`: what the other series pay, exactly; aside: the payoff of all, rounded up
    aside = z3.Int("aside")
    paid = z3.Int("paid_rest")
    given += [rest >= 0, aside * WAD >= rest + m * each, paid * WAD <= rest, paid >= 0]
    yield Goal(given, paid + one <= aside, "all series and what was set aside")
