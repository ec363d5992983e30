"""The page is what its lock says: the same bytes wherever it is built, small, and from nowhere else."""

from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path

from tandem.window.bundle import FOLDER

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / ".venv" / "bin" / "node"
MOST = 180_000
"""Bytes compressed: what the page may weigh."""


def built(folder: Path) -> dict[str, bytes]:
    subprocess.run(
        [NODE, "build.mjs", str(folder)], cwd=ROOT / "app", check=True, capture_output=True
    )
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_is_built_to_the_same_bytes_anywhere(tmp_path: Path) -> None:
    first, second = built(tmp_path / "one"), built(tmp_path / "another" / "depth")
    assert first == second
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == first


def test_it_weighs_no_more_than_was_promised() -> None:
    weight = sum(len(gzip.compress(path.read_bytes())) for path in FOLDER.iterdir())
    assert weight <= MOST


def test_it_asks_nobody_for_anything() -> None:
    page = (FOLDER / "index.html").read_text()
    assert re.findall(r"(?:src|href)=\"(?!\./|data:)", page) == []
    for path in FOLDER.glob("*.css"):
        assert "http" not in path.read_text()
        assert "@import" not in path.read_text()
