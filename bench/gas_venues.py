"""Gas of whole transactions by what the hedge stands on, over 64 nodes, every safety rule included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.gas import SPOT, Bench, bench_of, book_of
from bench.registry import Row, benchmark
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Receipt
from tandem.engine.bound import Prepared
from tandem.protocol.series import Series
from tandem.protocol.tandem import MAX
from tandem.units import USD, WAD
from tandem.venues import recipe
from tandem.venues._several import Several

BOOK = (3, 2, 8)
"""Calls, puts and expiries of 64 nodes."""
SET_GOAL, PLAIN_GOAL = 1_000_000, 750_000
"""Of a mint over two venues: where one of them is Aave, and where none is."""
SPLIT_GOAL = 20_000
"""Of cutting an order, for each venue that takes a part."""
CUTS = ("curves", "poured", "judged")
"""What the splitter does of it."""


@benchmark("gas")
def on_each_venue() -> Iterable[Row]:
    """A mint that enlarges the hedge and one that lowers it, one that a residual spares a part of its order,
    so that the venue is asked for its price as well, and a chunk brought home."""
    yield from _rows("curie", (1_075_000, 1_075_000, 1_075_000, None))
    yield from _rows("aave", (810_000, 680_000, 680_000, 400_000))
    yield from _rows("morpho", (630_000, 630_000, 630_000, 400_000))
    yield from _rows("morpho4", (630_000, 630_000, 630_000, 400_000))
    yield from _set_rows("aave+morpho", SET_GOAL)
    yield from _set_rows("morpho+morpho4", PLAIN_GOAL)


NAMES = ("mint that sells more", "mint that buys back", "mint beside a residual", "rebalance")


def _rows(venue: str, goals: tuple[int | None, ...]) -> Iterator[Row]:
    calls, puts, expiries = BOOK
    with bench_of([(calls, puts)] * expiries, on=recipe(venue)) as b:
        for expiry in b.expiries:
            b.stock(book_of(expiry, calls, puts))
        b.post()
        for name, goal, done in zip(NAMES, goals, _acts(b), strict=True):
            yield done.row(f"{name}, 64 nodes, on {venue}", goal)


def _set_rows(name: str, goal: int) -> Iterator[Row]:
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
        split = _split(b, put)
        both = _done(b, _mint(b, put, 20 * USD), t.trader)
        push = exchange.members[0].arbitrage_call((SPOT + 3) * WAD)
        assert push is not None
        push.send()
        one = _done(b, _mint(b, put, 20 * USD), t.trader)
    for legs, done in ((2, both), (1, one)):
        assert len(done.receipt.events("LegFilled")) == legs, f"not {legs} leg(s)"
        yield done.row(f"mint with {legs} leg(s), 64 nodes, on {name}", goal)
    yield Row(
        name=f"the split of it, a venue, on {name}",
        value=split / 2,
        unit="gas",
        goal=f"≤ {SPLIT_GOAL:,}",
    )


def _split(b: Bench, series: Series) -> int:
    """Gas of cutting the order of a mint over two venues: what the splitter reckons, without what it asks the
    venues for. Their pools' prices and depths are what the swaps read as well, and warm for them."""
    t = b.tandem
    place = str(b.engine.at(compile_vyper("VenueSet"), t.venue.address).call("SPLITTER"))
    known = compile_vyper("Splitter").abi.functions
    cuts = {f"0x{each.selector.hex()}" for name in CUTS for each in known[name]}
    found = [
        frame
        for frame in _traced(b, _mint(b, series, 20 * USD), t.trader)
        if frame["to"] == place.lower() and frame["input"][:10] in cuts
    ]
    assert len(found) >= len(CUTS) - 1, "nothing was cut"
    return sum(_own(frame) for frame in found)


def _frames(frame: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A call, and all that it makes."""
    yield frame
    for inner in frame.get("calls", ()):
        yield from _frames(inner)


def _own(frame: dict[str, Any]) -> int:
    """Without what it calls."""
    inner = sum(int(each["gasUsed"], 16) for each in frame.get("calls", ()))
    return int(frame["gasUsed"], 16) - inner


@dataclass(frozen=True, slots=True)
class Done:
    """A transaction, and what of its gas is spent in contracts that were there before us: the venue's, the
    token's, the feed's. Our own adapters are none of them."""

    receipt: Receipt
    outside: int

    def row(self, name: str, goal: int | None) -> Row:
        """As it stands in the table."""
        return Row(
            name=name,
            value=self.receipt.gas_used,
            unit="gas",
            goal="" if goal is None else f"≤ {goal:,}",
            peer=f"of it in others' contracts: {self.outside:,}",
            peer_source="same transaction, traced",
        )


def _mint(b: Bench, series: Series, units: int) -> Prepared[Any]:
    t = b.tandem
    return t.market.mint(series.id, units, MAX, MAX, t.trader)


def _traced(b: Bench, act: Prepared[Any], who: str) -> Iterator[dict[str, Any]]:
    """Every call that it would make now."""
    tx = act.tx(who)
    fields = {"from": tx.sender, "to": str(tx.to), "data": f"0x{tx.data.hex()}", "gas": hex(tx.gas)}
    return _frames(b.engine.trace(fields))


def _done(b: Bench, act: Prepared[Any], who: str) -> Done:
    frames = _traced(b, act, who)
    outside = sum(_own(frame) for frame in frames if frame["to"] not in b.ours)
    return Done(act.send(who), outside)


def _acts(b: Bench) -> Iterator[Done]:
    """The hedge is short, as of sold puts, before any of it."""
    call, *_, put = book_of(b.expiries[0], 1, 1)
    t = b.tandem
    for _ in range(2):
        t.mint(put, 20 * USD)
    yield _done(b, _mint(b, put, USD), t.trader)
    yield _done(b, _mint(b, call, USD), t.trader)
    b.move(-1)
    spared = _done(b, _mint(b, call, USD), t.trader)
    hedged = spared.receipt.events("Hedged")[0]
    assert min(hedged["residual_before"], hedged["order"]) > 0, "the residual spares no part of it"
    yield spared
    for _ in range(4):
        t.mint(put, 80 * USD)
        if t.snapshot().account.top_up:
            t.desk.send("top_up", sender=t.keeper)
    b.move(-60)
    yield _done(b, t.market.rebalance(0), t.keeper)
