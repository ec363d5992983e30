"""Every test gets the Guardian as it was deployed."""

from __future__ import annotations

from typing import Any

import pytest
from guardian_bench import env, load


@pytest.fixture(scope="module")
def roles() -> dict[str, str]:
    names = ("owner", "guardian", "second", "lister", "signer", "stranger", "breaker")
    return {name: env.generate_address(name) for name in names}


@pytest.fixture(scope="module")
def deployed(roles: dict[str, str]) -> Any:
    return load(roles)


@pytest.fixture
def guardian(deployed: Any) -> Any:
    with env.anchor():
        yield deployed
