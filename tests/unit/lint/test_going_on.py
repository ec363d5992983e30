"""What passed on the same code is not played again where it takes hours; whatever changed is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from going_on import BEFORE, PASSED

ALONE = {
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
"""Without other plug-ins, which take longer to load than this takes."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for room in ("contracts", "tests"):
        (tmp_path / room).mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "contracts" / "a.vy").write_text("x: uint256\n")
    (tmp_path / "tests" / "helping.py").write_text("")
    (tmp_path / "tests" / "test_one.py").write_text("def test_a(): pass\ndef test_b(): assert 0\n")
    (tmp_path / "tests" / "test_two.py").write_text("def test_c(): pass\n")
    return tmp_path


def played(root: Path, *options: str) -> dict[str, int]:
    """How many passed and failed."""
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "going_on", *options],
        cwd=root, env=os.environ | ALONE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return {what: int(count) for count, what in re.findall(r"(\d+) (passed|failed)", said.stdout)}


def test_what_passed_is_left_out_and_what_failed_is_not(root: Path) -> None:
    assert played(root) == {"passed": 2, "failed": 1}
    assert played(root, "-n", "2") == {"failed": 1}
    with (root / PASSED).open("a") as kept:
        kept.write('{"test": "tests/test_one.py::test_b", "co')  # cut off
    assert played(root) == {"failed": 1}


def test_a_file_that_changed_is_played_and_all_of_them_where_code_did(root: Path) -> None:
    assert played(root, "-n", "2") == {"passed": 2, "failed": 1}
    (root / "tests" / "test_two.py").write_text("def test_c(): pass\n\n")
    assert played(root) == {"passed": 1, "failed": 1}
    (root / "contracts" / "a.vy").write_text("y = 1\n")
    assert played(root) == {"passed": 2, "failed": 1}


def test_what_it_tells_its_processes_is_no_setting_of_a_command() -> None:
    """Nineteen tests of pages failed wherever a run went on: `tandem` refuses a TANDEM_ that it knows not."""
    assert not BEFORE.startswith("TANDEM_")
