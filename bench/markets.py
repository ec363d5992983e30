"""How many markets one process keeps: from a block to what is due in each, at a block a second."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.registry import Row, benchmark
from keeper.assembly import build
from keeper.cycle import Keeper
from keeper.group import Group
from keeper.logs import QUIET
from keeper.metrics import Meter
from keeper.runner import Runner
from keeper.seat import Seat
from keeper.settings import Settings
from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.model.svi import Slice
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER, Deployment, tandem_of
from tandem.protocol.recipe import load_recipe
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.tandem import Tandem
from tandem.units import USD, WAD

COUNTS = (1, 10, 30, 100)
BLOCKS, WARM, SINGLY = 40, 5, 6
SECOND, AWAY = 1.0, 0.025
MOVED = 10
"""Of so many markets one has another price at each block."""
SPOT, SERIES = 2_500, ((2_500, 4_700), (2_550, 4_800), (2_600, 4_900), (2_650, 5_000))
DAYS = (9, 19)


class Far(Node):
    """Nodes each trip to which takes AWAY more."""

    def _answer(self, asked: Any) -> Any:
        time.sleep(AWAY)
        return super()._answer(asked)


@dataclass(slots=True)
class Measured:
    """Seconds from each block to each market's plan; the processor's share of one core; blocks whose round
    took longer than a block."""

    seconds: list[float] = field(default_factory=list[float])
    cpu: float = 0.0
    late: int = 0


@contextmanager
def street(
    count: int, days: Sequence[int] = DAYS
) -> Generator[tuple[RemoteEngine, str, list[tuple[Tandem, Deployment]]]]:
    """So many markets on one node, of four series an expiry. days: until each expiry."""
    with AnvilEngine() as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        recipe = load_recipe(FOLDER / "local.toml")
        listed = [_opened(engine, replace(recipe, name=f"m{n}"), n, days) for n in range(count)]
        yield engine, node.url, listed


def _opened(
    engine: RemoteEngine, recipe: Any, place: int, days: Sequence[int]
) -> tuple[Tandem, Deployment]:
    # an account of its own: a deployment is found by its deployer's nonces, one after the other
    deployer = f"0x{0xD0000 + place:040x}"
    engine.fund(deployer, 10**20)
    engine.request("anvil_impersonateAccount", [deployer])
    deployment = apply(engine, recipe, deployer)
    t = tandem_of(engine, deployment)
    t.deposit(5_000_000 * USD)
    t.desk.send("top_up", sender=t.keeper)
    expiries = [next_expiry(engine.now(), each) for each in days]
    for expiry in expiries:
        t.list_expiry(expiry, sorted({k for pair in SERIES for k in pair}))
    t.post({e: Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1) for e in expiries})
    engine.advance(61)
    t.give(t.trader, 1_000_000 * USD)
    for expiry in expiries:
        for strike, cap in SERIES:
            t.mint(Series(expiry, False, strike, cap), 100_000)
    return t, deployment


def group_of(url: str, deployments: Sequence[Deployment], kind: type[Node] = Node) -> Group:
    """As `tandem run` keeps them, without a key: it looks and plans."""
    node = kind(url, 20.0, deployments[0].chain_id)
    engine = RemoteEngine.over(node, is_development=False)
    seats: list[Seat] = []
    for one in deployments:
        keeper, meter = build(Settings(), engine, one), Meter()
        meter.watch(keeper, node)
        seats.append(Seat(one.name, keeper, meter, Runner(node, 60.0, QUIET, meter), QUIET))
    engine.looked_at_by(len(seats))
    return Group(engine, seats, Runner(node, 60.0, QUIET), 60.0, lambda *_: [])


def measured(
    engine: RemoteEngine,
    url: str,
    markets: Sequence[tuple[Tandem, Deployment]],
    kind: type[Node] = Node,
) -> Measured:
    """A block a second; the price moves in a tenth of the markets, a little."""
    found, rng = Measured(), np.random.default_rng(7)
    group = group_of(url, [each for _, each in markets], kind)
    begun = [0.0]

    def saw(*_: object) -> None:
        found.seconds.append(time.perf_counter() - begun[0])

    for seat in group.seats:
        seat.keeper.saw = saw
    for block in range(WARM + BLOCKS):
        if block == WARM:
            found.seconds.clear()
            found.late = 0
        for place in range(block % MOVED, len(markets), MOVED):
            usd = round((SPOT + 2 * rng.standard_normal()) * 100) * WAD // 100
            markets[place][0].exchange.set_index(usd)
        engine.request("evm_mine", [])
        begun[0] = time.perf_counter()
        spent = time.process_time()
        if len(group.seats) == 1:
            group.engine.block()
            group.seats[0].keeper.plan()
        else:
            group.turn()
        took = time.perf_counter() - begun[0]
        found.cpu += (time.process_time() - spent) if block >= WARM else 0.0
        found.late += took > SECOND
        time.sleep(max(SECOND - took, 0.0))
    found.cpu /= BLOCKS * SECOND
    return found


def singly(
    engine: RemoteEngine,
    url: str,
    markets: Sequence[tuple[Tandem, Deployment]],
    kind: type[Node] = Node,
) -> float:
    """Seconds of a round, where each market is asked for by itself, one after the other."""
    keepers: list[Keeper] = []
    for _, deployment in markets:
        node = kind(url, 20.0, deployment.chain_id)
        own = RemoteEngine.over(node, is_development=False)
        keepers.append(build(Settings(), own, deployment))
    took: list[float] = []
    for _ in range(SINGLY):
        engine.request("evm_mine", [])
        begun = time.perf_counter()
        for keeper in keepers:
            keeper.observer.engine.block()
            keeper.plan()
        took.append(time.perf_counter() - begun)
    return float(np.median(took[1:]))


def _details(ms: NDArray[np.float64], seen: Measured) -> dict[str, float]:
    """cpu: of one core, while a block a second comes; late: rounds that took longer."""
    figures = {"p50": float(np.percentile(ms, 50)), "most": float(ms.max())}
    return figures | {"cpu": seen.cpu, "late": float(seen.late), "blocks": float(BLOCKS)}


def _far(engine: RemoteEngine, url: str, listed: Sequence[tuple[Tandem, Deployment]]) -> Row:
    """All of them, on a node that is elsewhere."""
    far = 1_000.0 * np.array(measured(engine, url, listed, Far).seconds)
    alone = 1_000.0 * singly(engine, url, listed, Far)
    return Row(
        f"block to decision, p99, {len(listed)} markets in one process, node 25 ms away",
        float(np.percentile(far, 99)),
        "ms",
        "≤ 1,000",
        f"each by itself, all of them: {alone:,.0f}",
        "same run",
        details={"p50": float(np.percentile(far, 50)), "most": float(far.max())},
    )


@benchmark("keeper")
def markets() -> Iterable[Row]:
    """One key's markets, of eight series each, on anvil beside it."""
    with street(max(COUNTS)) as (engine, url, listed):
        middles: list[float] = []
        alone = 1_000.0 * singly(engine, url, listed)
        for count in COUNTS:
            seen = measured(engine, url, listed[:count])
            ms = 1_000.0 * np.array(seen.seconds)
            last = ms.reshape(-1, count).max(axis=1)
            middles.append(float(np.median(last)))
            yield Row(
                f"block to decision, p99, {count} {'market' if count == 1 else 'markets'} in one process",
                float(np.percentile(ms, 99)),
                "ms",
                "≤ 1,000" if count == max(COUNTS) else "",
                f"each by itself, all of them: {alone:.3g}" if count == max(COUNTS) else "",
                "same run" if count == max(COUNTS) else "",
                details=_details(ms, seen),
            )
        yield _far(engine, url, listed)
        each, once = np.polyfit(COUNTS, middles, 1)
        yield Row(
            "markets at which half of the rounds take a second",
            float((1_000.0 - once) / each),
            "",
            "≥ 100",
            "",
            "no peer: the line through the rounds above, past what was run",
        )
