"""What a node, a wallet, an index or a file makes up brings nobody to sign what was not shown."""

from __future__ import annotations

import subprocess

import pytest
from browsing import APP, NODE


@pytest.mark.sampled(2)
@pytest.mark.parametrize("what", ["hostile", "signing", "replaced", "lookalikes"])
def test_nothing_is_signed_that_was_not_shown(what: str) -> None:
    done = subprocess.run(
        [NODE, "--test", f"tests/{what}.ts"], cwd=APP, text=True, capture_output=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
