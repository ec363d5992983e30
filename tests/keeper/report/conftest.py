"""A market that a replay lived on anvil, with its past: its own ledger says what each cause earned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pytest

from keeper.replay import stage
from keeper.replay.run import Replay, ReplayResult, _local, replay
from keeper.replay.settings import ReplaySettings
from keeper.report import session
from keeper.report.figures import figures
from keeper.report.kept import Kept
from keeper.report.reading import Chain
from keeper.report.session import Span
from tandem.engine.anvil import AnvilEngine
from tandem.engine.bound import Bound
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.feeds.flow import FlowSpec
from tandem.feeds.path import demo
from tandem.feeds.surface import SurfaceSpec
from tandem.feeds.visits import PathSettings
from tandem.protocol.handles import Handles, handles_of
from tandem.venues import SEPARATOR

HOUR = 3_600
Request = Callable[[str, list[Any]], Any]


class Lasting(AnvilEngine):
    """A node that remembers, and outlives the run that started it."""

    is_over = False

    def __init__(self, timestamp: int) -> None:
        super().__init__(timestamp, prune_history=False)

    def close(self) -> None:
        if self.is_over:
            super().close()


@dataclass
class Lived:
    """blocks: the one at the end of each visit."""

    run: Replay
    result: ReplayResult
    url: str
    blocks: list[int]

    @property
    def span(self) -> Span:
        rows = self.result.rows
        return Span(self.blocks[0], self.blocks[-1], rows[0].time, rows[-1].time)

    def chain(self, through: Callable[[Request], Request] = lambda ask: ask) -> Chain:
        """Read back, through something that stands between."""
        engine = RemoteEngine(through(Node(self.url).request))
        ours = handles_of(self.run.stage.tandem)
        parts = {f.name: getattr(ours, f.name) for f in fields(Handles)}
        return Chain.of(
            engine,
            Handles(
                **{
                    name: type(part)(engine, part.address) if isinstance(part, Bound) else part
                    for name, part in parts.items()
                }
            ),
            self.run.stage.exchange.recipe.name.split(SEPARATOR),
        )


def keeping(lived: Lived, path: Path, through: Any, **settings: Any) -> Chain:
    """With what was read before in that file."""
    chain = lived.chain(through)
    return replace(chain, kept=Kept(chain.engine, path, **settings))


def shown(chain: Chain, lived: Lived) -> dict[str, Any]:
    """What its report says."""
    return figures(session.tell(chain, 0, lived.span), "0x0", "ETH", None)


@pytest.fixture(scope="session")
def lived() -> Iterator[Lived]:
    """On the first venue."""
    yield from lived_on()


def lived_on(**asked: Any) -> Iterator[Lived]:
    """The crash of the shipped path and the night after it: trades, hedges, margin, an LP who comes. asked:
    of the replay, beside that."""
    path = demo()
    start = int(path.timestamps[0]) + 132 * HOUR
    settings = ReplaySettings(
        path.window(start, start + 13 * HOUR),
        path=PathSettings(visits=1),
        engine="anvil",
        expiries=2,
        refresh_seconds=3_000,
        always_quoted=True,
        flow=FlowSpec(trades_per_day=36.0, standing=20, median_size=4.0, max_size=12.0),
        surface=SurfaceSpec(premium=1.0, long_vol=0.6, basis=0.0),
        **asked,
    )
    runs, blocks = list[Replay](), list[int]()

    def hire(run: Replay) -> Any:
        runs.append(run)
        return _local(run)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "open_engine", lambda _, timestamp: Lasting(timestamp))
        result = replay(settings, lambda *_: blocks.append(runs[-1].stage.engine.block()), hire)
    engine: Any = runs[-1].stage.engine
    try:
        yield Lived(runs[-1], result, engine.url, blocks)
    finally:
        engine.is_over = True
        engine.close()
