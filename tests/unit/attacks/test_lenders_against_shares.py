"""What a share is said to be worth, to whoever lends against it: behind a push, and while nobody looks."""

from __future__ import annotations

import pytest
from test_leavers_behind_a_push import leaving
from worlds import WAD, World

__all__ = ["leaving"]
SHARE = 10**18


def worth(w: World) -> int:
    """As the Vault says it, token units."""
    return int(w.tandem.vault.call("convertToAssets", SHARE))


def marked(w: World) -> int:
    """The same, once anybody had the Vault marked."""
    w.tandem.vault.send("poke", sender=w.stranger)
    return worth(w)


@pytest.mark.proves("SH-2", "SH-5")
@pytest.mark.parametrize("push", [-200, -50, -20, 20, 50, 200])
def test_who_pushes_the_pool_and_marks_moves_what_a_share_is_worth_by_nothing_that_pays(
    leaving: World, push: int
) -> None:
    """A book of 1,500 options of 5M, a residual of 49 ETH at half a million of depth. Pushes of 20 to 768
    basis points, for 98 to 990 USD both ways, lower what a share is worth by three of ten thousand at
    the most, and raise it by nothing: nobody is liquidated by that who lent against shares, and nobody
    borrows more."""
    w = leaving
    with w.undone():
        fair = marked(w)
    with w.undone():
        w.curie.open(w.trader, push * WAD)
        assert abs(w.curie.pool_price() - w.spot) * 1_000 > w.spot
        there = marked(w)
    assert fair * 9_997 // 10_000 <= there <= fair


@pytest.mark.parametrize(("fall", "over"), [(5, 53), (10, 158), (20, 486)])
def test_what_a_share_was_worth_is_said_until_somebody_marks(
    leaving: World, fall: int, over: int
) -> None:
    """`convertToAssets` is of the last mark, whose time `funds` tells, and never reverts: whoever lends by it
    has the Vault marked in the same transaction (`poke`), or believes so many of 10,000 too much behind a
    fall."""
    w = leaving
    with w.undone():
        before, marked_at = worth(w), w.tandem.vault.call("funds")[4]
        w.engine.advance(600)
        w.move(2_450 * (100 - fall) // 100)
        w.freshen()
        assert worth(w) == before
        assert w.tandem.vault.call("funds")[4] == marked_at <= w.engine.now() - 600
        assert (before - marked(w)) * 10_000 / before == pytest.approx(over, abs=8)
