"""What is counted of a keeper, by names that Prometheus reads, and whether its loop is well.

Counters are of this process and begin at 0 with it. What a cycle saw is told as it was then; ages, and what
nodes are like, are of the moment at which somebody asks. Nothing that is counted here is decided by.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from keeper import gauges
from keeper.cycle import MOST_STEPS, Done, Keeper
from keeper.execution.sender import Sender
from keeper.gauges import ENDS, KINDS, REFUSED, Purse, Sight
from keeper.journal import Journal, JournalError, glance, read_entries
from keeper.journal_rows import Entry, Wanted, flat
from keeper.monitors import Monitors
from keeper.pauses import Pauses
from keeper.planner import Facts, Intent, Plan
from tandem.engine.health import ANSWERS, Report
from tandem.engine.node import Node
from tandem.errors import EngineError
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import WAD

SILENT_SECONDS = 300.0
"""For which a loop may say nothing of itself, where nobody sets it."""
BALANCE_SECONDS = 60.0
"""Between two looks at what the account holds."""
LATEST = 64
"""Actions of the journal that are looked at after a cycle: more than one can have moved."""


class Meter(Collector):
    """The figures of one keeper, in a registry of its own."""

    def __init__(
        self, silent_seconds: float = SILENT_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """silent_seconds: after which a loop that neither begins nor ends a cycle counts as stuck."""
        self._silent, self._clock = silent_seconds, clock
        self._began = clock()
        self._beat: float | None = None
        self._succeeded: float | None = None
        self._inside = 0
        self._lock, self._one = threading.Lock(), threading.Lock()
        self._reports: Callable[[], Sequence[Report]] = list
        self.sight: Sight | None = None  # what was seen last
        self._asset = self._market = self._account = self.name = self.halted = ""
        self._journal: Journal | None = None
        self._changes = -1  # of the journal, when it was looked at
        self.is_elsewhere = False  # kept by another process
        self.unkept: Callable[[], float] = float  # seconds, by none of several
        self.weighs = True  # the account: of several with one, one does
        self.shared: dict[str, str] = {}
        self._pauses: Pauses | None = None
        self._purse: Purse | None = None
        self._weighed = -BALANCE_SECONDS
        self.monitors = Monitors(clock)
        self._counted, self._open = set[tuple[int, str]](), None
        self._ended: Sequence[Entry] = ()
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._make()

    def _make(self) -> None:
        """What only grows."""
        of, kinds = self._registry, ["kind"]
        self._seconds = Histogram(
            "tandem_cycle_seconds", "Seconds that cycles took, failed ones too.",
            registry=of, buckets=gauges.BUCKETS,
        )  # fmt: skip
        self._failures = Counter(
            "tandem_cycles_failed", "Cycles that failed, those too that found no block to look at.",
            registry=of,
        )  # fmt: skip
        self._actions = Counter(
            "tandem_actions", "Actions by kind, and by the state in which they ended.",
            [*kinds, "state"], registry=of,
        )  # fmt: skip
        self._gas = Counter("tandem_gas_used", "Gas that actions used.", kinds, registry=of)
        self._paid = Counter(
            "tandem_paid_wei", "Wei that actions paid for gas, and for data.", kinds, registry=of
        )
        for kind in KINDS:  # from 0 on: what grows from nothing has not grown to whoever asks
            self._gas.labels(kind)
            self._paid.labels(kind)
            for state in (*ENDS, REFUSED):
                self._actions.labels(kind, state)

    # ---- told by the loop
    def watch(self, keeper: Keeper, node: Node | None) -> None:
        """Whose figures these are. What its journal holds already is not counted."""
        observer = keeper.observer
        keeper.saw = self.saw
        self._asset, self._market = observer.handles.asset, observer.handles.market.address
        self._account, self._pauses = keeper.account, keeper.pauses
        self.shared = {"account": self._account, "chain": str(observer.engine.chain_id)}
        self.monitors.watch(keeper)
        if node is not None:
            self._reports = node.reports
        if isinstance(keeper.sender, Sender):
            self._journal = keeper.sender.journal
            self._counted = {_key(entry) for entry in self._look() if entry.is_over}

    def let_go(self) -> None:
        """The journal is held no more."""
        self._journal = None

    def began(self) -> None:
        """The loop begins a cycle, or a look for a block. One that comes while another still runs is no sign
        that the loop is well."""
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._beat = self._clock()

    def ended(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._beat = self._clock()

    def failed(self) -> None:
        self._failures.inc()

    def cycle(self, keeper: Keeper, most: int = MOST_STEPS) -> list[Done]:
        """A cycle of this keeper, timed and counted; not where another runs, which leaves it nothing."""
        if not self._one.acquire(blocking=False):
            return keeper.cycle(most)
        try:
            with self._timed(keeper):
                done = keeper.cycle(most)
        finally:
            self._one.release()
        for each in done:
            if not each.result.action:
                self._actions.labels(each.intent.kind, REFUSED).inc()
        self.succeeded()
        return done

    def look(self, keeper: Keeper) -> Sequence[Intent]:
        """What is due now, where several are looked at before one acts: a cycle of who has nothing to do."""
        with self._timed(keeper):
            due = keeper.due()
        if not due:
            self.succeeded()
        return due

    def succeeded(self) -> None:
        """What was due was tried, or waits for its turn."""
        self._succeeded = self._clock()

    @contextmanager
    def _timed(self, keeper: Keeper) -> Generator[None]:
        began = self._clock()
        try:
            yield
        finally:
            self._seconds.observe(self._clock() - began)
            self._count()
            self._weigh(keeper)

    def saw(self, block: int, snapshot: Snapshot, facts: Facts, plan: Plan) -> None:
        """What is seen at a block, and what is due by it."""
        self.sight = Sight(block, snapshot, len(plan.notes), facts.untraded)
        self.monitors.saw(snapshot)

    @property
    def purse(self) -> Purse | None:
        """What the account held when it was weighed last; None where another's meter weighs it."""
        return self._purse if self.weighs else None

    # ---- the journal
    def _look(self) -> list[Entry]:
        """The latest actions. What cannot be read now leaves the figures as they are: the keeper itself says
        what its journal lacks."""
        if self._journal is None:
            return []
        changes = self._journal.changes
        try:
            entries = read_entries(self._journal.path, Wanted(LATEST, market=self.name))
            self._open = glance(self._journal.path).open
        except JournalError:
            return []
        self._changes = changes
        self._ended = tuple(entry for entry in entries if entry.is_over)
        return entries

    def _count(self) -> None:
        """Each action once for each state in which it ended: a block may go away. What is no longer looked at
        comes no more. A journal that nobody wrote in says what it said."""
        if self._journal is None or self._journal.changes == self._changes:
            return
        seen = self._look()
        entries = [entry for entry in seen if entry.is_over]
        for entry in entries:
            if _key(entry) in self._counted:
                continue
            kind = entry.action.kind
            self._actions.labels(kind, entry.action.state).inc()
            if entry.attempt is not None:
                self._gas.labels(kind).inc(entry.attempt.gas_used or 0)
                self._paid.labels(kind).inc(entry.attempt.paid or 0)
        oldest = min((entry.action.id for entry in seen), default=0)
        self._counted = {key for key in (*self._counted, *map(_key, entries)) if key[0] >= oldest}

    def _weigh(self, keeper: Keeper) -> None:
        """What the account holds, now and then. A node that does not say leaves it as it was."""
        is_known = not self.weighs or self._clock() - self._weighed < BALANCE_SECONDS
        if is_known or not isinstance(keeper.sender, Sender):
            return
        with suppress(EngineError):
            self._purse = Purse(
                keeper.observer.engine.balance(keeper.account) / WAD,
                keeper.sender.fees.action_most / WAD,
            )
            self._weighed = self._clock()

    # ---- asked
    def acts(self) -> list[dict[str, Any]]:
        """The latest actions that are over, the newest first: what is still to be mined is its own."""
        return [flat(entry) for entry in self._ended]

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)

    def families(self) -> Iterable[Metric]:
        """All of it, by what it is of."""
        return self._registry.collect()

    def samples(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        """All of it, by name and labels in order."""
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in self.families()
            for sample in family.samples
        }

    def stuck(self) -> str:
        """Why the loop is not well, in words; "" where it is."""
        if self._beat is None:
            return "no cycle has begun yet"
        silent = self._clock() - self._beat
        if self.is_elsewhere or silent <= self._silent:
            return ""
        return f"no cycle began or ended for {silent:.0f} s, {self._silent:.0f} s are allowed"

    def lacks(self) -> str:
        """What the keeper still waits for, in words; "" where it keeps."""
        answers = any(report.state == ANSWERS for report in self._reports())
        pause = self._pauses.now if self._pauses else None
        since = 0.0 if self._succeeded is None else self._clock() - self._succeeded
        return "; ".join(
            why
            for why, is_so in (
                (f"it halted: {self.halted}", bool(self.halted)),
                ("no node answers", not answers),
                ("the journal is not held", self._journal is None),
                ("no cycle has succeeded yet", self._succeeded is None),
                (f"no cycle has succeeded for {since:.0f} s", since > self._silent),
                (str(pause), pause is not None),
            )
            if is_so and not self.is_elsewhere
        )

    def collect(self) -> Iterator[Metric]:
        """What is told as it is now."""
        yield gauges.of_kept(not self.is_elsewhere)
        yield gauges.of_nobody(self.unkept())
        if self.is_elsewhere:
            yield from gauges.of_nodes(self._reports())
            return
        since = self._began if self._succeeded is None else self._succeeded
        yield gauges.of_loop(self._clock() - since)
        if self._market:
            yield gauges.of_keeper(self._market, self._account, self._asset)
        if self._open is not None:
            yield gauges.of_journal(self._open)
        if self._purse is not None:
            yield from gauges.of_purse(self._purse)
        if self._pauses is not None:
            yield from gauges.of_pause(self._pauses)
        yield from gauges.of_nodes(self._reports())
        if self.sight is not None:
            yield from gauges.of_market(self.sight, self._asset)
        yield from self.monitors.collect()


def _key(entry: Entry) -> tuple[int, str]:
    return entry.action.id, entry.action.state
