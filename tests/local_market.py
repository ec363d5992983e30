"""`tandem up` as a process of its own, for tests that need a market that lives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tandem.engine.anvil import free_port

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 180.0


@dataclass
class Up:
    """A market under way."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]
    port: int
    file: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a shell beside it needs, and nothing of the person who tests."""
        return _clean() | self.facts["environment"]

    def said(self) -> str:
        """The last of what the market and its keeper wrote: what a test that fails beside it shows."""
        kept = (self.file.with_name("log"), ROOT / "out" / "up" / str(self.port) / "keeper.log")
        return "\n".join(
            f"--- {path.name}\n{path.read_text(encoding='utf-8', errors='replace')[-4_000:]}"
            for path in kept
            if path.exists()
        )

    def children(self) -> list[int]:
        """The node and the keeper."""
        return _children(self.process.pid)

    def tandem(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tandem", *arguments], cwd=ROOT, text=True,
            env=self.environment, capture_output=True, timeout=60, check=False,
        )  # fmt: skip


def _clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(status[1]) == pid:
                found.append(int(entry.name))
    return found


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pids: list[int], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while any(_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(_alive(pid) for pid in pids)


@contextmanager
def started(folder: Path, *options: str) -> Iterator[Up]:
    port, file = free_port(), folder / "deployment.json"
    command = [sys.executable, "-m", "tandem", "up", "--json", "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--deployment", str(file), *options], cwd=ROOT, env=_clean(), text=True,
            stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, (folder / "log").read_text()
            yield Up(process, json.loads(line), port, file)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(30)
            process.stdout.close()
