"""lib/nodes and lib/series: words of an expiry against a list of holdings."""

from __future__ import annotations

from typing import Any

import pytest
from harnesses import harness
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import underwriting as ref

from keeper.engine import open_engine
from keeper.engine.base import Contract
from keeper.errors import Reverted
from keeper.protocol.series import DAY, EXPIRY_HOUR, Series

EXPIRY = 20_000 * DAY + EXPIRY_HOUR
TRIALS = settings(max_examples=120, deadline=None)
ticks = st.integers(1, 2**40)
ladders = st.lists(ticks, min_size=2, max_size=16, unique=True)


@pytest.fixture(scope="module")
def lib() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/nodes/NodesHarness.vy"))


def empty() -> tuple[Any, ...]:
    return (EXPIRY << 64, (0,) * 8, (0,) * 4)


def signed(word: int, low: int, bits: int) -> int:
    part = (word >> low) & ((1 << bits) - 1)
    return part - (1 << bits) if part >> (bits - 1) else part


def decoded(words: Any) -> tuple[dict[int, tuple[int, int]], list[int], int, int]:
    """Strike -> (size, ln K); strikes by rank; forward; cash: read from the documented layout."""
    header, nodes, strikes = words
    count = (header >> 104) & 255
    by_index = []
    for i in range(count):
        low = 128 * (i % 2)
        strike = (strikes[i // 4] >> (64 * (i % 4))) & (2**64 - 1)
        size, ln_k = signed(nodes[i // 2], low + 64, 64), signed(nodes[i // 2], low, 64)
        by_index.append((strike, size, ln_k))
    ranked = [by_index[(header >> (4 * r)) & 15][0] for r in range(count)]
    entries = {k: (n, ln_k) for k, n, ln_k in by_index}
    return entries, ranked, signed(header, 112, 64), signed(header, 176, 80)


def listed(lib: Contract, strikes: list[int]) -> Any:
    words = empty()
    for n, strike in enumerate(strikes):
        words = lib.call("with_strike", words, strike, n - 7)
    return words


@TRIALS
@given(strikes=ladders)
def test_strikes_keep_their_place_and_rank_in_any_order(lib: Contract, strikes: list[int]) -> None:
    entries, ranked, forward, cash = decoded(listed(lib, strikes))
    assert ranked == sorted(strikes)
    assert entries == {k: (0, n - 7) for n, k in enumerate(strikes)}
    assert (forward, cash) == (0, 0)


@TRIALS
@given(strikes=ladders, again=st.data())
def test_a_strike_listed_again_changes_nothing(
    lib: Contract, strikes: list[int], again: st.DataObject
) -> None:
    words = listed(lib, strikes)
    assert lib.call("with_strike", words, again.draw(st.sampled_from(strikes)), 99) == words


def test_the_seventeenth_strike_is_refused(lib: Contract) -> None:
    words = listed(lib, list(range(100, 116)))
    with pytest.raises(Reverted, match="book: no free node"):
        lib.call("with_strike", words, 200, 0)


@st.composite
def trades(draw: st.DrawFn) -> tuple[list[int], list[tuple[Series, int]]]:
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
        deals.append((series, draw(st.integers(-(10**12), 10**12))))
    return strikes, deals


@TRIALS
@given(case=trades())
def test_r20_words_pay_what_the_series_in_them_pay(
    lib: Contract, case: tuple[list[int], list[tuple[Series, int]]]
) -> None:
    strikes, deals = case
    words = listed(lib, strikes)
    for series, units in deals:
        words = lib.call("with_series", words, series.id, units)
    entries, _, forward, cash = decoded(words)
    for x in (0, *strikes, *(k + 1 for k in strikes), 10**6):
        shown = cash + forward * x + sum(n * max(x - k, 0) for k, (n, _) in entries.items())
        assert shown == sum(n * ref.payoff(s, x) for s, n in deals)
    assert {k: ln for k, (_, ln) in entries.items()} == {k: n - 7 for n, k in enumerate(strikes)}


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


def test_a_strike_that_is_not_listed_is_refused(lib: Contract) -> None:
    words = listed(lib, [2_000, 3_000])
    for series in (Series(EXPIRY, True, 2_500), Series(EXPIRY, False, 2_000, 4_000)):
        with pytest.raises(Reverted, match="book: strike not listed"):
            lib.call("with_series", words, series.id, 1)


@pytest.mark.parametrize("units", [2**63, -(2**63) - 1])
def test_a_size_beyond_its_field_is_refused(lib: Contract, units: int) -> None:
    words = listed(lib, [2_000, 3_000])
    with pytest.raises(Reverted, match="stream: field range"):
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
    if other < strike if put else other > strike:
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
