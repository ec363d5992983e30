"""Gas of whole transactions by what the hedge stands on, over 64 nodes, every safety rule included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.gas import SPOT, Bench, bench_of, book_of
from bench.registry import Row, benchmark
from tandem.engine.base import Receipt
from tandem.units import USD, WAD
from tandem.venues import recipe
from tandem.venues._several import Several

BOOK = (3, 2, 8)
"""Calls, puts and expiries of 64 nodes."""
SET_GOAL = 1_000_000
"""Of a mint over two venues of which one is Aave."""


@benchmark("gas")
def on_each_venue() -> Iterable[Row]:
    """A mint that enlarges the hedge and one that lowers it, and a chunk brought home."""
    yield from _rows("curie", (1_075_000, 1_075_000, None))
    yield from _rows("aave", (810_000, 680_000, 400_000))
    yield from _rows("morpho", (630_000, 630_000, 400_000))
    yield from _rows("morpho4", (630_000, 630_000, 400_000))
    yield from _set_rows("aave+morpho")


def _rows(venue: str, goals: tuple[int | None, int | None, int | None]) -> Iterator[Row]:
    calls, puts, expiries = BOOK
    names = ("mint that sells more", "mint that buys back", "rebalance")
    with bench_of([(calls, puts)] * expiries, on=recipe(venue)) as b:
        for expiry in b.expiries:
            b.stock(book_of(expiry, calls, puts))
        b.post()
        for name, goal, receipt in zip(names, goals, _acts(b), strict=True):
            yield Row(
                name=f"{name}, 64 nodes, on {venue}",
                value=receipt.gas_used,
                unit="gas",
                goal="" if goal is None else f"≤ {goal:,}",
            )


def _set_rows(name: str) -> Iterator[Row]:
    """A mint with a leg at each of two members whose markets are level, and one with a leg at the first,
    whose market somebody has just moved an eighth of a percent past the other's."""
    calls, puts, expiries = BOOK
    with bench_of([(calls, puts)] * expiries, on=recipe(name)) as b:
        exchange, t = b.exchange, b.tandem
        assert isinstance(exchange, Several)
        for expiry in b.expiries:
            b.stock(book_of(expiry, calls, puts))
        b.post()
        put = book_of(b.expiries[0], 1, 1)[-1]
        while t.snapshot().account.top_up:
            t.desk.send("top_up", sender=t.keeper)
        for _ in range(2):
            t.mint(put, 20 * USD)
        both = t.mint(put, 20 * USD)
        push = exchange.members[0].arbitrage_call((SPOT + 3) * WAD)
        assert push is not None
        push.send()
        one = t.mint(put, 20 * USD)
    for legs, receipt in ((2, both), (1, one)):
        assert len(receipt.events("LegFilled")) == legs, f"not {legs} leg(s)"
        yield Row(
            name=f"mint with {legs} leg(s), 64 nodes, on {name}",
            value=receipt.gas_used,
            unit="gas",
            goal=f"≤ {SET_GOAL:,}",
        )


def _acts(b: Bench) -> Iterator[Receipt]:
    """The hedge is short, as of sold puts, before any of it."""
    call, *_, put = book_of(b.expiries[0], 1, 1)
    t = b.tandem
    for _ in range(2):
        t.mint(put, 20 * USD)
    yield t.mint(put, USD)
    yield t.mint(call, USD)
    for _ in range(4):
        t.mint(put, 80 * USD)
        if t.snapshot().account.top_up:
            t.desk.send("top_up", sender=t.keeper)
    b.move(-60)
    yield t.market.send("rebalance", 0, sender=t.keeper)
