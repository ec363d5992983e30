"""A market over two venues on a local node, and the commands beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lived_in import Market, ask, live, market, settings, tandem

__all__ = ["ask", "lived_in", "market", "settings", "tandem"]


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with live(tmp_path_factory.mktemp("deployment") / "local.json", "curie+aave") as lives:
        yield lives
