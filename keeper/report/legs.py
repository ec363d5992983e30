"""What each of several venues earned and cost: its own legs, its margin, and what its account became.

A step of one venue is a step of a set that has one: `split` is the only place that says what an account's
change is put down to. What holding brought is what nothing else explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from typing import Final

from keeper.replay.books import order_of
from keeper.replay.carry import cents_of
from keeper.report.reading import Found, Held
from tandem.units import USD, WAD

DUST = 1e-6
"""Of the asset: a position that differs by less from what orders left was not changed by anybody."""
MOST_INTEREST = 5.0
"""A year, of a position: on a lending market it grows by interest and nobody's order, on the dearest at some
300 %. What changed by more, a stranger changed."""
NOTHING: Final = Held(0.0, 0.0)


@dataclass(slots=True)
class Orders:
    """What went to a venue since the last state: orders, and money. USD and ETH. cost: against the oracle,
    fees included; lent: margin sent there less what came home."""

    size: float = 0.0
    at_oracle: float = 0.0
    fees: float = 0.0
    cost: float = 0.0
    lent: float = 0.0

    def fill(self, size: float, price: float, cost: float, fees: float = 0.0) -> None:
        """One order. size: ETH; price: the oracle's, USD; cost: against it, USD, `fees` of it the venue's."""
        self.size += size
        self.at_oracle += size * price
        self.cost += cost
        self.fees += fees


@dataclass(frozen=True, slots=True)
class Leg:
    """What an account at a venue gained, by cause. USD, below 0 for a cost.

    fees: the venue's. impact: the rest of what orders cost against the oracle. carry: funding, or interest.
    liquidations: what strangers' orders brought. revaluation: the position, times the move of spot. Margin
    that came and went is none of them. robbed: steps in which a stranger changed the position."""

    fees: float = 0.0
    impact: float = 0.0
    carry: float = 0.0
    liquidations: float = 0.0
    revaluation: float = 0.0
    robbed: int = 0

    def __add__(self, other: Leg) -> Leg:
        return Leg(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


NAMES: Final = tuple(each.name for each in fields(Leg) if each.name != "robbed")
"""The causes, as they are told."""


def split(
    before: Held, after: Held, orders: Orders, move: tuple[float, float], years: float
) -> Leg:
    """What an account's change is put down to. move: spot before and after, USD; years: between the two.

    Who liquidates takes it out of the account: where the position is another than orders left it, what
    nothing explains was a stranger's, and else it is carry."""
    was, spot = move
    revaluation = before.position * (spot - was) + orders.size * spot - orders.at_oracle
    rest = after.equity - before.equity - (orders.lent + revaluation - orders.cost)
    strange = after.position - before.position - orders.size
    grown = MOST_INTEREST * years * max(abs(before.position), abs(after.position))
    is_robbed = abs(strange) > DUST + grown
    return Leg(
        fees=-orders.fees,
        impact=orders.fees - orders.cost,
        carry=0.0 if is_robbed else rest,
        liquidations=rest if is_robbed else 0.0,
        revaluation=revaluation,
        robbed=int(is_robbed),
    )


def together(events: Iterable[Found]) -> Orders:
    """What went to the one venue there is."""
    found = Orders()
    for log in (each.event for each in events):
        if (made := order_of(log)) is not None:
            found.fill(made.size, made.price, made.cost)
        elif log.name in ("Lent", "Restored"):
            found.lent += log["amount"] / USD * (1 if log.name == "Lent" else -1)
    return found


def apart(events: Iterable[Found], spot: float) -> dict[str, Orders]:
    """What went to each of several, by its adapter. A leg stands before the order that it is of, which knows
    the oracle's price; a shift names none, and brings its two legs back at `spot`, USD."""
    found, legs = dict[str, Orders](), list[Found]()
    for each in sorted(events, key=lambda each: each.place):
        log = each.event
        if log.name == "LegFilled":
            legs.append(each)
        elif log.name in ("MarginToppedUp", "MarginSwept"):
            sign = 1 if log.name == "MarginToppedUp" else -1
            of = found.setdefault(str(log["venue"]), Orders())
            of.lent += sign * log["amount"] / USD
        elif (made := order_of(log)) is not None:
            for leg in (leg for leg in legs if leg.hash == each.hash):
                of = found.setdefault(str(leg.event["venue"]), Orders())
                _fill(of, leg, made.price or spot)
            legs = [leg for leg in legs if leg.hash != each.hash]
    return found


def _fill(of: Orders, leg: Found, price: float) -> None:
    log = leg.event
    size, fee = log["order"] / WAD, log["fee"] / WAD
    of.fill(size, price, fee - log["quote_delta"] / WAD - size * price, fee)


def told(legs: Mapping[str, Leg], funding: float, cost: float) -> list[dict[str, float | str]]:
    """Each venue's causes in whole cents, which add up: carry to `funding`, fees and impact to minus `cost`,
    both USD as the report has them; the others to their own sum, rounded. `total_usd`: of a row."""
    fees = {name: round(leg.fees, 2) for name, leg in legs.items()}
    sums = {"impact": -cost - sum(fees.values()), "carry": funding}
    columns = {"fees": fees}
    for cause in NAMES[1:]:
        each = {name: getattr(leg, cause) for name, leg in legs.items()}
        columns[cause] = cents_of(each, sums.get(cause, sum(each.values())))
    return [
        {"venue": name}
        | {f"{cause}_usd": columns[cause][name] for cause in NAMES}
        | {"total_usd": round(sum(columns[cause][name] for cause in NAMES), 2)}
        for name in legs
    ]
