"""A keeper that gives up because nobody foresaw what it met ends as what crashes does: a service manager
begins it again, as its own last line says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from faults.conftest import Told
from keeper import seat
from keeper.observer import Observer


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_nobody_foresaw_ends_it_with_the_code_that_is_begun_again(
    tandem: Callable[..., Result],
    market: Any,
    monkeypatch: pytest.MonkeyPatch,
    told: Told,
    form: str,
) -> None:
    """It ended with 2, seven seconds after the first such cycle: the unit and the guide keep that for what
    has to be decided first, so nobody hedged until a person came."""

    def fails(*_: object, **__: object) -> None:
        raise OverflowError("int too large to convert to float")

    monkeypatch.setattr(seat, "FIRST_REST", 0.0)
    monkeypatch.setattr(Observer, "observe", fails)
    ended = tandem("run", "--log", form)
    assert ended.exit_code == 1
    assert "too many cycles failed in a row: OverflowError" in ended.stderr
    assert "a restart begins anew" in ended.stderr
    assert told.says("TandemKeeperGone", "too many cycles failed in a row")
