"""In a browser: what is held is shown with its worth and sold back; bundles; an allowance is ended."""

from __future__ import annotations

import pytest
from browsing import Window


@pytest.mark.long
def test_positions_are_shown_and_sold_back_and_bundles_bought_in_a_real_browser(
    window: Window,
) -> None:
    assert "fail 0" in window.scenario("positions")
