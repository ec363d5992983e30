"""A market that lives, its page, and a real browser that drives it (app/tests)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_market import Up, started

from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
NODE = ROOT / ".venv" / "bin" / "node"
PICTURES = ROOT / "out" / "page"
TRADER, LP = 1, 6
SCENARIO_SECONDS = 240


@dataclass(frozen=True)
class Window:
    """A page of a market under way."""

    up: Up
    page: str
    engine: RemoteEngine

    @property
    def rpc(self) -> str:
        address: str = self.up.facts["rpc"]
        return address

    def node(self, *arguments: str, **told: Any) -> str:
        """Runs a script of app/tests; what it prints. told: read by it as JSON."""
        accounts = self.engine.accounts
        given = {
            "page": self.page,
            "rpc": self.rpc,
            "deployment": str(self.up.file),
            "trader": accounts[TRADER],
            "lp": accounts[LP],
            "pictures": str(PICTURES),
        }
        return run(*arguments, **(given | told))

    def scenario(self, name: str, **told: Any) -> str:
        """Runs app/tests/<name>.test.ts against the page, every test in it."""
        return self.node("--test", "--test-reporter=spec", f"tests/{name}.test.ts", **told)


def run(*arguments: str, **told: Any) -> str:
    """Runs a script of app/tests; what it prints. told: read by it as JSON."""
    done = subprocess.run(
        [NODE, *arguments], cwd=APP, text=True, capture_output=True, check=False,
        env=os.environ | {"WINDOW": json.dumps(told)}, timeout=SCENARIO_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@contextmanager
def living(folder: Path, *options: str) -> Generator[Window]:
    """A market with its page. Calm prices, so that a bound of one per cent is not passed by chance."""
    with started(folder, "--vol", "0.2", "--speed", "1", *options) as up:
        PICTURES.mkdir(parents=True, exist_ok=True)
        yield Window(up, up.facts["page"], RemoteEngine(Node(up.facts["rpc"]).request))
