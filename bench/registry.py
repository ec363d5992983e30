"""What a benchmark is, and how it is found."""

from __future__ import annotations

import importlib
import pkgutil
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import bench

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. value with its unit; low and high are the noise of repeated runs, None
    where there is none; goal as people write it; peer and peer_source as text."""

    name: str
    value: float
    unit: str
    goal: str = ""
    peer: str = ""
    peer_source: str = ""
    low: float | None = None
    high: float | None = None
    details: dict[str, float] = field(default_factory=dict)
    group: str = ""
    commit: str = ""
    machine: str = ""

    def as_json(self) -> dict[str, object]:
        """As it stands in results.json."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A registered function. `only` selects by a part of group or name."""

    group: str
    name: str
    run: Callable[[], Iterable[Row]]

    @property
    def key(self) -> str:
        """What `--only` is matched against."""
        return f"{self.group}.{self.name}"


_REGISTERED: dict[str, Benchmark] = {}


def benchmark(group: str) -> Callable[[Callable[[], Iterable[Row]]], Callable[[], Iterable[Row]]]:
    """Register a function that measures and returns rows, under its group."""

    def register(function: Callable[[], Iterable[Row]]) -> Callable[[], Iterable[Row]]:
        found = Benchmark(group, function.__name__, function)
        _REGISTERED[found.key] = found
        return function

    return register


def discover() -> list[Benchmark]:
    """Every benchmark of every module in this folder, in order of group and name."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name not in ("__main__", "run", "registry"):
            importlib.import_module(f"bench.{module.name}")
    return [_REGISTERED[key] for key in sorted(_REGISTERED)]


@dataclass(frozen=True, slots=True)
class Timing:
    """Units of work per second over repeated runs."""

    median: float
    low: float
    high: float


def rates(
    contenders: dict[str, tuple[int, Callable[[], object]]], rounds: int = 15
) -> dict[str, Timing]:
    """Work per second of each contender (amount of work, what does it), taken in turns, so that
    whatever else the machine does meets all of them alike; processor time, so that waiting for a core
    does not count, and a peer that takes two cores pays for both. The first turn is not counted."""
    seen: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, (amount, work) in contenders.items():
            begin = time.process_time()
            work()
            taken = time.process_time() - begin
            if turn:
                seen[name].append(amount / taken)
    return {n: Timing(statistics.median(s), min(s), max(s)) for n, s in seen.items()}


def machine() -> str:
    """Processor, cores and Python, for the reader to compare with."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    cores = 1
    if info.is_file():
        lines = info.read_text().splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        model, cores = (names[0], len(names)) if names else (model, cores)
    return f"{model}, {cores} cores, Python {platform.python_version()}"


def commit() -> str:
    """Short id of the commit that was measured, with a + where the tree differed from it."""

    def git(*args: str) -> str:
        answer = subprocess.run(
            ["git", *args], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return answer.stdout.strip()

    # results and README change by the run itself
    changed = git(
        "status", "--porcelain", "--untracked-files=no", "--", "keeper", "contracts", "bench/*.py"
    )
    return (git("rev-parse", "--short=10", "HEAD") or "unknown") + ("+" if changed else "")
