"""The script of the README runs as it stands, and stays short."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from tandem.client import Client
from tandem.engine.artifacts import ROOT

SCRIPT = ROOT / "docs" / "examples" / "first_trade.py"
MOST_LINES = 12


def test_the_first_trade_opens_and_closes_an_option(
    settings: Path, market: Any, connect: Callable[..., Client], fund: Any, key: str
) -> None:
    who = Account.from_key(key).address
    fund(who)
    found = {"TANDEM_RPC": market.url, "TANDEM_DEPLOYMENT": str(market.file), "TANDEM_KEY": key}
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env=os.environ | found,
        cwd=settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (position,) = connect(who).positions().options
    assert position.paid > position.received > 0
    assert position.size == 0
    assert str(position.series) in done.stdout


def test_the_first_trade_is_twelve_lines() -> None:
    body = ast.parse(SCRIPT.read_text()).body[1:]  # without its docstring
    lines = {line for each in ast.walk(ast.Module(body, [])) for line in _lines(each)}
    assert len(lines) <= MOST_LINES


def _lines(node: ast.AST) -> list[int]:
    start = getattr(node, "lineno", None)
    return [] if start is None else list(range(start, (getattr(node, "end_lineno", start)) + 1))


@pytest.mark.parametrize("module", ["tandem.client", "tandem.cli.mint", "tandem.cli.chain"])
def test_ape_is_not_loaded_for_a_key(module: str) -> None:
    code = f"import sys, {module}; sys.exit('ape' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
