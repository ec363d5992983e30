"""What `tandem risk` says that LPs are left with at a settlement price is what the page says, by one sum: the
figures are those of `app/tests/arithmetic.test.ts`, worked out by hand. It had the hedge gain whatever
prices make it worth, 97,500 where the venue can pay for 86,500."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tandem.client.gate import settled_at
from tandem.model.payoff import Book
from tandem.units import USD, WAD

NOTHING = 2**62
"""That a venue could pay, or the floor lets go: more than is ever asked."""


def snapshot(purse: int, floor: int, *, is_known: bool = True, is_down: bool = False) -> Any:
    """One open and its hedge: 10 ETH of the call, hedged by 6, at 2,500."""
    book = Book(((2_500, 10_000_000), (4_750, -10_000_000)), 0, 0)
    return SimpleNamespace(
        spot=2_500 * WAD,
        position=6 * WAD,
        funds=SimpleNamespace(cash=100_000 * USD, exits=0),
        claims=0,
        floor=floor,
        account=SimpleNamespace(equity=5_000 * WAD if is_known and not is_down else 0),
        is_venue_down=is_down,
        account_known=is_known,
        gate=SimpleNamespace(mark=SimpleNamespace(time=1, purse=purse)),
        open_expiries=[SimpleNamespace(book=book)],
    )


@pytest.mark.parametrize(
    ("purse", "floor", "price", "hedge", "left"),
    [
        (NOTHING, 77_500 * USD, 2_500, 5_000, 105_000),
        (NOTHING, 77_500 * USD, 5_000, 20_000, 97_500),
        (4_000 * USD, 77_500 * USD, 5_000, 9_000, 86_500),  # the venue has 4,000 to pay with
        (NOTHING, 77_500 * USD, 1_250, -2_500, 97_500),
        (0, 1_000 * USD, 500, -1_000, 99_000),  # the floor lets a thousand follow
    ],
)
def test_the_hedge_gains_what_its_venue_can_pay_and_loses_what_may_go_there(
    purse: int, floor: int, price: int, hedge: float, left: float
) -> None:
    assert settled_at(snapshot(purse, floor), price)[1:] == (hedge, left)


@pytest.mark.parametrize(("price", "left"), [(2_500, 100_000), (5_000, 77_500), (1_250, 92_500)])
def test_where_a_venue_says_nothing_the_hedge_gains_nothing(price: int, left: float) -> None:
    silent = snapshot(NOTHING, 77_500 * USD, is_known=False)
    assert settled_at(silent, price)[1:] == (None, left)


@pytest.mark.parametrize(("price", "left"), [(5_000, 77_500), (1_250, 100_000)])
def test_a_venue_that_was_taken_down_pays_and_gets_nothing(price: int, left: float) -> None:
    """HG-19: what it holds as far as is known gained 15,000 USD there, which nobody who leaves is paid."""
    down = snapshot(NOTHING, 77_500 * USD, is_down=True)
    assert settled_at(down, price)[1:] == (0, left)
