"""What one key does for its markets: blocks until nothing of theirs is due, at a block a second."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from bench.markets import street
from bench.registry import Row, benchmark
from keeper import planner
from keeper.assembly import build, sender_of
from keeper.cycle import Done
from keeper.group import Group
from keeper.journal import State
from keeper.journal_rows import Wanted, read_entries
from keeper.logs import QUIET
from keeper.metrics import Meter
from keeper.planner import Facts, Intent, Kind, post_of
from keeper.runner import Runner
from keeper.seat import Seat
from keeper.settings import Settings
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deployment import Deployment
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY, Tandem

MARKETS, DAYS = 6, (9, 12, 15, 18, 21, 24, 27, 30)
"""Eight expiries each, as many as a market lists."""
LATER = 700
"""Seconds after which all slices are due, and the marks."""
MOST_SECONDS = 180.0
FIVE_MINUTES = 300
JOURNAL, MOST_ACTS = "journal.sqlite", 10_000


@dataclass(slots=True)
class Round:
    """What came of one in which all was due. posted: blocks until the last slice is there; blocks: until
    nothing is due; sent: what was mined, by kind."""

    posted: int = 0
    blocks: int = 0
    sent: Counter[str] = field(default_factory=Counter[str])
    gas: int = 0


def _one_by_one(snapshot: Snapshot, facts: Facts) -> list[Intent]:
    """A transaction for each slice."""
    return [post_of({e: word}) for e, word in facts.slices.items() if e > snapshot.timestamp]


@contextmanager
def _keeping(url: str, deployments: Sequence[Deployment], folder: Path) -> Generator[Group]:
    """As `tandem run` keeps them with one key."""
    settings = Settings.model_validate(
        {"surface": {"keys": LOCAL_SIGNER_KEY}, "journal": str(folder / JOURNAL)}
    )
    node = Node(url, 20.0, deployments[0].chain_id)
    engine = RemoteEngine.over(node, is_development=False)
    sender = sender_of(
        settings, engine, from_key(LOCAL_KEEPER_KEY), folder / JOURNAL, QUIET, list(deployments)
    )
    seats: list[Seat] = []
    for one in deployments:
        keeper, meter = build(settings, engine, one, None, QUIET, sender), Meter()
        keeper.utc = None  # the chain has its own time
        meter.watch(keeper, node)
        seats.append(Seat(one.name, keeper, meter, Runner(node, 60.0, QUIET, meter), QUIET))
    engine.looked_at_by(len(seats))

    def act(seat: Seat, _: int, most: int) -> list[Done]:
        return seat.meter.cycle(seat.keeper, most)

    try:
        yield Group(engine, seats, Runner(node, 60.0, QUIET), 60.0, act)
    finally:
        sender.close()


def _round(engine: RemoteEngine, url: str, listed: Sequence[tuple[Tandem, Deployment]]) -> Round:
    """From the block at which all is due."""
    found = Round()
    with tempfile.TemporaryDirectory() as folder:
        engine.sync()
        engine.advance(LATER)
        for t, _ in listed:
            t.exchange.publish_index(t.exchange.index())
        began, start = engine.now(), engine.block()
        with _keeping(url, [each for _, each in listed], Path(folder)) as group:
            engine.request("evm_setIntervalMining", [1])
            until = time.monotonic() + MOST_SECONDS
            try:
                while time.monotonic() < until:
                    group.turn()
                    engine.sync()
                    young = all(
                        each.posted_at >= began for t, _ in listed for each in t.surface.slices()
                    )
                    if young and not found.posted:
                        found.posted = engine.block() - start
                    if young and not any(seat.due for seat in group.seats):
                        break
                    time.sleep(0.05)
            finally:
                engine.request("evm_setIntervalMining", [0])
                engine.request("evm_setAutomine", [True])
            found.blocks = engine.block() - start
        for entry in read_entries(Path(folder) / JOURNAL, Wanted(MOST_ACTS)):
            if entry.action.state is State.MINED and entry.attempt:
                found.sent[entry.action.kind] += 1
                found.gas += (entry.attempt.gas_used or 0) * (entry.action.kind == Kind.POST)
    return found


@benchmark("keeper")
def acts() -> Iterable[Row]:
    """One key, six markets of eight expiries on anvil, whose slices and marks are due at once."""
    with street(MARKETS, DAYS) as (engine, url, listed):
        ours = _round(engine, url, listed)
        with mock.patch.object(planner, "_posts", _one_by_one):
            singly = _round(engine, url, listed)
    of = len(listed) * len(DAYS)
    yield Row(
        "markets whose eight slices a key posts every five minutes, all else that is due too",
        FIVE_MINUTES * len(listed) / ours.blocks,
        "",
        "≥ 100",
        f"a transaction a slice: {FIVE_MINUTES * len(listed) / singly.blocks:.0f}",
        "same run",
        details={
            "markets": float(len(listed)),
            "blocks": float(ours.blocks),
            "blocks, a transaction a slice": float(singly.blocks),
            "transactions": float(ours.sent.total()),
            "posts": float(ours.sent[Kind.POST]),
            "gas a slice": ours.gas / of,
            "gas a slice, a transaction each": singly.gas / of,
        },
    )
