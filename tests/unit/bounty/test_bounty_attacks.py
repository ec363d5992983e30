"""HG-14: who wants a bounty for nothing. Figures are of a gas that costs a gwei, where none is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from bounty_stage import (
    GAS,
    GWEI,
    USUAL,
    bring,
    costs,
    due,
    most_by_gas,
    moved,
    paid,
    passes,
    risk,
    stamp,
    stamped,
)
from distress import squeeze
from worlds import ETH, LOT, USD, World, build

from tandem.errors import Reverted
from tandem.units import DAY, HOUR, WAD

MINUTE = 61


def residual(w: World) -> int:
    return w.tandem.snapshot().stance.residual


def all_home(w: World, target: Callable[[], int] = lambda: 0, times: int = 60) -> list[int]:
    """What a bot is paid for all that it may bring home, a minute apart."""
    got: list[int] = []
    for _ in range(times):
        try:
            got.append(paid(bring(w, target())))
        except Reverted as refused:
            if refused.reason == "hedge: inside trigger":
                break
            if refused.reason != "router: come again":
                raise
        passes(w, MINUTE)
    return got


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("gwei", [1, 20, 1_000])
def test_r5_who_makes_a_residual_and_waits_pays_more_than_it_brings(gwei: int) -> None:
    """He buys and sells back thirty-five straddles, whose gamma makes the residual when the price moves by
    4 %, and is the bot: his spread and fees alone are many times the bounty."""
    w = build(fees=True)
    costs(w, gwei)
    held = [(series, 7 * ETH) for _ in range(5) for series in (w.call(2_500), w.put(2_500))]
    before = w.usdc(w.trader)
    for series, units in held:
        w.mint(series, units)
    with w.undone():
        for series, units in held:
            w.close(series, units)
        spent = before - w.usdc(w.trader)
    stamped(w)
    got = sum(all_home(w))
    assert 0 < got < spent / 3


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("gwei", [1, 1_000])
def test_r5_in_small_parts_each_pays_its_gas_and_all_a_tenth_of_the_risk(
    straddles: World, gwei: int
) -> None:
    """A hundredth of an ETH at a time, as often as he may: whoever splits gets one and a half times what he
    spends at the most, and together no more than whole."""
    w = straddles
    costs(w, gwei)
    whole = abs(stamped(w))
    sigma = due(w).sigma
    step = 10 * LOT if residual(w) < 0 else -10 * LOT
    got = []
    for _ in range(100):
        with suppress(Reverted):
            got.append(paid(bring(w, residual(w) + step)))
        passes(w, 2)
    home = whole - abs(residual(w))
    assert len(got) == 100
    assert max(got) <= most_by_gas(w, gwei)
    assert sum(got) <= risk(home, w.spot, sigma) / 10 * 1.01
    assert sum(got) <= risk(whole, w.spot, sigma) / 10


@pytest.mark.proves("HG-14")
def test_residual_that_came_after_the_stamp_earns_nothing(straddles: World) -> None:
    """The price goes on: what is beyond the stamp goes home first, unpaid."""
    w = straddles
    costs(w, 1_000)
    small = abs(stamped(w, 2_570))
    large = abs(moved(w, 2_700))
    w.top_up()
    passes(w, 600)
    sigma, sums, chunks = due(w).sigma, 0, 0
    assert due(w).by_risk == pytest.approx(risk(small, w.spot, sigma) / 10, rel=0.01)
    while abs(residual(w)) > small:
        sums += paid(bring(w))
        chunks += 1
        passes(w, MINUTE)
    assert chunks > 1
    assert sums <= risk(small - abs(residual(w)), w.spot, sigma) / 10 * 1.01
    assert large > 2 * small


@pytest.mark.proves("HG-14")
def test_a_stamp_on_a_residual_that_is_gone_again_is_worth_what_is_there(straddles: World) -> None:
    """Stamped at the top of a spike: paid is by what is brought home, not by what was seen."""
    w = straddles
    costs(w, 1_000)
    high = abs(stamped(w, 2_700))
    low = abs(moved(w, 2_570))
    passes(w, 600)
    assert low < high / 2
    assert due(w).by_risk == pytest.approx(risk(low, w.spot, due(w).sigma) / 10, rel=0.01)


@pytest.mark.proves("HG-14")
def test_a_stamp_of_the_other_sign_earns_nothing(straddles: World) -> None:
    w = straddles
    costs(w, 1_000)
    first = stamped(w, 2_600)
    second = moved(w, 2_400)
    passes(w, 600)
    assert first * second < 0
    assert (due(w).by_risk, due(w).amount) == (0, 0)
    with w.undone():
        assert paid(bring(w)) == 0
        assert due(w).time == 0
    stamp(w)
    assert due(w).amount == 0  # from now on
    passes(w, 600)
    assert paid(bring(w)) > 0


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("door", ["rebalance", "open", "same second"])
def test_what_went_home_another_way_ends_the_stamp(straddles: World, door: str) -> None:
    """Else a stamp that was met by a rebalance would be there for the next crossing, at its full price."""
    w = straddles
    moved(w)
    if door == "same second":
        bring(w)
        passes(w, 30)
        batch = [w.tandem.bounty.stamp().by(w.stranger), w.tandem.market.rebalance(0).by(w.trader)]
        assert not [r for r in w.engine.send_many(batch) if isinstance(r, Reverted)]
    else:
        stamp(w)
        passes(w, 300)
        assert due(w).time
        if door == "open":
            w.mint(w.put(2_500), ETH)
        else:
            w.tandem.rebalance(sender=w.trader)
    assert due(w).time == 0
    moved(w, 2_700)
    passes(w, 600)
    assert paid(bring(w)) == 0


@pytest.mark.proves("HG-14")
def test_a_stamp_is_void_after_a_day_and_then_it_begins_anew(straddles: World) -> None:
    """Held for days, it would pay the full price at once to whoever is first at the next crossing."""
    w = straddles
    began = stamp_at(w)
    w.engine.set_time(began + DAY)
    w.push_wad(w.spot)
    assert due(w).time == 0
    stamp(w)
    assert due(w).by_gas < most_by_gas(w, USUAL) // 100
    passes(w, HOUR)
    assert due(w).by_gas == most_by_gas(w, USUAL)


def stamp_at(w: World) -> int:
    moved(w)
    return stamp(w).timestamp


@pytest.mark.proves("HG-14")
def test_a_gas_of_a_thousand_gwei_costs_lps_a_tenth_of_the_risk_and_a_day_its_budget(
    straddles: World,
) -> None:
    """3,926 USD would be due by gas: 61 are, on 8 ETH."""
    w = straddles
    costs(w, 1_000)
    size = abs(stamped(w))
    assert GAS * 1_000 * GWEI <= WAD  # not over the bound of what is believed
    assert due(w).by_gas > 3_000 * USD
    got = all_home(w)
    assert sum(got) <= risk(size, w.spot, due(w).sigma or WAD) / 10
    assert sum(got) < w.tandem.vault.funds().nav * 50 // 100_000


@pytest.mark.proves("HG-14")
def test_an_oracle_of_data_fees_that_lies_costs_as_much(straddles: World) -> None:
    w = straddles
    assert w.fees is not None
    stamped(w)
    for lie in (WAD, 10**30, 2**256 - 1):
        w.fees.send("say", lie, sender=w.stranger)
        assert due(w).amount == due(w).by_risk < due(w).by_gas


@pytest.mark.proves("HG-14")
def test_of_two_bots_one_is_paid(straddles: World) -> None:
    """Both ask for what is due: the second is refused, and spends a refusal's gas."""
    w = straddles
    stamped(w)
    least = most_by_gas(w, USUAL) * 9 // 10
    bounty = w.tandem.bounty
    bots = [w.engine.accounts[6], w.engine.accounts[7]]
    first, second = w.engine.send_many([bounty.rebalance(0, b, least).by(b) for b in bots])
    assert not isinstance(first, Reverted)
    assert isinstance(second, Reverted)
    assert second.reason == "router: come again"
    assert (w.usdc(bots[0]) > 0, w.usdc(bots[1])) == (True, 0)


@pytest.mark.proves("HG-14", "FL-4", "FL-10")
def test_beside_distress_nothing_is_paid_and_the_hedge_goes_home() -> None:
    """Where floor or budget cannot fund the next top-up, the floor wins."""
    w = squeeze(build(fees=True))
    costs(w, 20)
    stamped(w, 2_260)
    assert w.tandem.vault.call("would_lend", w.tandem.venue) == 0
    now = due(w)
    assert (now.by_floor, now.amount) == (0, 0)
    assert min(now.by_gas, now.by_risk) > 0
    before = abs(residual(w))
    assert paid(bring(w)) == 0
    assert abs(residual(w)) < before
    assert w.floor() >= 0


@pytest.mark.proves("HG-14", "FL-4")
def test_what_the_next_top_up_needs_is_not_paid_out(straddles: World) -> None:
    """The Vault has something to lend, and less than margin lacks."""
    w = straddles
    costs(w, 20)
    stamped(w)
    router, vault = w.tandem.router, w.tandem.vault
    headroom = vault.funds().nav * 10**12 * w.terms()["max_trade"] // 10_000
    lacks = router.account(w.spot, headroom).top_up
    assert due(w).by_floor == vault.would_lend(w.tandem.venue.address) - lacks


@pytest.mark.proves("HG-14")
def test_r5_who_splits_a_chunk_is_not_paid_its_gas_twice(straddles: World) -> None:
    """The pace lets a chunk go each minute. Parts of half an ETH, each worth its gas, had 35 USD of
    what brings 12 whole."""
    w = straddles
    stamped(w)
    with w.undone():
        whole = paid(bring(w))
    half = WAD * 6 // 10 if residual(w) < 0 else -WAD * 6 // 10
    first = paid(bring(w, residual(w) + half))
    assert first == whole == most_by_gas(w, USUAL)
    again = bring(w, residual(w) + half)
    assert paid(again) <= most_by_gas(w, USUAL) * 5 // 60
    passes(w, 31)
    assert paid(bring(w)) <= most_by_gas(w, USUAL) * 35 // 60
    passes(w, 61)
    assert paid(bring(w)) == most_by_gas(w, USUAL)
