"""Where plans are played: markets whose books are empty, begun or full, before and after an expiry.

A book is built once per process; every play is undone. Outsiders (an LP, a holder of options, makers,
an arbitrageur) only stand there: what the parties win, they lose.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from floors import PURSE, floors_of
from several import LentWorld, SetWorld
from worlds import ABRUPT, ETH, WIDE, WINDOW, World, build

from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR, USD
from tandem.venues import SEPARATOR, Depth, recipe

# What a corner of the bounds lets a book grow to.
TERMS = WIDE | {"reserve": 500, "gate": 4_000}
OUTSIDE = 600_000 * USD  # the LP who plays no part
INSIDE = 400_000 * USD  # a party's shares
PARTIES = tuple("0x" + f"{n:02x}" * 20 for n in (0xA1, 0xB2, 0xC3))
STAYS = 2  # the party who is an LP from the start
HOLDER = 6  # account of the engine who holds what is open
PART = 4  # of his shares that somebody who leaves asks for: one in so many


@dataclass(frozen=True, slots=True)
class Book:
    """How a market was filled. sold: series by name with sizes in ETH; queue: whose exit is due."""

    sold: tuple[tuple[str, int], ...]
    wide: bool = True
    queue: str = ""
    overfunded: bool = False  # more margin at the venue than may stay there
    before_expiry: int | None = None  # seconds to the near expiry; below 0 it has a round already
    careful: bool = False  # once it is filled, hour, depth and breaker are as a deployment has them
    scale: int = 1  # of what LPs have
    depth: int = 2_000_000  # USD in the pool, either side
    venue: str = "curie"  # what the hedge stands on
    left: bool = False  # nobody renews the far expiry any more: it counts by the last slice (SH-10)
    rollup: bool = False  # a sequencer orders what is sent, and may be down
    mute: bool = False  # its price feed may be silent


BOOKS: dict[str, Book] = {
    "empty": Book((), wide=False),
    "begun": Book((("P2400n", 6), ("C2600n", 6)), wide=False, overfunded=True),
    "puts": Book((("P2400n", 60), ("P2500n", 30)), queue="theirs"),
    "calls": Book((("C2500n", 60), ("C2600f", 40)), queue="ours"),
    "straddles": Book((("C2500n", 40), ("P2500n", 40), ("P2400f", 40)), queue="theirs"),
    "full": Book((("C2500n", 400), ("P2400n", 200)), queue="theirs"),
    "careful": Book((("C2500n", 40), ("P2500n", 40)), queue="theirs", careful=True),
    "shallow": Book((("C2500n", 60), ("P2400n", 40)), scale=10, depth=500_000),
    "ripe": Book((("C2500n", 60), ("P2400n", 40), ("P2400f", 30)), before_expiry=1_200),
    "past": Book(
        (("P2600n", 60), ("C2400n", 20), ("P2400f", 30)), queue="theirs", before_expiry=-60
    ),
    "forsaken": Book(
        (("C2500n", 40), ("P2500n", 40), ("P2400f", 1)), queue="theirs", careful=True, left=True
    ),
    "lent": Book((("C2500n", 60), ("P2400n", 40)), queue="theirs", venue="aave"),
    "pledged": Book((("C2500n", 20), ("P2400n", 80)), queue="ours", venue="morpho"),
    "split": Book((("C2500n", 60), ("P2400n", 40)), queue="theirs", venue="curie+aave"),
    "netted": Book((("C2500n", 40), ("P2500n", 40)), venue="aave+morpho"),
    "owed": Book(
        (("C2500n", 60), ("P2400n", 40), ("P2400f", 1)), queue="theirs", venue="aave", left=True
    ),
    "pooled": Book((("C2500n", 120), ("P2400n", 20)), queue="theirs", venue="morpho4"),
    "halted": Book((("C2500n", 160), ("P2400n", 80)), queue="theirs", rollup=True),
    "stranded": Book((("C2500n", 60), ("P2400n", 40)), queue="ours", venue="aave", rollup=True),
    "muted": Book((("C2500n", 160), ("P2400n", 80)), queue="theirs", mute=True),
    "unheard": Book((("C2500n", 60), ("P2400n", 40)), queue="ours", venue="aave", mute=True),
}


def series(w: World, name: str) -> Series:
    """C2500n, P2400f, C2500-2750n: call or put, strike, cap or floor, near or far expiry."""
    expiry = w.far if name[-1] == "f" else w.near
    strike, _, other = name[1:-1].partition("-")
    if name[0] == "P":
        return Series(expiry, True, int(strike), int(other or 0))
    cap = {2_400: 4_500, 2_600: 5_000, 2_750: 5_500}.get(int(strike), 2 * int(strike))
    return Series(expiry, False, int(strike), int(other or cap))


def rested(w: World, seconds: int) -> None:
    """Time in which the operators do their part: same prices, same surfaces, margin."""
    w.engine.advance(max(seconds - WINDOW - 4, 1))
    w.freshen()
    with suppress(Reverted):
        w.top_up()


def fill(w: World, name: str, target: int) -> None:
    """Sell as much of the target as the market takes, over several days of margin."""
    sold, piece = 0, 20
    for _ in range(60):
        size = min(piece, target - sold)
        if size < 1:
            return
        try:
            w.mint(series(w, name), size * ETH, trader=w.engine.accounts[HOLDER])
            sold += size
        except Reverted as refused:
            if refused.reason.startswith("floor"):
                return
            piece = max(piece // 2, 1)
            rested(w, DAY // 4)


def ask_to_leave(w: World, queue: str) -> None:
    who = w.tandem.lp if queue == "theirs" else PARTIES[STAYS]
    vault = w.tandem.vault
    vault.send("requestRedeem", vault.call("balanceOf", who) // PART, who, who, sender=who)
    rested(w, DAY + HOUR)


def open_book(name: str) -> World:
    """A market with this book, its parties and their purses."""
    book = BOOKS[name]
    settings = DeploySettings(terms=TERMS if book.wide else {})
    lends = LentWorld if book.venue != "curie" else World
    w = build(
        settings=settings,
        capital=OUTSIDE * book.scale,
        depth=Depth(usd=book.depth),
        uptime=book.rollup,
        venue=recipe(book.venue),
        kind=SetWorld if SEPARATOR in book.venue else lends,
    )
    w.tandem.give(w.engine.accounts[HOLDER], 10**13)
    w.tandem.deposit(INSIDE * book.scale, lp=PARTIES[STAYS])
    for party in PARTIES:
        w.tandem.give(party, PURSE)
        for floor in floors_of(w.curie):
            floor.arm(party)
    for sold, size in book.sold:
        fill(w, sold, size)
    with suppress(Reverted):
        w.tandem.rebalance()
    if book.overfunded:
        w.overfund()
    if book.careful:
        w.set_terms(**{name: terms.FIELDS[name].default for name in ABRUPT})
        rested(w, DAY)
    if book.left:
        w.left[w.far] = w.slices.pop(w.far)
        rested(w, terms.FIELDS["exit_wait"].default + HOUR)
    if book.before_expiry is None:
        if book.queue:
            ask_to_leave(w, book.queue)
        w.freshen()
    else:
        _towards_expiry(w, book, book.before_expiry)
    return w


def _towards_expiry(w: World, book: Book, left: int) -> None:
    w.engine.set_time(w.near - 3 * DAY)
    w.freshen()
    if book.queue:
        ask_to_leave(w, book.queue)
    w.engine.set_time(w.near - max(left, 600) - 600)
    w.freshen()
    for act in (w.top_up, w.tandem.rebalance):
        with suppress(Reverted):
            act()
    w.engine.set_time(w.near - max(left, 2 * WINDOW))
    w.freshen()
    if left < 0:  # its first round is the last one
        w.engine.set_time(w.near - left)
        w.push_wad(w.spot)
        w.post()
        w.engine.advance(WINDOW)


_OPENED: dict[str, World] = {}


def world_of(name: str, opener: Callable[[str], World] = open_book) -> World:
    """The market of this process with that book."""
    if name not in _OPENED:
        _OPENED[name] = opener(name)
    return _OPENED[name]
