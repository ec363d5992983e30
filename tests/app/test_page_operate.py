"""The page of who runs a keeper."""

from __future__ import annotations

import pytest
from browsing import Window


@pytest.mark.live
def test_an_operator_sees_his_keeper_and_that_it_is_away(window: Window) -> None:
    assert "fail 0" in window.scenario("operate")
