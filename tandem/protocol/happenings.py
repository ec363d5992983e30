"""What people read of a market's past: which events of which contracts, of which kind, and whom they name.

The page's own copy (app/src/abi/happenings.ts) is written from this table.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

from tandem.engine.bound import Log
from tandem.protocol.bindings import (
    bounty,
    breaker,
    guardian,
    hedge_router,
    margin_desk,
    market,
    stress_test,
    vault,
    venue_set,
    vol_surface,
)
from tandem.protocol.deployment import Deployment

TRADE, REBALANCE = "trade", "rebalance"
KINDS: Final = (
    TRADE, REBALANCE, "settlement", "redemption", "deposit", "exit", "surface", "margin", "mark",
    "breaker", "guardian", "terms", "listing",
)  # fmt: skip
_OF: Final[Mapping[str, Mapping[str, tuple[type[Log], ...]]]] = {
    "Market": {
        TRADE: (market.OptionMinted, market.OptionClosed),
        REBALANCE: (market.Hedged,),
        "settlement": (market.Settled,),
        "redemption": (market.Redeemed,),
        "listing": (market.ExpiryListed,),
    },
    "HedgeRouter": {REBALANCE: (hedge_router.HedgeWaits,)},
    "VenueSet": {REBALANCE: (venue_set.LegFilled,), "guardian": (venue_set.BegunAnew,)},
    "MarginDesk": {
        REBALANCE: (margin_desk.Delevered, margin_desk.Shifted),
        "margin": (margin_desk.MarginToppedUp, margin_desk.MarginSwept),
    },
    "Bounty": {REBALANCE: (bounty.Stamped, bounty.BountyPaid)},
    "Vault": {
        "deposit": (vault.Deposit,),
        "exit": (vault.RedeemRequest, vault.ExitQueued, vault.EpochProcessed, vault.Withdraw),
        "mark": (vault.Marked,),
    },
    "VolSurface": {"surface": (vol_surface.SlicePosted,)},
    "StressTest": {"mark": (stress_test.Remarked,)},
    "Breaker": {"breaker": (breaker.Looked,)},
    "Guardian": {
        "breaker": (guardian.WeatherChanged,),
        "terms": (guardian.TermSet, guardian.TermQueued, guardian.TermCancelled),
        "guardian": (
            guardian.Paused, guardian.VenueTakenDown, guardian.RoleOffered, guardian.RoleOfferWithdrawn,
            guardian.RoleGranted, guardian.RoleRevoked, guardian.PriceProposed, guardian.PriceWithdrawn,
            guardian.GrowthProposed, guardian.GrowthWithdrawn,
        ),
    },
}  # fmt: skip
_NOBODY: Final = frozenset({"venue", "source", "target"})
"""Arguments that are addresses of contracts."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one contract. people: its arguments that are somebody's address."""

    contract: str
    kind: str
    log: type[Log]
    people: tuple[str, ...]

    @property
    def topic(self) -> str:
        return self.log.TYPE.asked


def _people(log: type[Log]) -> tuple[str, ...]:
    parts = (*log.TYPE.indexed, *log.TYPE.plain)
    return tuple(name for name, kind in parts if kind == "address" and name not in _NOBODY)


HAPPENINGS: Final = tuple(
    Happening(contract, kind, log, _people(log))
    for contract, kinds in _OF.items()
    for kind, logs in kinds.items()
    for log in logs
)


def by_place(deployment: Deployment) -> dict[tuple[str, str], Happening]:
    """Each by its contract's address in small letters and its topic; not those that the market lacks."""
    return {
        (deployment.address(each.contract).lower(), each.topic): each
        for each in HAPPENINGS
        if each.contract in deployment.contracts
    }


def kind_in(kind: str, others: Set[str]) -> str:
    """Of an event beside the kinds of all of its transaction: a trade's hedge is a part of the trade."""
    return TRADE if kind == REBALANCE and TRADE in others else kind
