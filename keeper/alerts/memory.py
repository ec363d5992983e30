"""Figures as they were: as much of the past as rules ask for, and no more."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

Labels = tuple[tuple[str, str], ...]
Samples = Mapping[tuple[str, Labels], float]
"""By name and labels, which are in order."""
MOST_SAMPLES = 240
"""Of one figure: those of a long window lie farther apart."""


@dataclass(slots=True)
class _Series:
    """One figure with all its labels."""

    seconds: float
    past: deque[tuple[float, dict[Labels, float]]] = field(default_factory=deque)

    def add(self, now: float, values: dict[Labels, float]) -> None:
        """The newest stands for itself; of the older ones those are kept that lie apart."""
        gap = self.seconds / MOST_SAMPLES
        if len(self.past) > 1 and self.past[-1][0] - self.past[-2][0] < gap:
            self.past.pop()
        self.past.append((now, values))
        while len(self.past) > 1 and self.past[1][0] <= now - self.seconds:
            self.past.popleft()


class Memory:
    """The past of those figures that are named, each as far back as is said."""

    def __init__(self, windows: Mapping[str, float]) -> None:
        """windows: seconds, by the figure's name."""
        self._series = {name: _Series(seconds) for name, seconds in windows.items()}
        self._latest: dict[str, dict[Labels, float]] = {}
        self.now = self.utc = 0.0

    def add(self, now: float, samples: Samples, utc: float = 0.0) -> None:
        """What figures are now. now: by a clock that never goes back; utc: the time of day, seconds."""
        self.now, self.utc, self._latest = now, utc, {}
        for (name, labels), value in samples.items():
            self._latest.setdefault(name, {})[labels] = value
        for name, series in self._series.items():
            if name in self._latest:
                series.add(now, self._latest[name])

    def one(self, name: str) -> float | None:
        """A figure that has no labels, or one set of them; None where it is not there."""
        return next(iter(self._latest.get(name, {}).values()), None)

    def increase(self, name: str, seconds: float, label: str, **where: str) -> dict[str, float]:
        """By how much a counter grew, by a label ("" for all of it); of those with the labels given."""
        then = self._within(name, seconds)
        grown: dict[str, float] = {}
        for labels, value in self._latest.get(name, {}).items():
            has = dict(labels)
            if then and where.items() <= has.items():
                key = has.get(label, "")
                grown[key] = grown.get(key, 0.0) + value - then[0][1].get(labels, 0.0)
        return grown

    def mean(self, name: str, seconds: float, label: str) -> dict[str, float]:
        """Over so long, by a label; nothing while less is known. Of several with one label, as two nodes of
        one host, the least: what is well hides nothing."""
        values: dict[Labels, list[float]] = {}
        for _, each in self._whole(name, seconds):
            for labels, value in each.items():
                values.setdefault(labels, []).append(value)
        found: dict[str, float] = {}
        for labels, listed in values.items():
            key, mean = dict(labels).get(label, ""), sum(listed) / len(listed)
            found[key] = min(found.get(key, mean), mean)
        return found

    def least(self, name: str, seconds: float) -> float | None:
        """Of a figure without labels, over so long; None while less is known."""
        values = [min(each.values()) for _, each in self._whole(name, seconds) if each]
        return min(values, default=None)

    def _within(self, name: str, seconds: float) -> list[tuple[float, dict[Labels, float]]]:
        """What is known of the window, the moment at which it begins included."""
        past = list(self._series[name].past)
        first = next((i for i, (at, _) in enumerate(past) if at > self.now - seconds), len(past))
        return past[max(first - 1, 0) :]

    def _whole(self, name: str, seconds: float) -> list[tuple[float, dict[Labels, float]]]:
        found = self._within(name, seconds)
        return found if found and found[0][0] <= self.now - seconds else []
