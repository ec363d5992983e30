"""HG-14: what is paid for a rebalance, and since when."""

from __future__ import annotations

import pyrevm
import pytest
from bounty_stage import (
    RAMP,
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
from worlds import ETH, USD, World, build

from tandem.engine.base import NOBODY
from tandem.model.svi import pack
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("passed", [0, 60, 300, 600, 3_600])
def test_r5_it_rises_from_nothing_to_one_and_a_half_times_the_gas_within_ten_minutes(
    straddles: World, passed: int
) -> None:
    w = straddles
    stamped(w, passed=passed)
    now = due(w)
    age = min(w.engine.now() - now.time, RAMP)
    assert now.by_gas == pytest.approx(most_by_gas(w, USUAL) * age // RAMP, abs=1)
    assert now.amount == now.by_gas < now.by_risk


@pytest.mark.proves("HG-14")
def test_what_is_shown_is_paid_and_the_residual_is_smaller(straddles: World) -> None:
    w = straddles
    residual = stamped(w)
    shown, before, floor = due(w), w.usdc(w.stranger), w.floor()
    receipt = bring(w, least=shown.amount)
    (event,) = receipt.events("BountyPaid")
    assert (paid(receipt), receipt.returned) == (shown.amount, shown.amount)
    assert shown.amount == most_by_gas(w, USUAL)
    assert w.usdc(w.stranger) - before == shown.amount == floor - w.floor()
    assert abs(event["after"]) < abs(event["before"]) == pytest.approx(abs(residual), rel=0.01)
    assert event["recipient"] == w.stranger


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize(("cents", "strike"), [(30, 2_600), (60, 2_601)])
def test_its_volatility_is_that_of_the_nearest_whole_dollar(
    straddles: World, cents: int, strike: int
) -> None:
    w = straddles
    w.move(2_600)
    w.rest()
    spot = 2_600 * WAD + cents * WAD // 100
    w.push_wad(spot)
    receipt = stamp(w)
    of = [
        w.tandem.risk.volatility(pack(w.slices[w.near]), spot, each, w.near - receipt.timestamp).vol
        for each in (strike - 1, strike, strike + 1)
    ]
    assert len(set(of)) == 3
    assert due(w).sigma == pytest.approx(of[1], abs=min(abs(of[1] - of[0]), abs(of[2] - of[1])) / 4)


@pytest.mark.proves("HG-14", "FL-4")
@pytest.mark.parametrize("gwei", [40, 1_000])
def test_r5_it_is_at_most_a_tenth_of_the_risk_that_it_takes_away(
    straddles: World, gwei: int
) -> None:
    """What the residual that goes home moves by in a day, by the volatility that was posted."""
    w = straddles
    costs(w, gwei)
    stamped(w)
    receipt = bring(w)
    (event,) = receipt.events("BountyPaid")
    mark = due(w)
    removed = abs(event["before"]) - abs(event["after"])
    smile, spot = w.slices[w.near], w.spot
    tau = (w.near - w.engine.now()) / (365 * DAY)
    at_the_money = float(smile.vol(-smile.basis * tau))
    assert mark.sigma / WAD == pytest.approx(at_the_money, rel=0.001)
    assert paid(receipt) == pytest.approx(risk(removed, spot, mark.sigma) / 10, rel=1e-3)
    assert paid(receipt) < most_by_gas(w, gwei)


@pytest.mark.proves("HG-14")
def test_r5_no_more_is_paid_in_a_day_than_its_budget(straddles: World) -> None:
    """`bounty`, 1e-5 of NAV; the next day has its own."""
    w = straddles
    w.set_terms(bounty=1)
    costs(w, 40)
    stamped(w, 2_640)
    budget = w.tandem.vault.funds().nav // 100_000
    sums = 0
    for _ in range(3):
        sums += paid(bring(w))
        passes(w, 60)
    assert sums == budget < due(w).by_risk
    assert (due(w).by_day, due(w).amount) == (0, 0)
    w.engine.set_time((w.engine.now() // DAY + 1) * DAY)
    w.push_wad(w.spot)
    assert due(w).by_day == w.tandem.vault.funds().nav // 100_000


@pytest.mark.proves("HG-14")
def test_without_a_budget_nothing_is_paid_and_the_hedge_goes_on(straddles: World) -> None:
    w = straddles
    w.set_terms(bounty=0)
    residual = stamped(w)
    assert due(w).amount == 0
    assert paid(bring(w)) == 0
    assert abs(w.tandem.snapshot().stance.residual) < abs(residual)


@pytest.mark.proves("HG-14")
def test_inside_the_trigger_nobody_stamps(straddles: World) -> None:
    w = straddles
    assert abs(moved(w, 2_510)) < w.tandem.snapshot().stance.width
    with w.refuses("hedge: inside trigger"):
        stamp(w)
    found = due(w)
    assert (found.time, found.stamped, found.sigma) == (0, 0, 0)
    assert (found.by_gas, found.by_risk, found.by_day, found.by_floor, found.amount) == (0,) * 5


@pytest.mark.proves("HG-14")
def test_a_stamp_that_stands_is_not_renewed_and_its_time_is_the_first(straddles: World) -> None:
    w = straddles
    moved(w)
    began = stamp(w).timestamp
    for seconds in (1, 599, 3_600):
        passes(w, seconds)
        with w.refuses("bounty: stamped already"):
            stamp(w)
    assert due(w).time == began


@pytest.mark.proves("HG-14")
def test_while_the_venue_is_down_nobody_stamps_and_nobody_is_paid(straddles: World) -> None:
    w = straddles
    stamped(w)
    w.tandem.guardian.send("take_down", sender=w.tandem.roles.guardian)
    for act in (lambda: stamp(w), lambda: bring(w), lambda: due(w)):
        with w.refuses("market: venue down"):
            act()


@pytest.mark.proves("HG-14")
def test_less_than_was_asked_for_reverts_and_nothing_is_sent(straddles: World) -> None:
    w = straddles
    stamped(w, passed=300)
    most = due(w).amount
    with w.refuses("bounty: under least"):
        bring(w, least=most * 2)


@pytest.mark.proves("HG-14")
def test_nobody_is_paid_at_no_address(straddles: World) -> None:
    w = straddles
    stamped(w)
    with w.refuses("vault: recipient"):
        w.tandem.bounty.rebalance(0, "0x" + "00" * 20, 0).send(w.stranger)


@pytest.mark.proves("HG-14")
def test_without_a_stamp_it_is_a_rebalance_unpaid(straddles: World) -> None:
    w = straddles
    residual = moved(w)
    assert not bring(w).events("BountyPaid")
    assert abs(w.tandem.snapshot().stance.residual) < abs(residual)
    with w.refuses("bounty: under least"):
        bring(w, least=1)


@pytest.mark.proves("HG-14")
def test_chunk_after_chunk_is_of_the_same_crossing_until_it_is_inside(straddles: World) -> None:
    """Each pays its gas by the first stamp's time; together no more than a tenth of what was stamped."""
    w = straddles
    residual = stamped(w)
    began, sigma, sums, chunks = due(w).time, due(w).sigma, 0, 0
    while abs(w.tandem.snapshot().stance.residual) >= w.tandem.snapshot().stance.width:
        assert due(w).time == began
        sums += paid(bring(w))
        chunks += 1
        passes(w, 61)
    assert chunks > 1
    assert sums == pytest.approx(chunks * most_by_gas(w, USUAL), rel=1e-3)
    assert sums <= risk(abs(residual), w.spot, sigma) // 10
    assert due(w).time == 0


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("fee", ["nobody", "token", "feed", "account"])
def test_who_does_not_say_what_data_costs_adds_nothing_and_stops_nothing(fee: str) -> None:
    """An address without code, and contracts that do not know the question."""
    plain = build()
    c = plain.curie
    who = {"nobody": NOBODY, "token": c.usdc.address, "feed": c.feed.address, "account": c.owner}[
        fee
    ]
    w = build(settings=DeploySettings(data_fees=who))
    w.mint(w.call(2_500), 8 * ETH)
    w.mint(w.put(2_500), 8 * ETH)
    stamped(w, 2_700)
    assert due(w).by_gas == 0
    assert w.tandem.bounty.due(10**9).by_gas == most_by_gas(w, 1)
    assert paid(bring(w)) == 0


@pytest.mark.proves("HG-14", "PW-1")
def test_nobody_but_the_bounty_has_rewards_paid(straddles: World) -> None:
    w = straddles
    stamped(w)
    for who in (w.stranger, w.tandem.roles.deployer, w.tandem.keeper):
        with w.refuses("market: not the bounty"):
            w.tandem.market.send("reward", who, USD, sender=who)


@pytest.mark.proves("FL-1", "HG-14")
def test_no_reward_is_more_than_the_floor_has(straddles: World) -> None:
    """Whatever the bounty's contract asks for."""
    w = straddles
    most, bounty = w.tandem.market.floor(), w.tandem.bounty.address
    evm = w.engine._evm  # pyright: ignore[reportAttributeAccessIssue]
    was = pyrevm.AccountInfo(nonce=1, code=w.engine.code(bounty))
    evm.insert_account_info(bounty, pyrevm.AccountInfo(balance=WAD))  # who has code may not send
    try:
        with w.refuses("floor: negative"):
            w.tandem.market.send("reward", w.stranger, most + 1, sender=bounty)
        w.tandem.market.send("reward", w.stranger, most, sender=bounty)
        assert w.tandem.market.floor() == 0
    finally:
        evm.insert_account_info(bounty, was)


@pytest.mark.proves("HG-14")
def test_what_was_paid_today_is_said_while_nothing_is_offered(straddles: World) -> None:
    """Until midnight UTC."""
    w = straddles
    assert w.tandem.bounty.paid_today() == 0
    stamped(w)
    taken = paid(bring(w))
    assert due(w).amount == 0
    assert w.tandem.bounty.paid_today() == taken > 0
    w.engine.advance(DAY - w.engine.now() % DAY - 2)
    assert w.tandem.bounty.paid_today() == taken
    w.engine.advance(3)
    assert w.tandem.bounty.paid_today() == 0
