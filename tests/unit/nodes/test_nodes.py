"""lib/nodes and lib/series: words of an expiry against a list of holdings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from harnesses import harness
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import underwriting as ref

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.series import EXPIRY_HOUR, Series
from tandem.units import DAY

EXPIRY = 20_000 * DAY + EXPIRY_HOUR
TRIALS = settings(max_examples=120, deadline=None)
ticks = st.integers(1, 2**24 - 1)
ladders = st.lists(ticks, min_size=2, max_size=16, unique=True)


@pytest.fixture(scope="module")
def lib() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/nodes/NodesHarness.vy"))


def empty() -> tuple[Any, ...]:
    return (EXPIRY << 8, (0,) * 4)


def signed(word: int, low: int, bits: int) -> int:
    part = (word >> low) & ((1 << bits) - 1)
    return part - (1 << bits) if part >> (bits - 1) else part


@dataclass(frozen=True)
class Decoded:
    """An expiry read from the documented layout; nodes are (strike, size) as they lie."""

    nodes: list[tuple[int, int]]
    expiry: int
    units: int
    forward: int
    cash: int
    maximum: int

    def pays(self, x: int) -> int:
        return self.cash + self.forward * x + sum(n * max(x - k, 0) for k, n in self.nodes)


def decoded(words: Any) -> Decoded:
    header, nodes = words
    quarters = [(nodes[i // 4] >> 64 * (3 - i % 4)) & (2**64 - 1) for i in range(16)]
    assert not any(quarters[header & 255 :])
    return Decoded(
        [(q >> 40, signed(q, 0, 40)) for q in quarters[: header & 255]],
        (header >> 8) & (2**32 - 1),
        (header >> 40) & (2**48 - 1),
        signed(header, 88, 48),
        signed(header, 136, 60),
        header >> 196,
    )


def listed(lib: Contract, strikes: list[int]) -> Any:
    words = empty()
    for strike in strikes:
        words = lib.call("with_strike", words, strike)
    return words


@TRIALS
@given(strikes=ladders)
def test_strikes_lie_in_rising_order_however_they_come(lib: Contract, strikes: list[int]) -> None:
    shown = decoded(listed(lib, strikes))
    assert shown == Decoded([(k, 0) for k in sorted(strikes)], EXPIRY, 0, 0, 0, 0)


@TRIALS
@given(strikes=ladders, again=st.data())
def test_a_strike_listed_again_changes_nothing(
    lib: Contract, strikes: list[int], again: st.DataObject
) -> None:
    words = listed(lib, strikes)
    assert lib.call("with_strike", words, again.draw(st.sampled_from(strikes))) == words


@pytest.mark.proves("BK-2")
def test_the_seventeenth_strike_is_refused(lib: Contract) -> None:
    words = listed(lib, list(range(100, 116)))
    with pytest.raises(Reverted, match="book: no free node"):
        lib.call("with_strike", words, 200)


@pytest.mark.parametrize("strike", [0, 2**24, 2**64])
def test_a_strike_that_no_node_holds_is_refused(lib: Contract, strike: int) -> None:
    with pytest.raises(Reverted, match="book: strike range"):
        lib.call("with_strike", empty(), strike)


@st.composite
def trades(draw: st.DrawFn) -> tuple[list[int], list[tuple[Series, int]]]:
    """Strikes in any order, and sales of series on them."""
    strikes = draw(st.lists(st.integers(1, 20_000), min_size=2, max_size=16, unique=True))
    ladder = sorted(strikes)
    deals = []
    for _ in range(draw(st.integers(1, 12))):
        i, j = sorted(draw(st.tuples(*[st.integers(0, len(ladder) - 1)] * 2)))
        is_put = draw(st.booleans())
        if i == j:
            series = Series(EXPIRY, True, ladder[i])
        elif is_put:
            series = Series(EXPIRY, True, ladder[j], draw(st.sampled_from([0, ladder[i]])))
        else:
            series = Series(EXPIRY, False, ladder[i], ladder[j])
        deals.append((series, draw(st.integers(0, 4 * 10**10))))
    return strikes, deals


@pytest.mark.proves("BK-1", "BK-3")
@TRIALS
@given(case=trades(), late=st.lists(st.integers(1, 20_000), max_size=3))
def test_r20_words_pay_what_the_series_in_them_pay(
    lib: Contract, case: tuple[list[int], list[tuple[Series, int]]], late: list[int]
) -> None:
    strikes, deals = case
    words = listed(lib, strikes)
    for series, units in deals:
        words = lib.call("with_series", words, series.id, units)
    for strike in [k for k in dict.fromkeys(late) if k not in strikes][: 16 - len(strikes)]:
        words = lib.call("with_strike", words, strike)  # moves nodes that carry something
        strikes = [*strikes, strike]
    shown = decoded(words)
    assert [k for k, _ in shown.nodes] == sorted(strikes)
    points = (0, *strikes, *(k + 1 for k in strikes), 10**6)
    for x in points:
        assert shown.pays(x) == sum(n * ref.payoff(s, x) for s, n in deals)
    assert shown.units == sum(n for _, n in deals)
    assert shown.maximum == max(shown.pays(x) for x in points)


@pytest.mark.proves("BK-2")
@TRIALS
@given(case=trades())
def test_taking_everything_back_leaves_the_words_as_listed(
    lib: Contract, case: tuple[list[int], list[tuple[Series, int]]]
) -> None:
    strikes, deals = case
    start = words = listed(lib, strikes)
    for sign in (1, -1):
        for series, units in deals:
            words = lib.call("with_series", words, series.id, sign * units)
    assert words == start


def test_no_more_is_taken_back_than_is_outstanding(lib: Contract) -> None:
    words = lib.call("with_series", listed(lib, [2_000]), Series(EXPIRY, True, 2_000).id, 5)
    with pytest.raises(Reverted):
        lib.call("with_series", words, Series(EXPIRY, True, 2_000).id, -6)


@pytest.mark.proves("BK-1")
def test_a_strike_that_is_not_listed_is_refused(lib: Contract) -> None:
    words = listed(lib, [2_000, 3_000])
    for series in (Series(EXPIRY, True, 2_500), Series(EXPIRY, False, 2_000, 4_000)):
        with pytest.raises(Reverted, match="book: strike not listed"):
            lib.call("with_series", words, series.id, 1)


@pytest.mark.proves("BK-2")
@pytest.mark.parametrize("units", [2**39, 2**60])
def test_a_size_beyond_its_field_is_refused(lib: Contract, units: int) -> None:
    words = listed(lib, [2_000, 3_000])
    lib.call("with_series", words, Series(EXPIRY, False, 2_000, 3_000).id, 2**39 - 1)
    with pytest.raises(Reverted, match="book: too large"):
        lib.call("with_series", words, Series(EXPIRY, False, 2_000, 3_000).id, units)


# ---------------------------------------------------------------- series


@TRIALS
@given(
    strike=st.integers(1, 2**64 - 1), other=st.integers(0, 2**64 - 1), put=st.booleans(),
    expiry=st.integers(0, 2**40 - 1),
)  # fmt: skip
def test_an_id_is_what_it_pays(
    lib: Contract, strike: int, other: int, put: bool, expiry: int
) -> None:
    id = strike | other << 64 | expiry << 128 | int(put) << 168
    if expiry and (other < strike if put else other > strike):
        assert lib.call("unpack", id) == (expiry, put, strike, other)
    else:
        with pytest.raises(Reverted, match="series: unknown"):
            lib.call("unpack", id)


@pytest.mark.parametrize("bit", [169, 170, 200, 255])
def test_bits_beyond_the_layout_name_no_series(lib: Contract, bit: int) -> None:
    good = Series(EXPIRY, True, 2_500).id
    lib.call("unpack", good)
    with pytest.raises(Reverted, match="series: unknown"):
        lib.call("unpack", good | 1 << bit)


@pytest.mark.parametrize(
    ("expiry", "put", "strike", "other"),
    [
        (1, False, 1, 2),
        (2**40 - 1, True, 2**64 - 1, 2**64 - 2),
        (2**40 - 1, False, 2**64 - 2, 2**64 - 1),
        (2, True, 1, 0),
    ],
)
def test_a_series_ends_exactly_where_it_pays_nothing(
    lib: Contract, expiry: int, put: bool, strike: int, other: int
) -> None:
    """Every bit of a field counts, and a cap, or a floor, at the strike itself leaves nothing to pay."""
    id = strike | other << 64 | expiry << 128 | int(put) << 168
    assert lib.call("unpack", id) == (expiry, put, strike, other)
    for bad in (id & ~(2**64 - 1 << 64) | strike << 64, id & ~(2**40 - 1 << 128), id >> 64 << 64):
        with pytest.raises(Reverted, match="series: unknown"):
            lib.call("unpack", bad)
