"""From a block to what is due: how long a keeper takes on a node beside it, and how often it asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.gas import SPOT, Bench, bench_of, book_of
from bench.registry import Row, benchmark
from keeper.cycle import Keeper
from keeper.execution.surface_desk import SurfaceDesk
from keeper.observer import Observer
from keeper.planner import PlannerSettings
from keeper.policy import create
from keeper.prices import prices_of
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.feeds.surface import Kind, Modelled, SurfaceSpec, shapes_of
from tandem.protocol.handles import handles_of, through
from tandem.protocol.surface_signing import SurfaceDomain
from tandem.units import WAD

Float = NDArray[np.float64]
SHAPE, EXPIRIES = (5, 3), 8
"""Calls and puts of each expiry: 64 series."""
BLOCKS, WARM = 300, 20
SECONDS = 12
"""From one block to the next."""
AWAY, FAR_BLOCKS = 0.025, 60
"""Seconds that each trip to a node elsewhere takes more."""
STEP = 4.0
"""USD: by what the price moves in a block, so that now and then a hedge is due."""
SAME_RUN = "same run, same blocks, in turns"


@dataclass
class Contender:
    """One keeper on one way to the node."""

    keeper: Keeper
    asked: list[int]
    seconds: list[float] = field(default_factory=list[float])
    trips: list[int] = field(default_factory=list[int])

    def look(self) -> None:
        """From a block that stands to the plan."""
        self.asked[0], begun = 0, time.perf_counter()
        self.keeper.observer.engine.block()
        self.keeper.plan()
        self.seconds.append(time.perf_counter() - begun)
        self.trips.append(
            self.asked[0] - 1
        )  # without the look for a block, which comes again and again


def _contender(b: Bench, away: float, *, batches: bool) -> Contender:
    node, asked = Node(b.engine.url), [0]

    def counted(ask: Callable[..., Any]) -> Callable[..., Any]:
        def once(*what: Any) -> Any:
            asked[0] += 1
            time.sleep(away)
            return ask(*what)

        return once

    batch = counted(node.batch) if batches else None
    engine = RemoteEngine(counted(node.request), batch=batch, is_development=False)
    t = b.tandem
    domain = SurfaceDomain(t.chain_id, t.surface.address, t.market.address)
    spec = SurfaceSpec(shapes=shapes_of(Kind.FLAT, None), premium=1.0, long_vol=0.6, basis=0.0)
    observer = Observer(
        engine, through(engine, handles_of(t)), PlannerSettings(), prices_of(engine, 10**7),
        SurfaceDesk(domain, t.signer_keys, Modelled(spec)),
    )  # fmt: skip
    return Contender(Keeper(observer, create("threshold")), asked)


def _measured(b: Bench, blocks: int, away: float = 0.0) -> tuple[Contender, Contender]:
    """Ours, and the same reads one by one."""
    both = _contender(b, away, batches=True), _contender(b, away, batches=False)
    rng, price = np.random.default_rng(7), float(SPOT)
    for block in range(WARM + blocks):
        b.engine.advance(SECONDS - 1)
        price += STEP * rng.standard_normal()
        b.exchange.set_index(round(price * 100) * WAD // 100)
        for each in both if block % 2 else both[::-1]:
            each.look()
    return both


def _milliseconds(of: Contender) -> Float:
    return 1_000.0 * np.array(of.seconds[WARM:], dtype=np.float64)


@benchmark("keeper")
def decision() -> Iterable[Row]:
    """A book of 64 series in eight expiries, on anvil."""
    with bench_of([SHAPE] * EXPIRIES) as b:
        for expiry in b.expiries:
            b.stock(book_of(expiry, *SHAPE))
        ours, single = _measured(b, BLOCKS)
        far = [_milliseconds(each) for each in _measured(b, FAR_BLOCKS, AWAY)]
    mine, theirs = _milliseconds(ours), _milliseconds(single)
    for share, goal in ((50, ""), (99, "≤ 50")):
        yield Row(
            f"block to decision, p{share}, 64 series, local node",
            float(np.percentile(mine, share)),
            "ms",
            goal,
            f"the same reads one by one {np.percentile(theirs, share):.3g}",
            SAME_RUN,
            float(mine.min()) if share == 50 else None,
            float(mine.max()) if share == 50 else None,
            {"blocks": float(BLOCKS)},
        )
    yield Row(
        "round trips of a block's plan, 64 series",
        fmean(ours.trips[WARM:]),
        "",
        "≤ 2",
        f"the same reads one by one {fmean(single.trips[WARM:]):.3g}, at most {max(single.trips[WARM:])}",
        SAME_RUN,
        float(min(ours.trips[WARM:])),
        float(max(ours.trips[WARM:])),
    )
    yield Row(
        "block to decision, p50, 64 series, node 25 ms away",
        float(np.median(far[0])),
        "ms",
        "",
        f"the same reads one by one {np.median(far[1]):.3g}",
        SAME_RUN,
        float(far[0].min()),
        float(far[0].max()),
        {"blocks": float(FAR_BLOCKS)},
    )
