"""A market that lives, and its page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import Window, living


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    with living(tmp_path_factory.mktemp("up")) as found:
        yield found
