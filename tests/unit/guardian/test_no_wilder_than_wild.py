"""How wild the market is stands in five bits beside others: the Guardian takes no more of the breaker than it
knows."""

from __future__ import annotations

from typing import Any

import pytest
from guardian_bench import now
from quick_chain import reverts

WILDEST = 16
"""`WILDEST` of lib/terms.vy."""
LARGE = 2**31


@pytest.mark.parametrize("wildness", [WILDEST + 1, LARGE, 2**256 - 1])
def test_what_is_wilder_than_the_wildest_is_refused(
    guardian: Any, roles: dict[str, str], wildness: int
) -> None:
    """No flag beside it is touched, and the wildest is taken."""
    before = guardian.words()
    with reverts("terms: too wild"):
        guardian.weather(False, False, wildness, sender=roles["breaker"])
    assert guardian.words() == before
    guardian.weather(False, False, WILDEST, sender=roles["breaker"])
    assert guardian.words()[0] != before[0]
    assert guardian.words()[1:] == before[1:]
    guardian.weather(False, False, 0, sender=roles["breaker"])
    assert guardian.words() == before


def test_the_wildest_leaves_every_term_as_it_is(guardian: Any, roles: dict[str, str]) -> None:
    before = now(guardian)
    guardian.weather(False, False, WILDEST, sender=roles["breaker"])
    assert now(guardian) | {"flags": 0} == before
