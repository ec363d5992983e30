"""The option chain: strikes by expiries, what each side costs for one size, and how much there is.

Everything is of one block. Bid and ask are quotes, so they are what a trade of that size pays,
hedge included; mid, volatility and delta come from the posted slices by the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tandem.client.marks import Mark, mark
from tandem.client.room import Room, rooms
from tandem.client.session import Session
from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.model import svi
from tandem.protocol.bindings.structs import Listing, Snapshot
from tandem.protocol.deal import Quote, Wanted, quotes
from tandem.protocol.series import Series
from tandem.protocol.waits import snapshot_of
from tandem.units import ETHER, WAD, YEAR, Amount, decimal, parse_size


@dataclass(frozen=True, slots=True)
class Option:
    """One series. ask, bid: USD for the chain's size, everything included, None where the trade
    would be refused, then `no_ask` and `no_bid` hold the reason; mid: USD per ETH."""

    series: Series
    ask: Decimal | None
    no_ask: str
    bid: Decimal | None
    no_bid: str
    mark: Mark | None
    room: Room | None


@dataclass(frozen=True, slots=True)
class Row:
    """One strike. call: with the widest cap that may be opened, None where the ladder has none."""

    strike: int
    call: Option | None
    put: Option


@dataclass(frozen=True, slots=True)
class Expiry:
    """One listed expiry. forward: USD; surface_age: seconds; both None without a slice."""

    expiry: int
    forward: float | None
    surface_age: int | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The whole menu at one block. size: ETH that bids and asks are for."""

    block: int
    timestamp: int
    spot: Decimal
    size: Decimal
    is_paused: bool
    asset: str
    expiries: tuple[Expiry, ...]

    @property
    def options(self) -> tuple[Option, ...]:
        """Every series of the menu."""
        return tuple(
            option
            for expiry in self.expiries
            for row in expiry.rows
            for option in (row.call, row.put)
            if option is not None
        )

    def __getitem__(self, named: Series | str) -> Option:
        """One series, by its name too. Raises KeyError."""
        return {str(option.series): option for option in self.options}[str(named).upper()]


def menu(
    expiry: int, strikes: Sequence[int], call_cap: int, asset: str = ETHER
) -> list[tuple[Series | None, Series]]:
    """Call and put of each strike, rising. call_cap: the widest cap, 1e-2 of the strike."""
    ladder = sorted(strikes)
    rows: list[tuple[Series | None, Series]] = []
    for strike in ladder:
        caps = [cap for cap in ladder if strike < cap and cap * 100 <= strike * call_cap]
        call = Series(expiry, False, strike, caps[-1], asset) if caps else None
        rows.append((call, Series(expiry, True, strike, asset=asset)))
    return rows


def read(session: Session, size: Amount = 1, *, room: bool = True) -> Chain:
    """The chain for one size. room: whether to ask how much of each can be opened: a few more round
    trips. Raises AmountError, ClientError. Longer than a function should be: everything is read at one
    block, and its parts would hand each other all of it."""
    engine, h, units = session.engine, session.on, parse_size(size)
    views = [Call(h.lens, "snapshot", (), h.market), Call(h.surface, "slices", (), h.market)]
    with engine.pinned(block := engine.block()):
        try:
            state, listings = engine.call_many(views)
        except Reverted:
            snapshot_of(h)  # says which contract does not answer
            raise
        now = Snapshot.decode(state)
        ladders = sorted((e.expiry, e.strikes) for e in now.expiries if e.expiry > now.timestamp)
        cap = now.parameters["call_cap"]
        menus = [(expiry, menu(expiry, strikes, cap, h.asset)) for expiry, strikes in ladders]
        every = [s for _, rows in menus for row in rows for s in row if s is not None]
        wanted = [Wanted(s, units, is_close) for is_close in (False, True) for s in every]
        answers = quotes(engine, h, wanted)
        found = rooms(engine, h, every, now) if room else {}
    asks = dict(zip(every, answers[: len(every)], strict=True))
    bids = dict(zip(every, answers[len(every) :], strict=True))
    posted = {each.expiry: each for each in map(Listing.decode, listings)}

    def option(series: Series) -> Option:
        listing = posted.get(series.expiry)
        value = _mark(series, listing, now) if listing else None
        (ask, no_ask), (bid, no_bid) = _side(asks[series]), _side(bids[series])
        return Option(series, ask, no_ask, bid, no_bid, value, found.get(series))

    return Chain(
        block,
        now.timestamp,
        decimal(now.spot, 18),
        decimal(units),
        now.is_paused,
        h.asset,
        tuple(
            Expiry(
                expiry,
                _forward(expiry, posted.get(expiry), now),
                posted[expiry].age if expiry in posted else None,
                tuple(
                    Row(put.strike, option(call) if call else None, option(put))
                    for call, put in rows
                ),
            )
            for expiry, rows in menus
        ),
    )


def _mark(series: Series, listing: Listing, now: Snapshot) -> Mark:
    return mark(series, svi.unpack(listing.slice_word), now.spot / WAD, now.timestamp)


def _forward(expiry: int, listing: Listing | None, now: Snapshot) -> float | None:
    if listing is None:
        return None
    tau = (expiry - now.timestamp) / YEAR
    return float(svi.unpack(listing.slice_word).forward(now.spot / WAD, tau))


def _side(answer: Quote | Reverted) -> tuple[Decimal | None, str]:
    """A part's total is no price of the chain's size."""
    if isinstance(answer, Reverted):
        return None, answer.reason
    return (None, answer.short) if answer.short else (answer.total, "")
