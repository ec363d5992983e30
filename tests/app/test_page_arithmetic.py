"""The page's arithmetic beside sums made by hand, where no market is needed."""

from __future__ import annotations

import subprocess

from browsing import APP, NODE


def test_figures_are_what_a_hand_makes_of_them() -> None:
    done = subprocess.run(
        [NODE, "--test", "tests/arithmetic.test.ts"],
        cwd=APP,
        text=True,
        capture_output=True,
        check=False,
    )
    assert "fail 0" in done.stdout, done.stdout
