"""Every test gets the Guardian as it was deployed."""

from __future__ import annotations

from typing import Any

import boa
import pytest
from guardian_bench import load


@pytest.fixture(scope="module")
def roles() -> dict[str, str]:
    names = ("owner", "guardian", "second", "lister", "signer", "stranger")
    return {name: boa.env.generate_address(name) for name in names}


@pytest.fixture(scope="module")
def deployed(roles: dict[str, str]) -> Any:
    return load(roles)


@pytest.fixture
def guardian(deployed: Any) -> Any:
    with boa.env.anchor():
        yield deployed
