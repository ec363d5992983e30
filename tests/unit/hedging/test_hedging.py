"""lib/hedging: how much to hedge and who bears it, against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from harnesses import harness
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reference import underwriting as ref

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import WAD

IMPUTED = 60 * WAD // 10_000
LOT = WAD // 1_000
TRIALS = settings(max_examples=300, deadline=None)

amounts = st.integers(-(10**24), 10**24)
near = st.integers(-20, 20).map(lambda n: n * WAD // 4)
signed = st.one_of(amounts, near)
widths = st.one_of(st.integers(0, 10**24), st.integers(0, 12).map(lambda n: n * WAD // 4))
spots = st.integers(100 * WAD, 100_000 * WAD)


@pytest.fixture(scope="module")
def rules() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/hedging/HedgingHarness.vy"))


@pytest.mark.proves("HG-3")
@TRIALS
@given(own=signed, residual=signed, width=widths)
@example(own=0, residual=0, width=0)
@example(own=WAD, residual=WAD, width=WAD)
@example(own=WAD, residual=WAD + 1, width=WAD)
@example(own=-WAD, residual=3 * WAD, width=WAD)
def test_r10_the_order_is_what_the_design_says(
    rules: Contract, own: int, residual: int, width: int
) -> None:
    """HG-3: the trade's own delta net of an inherited residual of the other sign; past the band h
    an open brings the residual to three quarters of h, on its own side."""
    order = rules.call("trade_order", own, residual, width)
    covered = min(abs(own), abs(residual)) if own * residual > 0 else 0
    sign = 1 if residual > 0 else -1
    left = abs(residual) - covered
    near = left if left <= width else width * 3 // 4
    assert order == (own - sign * covered) - sign * (left - near)


@pytest.mark.proves("HG-2", "HG-3")
@TRIALS
@given(own=signed, residual=signed, width=widths)
def test_r01_the_order_never_widens_the_residual_past_what_it_was(
    rules: Contract, own: int, residual: int, width: int
) -> None:
    """The trade takes `own` of delta away from the hedge; the order brings some back."""
    order = rules.call("trade_order", own, residual, width)
    after = residual - own + order
    assert abs(after) <= abs(residual)
    assert after * residual >= 0
    if abs(residual) <= width:
        assert abs(order) <= abs(own)
        assert order * own >= 0
    else:
        assert abs(after) <= width


@pytest.mark.proves("HG-2", "HG-4")
@TRIALS
@given(own=signed, residual=signed, hard=widths.map(lambda w: w + LOT), part=st.integers(-WAD, WAD))
@example(own=-WAD, residual=3 * WAD, hard=2 * WAD, part=WAD)
@example(own=-WAD, residual=2 * WAD, hard=2 * WAD, part=WAD)
@example(own=WAD, residual=2 * WAD, hard=WAD, part=-WAD)
def test_what_a_venue_rounds_of_a_close_leaves_no_more_than_was_found(
    rules: Contract, own: int, residual: int, hard: int, part: int
) -> None:
    """Whatever it rounds, up to the room that the order leaves for it. No band is under a lot."""
    order = rules.call("close_order", own, residual, hard, LOT)
    plain = rules.call("trade_order", own, residual, 2**256 - 1)
    room = rules.call("room", order, LOT)
    assert room == (LOT // 1_000 if plain else 0)
    filled = order + room * part // WAD
    assert abs(residual - own + filled) <= max(abs(residual), hard)
    assert abs(order - plain) in (0, room)
    if abs(residual - own + plain) + room <= hard:
        assert order == plain


@pytest.mark.proves("HG-3", "HG-17")
@TRIALS
@given(own=signed, residual=signed, width=widths)
def test_r27_what_no_trader_brings_is_what_the_residual_sheds(
    rules: Contract, own: int, residual: int, width: int
) -> None:
    order = rules.call("trade_order", own, residual, width)
    brought = rules.call("brought", own, order)
    assert brought * own >= 0
    assert abs(brought) <= abs(own)
    inherited = order - brought
    assert inherited * residual <= 0
    assert inherited * brought >= 0
    if abs(residual) <= width:
        assert inherited == 0


@pytest.mark.proves("HG-10")
@TRIALS
@given(order=signed, fill=st.integers(0, 10**24), spot=spots, fee=st.integers(0, 10**24))
def test_r10_cost_is_order_times_slippage_plus_fee(
    rules: Contract, order: int, fill: int, spot: int, fee: int
) -> None:
    quote = -order * fill // WAD
    cost = rules.call("cost_of", order, quote, spot, fee)
    exact = ref.fill_cost(order, quote, fee, spot)
    assert abs(cost - exact) < 1
    assert abs(cost - (Fraction(order * (fill - spot), WAD) + fee)) < 2


@pytest.mark.proves("HG-10")
@TRIALS
@given(own=signed, order=signed, cost=amounts, spot=spots)
@example(own=WAD, order=WAD, cost=-(10**18), spot=2_500 * WAD)
@example(own=0, order=WAD, cost=10**18, spot=2_500 * WAD)
@example(own=WAD, order=0, cost=0, spot=2_500 * WAD)
def test_r10_the_trader_bears_his_share_and_imputes_the_rest(
    rules: Contract, own: int, order: int, cost: int, spot: int
) -> None:
    borne = rules.call("trader_cost", own, order, cost, spot, IMPUTED)
    assert abs(borne - ref.borne(own, order, cost, spot)) < 2


@TRIALS
@given(own=near, parts=st.integers(2, 9), spot=spots)
def test_r10_imputed_parts_cost_what_the_whole_costs(
    rules: Contract, own: int, parts: int, spot: int
) -> None:
    own -= own % parts
    whole = rules.call("trader_cost", own, 0, 0, spot, IMPUTED)
    split = parts * rules.call("trader_cost", own // parts, 0, 0, spot, IMPUTED)
    assert whole - 2 * parts <= split <= whole


@pytest.mark.proves("HG-4")
@TRIALS
@given(units=st.integers(0, 10**12), own=amounts, left=amounts, bound=widths)
@example(units=7, own=WAD, left=3 * WAD, bound=3 * WAD)
@example(units=7, own=WAD, left=3 * WAD + 1, bound=3 * WAD)
@example(units=7, own=0, left=3 * WAD, bound=0)
@example(units=7, own=-WAD, left=9 * WAD, bound=WAD)
def test_the_part_of_a_close_that_its_venue_carries(
    rules: Contract, units: int, own: int, left: int, bound: int
) -> None:
    """HG-4: all of it where what the order leaves is inside its bound, else what brings it there: each unit
    that stays keeps its share of the delta; never more than there is, and nothing where none helps."""
    over = max(abs(left) - bound, 0)
    kept = min(Fraction(over, abs(own)), 1) if own else 0
    assert rules.call("part", units, own, left, bound) == units * (1 - kept) // 1


@pytest.mark.proves("HG-4")
@TRIALS
@given(wanted=signed, order=signed)
@example(wanted=-2 * WAD, order=-WAD)
@example(wanted=-WAD, order=-2 * WAD)
@example(wanted=2 * WAD, order=WAD)
@example(wanted=WAD, order=2 * WAD)
@example(wanted=WAD, order=-WAD)
def test_a_part_s_order_is_no_more_than_what_the_venue_was_asked_for(
    rules: Contract, wanted: int, order: int
) -> None:
    """Of the two the nearer to none; none where they go opposite ways."""
    want = min(wanted, order, key=abs) if wanted * order > 0 else 0
    assert rules.call("limited", wanted, order) == want


@TRIALS
@given(own=signed, order=signed)
def test_what_an_order_spares_a_trade_is_what_it_did_not_meet(
    rules: Contract, own: int, order: int
) -> None:
    met = min(abs(own), abs(order)) if own * order > 0 else 0
    assert rules.call("spared", own, order) == abs(own) - met
    assert rules.call("is_met", own, order) == (1_024 * (abs(own) - met) <= abs(own))


@pytest.mark.proves("HG-10")
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("missed", "is_met"), [(0, True), (1_000, True), (1_001, False)])
def test_a_thousandth_of_a_trade_asks_no_market(
    rules: Contract, sign: int, missed: int, is_met: bool
) -> None:
    """HG-10: "For a thousandth of his delta (a part in 1,024) or less no venue is asked"."""
    own = 1_024_000 * sign
    assert rules.call("is_met", own, own - missed * sign) is is_met
    assert rules.call("is_met", 0, 0) is True
