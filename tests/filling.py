"""As much of something as the market opens: what is refused is tried again half as large."""

from __future__ import annotations

from collections.abc import Callable, Container
from contextlib import suppress

from worlds import ETH, World

from tandem.errors import Reverted
from tandem.protocol.series import Series


def at_once(
    buy: Callable[[int], object],
    size: int = 8 * ETH,
    least: int = ETH // 2,
    known: Container[str] | None = None,
) -> tuple[int, set[str]]:
    """Units that were bought by pieces of `size` and under, and why larger ones were refused. Raises
    Reverted where that is none of the `known` reasons."""
    units, reasons = 0, set[str]()
    while size >= least:
        try:
            buy(size)
        except Reverted as refused:
            if known is not None and refused.reason not in known:
                raise
            reasons.add(refused.reason)
            size //= 2
        else:
            units += size
    return units, reasons


def by_and_by(
    w: World,
    buy: Callable[[int], object],
    size: int = 8 * ETH,
    known: Container[str] | None = None,
) -> tuple[int, set[str]]:
    """The same minute after minute, the pool back at its price, until nothing more opens."""
    units, reasons = at_once(buy, size, known=known)
    total = units
    while units:
        w.curie.converge()
        w.engine.advance(60)
        w.freshen()
        units, why = at_once(buy, size, known=known)
        total, reasons = total + units, reasons | why
    return total, reasons


def mint(w: World, series: Series, units: int) -> int:
    """A mint, and margin after it where it is due. What was paid, token units."""
    paid = int(w.mint(series, units).returned)
    with suppress(Reverted):
        w.top_up()
    return paid


def stocked(w: World, series: Series, units: int) -> None:
    """A mint; then the pool is back at its price, surfaces are of now, and margin is there."""
    w.mint(series, units)
    w.curie.converge()
    w.freshen()
    with suppress(Reverted):
        w.top_up()


def puts(w: World, times: int) -> None:
    """So many times twenty puts at 2,400, each with the pool back at its price and its margin there; all of
    the hedge is home."""
    for _ in range(times):
        stocked(w, w.put(2_400), 20 * ETH)
    w.bring_home()
