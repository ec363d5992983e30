"""Words: what is written into a field is read out of it again, and its neighbours stay. 256 bits, as they
are; here nothing is a whole number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from proofs.lemma import Goal, lemma
from proofs.numbers import Bits
from proofs.reading import Reading
from proofs.sources import Sources
from proofs.values import Num


def _word(name: str, kind: str = "uint256") -> Num:
    return Num(z3.BitVec(name, 256), kind)


def _same(a: Any, b: Any) -> Any:
    return a.term == b.term


@lemma(
    "SV-5",
    "A book's words hold what is written into them: nodes, headers, and the order in which both walks read.",
    broken=(
        "lib/book_words.vy",
        "offset: uint256 = (i & 3) << 6",
        "offset: uint256 = (i & 1) << 6",
    ),
    proves=("BK-2",),
    laws=("payoff at each kink",),
)
def a_books_words_hold(sources: Sources) -> Iterator[Goal]:
    """For each of the sixteen places: what is written is read, all others stay, and the word that `maximum`
    shifts along shows the same node."""
    place = "lib/book_words"
    for i in range(16):
        r = Reading(sources, Bits)
        nodes = [_word(f"nodes{k}") for k in range(4)]
        strike, size = _word("strike"), _word("size", "int256")
        after = r.call(f"{place}.with_node", nodes, r.number(i, "uint256"), strike, size)
        kept = []
        for k in range(16):
            was, now = (r.call(f"{place}.node", w, r.number(k, "uint256")) for w in (nodes, after))
            expected = (strike, size) if k == i else was
            kept.append(z3.And(*map(_same, now, expected)))
        shifted = Num(nodes[i // 4].term << 64 * (i % 4), "uint256")
        node = r.call(f"{place}.node", nodes, r.number(i, "uint256"))
        walked = (r.call(f"{place}.strike_of", shifted), r.call(f"{place}.size_of", shifted))
        yield Goal(r.assumed, z3.And(*kept, *map(_same, walked, node)), f"node {i}")
    r = Reading(sources, Bits)
    header = {
        name: _word(name, "int256" if name in ("forward", "cash") else "uint256")
        for name in ("count", "expiry", "units", "forward", "cash", "maximum")
    }
    back = r.call(f"{place}.unpack", r.call(f"{place}.pack", header))
    yield Goal(r.assumed, z3.And(*(_same(header[k], back[k]) for k in header)), "header")


FIELDS = ("maxima", "claims", "opened", "gross", "listed")


@lemma(
    "SV-6",
    "The word of totals is the sums: an expiry that moves moves the sum of maxima by as much, and no claim; "
    "what is set aside or paid moves the claims by as much, and no maximum; what was ever opened grows by "
    "the units that are more, and by nothing else, and no field touches another.",
    broken=("lib/book_totals.vy", "totals - (amount << 132)", "totals - (amount << 131)"),
    proves=("FL-6",),
    laws=("maxima", "claims"),
)
def the_totals_are_the_sums(sources: Sources) -> Iterator[Goal]:
    """Given that the sum holds what is taken from it, and fits its field: eight maxima of 60 bits do."""
    place = "lib/book_totals"
    totals, slot, old, new, amount = map(_word, ("totals", "slot", "old", "new", "amount"))

    def read(r: Reading, word: Num) -> list[Any]:
        return [r.call(f"{place}.{field}", word).term for field in FIELDS]

    r = Reading(sources, Bits)
    maxima, claims, opened, gross, listed = read(r, totals)
    less, more = (r.call("lib/book_words.maximum_of", w).term for w in (old, new))
    fewer, others = (r.call("lib/book_words.units_of", w).term for w in (old, new))
    fits = [
        z3.ULE(less, maxima), z3.ULT(maxima - less + more, 2**64), z3.ULE(fewer, gross),
        z3.ULT(gross - fewer + others, 2**52), z3.ULT(slot.term, 8),
    ]  # fmt: skip
    moved = read(r, r.call(f"{place}.moved", totals, slot, old, new))
    now_opened = (opened + z3.If(z3.UGT(others, fewer), others - fewer, 0)) & 2**60 - 1
    sums = (maxima - less + more, claims, now_opened, gross - fewer + others, listed)
    for field, now, expected in zip(FIELDS, moved, sums, strict=True):
        yield Goal([*r.assumed, *fits], now == expected, f"moved: {field}")
    for fn, after in (("set_aside", claims + amount.term), ("paid", claims - amount.term)):
        r = Reading(sources, Bits)
        now = read(r, r.call(f"{place}.{fn}", totals, amount))
        yield Goal(
            [*r.assumed, z3.ULT(amount.term, 2**64)],
            z3.And(
                now[1] == after, *(now[i] == was for i, was in enumerate(read(r, totals)) if i != 1)
            ),
            fn,
        )
    r = Reading(sources, Bits)
    owed = r.call(f"{place}.owed", totals).term
    yield Goal([*r.assumed], owed == maxima + claims, "owed")


@lemma(
    "SV-7",
    "The Vault's account moves as it says: in and out of cash by the amount, aside and back by the amount, "
    "and neither moves the other.",
    broken=("modules/money.vy", "assert amount <= word & MASK_128", "assert amount <= word"),
    proves=("FL-8",),
    laws=("cash", "exits"),
)
def the_account_moves_as_it_says(sources: Sources) -> Iterator[Goal]:
    """The token moves by as much or the call reverts: asked before and after where it comes in; where it
    goes out that is the token's word (assumption A2)."""
    place = "modules/money"
    token = {
        "static balanceOf": lambda r, *_: Num(z3.BitVec(r.numbers.fresh("held"), 256), "uint256"),
        "ext transferFrom": lambda *_: z3.BoolVal(True),
        "ext transfer": lambda *_: z3.BoolVal(True),
    }
    word, amount, who = _word("money"), _word("amount"), _word("who")
    parties = {f"{place}.TOKEN": _word("token"), "self": _word("self")}
    cash, aside = word.term & (2**128 - 1), z3.LShR(word.term, 128)
    moves = {
        "_pull": ((who, amount), cash + amount.term, aside),
        "_push": ((who, amount), cash - amount.term, aside),
        "_set_aside": ((amount,), cash, aside + amount.term),
        "_release": ((amount,), cash, aside - amount.term),
    }
    for fn, (arguments, held, kept) in moves.items():
        r = Reading(sources, Bits, token, {f"{place}._money": word, **parties})
        r.call(f"{place}.{fn}", *arguments)
        after = r.state[f"{place}._money"].term
        given = [*r.assumed, z3.ULT(amount.term, 2**128)]
        got = z3.And(after & (2**128 - 1) == held, z3.LShR(after, 128) == kept)
        yield Goal(given, got, fn)
