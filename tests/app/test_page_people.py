"""The page is made for people: accessible, of any width, by keyboard alone, and still."""

from __future__ import annotations

import pytest
from browsing import Window

pytestmark = pytest.mark.long


def test_every_view_can_be_read_and_worked_by_anybody(window: Window) -> None:
    assert "fail 0" in window.scenario("people")
