"""What nobody foresaw in one market, or in what the key has sent, ends no other and nothing at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keeper.seat import MOST_FAILURES
from scale.conftest import Keeping
from scale.street import Street
from tandem.errors import TandemError


class Odd:
    """An observer that fails where it is asked for one thing."""

    def __init__(self, real: object, where: str) -> None:
        self._real, self._where = real, where

    def __getattr__(self, name: str) -> object:
        return _fails if name == self._where else getattr(self._real, name)


def _fails(*_: object) -> object:
    raise OverflowError("int too large to convert to float")


@pytest.mark.sampled
@pytest.mark.parametrize("where", ["ahead", "glance", "observe"])
def test_in_one_market_it_ends_no_other(
    keeping: Keeping, three: Street, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Of what is asked for all at once a market's failure ended all of them, in the first round."""
    keeper = keeping.group.seats[1].keeper
    monkeypatch.setattr(keeper, "observer", Odd(keeper.observer, where))
    three.passes(700)
    three.move(2_650)
    before = three.residuals()
    for _ in range(10):
        three.passes(10)
        keeping.group.turn()
    after = three.residuals()
    assert after[0] < 0.5 * before[0]
    assert after[2] < 0.5 * before[2]
    assert [bool(seat.halted) for seat in keeping.group.seats] == [False, False, False]
    assert bool(keeping.said("exception")) is (where == "observe")


def failing(times: int, honest: Callable[[], object]) -> Callable[[], object]:
    left = [times]

    def look() -> object:
        left[0] -= 1
        if left[0] >= 0:
            raise KeyError("blockHash")
        return honest()

    return look


def test_of_what_was_sent_it_passes_as_often_as_in_a_market(
    keeping: Keeping, three: Street
) -> None:
    sender = keeping.group.seats[0].keeper.sender
    assert sender is not None
    honest = sender.reconcile
    sender.reconcile = failing(MOST_FAILURES, honest)
    three.passes(700)
    before = three.markets[0].nonce()
    for _ in range(MOST_FAILURES):
        three.passes(1)
        keeping.group.turn()
    assert three.markets[0].nonce() == before
    assert len(keeping.said("exception")) == MOST_FAILURES
    three.passes(1)
    keeping.group.turn()
    assert three.markets[0].nonce() > before
    sender.reconcile = failing(MOST_FAILURES + 1, honest)
    three.passes(700)
    for _ in range(MOST_FAILURES):
        three.passes(1)
        keeping.group.turn()
    three.passes(1)
    with pytest.raises(TandemError, match="too many cycles failed in a row"):
        keeping.group.turn()
