"""R27, in a browser: a stranger with a wallet buys an option with its hedge, and sells it back."""

from __future__ import annotations

import pytest
from browsing import Window


@pytest.mark.live
def test_an_option_is_bought_with_its_hedge_and_sold_back_in_a_real_browser(window: Window) -> None:
    said = window.scenario("trade")
    assert "fail 0" in said
