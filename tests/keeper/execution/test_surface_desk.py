"""What the desk posts, the contract takes: a surface walks to its target inside the limits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from keeper.engine import open_engine
from keeper.execution.surface_desk import Posted, SurfaceDesk
from keeper.execution.surface_signing import SurfaceDomain
from keeper.feeds.surface import FLAT, SMILE, SurfaceSpec
from keeper.model.svi import Slice, unpack
from keeper.protocol.deploy import deploy_tandem
from keeper.protocol.series import next_expiry
from keeper.protocol.tandem import LOCAL_SIGNER_KEY, Tandem
from keeper.snapshot import read_snapshot
from keeper.venues.curie import deploy_curie

WAD = 10**18
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
    return SurfaceDesk(domain, (LOCAL_SIGNER_KEY,), spec, refresh_seconds=300)


def post(tandem: Tandem, desk: SurfaceDesk, vol: float) -> list[Slice]:
    """What the keeper does in a cycle: everything that is due; a refusal fails the test."""
    posted = [Posted.decode(raw) for raw in tandem.surface.call("slices")]
    due = desk.due(read_snapshot(tandem.lens), posted, vol)
    for expiry, word in sorted(due.items()):
        now = tandem.engine.now()
        args = desk.signed(expiry, word, now, {p.expiry: p for p in posted})
        tandem.surface.send("post", *args, sender=tandem.keeper)
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


def test_a_far_target_is_reached_in_steps_that_the_contract_takes(tandem: Tandem) -> None:
    post(tandem, desk(tandem, 0.6), 0.6)
    wild = desk(tandem, 0.9, smile=True, basis=0.05)
    levels = [0.6]
    for _ in range(120):
        tandem.engine.advance(301)
        near, _ = post(tandem, wild, 0.9)
        levels.append(float(near.vol(0.0)))
        if abs(levels[-1] - 0.9) < 1e-4:
            break
    # 30 points at 9 of the 10 allowed an hour take 40 posts, five minutes apart; the smile's own
    # shape arrives on the way.
    assert 40 <= len(levels) <= 100
    assert levels[-1] == pytest.approx(0.9, abs=1e-4)
    assert all(b > a for a, b in pairwise(levels))


def test_an_expiry_that_is_past_gets_none(tandem: Tandem) -> None:
    engine = tandem.engine
    engine.set_time(min(e.expiry for e in read_snapshot(tandem.lens).expiries))
    assert len(post(tandem, desk(tandem, 0.6), 0.6)) == 1
