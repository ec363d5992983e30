"""What the desk posts is what its source says, and the contract takes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

import pytest

from keeper.execution.surface_desk import Demand, Posted, SurfaceDesk
from tandem.engine import open_engine
from tandem.feeds.surface import FLAT, SMILE, ListedSlice, Modelled, SurfaceSpec
from tandem.model.surface_law import Refusal
from tandem.model.svi import Slice, unpack
from tandem.protocol import terms
from tandem.protocol.deploy import deploy_tandem
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.surface_signing import SurfaceDomain
from tandem.protocol.tandem import LOCAL_SIGNER_KEY, Tandem
from tandem.units import DAY, WAD
from tandem.venues.curie import deploy_curie

LISTED = ((10, 2_500, 5_000), (30, 2_500, 5_000))


@pytest.fixture
def tandem() -> Iterator[Tandem]:
    with open_engine("pyrevm") as engine:
        found = deploy_tandem(engine, deploy_curie(engine, 2_500 * WAD))
        for days, *strikes in LISTED:
            found.list_expiry(next_expiry(engine.now(), days), strikes)
        yield found


def desk(tandem: Tandem, vol: float, smile: bool = False, basis: float = 0.0) -> SurfaceDesk:
    domain = SurfaceDomain(tandem.chain_id, tandem.surface.address, tandem.market.address)
    shapes = SMILE if smile else FLAT
    spec = SurfaceSpec(shapes=shapes, premium=1.0, long_vol=vol, basis=basis)
    return SurfaceDesk(domain, (LOCAL_SIGNER_KEY,), Modelled(spec), refresh_seconds=300)


def standing(tandem: Tandem) -> dict[int, Posted]:
    read = (Posted.of(each, tandem.engine.now()) for each in tandem.surface.slices())
    return {p.expiry: p for p in read}


def post(
    tandem: Tandem, desk: SurfaceDesk, vol: float, demand: Demand = Demand.TRADE
) -> list[Slice]:
    """What the keeper does in a cycle: everything that is due; a refusal fails the test."""
    posted = standing(tandem)
    due = desk.due(tandem.lens.snapshot(), posted, vol, demand)
    for expiry, word in due.items():
        signed = desk.signed(expiry, word, tandem.engine.now())
        tandem.surface.post_all([signed]).send(tandem.keeper)
    return [unpack(word) for _, word in sorted(due.items())]


@pytest.mark.parametrize("smile", [False, True])
def test_every_listed_expiry_gets_its_first_slice(tandem: Tandem, smile: bool) -> None:
    made = post(tandem, desk(tandem, 0.6, smile), 0.6)
    assert len(made) == 2
    assert all(float(s.vol(0.0)) == pytest.approx(0.6, abs=1e-6) for s in made)


def test_a_slice_is_due_again_after_the_refresh_time_and_not_before(tandem: Tandem) -> None:
    flat = desk(tandem, 0.6)
    post(tandem, flat, 0.6)
    tandem.engine.advance(290)
    assert post(tandem, flat, 0.6) == []
    tandem.engine.advance(20)
    assert len(post(tandem, flat, 0.6)) == 2


def test_r37_a_far_target_is_said_at_once_and_stands_when_the_limit_has_caught_up(
    tandem: Tandem,
) -> None:
    """R37: "never quotes a side that its own signed knowledge says is wrong". Thirty points at ten an hour
    are three hours, in which what is signed does not move: the chain quotes the worse of the two."""
    post(tandem, desk(tandem, 0.6), 0.6)
    wild = desk(tandem, 0.9, basis=0.05)
    stood: list[bool] = []
    for _ in range(60):
        tandem.engine.advance(301)
        near, _ = post(tandem, wild, 0.9)
        assert float(near.vol(0.0)) == pytest.approx(0.9, abs=1e-4)
        stood.append(standing(tandem)[min(standing(tandem))].is_settled)
        if stood[-1]:
            break
    assert 3 * 3_600 <= len(stood) * 301 <= 3.1 * 3_600
    assert stood == sorted(stood)


@pytest.mark.parametrize("age", [60, 120, 900, 7_200])
def test_r40_the_desk_follows_the_age_that_the_terms_ask_for(tandem: Tandem, age: int) -> None:
    """At 60 s, with a refresh of 300, closes passed in 18 % of blocks."""
    owner, flat = tandem.roles.owner or tandem.roles.deployer, desk(tandem, 0.6)
    if age != 900:
        tandem.guardian.set_term(terms.FIELDS["surface_age"].index, age).send(owner)
        tandem.engine.advance(2 * DAY)
        tandem.guardian.apply(terms.FIELDS["surface_age"].index).send(owner)
    post(tandem, flat, 0.6)
    for _ in range(60):
        tandem.engine.advance(2)
        post(tandem, flat, 0.6)
        assert max(listing.age for listing in tandem.surface.slices()) <= min(age // 2 + 4, 304)


def test_what_was_read_before_hides_no_slice_that_is_due(tandem: Tandem) -> None:
    flat = desk(tandem, 0.6)
    post(tandem, flat, 0.6)
    before = standing(tandem)
    tandem.engine.advance(200)
    near = min(before)
    tandem.post({near: Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)})  # a rival's
    for _ in range(8):
        tandem.engine.advance(50)
        snapshot, now = tandem.lens.snapshot(), standing(tandem)
        due = set(flat.due(snapshot, now, 0.6, Demand.TRADE))
        assert due <= set(flat.may_be_due(snapshot, before, Demand.TRADE))
    assert due == set(before)


def test_a_quiet_desk_posts_what_is_open_and_has_moved(tandem: Tandem) -> None:
    """Of two expiries one is open; half a vol point is worth a transaction, less is not."""
    quiet = desk(tandem, 0.6)
    post(tandem, quiet, 0.6)
    tandem.deposit(10**12)
    tandem.desk.top_up().send(tandem.keeper)
    tandem.give(tandem.trader, 10**10)
    near, _ = sorted(standing(tandem))
    tandem.mint(Series(near, False, 2_500, 5_000), 10**6)
    for level, posts in ((0.604, 0), (0.62, 1), (0.62, 0)):
        tandem.engine.advance(3_601)
        quiet.source = desk(tandem, level).source
        assert len(post(tandem, quiet, level, Demand.NOBODY)) == posts
    tandem.engine.advance(3_000)
    assert post(tandem, quiet, 0.9, Demand.NOBODY) == []  # it looks once an hour
    assert len(post(tandem, quiet, 0.9, Demand.MARK)) == 1
    assert len(post(tandem, quiet, 0.9, Demand.TRADE)) == 1  # the other one


def test_an_expiry_that_is_past_gets_none(tandem: Tandem) -> None:
    engine = tandem.engine
    engine.set_time(min(e.expiry for e in tandem.lens.snapshot().expiries))
    assert len(post(tandem, desk(tandem, 0.6), 0.6)) == 1


def test_a_slice_of_the_last_second_can_be_traded_on_and_one_that_never_was_cannot(
    tandem: Tandem,
) -> None:
    flat = desk(tandem, 0.6)
    never = {e.expiry for e in tandem.lens.snapshot().expiries}
    assert set(flat.too_old(tandem.lens.snapshot(), {})) == never
    post(tandem, flat, 0.6)
    described = {p.valid_from for p in standing(tandem).values()}
    most = tandem.lens.snapshot().parameters["surface_age"]
    for second, found in ((min(described) + most, set()), (max(described) + most + 1, never)):
        tandem.engine.set_time(second)
        assert set(flat.too_old(tandem.lens.snapshot(), standing(tandem))) == found


class Given:
    """Whatever slices a test wants, one for each expiry ahead."""

    def __init__(self, *slices: Slice) -> None:
        self.wanted = slices

    def slices(
        self, time: int, realised_vol: float, expiries: Sequence[int]
    ) -> tuple[ListedSlice, ...]:
        pairs = zip(self.wanted, sorted(expiries), strict=True)
        return tuple(ListedSlice(**asdict(each), expiry=expiry) for each, expiry in pairs)


def given(tandem: Tandem, *slices: Slice) -> SurfaceDesk:
    found = desk(tandem, 0.6)
    found.source = Given(*slices)
    return found


CALM = Slice(a=0.25, b=0.3, rho=-0.2, m=0.0, s=0.3)


@pytest.mark.parametrize(
    ("wild", "why"),
    [
        (Slice(-13.13, 16.189, -0.4727, -0.5015, 0.93994), Refusal.BUTTERFLY),
        (Slice(-8.611, 11.0557, 0.4777, 0.56569, 0.91486), Refusal.RISING),
        (Slice(-31.0, 25.037, 0.2, 0.26, 1.28), Refusal.LEVEL),
    ],
)
def test_a_smile_that_bends_too_far_away_keeps_its_middle_and_loses_its_wings(
    tandem: Tandem, wild: Slice, why: Refusal
) -> None:
    """As fitted to recorded quotes, which end long before the contract's grid does."""
    bent = given(tandem, wild, replace(CALM, a=1.0))
    near, _ = post(tandem, bent, 0.6)
    assert float(near.vol(0.0)) == pytest.approx(float(wild.vol(0.0)), abs=1e-6)
    assert float(near.vol_slope(0.0)) == pytest.approx(float(wild.vol_slope(0.0)), abs=1e-6)
    assert float(near.variance(1.2)) < float(wild.variance(1.2))
    assert dict(bent.mended) == {why: 1}


def test_an_expiry_that_rises_over_the_farther_one_waits_for_it(tandem: Tandem) -> None:
    """Total variances nearly touch."""
    now = tandem.engine.now()
    near, far = (next_expiry(now, days) - now for days, *_ in LISTED)
    low = [replace(CALM, a=level, b=0.0) for level in (0.6, 0.601 * near / far)]
    post(tandem, given(tandem, *low), 0.6)
    tandem.engine.advance(400)
    high = [replace(each, a=1.02 * each.a) for each in low]
    rising = given(tandem, *high)
    assert [each.a for each in post(tandem, rising, 0.6)] == pytest.approx(
        [each.a for each in high]
    )
    assert not rising.mended


def test_a_slice_that_cannot_be_made_good_is_held_back_until_it_is_due_again(
    tandem: Tandem,
) -> None:
    """The nearer expiry has risen over the farther one, of which nothing but a lift is taken."""
    near, far = (replace(CALM, a=level, b=0.001) for level in (0.6, 0.30))
    post(tandem, given(tandem, near, far), 0.6)
    tandem.engine.advance(301)
    sunk = given(tandem, near, replace(far, a=float("nan")))
    assert len(post(tandem, sunk, 0.6)) == 1
    assert dict(sunk.held_back) == {Refusal.LEVEL: 1}
    tandem.engine.advance(200)
    assert post(tandem, sunk, 0.6) == []
    tandem.engine.advance(101)
    assert len(post(tandem, sunk, 0.6)) == 1
    assert sunk.held_back.total() == 2
