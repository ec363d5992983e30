"""A keeper as operators run it, under Silverback."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tandem.protocol.tandem import LOCAL_SIGNER_KEY

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0


@contextmanager
def silverback(
    program: str,
    chain: Any,
    folder: Path,
    *more: str,
    port: int = 0,
    form: str = "text",
) -> Iterator[subprocess.Popen[bytes]]:
    command = [program, "run", "keeper.bot:bot", "--network", "ethereum:local:foundry"]
    environment = chain.environment(
        PYTHONPATH=str(folder),
        TANDEM_JOURNAL=str(folder / "journal.sqlite"),
        TANDEM_SURFACE__KEYS=LOCAL_SIGNER_KEY,
        TANDEM_METRICS__PORT=str(port),
        TANDEM_LOG=form,
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--account", "TEST::3", *more],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)


def wait(
    chain: Any, process: subprocess.Popen[bytes], log: Path, until: Callable[[], bool]
) -> None:
    """Mine a block now and then until something is true."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        chain.engine.request("evm_mine", [])
        time.sleep(0.4)
