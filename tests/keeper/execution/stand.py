"""A market on the real contracts whose surface takes two of three signers, each a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from execution.signing import KEYS, SECRET, Signer, asked, signing
from keeper.cycle import Keeper
from keeper.execution.asking import Question, answer, body
from keeper.execution.signers import Signers
from keeper.execution.surface_desk import SurfaceDesk
from keeper.observer import Observer
from keeper.planner import PlannerSettings
from keeper.policy import create
from keeper.replay.outbox import LocalOutbox
from tandem.engine.revm import RevmEngine
from tandem.engine.signers import from_key
from tandem.feeds.surface import FLAT, Modelled, SurfaceSpec
from tandem.model.svi import Slice, pack
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.protocol.deployment import VENUE, Deployed, Deployment
from tandem.protocol.handles import handles_of
from tandem.protocol.roles import Roles
from tandem.protocol.series import next_expiry
from tandem.protocol.steps import hash_of
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain
from tandem.protocol.tandem import Tandem
from tandem.units import WAD
from tandem.venues.curie import deploy_curie

VOL = 0.6


@dataclass
class Stand:
    """A market, its record, and where its three signers are asked."""

    tandem: Tandem
    record: Path
    processes: list[Signer]

    @property
    def signers(self) -> list[str]:
        """Where they are asked."""
        return [each.url for each in self.processes]

    @property
    def domain(self) -> SurfaceDomain:
        t = self.tandem
        return SurfaceDomain(t.chain_id, t.surface.address, t.market.address)

    def desk(
        self, urls: list[str], vol: float = VOL, seconds: float = 3.0, secret: str = SECRET
    ) -> SurfaceDesk:
        t = self.tandem
        spec = SurfaceSpec(shapes=FLAT, premium=1.0, long_vol=vol, basis=0.0)
        desk = SurfaceDesk(self.domain, (), Modelled(spec))
        desk.signers = Signers(
            tuple(urls),
            cache(t.surface.THRESHOLD),
            t.guardian.is_signer,
            seconds,
            secrets=(secret,) * len(urls) if secret else (),
        )
        return desk

    def keeper(self, desk: SurfaceDesk) -> Keeper:
        t, plain = self.tandem, PlannerSettings(mark_seconds=0, gate=False)
        assert isinstance(t.engine, RevmEngine)
        observer = Observer(t.engine, handles_of(t), plain, desk=desk)
        observer.forecaster.update(t.engine.now(), 2_500.0)
        return Keeper(
            observer, create("threshold"), LocalOutbox(t.engine, t.keeper, lambda *_: None)
        )

    def posted(self) -> int:
        """Slices on chain that are of this test."""
        return sum(each.age < 60 for each in self.tandem.surface.slices())

    def ask(self, url: str, *posts: SlicePost, domain: SurfaceDomain) -> list[str]:
        """What one of them refuses each for, "" where it signs."""
        sent = body(Question.of(domain, posts))
        status, said = asked(int(url.rpartition(":")[2]), "POST", sent)
        assert status == 200, said
        return [verdict.refused for verdict in answer(said).verdicts]

    def slice(self) -> SlicePost:
        """What they would sign."""
        flat = Slice(a=VOL * VOL, b=0.0, rho=0.0, m=0.0, s=0.1)
        expiry = max(e.expiry for e in self.tandem.lens.snapshot().expiries)
        return SlicePost(expiry, pack(flat), self.tandem.engine.now())


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    record = tmp_path_factory.mktemp("signers") / "here.json"
    with RevmEngine(timestamp=int(time.time()) - 7_200) as engine:
        people = tuple(from_key(key).address for key in KEYS)
        roles = replace(Roles.local(engine), signers=people)
        exchange = deploy_curie(engine, 2_500 * WAD)
        t = deploy_tandem(engine, exchange, DeploySettings(signatures=2), roles)
        for days in (10, 30):
            t.list_expiry(next_expiry(engine.now(), days), (2_500, 5_000))
        parts = {
            name: Deployed(c.address, (), "", hash_of(engine.code(c.address)))
            for name, c in t.contracts.items()
        }
        venue = {VENUE: exchange.recipe.name, **exchange.addresses()}
        Deployment("here", t.chain_id, 0, roles.deployer, 0, parts, venue, {}, {}).save(record)
        with signing(record, *KEYS) as processes:
            yield Stand(t, record, processes)


@pytest.fixture(autouse=True)
def now(stand: Stand) -> None:
    """The chain's clock is this machine's, or a little ahead: no two tests are of one moment."""
    engine = stand.tandem.engine
    engine.set_time(max(int(time.time()), engine.now() + 1))


@pytest.fixture
def due(stand: Stand) -> Iterator[None]:
    """Nothing stands yet, and what is posted goes with the test."""
    token = stand.tandem.engine.snapshot()
    yield
    stand.tandem.engine.revert(token)
