"""A policy of another package that prints spoils no JSON, in the command's own process or in a pool's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from keeper.replay.stopping import pool_of

TANDEM = str(Path(sys.executable).with_name("tandem"))
POLICY = """
from keeper.policy.built_in.clock import FixedClockPolicy

print("LOADED")

class create(FixedClockPolicy):
    def decide(self, state):
        print("DECIDED")
        return super().decide(state)
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder of packages with one that brings a policy."""
    (tmp_path / "talkative.py").write_text(POLICY)
    (tmp_path / "talkative-1.0.dist-info").mkdir()
    (tmp_path / "talkative-1.0.dist-info" / "METADATA").write_text(
        "Name: talkative\nVersion: 1.0\n"
    )
    (tmp_path / "talkative-1.0.dist-info" / "entry_points.txt").write_text(
        "[tandem.policies]\ntalkative = talkative:create\n"
    )
    return tmp_path


def test_a_policy_that_prints_leaves_the_json_of_a_replay_whole(installed: Path) -> None:
    paths = [str(installed), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    done = subprocess.run(
        [TANDEM, "replay", "--policy", "talkative", "--to", "2025-01-06T02:00", "--json"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["complete"]
    assert {"LOADED", "DECIDED"} <= set(done.stderr.split())


def test_what_is_printed_in_a_process_of_a_pool_goes_to_stderr(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A study's replays run there."""
    with pool_of(1) as pool:
        pool.submit(print, "DECIDED").result(timeout=120)
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "DECIDED\n")
