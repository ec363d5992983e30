"""The laws: what must be true after every step, whoever did what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ledger import Ledger, kinks, most_owed, owed
from reference import underwriting as ref
from venue_marks import idle, members
from worlds import World

from tandem.engine.base import Event
from tandem.units import DAY, WAD

LOT = 10**15
# What a venue may round a position by: ten wei at this one, the Market allows a million.
DUST = 10**6
# The reference's deltas are doubles.
NOISE = 10**9


Law = tuple[str, Any, Any]
"""What it is called, what the chain has, and what there should be."""


class LawBroken(AssertionError):
    """names: of the laws that a state breaks."""

    def __init__(self, broken: list[Law]) -> None:
        self.names = frozenset(name for name, _, _ in broken)
        super().__init__("; ".join(f"{name}: {has}, not {ought}" for name, has, ought in broken))


def check(laws: Iterable[Law]) -> None:
    """Raises LawBroken, with all that are."""
    broken = [law for law in laws if law[1] != law[2]]
    if broken:
        raise LawBroken(broken)


def of_books(world: World, book: Ledger) -> Iterator[Law]:
    """Tokens, nodes and maxima are one book, and the ledger's."""
    t = world.tandem
    sold = book.sold()
    for series, units in sold.items():
        yield "tokens of a series", t.option.call("totalSupply", series.id), units
    listed: list[int] = []
    for expiry, units, maximum, forward, cash, _, strikes, sizes, _ in t.lens.call("expiries"):
        listed.append(expiry)
        mine = book.of(expiry)
        yield "units of an expiry", units, sum(mine.values())
        yield "maximum of an expiry", maximum, most_owed(mine)
        prices = sorted({*kinks(mine), *strikes})
        nodes = list(zip(strikes, sizes, strict=True))
        shown = [cash + forward * x + sum(n * (x - k) for k, n in nodes if x > k) for x in prices]
        yield "payoff at each kink", shown, [owed(mine, x) for x in prices]
    owing = {s.expiry for s in sold}
    there = sorted(expiry for expiry in listed if expiry in owing)
    yield "expiries that are sold are listed", there, sorted(owing)


def of_money(world: World, book: Ledger, lps: Iterable[str]) -> Iterator[Law]:
    """Cash is the ledger's and is there; the floor holds; claims and exits are covered by it."""
    t = world.tandem
    cash, exits, queued, nav, _ = t.vault.call("funds")
    maxima, claims = t.market.call("liabilities")
    floor = t.market.call("floor")
    yield "cash", cash, book.cash
    yield "exits", exits, book.exits
    yield "claims", claims, book.claims
    yield "maxima", maxima, book.maxima()
    yield "floor", floor, book.floor()
    yield "the floor is not under water", book.floor() >= 0, True
    yield "tokens in the Vault", world.usdc(t.vault), book.cash + book.gifts[t.vault.address]
    lies = {who: idle(market, who) for market, who in members(world)}
    ours = [part.address for part in (t.market, t.router, t.desk, t.venue, t.option, t.lens)]
    for place in dict.fromkeys([*ours, *lies]):
        yield "tokens elsewhere", world.usdc(place) - lies.get(place, 0), book.gifts[place]
    yield "all shares", t.vault.call("totalSupply"), book.supply()
    waits = t.vault.call("balanceOf", t.vault)
    yield "shares that wait", waits, book.queued()
    yield (
        "shares of an LP",
        [t.vault.call("balanceOf", p) for p in lps],
        [book.shares[p] for p in lps],
    )
    supply = book.supply() + 10**12
    yield "worth of the shares that wait", queued, -(-waits * (nav + 1) // supply)
    places = (world.position(), t.router.call("position"))
    if world.drift and all(abs(place - book.position) <= world.drift for place in places):
        book.position = places[1]  # interest moved it, and dust of a lender's is none
        places = (places[1],) * 2
    yield "position at the venue, and in the router", places, (book.position,) * 2


GAS = 10**6 * 20 * 10**9
"""What a rebalance's gas costs here, wei."""


def of_bounty(book: Ledger, hedged: Event, paid: int, now: int, most: int) -> Iterator[Law]:
    """HG-14: of the four things that bound what is paid; most: in a day. A token unit for rounding."""
    began, _, sigma = book.stamp
    spot = hedged["oracle_price"] / WAD
    risk = book.removed(hedged) / WAD * spot * sigma / WAD * (1 / 365) ** 0.5
    yield "a bounty is a tenth of the risk that it takes away", paid <= risk * 1e5 + 1, True
    ramp = 1.5 * min(now - began, 600) / 600 if began else 0.0
    gas = GAS / WAD * spot * 1e6
    yield "a bounty is one and a half times its gas by its time", paid <= ramp * gas + 1, True
    day = book.bounties[now // DAY]
    yield "bounties of a day are within its budget", not paid or day <= most, True


ABSTAINED: Counter[str] = Counter()
"""How often an oracle here said nothing, by what it was asked about."""


def check_hedge(world: World, book: Ledger, event: Event, now: int, *, opens: bool) -> None:
    """R1, R28: what the event says is what the venue has and the model asks for."""
    spot = event["oracle_price"]
    held = book.sold()
    delta, _, _ = ref.book(held, world.slices, spot / WAD, now)
    position = world.position()
    check(
        [
            (
                "position that a hedge reports",
                abs(event["position_after"] - position) <= world.drift,
                True,
            ),
            (
                "an order moves the position by itself",
                abs(position - book.position) < DUST + world.drift,
                True,
            ),
        ]
    )
    if world.drift:  # of one that is down it is the last that was known
        position = event["position_after"]
    book.position = position
    residual = position - round(delta * WAD)
    if undecided(book, spot, now):
        check_undecided(world, book, event, now)
        residual = event["residual_after"]
    check(of_hedge(world, book, event, residual, now, opens))


def of_hedge(
    world: World, book: Ledger, event: Event, residual: int, now: int, opens: bool
) -> Iterator[Law]:
    """What is so of one hedge; residual: the model's."""
    held, spot = book.sold(), event["oracle_price"]
    # Where a waiting expiry's slice is gone, its basis is: sixty seconds of it, under 1e-7.
    waiting = sum(n for s, n in held.items() if s.expiry <= now)
    apart = abs(event["residual_after"] - residual)
    yield "residual that a hedge reports", apart <= NOISE + waiting * 10**5, True
    nav = world.tandem.vault.call("funds")[3] / 1e6
    band = ref.band(world.terms(), held, world.slices, spot / WAD, now, max(nav, 1e-6))
    hard = round(band.hard * WAD)
    bound = hard if opens else max(hard, abs(event["residual_before"]))
    inside = abs(residual) <= bound + NOISE + hard // 10**9 + waiting * 10**5
    yield "a trade leaves the residual inside its bound", inside, True
    yield "no order under the lot", event["order"] == 0 or abs(event["order"]) >= LOT, True
    cost = ref.fill_cost(event["order"], event["quote_delta"], event["venue_fee"], spot)
    yield "cost that a hedge reports", abs(event["cost"] - cost) < 1, True


def check_undecided(world: World, book: Ledger, event: Event, now: int) -> None:
    """Where the model abstains on what waits for its price, it says how far that may reach: an option's
    delta is at most its size, on one side. How often it abstains is counted, and bounded."""
    ABSTAINED["hedges"] += 1
    held = book.sold()
    ahead = {s: n for s, n in held.items() if s.expiry > now}
    delta, _, _ = ref.book(ahead, world.slices, event["oracle_price"] / WAD, now)
    calls = sum(n for s, n in held.items() if s.expiry <= now and not s.is_put)
    puts = sum(n for s, n in held.items() if s.expiry <= now and s.is_put)
    least = book.position - round(delta * WAD) - calls * 10**12
    most = book.position - round(delta * WAD) + puts * 10**12
    slack = NOISE + (calls + puts) * 10**5
    assert least - slack <= event["residual_after"] <= most + slack


def undecided(book: Ledger, spot: int, now: int) -> bool:
    """Whether options wait for their price with spot at a strike: their slice may be gone, and
    then their delta is that of the payoff, a step."""
    waiting = [s for s in book.sold() if s.expiry <= now]
    kinks = {k for s in waiting for k in (s.strike, s.other)}
    return any(abs(spot / WAD - k) < k / 100 for k in kinks)
