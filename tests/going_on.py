"""`make long` takes three hours: cut short it goes on with what has not passed yet, on the same code.

What passed is kept in `.cache/long/passed.jsonl`, a line each, with a digest of all that a test is made of:
the code, what tests share, the locked packages, and its own file. `make long ANEW=1` plays all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

PASSED = Path(".cache") / "long" / "passed.jsonl"
BEFORE = "PASSED_BEFORE"
"""Variable with the list of what need not be played, for the processes of a run: all see the same. Not one of
TANDEM_, of which a command refuses what is no setting."""
CODE = ("contracts", "tandem", "keeper", "bench", "proofs", "scripts", "app/src", "tests")
SOURCES = (
    ".css",
    ".csv",
    ".html",
    ".js",
    ".mjs",
    ".py",
    ".sh",
    ".toml",
    ".ts",
    ".tsx",
    ".vy",
    ".vyi",
)
LOCKS = ("requirements*.lock", "package-lock.json", "app/package-lock.json")


def shared(root: Path) -> Iterator[Path]:
    """What all tests are made of. A test's own file is only its own."""
    for room in CODE:
        for path in (root / room).rglob("*"):
            own = room == "tests" and path.name.startswith("test_")
            if path.suffix in SOURCES and path.is_file() and not own:
                yield path
    for lock in LOCKS:
        yield from root.glob(lock)


def digest(paths: Iterable[Path], root: Path) -> str:
    """Of names and bytes, in the order of names."""
    said = sha256()
    for path in sorted(paths):
        said.update(f"{path.relative_to(root)} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return said.hexdigest()


@cache
def _of_all(root: Path) -> str:
    return digest(shared(root), root)


@cache
def code_of(file: Path, root: Path) -> str:
    """A digest of all that a test of this file is made of, as it was when a run first asked."""
    return sha256((_of_all(root) + digest([file], root)).encode()).hexdigest()[:16]


def passed_before(root: Path) -> set[str]:
    """Tests that passed on the code as it stands. A line that was cut off is none."""
    found, kept = set[str](), root / PASSED
    for line in kept.read_text().splitlines() if kept.exists() else []:
        try:
            said = json.loads(line)
            file = root / said["test"].partition("::")[0]
            if file.is_file() and said["code"] == code_of(file, root):
                found.add(said["test"])
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Once a run, before its processes start."""
    if hasattr(config, "workerinput"):
        return
    noted = config.rootpath / PASSED.with_name("before.json")
    noted.parent.mkdir(parents=True, exist_ok=True)
    is_night = os.environ.get("TANDEM_NIGHTLY") == "1"  # it looks for examples that nobody saw
    noted.write_text(json.dumps([] if is_night else sorted(passed_before(config.rootpath))))
    os.environ[BEFORE] = str(noted)
    config.pluginmanager.register(_Notes(config.rootpath), "what passed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    before = set(json.loads(Path(os.environ[BEFORE]).read_text()))
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in before])
    items[:] = [item for item in items if item.nodeid not in before]
    for file in {item.path for item in items}:
        code_of(file, config.rootpath)


class _Notes:
    """A line for each test that passed, once it has been taken down."""

    def __init__(self, root: Path) -> None:
        self._root, self._bad = root, set[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._bad.add(report.nodeid)
        elif report.when == "teardown" and report.nodeid not in self._bad:
            file = self._root / report.nodeid.partition("::")[0]
            line = {"test": report.nodeid, "code": code_of(file, self._root)}
            with (self._root / PASSED).open("a") as kept:
                kept.write(json.dumps(line) + "\n")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """How many tests, of these marks or others, passed before on the code as it stands."""
        before = len(json.loads(Path(os.environ[BEFORE]).read_text()))
        terminalreporter.line(
            f"left out: what of {before} that passed before on the same code would be played"
        )
