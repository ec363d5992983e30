"""What the page works out of a long past, and of a past that a fork took back under it."""

from __future__ import annotations

import subprocess

import pytest
from browsing import APP, NODE

pytestmark = pytest.mark.long


def test_a_long_past_is_read_or_refused_and_forks_leave_nothing_of_what_they_took_back() -> None:
    """Of a chain that is made up: docs/guide/browser.md: "A span of more than 1,500 steps or 5,000 events is
    refused"; and at any time what stays on a page is what a page says that is opened then."""
    done = subprocess.run(
        [NODE, "--test", "tests/earnings.test.ts"], cwd=APP, text=True, capture_output=True, check=False
    )  # fmt: skip
    assert "fail 0" in done.stdout, done.stdout
