"""The laws: what must be true after every step, whoever did what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ledger import Ledger
from reference import underwriting as ref
from worlds import World

from tandem.engine.base import Event
from tandem.units import WAD

LOT = 10**15
# What a venue may round a position by: ten wei at this one, the Market allows a million.
DUST = 10**6
# The reference's deltas are doubles.
NOISE = 10**9


def check_books(world: World, book: Ledger) -> None:
    """Tokens, nodes and maxima are one book, and the ledger's."""
    t = world.tandem
    sold = book.sold()
    for series, units in sold.items():
        assert t.option.call("totalSupply", series.id) == units
    seen = 0
    for expiry, units, maximum, forward, cash, _, strikes, sizes in t.lens.call("expiries"):
        mine = sum(n for s, n in sold.items() if s.expiry == expiry)
        assert units == mine
        assert maximum == (book.maximum(expiry) if mine else 0)
        for x in {*book.kinks(expiry), *strikes}:
            shown = (
                cash
                + forward * x
                + sum(n * (x - k) for k, n in zip(strikes, sizes, strict=True) if x > k)
            )
            assert shown == book.owed_at(expiry, x)
        seen += units
    assert seen == sum(sold.values())


def check_money(world: World, book: Ledger, lps: Iterable[str]) -> None:
    """Cash is the ledger's and is there; the floor holds; claims and exits are covered."""
    t = world.tandem
    cash, exits, queued, nav, _ = t.vault.call("funds")
    maxima, claims = t.market.call("liabilities")
    floor = t.market.call("floor")
    assert cash == book.cash
    assert exits == book.exits
    assert claims == book.claims
    assert maxima == book.maxima()
    assert floor == book.floor()
    assert floor >= 0
    assert claims + exits <= cash
    assert world.usdc(t.vault) == cash + book.gifts[t.vault.address]
    for part in (t.market, t.router, t.venue, t.option, t.lens):
        assert world.usdc(part) == book.gifts[part.address]
    assert t.vault.call("totalSupply") == book.supply()
    assert t.vault.call("balanceOf", t.vault) == book.queued()
    assert [t.vault.call("balanceOf", lp) for lp in lps] == [book.shares[lp] for lp in lps]
    supply = book.supply() + 10**12
    assert queued == -(-book.queued() * (nav + 1) // supply)
    position = world.position()
    assert (position, t.router.call("position")) == (book.position, book.position)


ABSTAINED: Counter[str] = Counter()
"""How often an oracle here said nothing, by what it was asked about."""


def check_hedge(
    world: World, book: Ledger, event: Event, before: int, now: int, *, opens: bool
) -> None:
    """R1, R28: what the event says is what the venue has and the model asks for."""
    spot = event["oracle_price"]
    held = book.sold()
    delta, _, _ = ref.book(held, world.slices, spot / WAD, now)
    position = world.position()
    assert event["position_after"] == position
    assert abs(position - book.position) < DUST
    book.position = position
    residual = position - round(delta * WAD)
    if undecided(book, spot, now):
        check_undecided(world, book, event, now)
        residual = event["residual_after"]
    # Where a waiting expiry's slice is gone, its basis is: sixty seconds of it, under 1e-7.
    waiting = sum(n for s, n in held.items() if s.expiry <= now)
    assert abs(event["residual_after"] - residual) <= NOISE + waiting * 10**5
    nav = world.tandem.vault.call("funds")[3] / 1e6
    band = ref.band(world.terms(), held, world.slices, spot / WAD, now, max(nav, 1e-6))
    hard = round(band.hard * WAD)
    bound = hard if opens else max(hard, abs(event["residual_before"]))
    assert abs(residual) <= bound + NOISE + hard // 10**9 + waiting * 10**5
    assert event["order"] == 0 or abs(event["order"]) >= LOT
    cost = ref.fill_cost(event["order"], event["quote_delta"], event["venue_fee"], spot)
    assert abs(event["cost"] - cost) < 1
    assert abs(event["position_after"] - before - event["order"]) < DUST


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
