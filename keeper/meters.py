"""The figures of several markets as one: each under its market's name, what they share once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from keeper.gauges import of_loop
from keeper.metrics import Meter

MARKET = "market"
SHARED = ("tandem_node_", "tandem_account_", "tandem_action_cap", "tandem_open_transactions")
"""What begins so is of a key and its nodes, not of a market."""
GROWS = ("_total", "_count", "_sum", "_bucket")
"""What ends so adds up."""


class Meters(Collector):
    """Those of a process. The only one's figures are as they are."""

    def __init__(self, silent_seconds: float) -> None:
        """silent_seconds: after which a loop that neither begins nor ends a cycle counts as stuck."""
        self._silent, self._began = silent_seconds, time.monotonic()
        self._all: list[Meter] = []
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def add(self, name: str = "") -> Meter:
        """One more market's, or the only one's."""
        made = Meter(self._silent)
        made.name = name
        self._all.append(made)
        return made

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return self._all[0].text() if self._is_one else generate_latest(self._registry)

    def acts(self) -> list[dict[str, Any]]:
        """The latest actions of all markets that are over."""
        return [act for each in self._all for act in each.acts()]

    def stuck(self) -> str:
        """Why a loop is not well, in words; "" where all are."""
        if not self._all:
            return "no cycle has begun yet"
        return self._each([each for each in self._all if not each.halted], Meter.stuck)

    def lacks(self) -> str:
        """What markets still wait for, in words; "" where all are kept."""
        return self._each(self._all, Meter.lacks) if self._all else "no cycle has succeeded yet"

    @property
    def _is_one(self) -> bool:
        return len(self._all) == 1 and not self._all[0].name

    def _each(self, meters: Sequence[Meter], ask: Callable[[Meter], str]) -> str:
        found = [(each.name, why) for each in meters if (why := ask(each))]
        return "; ".join(f"{name}: {why}" if name else why for name, why in found)

    def collect(self) -> Iterator[Metric]:
        """Every family once, with all markets' samples. Where nodes are away since the process began, for how
        long: an alert goes by it."""
        if not self._all:
            yield of_loop(time.monotonic() - self._began)
        families: dict[str, Metric] = {}
        seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
        for meter in list(self._all):
            for found in meter.families():
                kind = families.setdefault(
                    found.name, Metric(found.name, found.documentation, found.type)
                )
                name = {} if found.name.startswith(SHARED) else {MARKET: meter.name}
                of = meter.shared | name
                for sample in found.samples:
                    labels = {**sample.labels, **of}
                    if MARKET in sample.labels and MARKET in of:  # its address
                        labels["contract"] = sample.labels[MARKET]
                    key = sample.name, tuple(sorted(labels.items()))
                    if key not in seen:
                        seen.add(key)
                        kind.add_sample(sample.name, labels, sample.value)
        yield from families.values()


def together(meters: Sequence[Meter]) -> Mapping[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Figures of markets that share a key, as if they were one: what grows is added up."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    for meter in meters:
        for key, value in meter.samples().items():
            adds = key[0].endswith(GROWS) and key in found
            found[key] = found[key] + value if adds else found.get(key, value)
    return found
