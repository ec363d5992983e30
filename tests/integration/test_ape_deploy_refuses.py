"""`ape run deploy` ends as `tandem deploy` does: what is wrong is named with what to do, nothing is sent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

APE = "from ape._cli import cli; cli()"
"""Beside this checkout's own code, whichever the program was installed for."""
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--chain", "nosuch"), "there is no deployment file"),
        (("--chain", "base"), "roles.owner, roles.guardian, roles.lister, roles.signers left out"),
        (("--account", "nobody"), "Ape knows no account 'nobody'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """Each was a traceback."""
    out = tmp_path / "there.json"
    command = [sys.executable, "-c", APE, "run", "deploy", "--out", str(out), *words]
    ended = subprocess.run(
        [*command, "--network", "ethereum:local:foundry"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert said in ended.stderr
    assert "what to do next: " in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []
