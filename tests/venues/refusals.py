"""That a call is refused by a reason that is explained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tandem.errors import Reverted
from tandem.protocol.reasons import REASONS
from tandem.protocol.reverts import explain
from tandem.venues import names, recipe

VENUES = {reason for name in names() for reason in recipe(name).reasons}


@contextmanager
def refuses(code: str) -> Iterator[None]:
    """The block reverts with exactly this code, and the code has an explanation of its own."""
    with pytest.raises(Reverted) as caught:
        yield
    assert caught.value.reason == code
    assert code in VENUES or code in REASONS
    assert explain(caught.value).known
