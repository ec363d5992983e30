"""What the solver reads of a contract is what the machine runs: the same answers and the same reverts, on
numbers. Otherwise a lemma would be about another text."""

from __future__ import annotations

from typing import Any

import pytest
import z3
from harnesses import harness
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.account import MARK
from proofs.numbers import Bits, Numbers, Whole
from proofs.reading import Reading
from proofs.sources import Sources
from proofs.values import Num
from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.errors import Reverted

SOURCES = Sources()
TRIALS = settings(max_examples=40, deadline=None)
MASK = 2**256 - 1

words = st.integers(0, MASK)
small = st.one_of(st.integers(0, 20), st.integers(0, 2**128), words)
signed = st.one_of(st.integers(-20, 20), st.integers(-(2**100), 2**100))


@pytest.fixture(scope="module")
def machine() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/proofs/ReadingHarness.vy"))


def as_read(numbers: type[Numbers], place: str, *args: Any) -> Any:
    """What a reading answers to numbers; None where it says that the call reverts."""
    r = Reading(SOURCES, numbers)
    found = r.call(place, *(_given(r, a) for a in args))
    solver = z3.Solver()
    solver.add(*r.assumed)
    if solver.check() != z3.sat:
        return None
    return _number(solver.model(), found)


def _given(r: Reading, value: Any) -> Any:
    match value:
        case bool():
            return z3.BoolVal(value)
        case ("int256", n):
            return r.number(n, "int256")
        case int():
            return r.number(value, "uint256")
        case dict():
            return {name: _given(r, v) for name, v in value.items()}
        case _:
            return [_given(r, v) for v in value]


def _number(model: z3.ModelRef, found: Any) -> Any:
    if isinstance(found, Num):
        term = model.eval(found.term, model_completion=True)
        return int(term.as_long()) & MASK
    if isinstance(found, dict):
        return tuple(_number(model, v) for v in found.values())
    return tuple(_number(model, v) for v in found)


def _plain(value: Any) -> Any:
    if isinstance(value, int):
        return value & MASK
    return tuple(map(_plain, value))


def as_run(machine: Contract, fn: str, *args: Any) -> Any:
    """What the machine answers; None where it reverts."""
    try:
        return _plain(machine.call(fn, *args))
    except Reverted:
        return None


@TRIALS
@given(own=signed, nav=small, reserve=st.integers(0, 10_001), maxima=small, top_up=small)
def test_room_of_exits(
    machine: Contract, own: int, nav: int, reserve: int, maxima: int, top_up: int
) -> None:
    said = ("bankrupt", "calm", "stale", "resumed")
    mark = dict.fromkeys((*MARK, *said), 0)
    mark |= {"maxima": maxima, "top_up": top_up}
    flags = dict.fromkeys(said, False)
    read = as_read(Whole, "modules/nav._exit_room", ("int256", own), nav, reserve, mark | flags)
    assert read == as_run(machine, "exit_room", own, nav, reserve, tuple((mark | flags).values()))


@TRIALS
@given(amount=small, nav=small, supply=small)
@pytest.mark.parametrize("fn", ["shares_for", "assets_down"])
def test_shares_and_assets(machine: Contract, fn: str, amount: int, nav: int, supply: int) -> None:
    read = as_read(Whole, f"modules/nav._{fn}", amount, nav, supply)
    assert read == as_run(machine, fn, amount, nav, supply)


@TRIALS
@given(put=st.booleans(), strike=st.integers(0, 2**26), other=st.integers(0, 2**26),
       units=small, price=st.integers(0, 2**97))  # fmt: skip
def test_what_a_holding_is_paid(
    machine: Contract, put: bool, strike: int, other: int, units: int, price: int
) -> None:
    args = (put, strike, other, units, price)
    assert as_read(Whole, "lib/payoffs.unit_payoff", *args) == as_run(machine, "unit_payoff", *args)


def packed(nodes: list[tuple[int, int]]) -> list[int]:
    """Node words of strikes and sizes."""
    found = [0] * 4
    for i, (strike, size) in enumerate(nodes):
        quarter = (strike << 40) | (size & (2**40 - 1))
        found[i // 4] |= quarter << (192 - 64 * (i % 4))
    return found


ladders = st.lists(
    st.tuples(st.integers(1, 2**24 - 1), st.integers(-(2**39), 2**39 - 1)),
    max_size=3,
    unique_by=lambda node: node[0],
).map(sorted)


def header(nodes: list[tuple[int, int]], forward: int, cash: int) -> int:
    return len(nodes) | (forward & (2**48 - 1)) << 88 | (cash & (2**60 - 1)) << 136


@TRIALS
@given(
    nodes=ladders, forward=st.integers(-(2**47), 2**47 - 1), cash=st.integers(-(2**59), 2**59 - 1)
)
def test_the_maximum_of_an_expiry(
    machine: Contract, nodes: list[tuple[int, int]], forward: int, cash: int
) -> None:
    count = len(nodes)
    read = as_read(
        Bits, "lib/payoffs.maximum", ("int256", forward), ("int256", cash), count, packed(nodes)
    )
    assert read == as_run(machine, "maximum", forward, cash, count, packed(nodes))


@TRIALS
@given(nodes=ladders, cash=st.integers(0, 2**40), units=st.integers(0, 2**30), price=st.integers(0, 2**44),
       room=st.integers(-10, 2**60), put=st.booleans(), strike=st.integers(2, 5_000))  # fmt: skip
def test_the_part_of_a_close_that_fits(
    machine: Contract, nodes: list[tuple[int, int]], cash: int, units: int, price: int, room: int,
    put: bool, strike: int,
) -> None:  # fmt: skip
    other = strike // 2 if put else strike * 2
    args = (header(nodes, 0, cash), packed(nodes), put, strike, other, units, price)
    read = as_read(Divided, "lib/payoffs.max_close", *args, ("int256", room))
    assert read == as_run(machine, "max_close", *args, room)


class Divided(Bits):
    """Bits that divide what is not negative: on numbers alone."""

    def operate(self, op: str, a: Any, b: Any, kind: str, checked: bool = True) -> Any:
        if op == "FloorDiv":
            self.guard(b != 0)
            return z3.UDiv(a, b)
        return super().operate(op, a, b, kind, checked)


@TRIALS
@given(nodes=ladders, strike=st.integers(0, 2**24))
def test_a_strike_that_is_listed(
    machine: Contract, nodes: list[tuple[int, int]], strike: int
) -> None:
    before = (header(nodes, 5, -7), packed(nodes))
    given_ = {"header": before[0], "nodes": before[1]}
    read = as_read(Bits, "lib/nodes.with_strike", given_, strike)
    assert read == as_run(machine, "with_strike", before, strike)


@TRIALS
@given(totals=words, slot=st.integers(0, 7), before=words, after=words)
def test_totals_that_move(
    machine: Contract, totals: int, slot: int, before: int, after: int
) -> None:
    args = (totals, slot, before, after)
    assert as_read(Bits, "lib/book_totals.moved", *args) == as_run(machine, "moved", *args)


@TRIALS
@given(held=st.tuples(words, words, words, words), i=st.integers(0, 15), strike=st.integers(0, 2**25),
       size=st.integers(-(2**40), 2**40))  # fmt: skip
def test_a_node_that_is_written(
    machine: Contract, held: tuple[int, ...], i: int, strike: int, size: int
) -> None:
    read = as_read(Bits, "lib/book_words.with_node", list(held), i, strike, ("int256", size))
    assert read == as_run(machine, "with_node", list(held), i, strike, size)
