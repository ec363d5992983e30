"""A snapshot is the chain's own state: every figure equals what its contract says by itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from keeper.market_state import market_state
from keeper.policy import create
from tandem.engine import open_engine
from tandem.model.svi import Slice, pack
from tandem.protocol import terms
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deploy import deploy_tandem
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.snapshot import tenor_and_vol
from tandem.protocol.tandem import Tandem
from tandem.units import WAD
from tandem.venues.curie import deploy_curie

SMILE = Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)


@pytest.fixture(scope="module")
def tandem() -> Iterator[Tandem]:
    """A vault with 1M that has sold calls near and puts far."""
    with open_engine("pyrevm") as engine:
        curie = deploy_curie(engine, 2_500 * WAD)
        tandem = deploy_tandem(engine, curie)
        curie.set_index(2_500 * WAD)
        tandem.deposit(10**12)
        tandem.desk.send("top_up", sender=tandem.keeper)
        near, far = next_expiry(engine.now(), 10), next_expiry(engine.now(), 30)
        for expiry in (near, far):
            tandem.list_expiry(expiry, [2_250, 2_500, 2_750, 5_000])
        tandem.post({near: SMILE, far: SMILE})
        engine.advance(120)
        tandem.give(tandem.trader, 10**11)
        tandem.mint(Series(near, False, 2_500, 5_000), 2_000_000)
        tandem.mint(Series(far, True, 2_500, 0), 1_000_000)
        yield tandem


@pytest.fixture(scope="module")
def snapshot(tandem: Tandem) -> Snapshot:
    return tandem.lens.snapshot()


def test_every_field_is_what_its_own_contract_says(tandem: Tandem, snapshot: Snapshot) -> None:
    engine = tandem.engine
    assert snapshot.timestamp == engine.now()
    assert snapshot.spot == 2_500 * WAD
    assert snapshot.spot_fresh is True
    assert snapshot.position == tandem.venue.call("position") != 0
    assert (snapshot.maxima, snapshot.claims) == tandem.market.call("liabilities")
    assert snapshot.floor == tandem.market.call("floor")
    assert (snapshot.funds.cash, snapshot.funds.exits) == tandem.vault.call("funds")[:2]
    assert snapshot.account.equity == tandem.venue.call("account", snapshot.spot)[1]
    assert snapshot.account.bankrupt is False
    assert snapshot.parameters == {name: field.default for name, field in terms.FIELDS.items()}
    assert snapshot.gross == 3_000_000


def test_expiries_are_the_books_that_were_sold(snapshot: Snapshot) -> None:
    near, far = sorted(snapshot.expiries, key=lambda e: e.expiry)
    assert near.book.payoff(3_000) == 2_000_000 * 500
    assert near.book.payoff(9_000) == near.maximum == 2_000_000 * 2_500
    assert far.book.payoff(2_000) == 1_000_000 * 500
    assert far.book.payoff(0) == far.maximum == 1_000_000 * 2_500
    assert (near.slice, far.slice) == (pack(SMILE), pack(SMILE))
    assert snapshot.maxima == near.maximum + far.maximum
    assert snapshot.unsettled == ()


def test_a_policy_sees_the_lps_side_in_eth_and_dollars(tandem: Tandem, snapshot: Snapshot) -> None:
    state = market_state(snapshot, realised_vol=0.5, gas_cost=0.1)
    # Calls of 2 ETH and puts of 1 ETH were sold at the money: short about 0.6 ETH of delta.
    assert -1.2 < state.book_delta < -0.3
    assert state.residual == pytest.approx(state.book_delta + state.hedge, abs=1e-12)
    assert abs(state.residual) < 1e-6
    assert (state.spot, state.gross_units) == (2_500.0, 3.0)
    assert state.nav == pytest.approx(1e6, rel=1e-3)
    assert state.hard_band == pytest.approx(4 * state.min_trigger)
    assert create().decide(state).acts is False
    assert state.contract_risk_aversion == 500.0
    strict = replace(snapshot, terms=terms.defaults(risk_aversion=2_000))
    assert market_state(strict).contract_risk_aversion == 2_000.0


def test_tenor_is_weighted_by_gamma(snapshot: Snapshot) -> None:
    tau, vol = tenor_and_vol(snapshot)
    near, far = sorted(e.tau(snapshot.timestamp) for e in snapshot.expiries)
    # At the money gamma goes with 1/sqrt(tau) and size: 2 near against 1 far.
    weight = 2 / math.sqrt(near) / (2 / math.sqrt(near) + 1 / math.sqrt(far))
    assert tau == pytest.approx(weight * near + (1 - weight) * far, rel=0.01)
    assert vol == pytest.approx(0.6)


def test_age_of_the_surface_and_past_expiries_show(tandem: Tandem, snapshot: Snapshot) -> None:
    engine = tandem.engine
    mark = engine.snapshot()
    engine.advance(901)
    old = tandem.lens.snapshot()
    assert snapshot.surface_fresh
    assert old.surface_age == snapshot.surface_age + 901
    assert not old.surface_fresh
    engine.set_time(min(e.expiry for e in snapshot.expiries))
    late = tandem.lens.snapshot()
    assert [e.expiry for e in late.unsettled] == [engine.now()]
    assert not late.spot_fresh
    engine.revert(mark)


def test_an_empty_book_has_no_tenor(tandem: Tandem) -> None:
    with open_engine("pyrevm") as engine:
        empty = deploy_tandem(engine, deploy_curie(engine, 2_500 * WAD)).lens.snapshot()
    assert tenor_and_vol(empty)[0] == 0.0
    assert market_state(empty).gross_units == 0.0
    assert empty.surface_fresh
