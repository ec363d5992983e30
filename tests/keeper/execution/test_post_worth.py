"""A slice is posted where traders could take more by the one that stands than the post costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import pytest

from keeper.execution.post_worth import worth
from keeper.execution.surface_desk import Demand, Posted, SurfaceDesk
from tandem.engine import open_engine
from tandem.feeds.surface import FLAT, ListedSlice, Modelled, SurfaceSpec
from tandem.model.svi import Slice, pack, unpack
from tandem.protocol.bindings.structs import Expiry, Snapshot
from tandem.protocol.deploy import deploy_tandem
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.surface_signing import SurfaceDomain
from tandem.protocol.tandem import LOCAL_SIGNER_KEY, Tandem
from tandem.units import UNIT, USD, WAD
from tandem.venues.curie import deploy_curie

STRIKE, CAP, SPOT = 2_400, 5_000, 2_500
HALF = 0.015
N = NormalDist()


def flat(vol: float, basis: float = 0.0) -> Slice:
    return Slice(a=vol * vol, b=0.0, rho=0.0, m=0.0, s=0.1, basis=basis)


def put(vol: float, tau: float, forward: float = SPOT, strike: int = STRIKE) -> float:
    """Black's put, from the standard library alone."""
    deviation = vol * math.sqrt(tau)
    d1 = math.log(forward / strike) / deviation + deviation / 2
    return strike * N.cdf(deviation - d1) - forward * N.cdf(-d1)


def vega(vol: float, tau: float, strike: int = STRIKE) -> float:
    step = 1e-5
    up, down = (put(vol + each, tau, strike=strike) for each in (step, -step))
    return (up - down) / (2 * step)


@pytest.fixture(scope="module")
def tandem() -> Iterator[Tandem]:
    """Ten puts are open, and the gate is marked."""
    with open_engine("pyrevm") as engine:
        t = deploy_tandem(engine, deploy_curie(engine, SPOT * WAD))
        expiry = next_expiry(engine.now(), 20)
        t.list_expiry(expiry, [STRIKE])
        t.post({expiry: flat(0.6)})
        engine.advance(61)
        t.deposit(10**13)
        t.desk.top_up().send(t.keeper)
        t.give(t.trader, 10**11)
        t.mint(Series(expiry, True, STRIKE, 0), 10 * UNIT)
        t.freshen_gate()
        yield t


def shut(snapshot: Snapshot) -> Snapshot:
    """Nobody may open anything."""
    return replace(snapshot, gate=replace(snapshot.gate, is_fresh=False))


def only(snapshot: Snapshot) -> tuple[Expiry, float]:
    (expiry,) = snapshot.expiries
    return expiry, expiry.tau(snapshot.timestamp)


def test_a_fall_is_worth_what_holders_could_sell_back_above_it(tandem: Tandem) -> None:
    snapshot = shut(tandem.snapshot())
    expiry, tau = only(snapshot)
    expected = 10 * (put(0.6, tau) - HALF * vega(0.6, tau) - put(0.5, tau))
    assert worth(snapshot, expiry, flat(0.6), flat(0.5), spare=0.0) == pytest.approx(
        expected, rel=1e-6
    )
    assert worth(snapshot, expiry, flat(0.5), flat(0.6), spare=0.0) == 0.0


def test_a_rise_is_worth_what_the_gate_lets_be_opened_below_it(tandem: Tandem) -> None:
    snapshot = tandem.snapshot()
    expiry, tau = only(snapshot)
    room = snapshot.gate.room / UNIT
    assert room > 1
    expected = room * (put(0.7, tau) - HALF * vega(0.6, tau) - put(0.6, tau))
    assert worth(snapshot, expiry, flat(0.6), flat(0.7), spare=0.0) == pytest.approx(
        expected, rel=1e-6
    )
    assert worth(shut(snapshot), expiry, flat(0.6), flat(0.7), spare=0.0) == 0.0


@pytest.mark.parametrize(
    ("vol", "taken"), [(0.59, False), (0.61, False), (0.58, True), (0.62, True)]
)
def test_inside_the_spread_nothing_can_be_taken(tandem: Tandem, vol: float, taken: bool) -> None:
    """A point and a half either way."""
    snapshot = tandem.snapshot()
    expiry, _ = only(snapshot)
    assert (worth(snapshot, expiry, flat(0.6), flat(vol), spare=0.0) > 0.0) is taken


def test_a_forward_that_moved_counts_as_well_as_a_volatility(tandem: Tandem) -> None:
    """What is no more than a mark for calls is money for puts."""
    snapshot = shut(tandem.snapshot())
    expiry, tau = only(snapshot)
    there = SPOT * math.exp(0.5 * tau)
    expected = 10 * (put(0.6, tau) - HALF * vega(0.6, tau) - put(0.6, tau, there))
    found = worth(snapshot, expiry, flat(0.6), flat(0.6, basis=0.5), spare=0.0)
    assert found == pytest.approx(expected, rel=1e-6)


def test_a_capped_call_is_bought_at_its_strike_and_sold_at_its_cap(tandem: Tandem) -> None:
    """By calls, where the forward rises: puts fall."""
    before = tandem.snapshot()
    listed = replace(before.expiries[0], strikes=(STRIKE, CAP), sizes=(0, 0))
    snapshot, tau = replace(before, expiries=(listed,)), listed.tau(before.timestamp)
    there = SPOT * math.exp(0.5 * tau)

    def gain(strike: int) -> tuple[float, float]:
        old, new = (put(0.6, tau, f, strike) + f - strike for f in (SPOT, there))
        return new - old, HALF * vega(0.6, tau, strike)

    (rise, spread), (cap_rise, cap_spread) = gain(STRIKE), gain(CAP)
    expected = snapshot.gate.room / UNIT * (rise - cap_rise - spread - cap_spread)
    found = worth(snapshot, listed, flat(0.6), flat(0.6, basis=0.5), spare=0.0)
    assert found == pytest.approx(expected, rel=1e-6)


def test_it_is_what_the_market_pays_him_who_knows(tandem: Tandem) -> None:
    """He sells his puts back to the contract at the slice that stands; what they are worth by the next one
    is the closed form. The spread's slope and the fee take a little of it."""
    snapshot = tandem.snapshot()
    expiry, tau = only(snapshot)
    deal = tandem.quote(Series(expiry.expiry, True, STRIKE, 0), 10 * UNIT, is_close=True)
    taken = (deal.premium - deal.fee) / USD - 10 * put(0.5, tau)
    most = worth(shut(snapshot), expiry, flat(0.6), flat(0.5), spare=0.0)
    assert 0.9 * most < taken <= most


# ---- the desk


@dataclass(frozen=True)
class Given:
    """Says one slice."""

    slice: ListedSlice

    def slices(
        self, time: int, realised_vol: float, expiries: Sequence[int]
    ) -> tuple[ListedSlice, ...]:
        return (self.slice,)


def desk(tandem: Tandem, vol: float) -> SurfaceDesk:
    domain = SurfaceDomain(tandem.chain_id, tandem.surface.address, tandem.market.address)
    spec = SurfaceSpec(shapes=FLAT, premium=1.0, long_vol=vol, basis=0.0)
    return SurfaceDesk(domain, (LOCAL_SIGNER_KEY,), Modelled(spec))


def standing(snapshot: Snapshot, age: int) -> dict[int, Posted]:
    (expiry,) = snapshot.expiries
    return {expiry.expiry: Posted(expiry.expiry, pack(flat(0.6)), snapshot.timestamp - age, True)}


def due(tandem: Tandem, vol: float, age: int, cost: Callable[[], float] = lambda: 0.0) -> bool:
    snapshot = tandem.snapshot()
    return bool(desk(tandem, vol).due(snapshot, standing(snapshot, age), vol, Demand.TRADE, cost))


def test_a_slice_is_due_where_its_move_is_worth_more_than_its_post(tandem: Tandem) -> None:
    snapshot = tandem.snapshot()
    expiry, _ = only(snapshot)
    usd = worth(snapshot, expiry, flat(0.6), flat(0.7))
    assert due(tandem, 0.7, 200, lambda: 0.99 * usd)
    assert not due(tandem, 0.7, 200, lambda: 1.01 * usd)


def test_a_slice_that_says_what_it_should_waits_for_its_age(tandem: Tandem) -> None:
    """Three hundred of the term's nine hundred seconds are left then, however dear gas is."""
    assert not due(tandem, 0.6, 599)
    assert due(tandem, 0.6, 600, lambda: math.inf)


def test_however_much_moves_a_slice_is_left_for_its_window(tandem: Tandem) -> None:
    """The contract refuses a sooner one."""
    assert not due(tandem, 0.9, 59)
    assert due(tandem, 0.9, 60)


def test_what_a_post_costs_is_asked_only_where_something_moved(tandem: Tandem) -> None:
    """On a rollup that is a question to the chain."""

    def asked() -> float:
        raise AssertionError("nothing moved")

    assert not due(tandem, 0.6, 300, asked)
    with pytest.raises(AssertionError):
        due(tandem, 0.7, 300, asked)


def test_a_smile_that_was_cut_is_not_posted_every_minute(tandem: Tandem) -> None:
    """What stands then is never what the source says."""
    before = tandem.snapshot()
    listed = replace(before.expiries[0], strikes=(1_200, STRIKE), sizes=(0, 10 * UNIT))
    snapshot = replace(before, expiries=(listed,))
    wild = ListedSlice(-13.13, 16.189, -0.4727, -0.5015, 0.93994, expiry=listed.expiry)
    made = desk(tandem, 0.6)
    made.source = Given(wild)
    (word,) = made.due(snapshot, standing(snapshot, 600), 0.6, Demand.TRADE, lambda: 0.0).values()
    assert dict(made.held_back) == {}
    later = replace(snapshot, timestamp=snapshot.timestamp + 120)
    stands = {listed.expiry: Posted(listed.expiry, word, snapshot.timestamp, True)}
    assert worth(later, listed, unpack(word), wild) > 0.0
    assert made.due(later, stands, 0.6, Demand.TRADE, lambda: 0.0) == {}
