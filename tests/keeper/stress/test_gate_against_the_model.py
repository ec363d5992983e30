"""What the chain says that jumps cost is what options revalued one by one cost, and never less."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from keeper.stress.book import of_snapshot
from tandem.engine import open_engine
from tandem.errors import Reverted
from tandem.model import jumps
from tandem.model.jumps import GATE
from tandem.model.svi import Slice
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.tandem import Tandem
from tandem.units import WAD
from tandem.venues.curie import deploy_curie

LADDER = [2_000, 2_250, 2_500, 2_750, 3_000, 4_500, 5_000, 5_500, 6_000]


@pytest.fixture(scope="module")
def sold() -> Iterator[Tandem]:
    """A vault with 1M that has sold calls and puts at three expiries, on smiles."""
    rng = np.random.default_rng(3)
    with open_engine("pyrevm") as engine:
        curie = deploy_curie(engine, 2_500 * WAD)
        tandem = deploy_tandem(engine, curie, DeploySettings(terms={"hour": 60_000}))
        curie.set_index(2_500 * WAD)
        tandem.deposit(10**12)
        tandem.desk.send("top_up", sender=tandem.keeper)
        expiries = [next_expiry(engine.now(), days) for days in (10, 20, 30)]
        for expiry in expiries:
            tandem.list_expiry(expiry, LADDER)
        tandem.give(tandem.trader, 10**11)
        smiles = {
            e: Slice(a=0.30 + 0.02 * i, b=0.08, rho=-0.2, m=0.0, s=0.2)
            for i, e in enumerate(expiries)
        }
        done = 0
        for _ in range(12):
            tandem.post(smiles)
            engine.advance(120)
            is_put = bool(rng.integers(2))
            strike = int(rng.choice([2_250, 2_500] if is_put else LADDER[1:5]))
            series = Series(int(rng.choice(expiries)), is_put, strike, 0 if is_put else 2 * strike)
            try:
                tandem.mint(series, int(rng.integers(1, 5)) * 1_000_000)
                done += 1
            except Reverted:
                continue
        assert done >= 6
        tandem.post(smiles)
        engine.advance(120)
        yield tandem


def test_r22_what_the_chain_says_a_jump_costs_is_the_exact_loss_and_never_less(
    sold: Tandem,
) -> None:
    """An exact revaluation at 1.5 and 0.8 times the volatilities, node by node, off chain; the chain's
    bound lies on the safe side of it, by at most 2e-4 of spot for each ETH at a node (1.2e-4 here)."""
    stood = of_snapshot(sold.lens.snapshot())
    bare = jumps.losses(stood.held, stood.spot, 0.0, 0.0, GATE)
    said = [int(x) / 1e24 for x in sold.stress.losses().sums]
    nodes = sum(float(np.abs(each.book.slopes).sum()) for each in stood.held)
    for j, exact, bound in zip(GATE, bare, said, strict=True):
        assert exact <= bound + 1e-6, j
        assert bound - exact <= 2e-4 * stood.spot * nodes, j
