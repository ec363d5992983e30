"""The page of a market over several venues."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import Window, living


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with living(tmp_path_factory.mktemp("several"), "--venue", "aave+morpho4") as window:
        yield window


def test_a_hedge_over_several_venues_is_told_venue_by_venue(several: Window) -> None:
    assert "fail 0" in several.scenario("several")
