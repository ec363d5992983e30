"""The keeper beside a local market: its own process, as an operator starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tandem.engine.artifacts import ROOT
from tandem.engine.orphans import die_with_parent
from tandem.errors import EngineError
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY
from tandem.settings import PREFIX

PATIENCE = 10.0
SOON = 5.0
"""Seconds after its start within which an end is its own fault."""


def folder_of(port: int) -> Path:
    """What a local market's keeper writes: its log and its journal."""
    return ROOT / "out" / "up" / str(port)


def journal_in(folder: Path) -> Path:
    """The keeper's."""
    return (folder / "keeper.sqlite").resolve()


class KeeperProcess:
    """`tandem run` with the public keys. Ends when told to."""

    def __init__(self, url: str, deployment: Path, folder: Path, vol: float, figures: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log, self._folder = folder / "keeper.log", folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
        own = {
            "RPC": url,
            "DEPLOYMENT": str(deployment.resolve()),
            "KEY": LOCAL_KEEPER_KEY,
            "JOURNAL": str(journal_in(folder)),
            "POLL_SECONDS": "0.5",
            "METRICS__PORT": str(figures),
            "SURFACE__KEYS": LOCAL_SIGNER_KEY,
            "SURFACE__KIND": "smile",
            "SURFACE__VOL": f"{vol:g}",
        }
        self._environment = kept | {PREFIX + name: value for name, value in own.items()}
        journal_in(folder).unlink(missing_ok=True)  # a new chain knows nothing of the old
        self.log.unlink(missing_ok=True)
        self._start()

    def _start(self) -> None:
        self._began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tandem", "run"],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is the parent's to handle
                preexec_fn=die_with_parent,
            )

    def check(self) -> None:
        """Raises EngineError when it has ended by itself."""
        code = self._process.poll()
        if code is not None:
            raise EngineError(f"the keeper ended with {code}", f"see {self.log}")

    def tend(self) -> str:
        """Start it again on its journal where somebody ended it, as an operator's supervisor does; what to
        say of that. Raises EngineError when it ended soon after a start: it would again."""
        if self._process.poll() is None:
            return ""
        if time.monotonic() - self._began < SOON:
            self.check()
        code = self._process.returncode
        self._start()
        return f"the keeper ended with {code}, and was started again on its journal: see {self.log}"

    def end(self) -> None:
        """SIGTERM, and after ten seconds SIGKILL."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def keeping(
    url: str, deployment: Path, folder: Path, vol: float, figures: int
) -> Generator[KeeperProcess]:
    """A keeper for the length of the block. figures: the port of its metrics."""
    keeper = KeeperProcess(url, deployment, folder, vol, figures)
    try:
        yield keeper
    finally:
        keeper.end()
