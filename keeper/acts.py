"""Each kind of act as it is sent: its call, the gas that it may take, and the functions by which it is told
from what a person sends with the same key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from keeper.planner import Kind, slices_of
from keeper.several import DELEVER_GAS, SWEEP_GAS, TOP_UP_GAS, address_of
from tandem.engine.abi import Abi
from tandem.engine.bound import Prepared
from tandem.protocol import shifts
from tandem.protocol.bindings.bounty import Bounty
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.margin_desk import MarginDesk
from tandem.protocol.bindings.market import Market
from tandem.protocol.bindings.stress_test import StressTest
from tandem.protocol.bindings.structs import SignedSlice, Snapshot
from tandem.protocol.bindings.vault import Vault
from tandem.protocol.bindings.vol_surface import VolSurface
from tandem.protocol.handles import Handles
from tandem.protocol.waits import PROCESS_GAS
from tandem.venues import STRAY_GAS

STRAY = Abi.spelled("function settle_collateral(address)")
"""Of an adapter at a lending market."""


class Hands(Protocol):
    """Whoever acts."""

    @property
    def account(self) -> str:
        """Who is paid for it."""
        ...

    @property
    def handles(self) -> Handles:
        """Of the market."""
        ...

    def signed(self, slices: Mapping[int, int]) -> list[SignedSlice]:
        """Of now. Raises SignersError where too few sign."""
        ...

    def stray(self, venue: str, token: str) -> Prepared[Any]:
        """Have a lender's token put right."""
        ...


@dataclass(frozen=True, slots=True)
class Act:
    """gas: of a simulation and, where `limit_of` says no other, of what is sent; what is used is less.
    functions: of that ABI. call: by the intent's args."""

    gas: int
    abi: Abi
    functions: tuple[str, ...]
    call: Callable[[Hands, tuple[int, ...]], Prepared[Any]]


def _post(hands: Hands, args: tuple[int, ...]) -> Prepared[None]:
    """One slice, or several together."""
    signed = hands.signed(slices_of(args))
    surface, one = hands.handles.surface, signed[0]
    if len(signed) > 1:
        return surface.post_all(signed)
    return surface.post(one.expiry, one.slice_word, one.valid_from, one.signatures)


ACTS: dict[Kind, Act] = {
    Kind.SETTLE: Act(
        2_000_000, Market.ABI, ("settle",), lambda of, args: of.handles.market.settle(*args)
    ),
    Kind.TOP_UP: Act(
        TOP_UP_GAS, MarginDesk.ABI, ("top_up",),
        lambda of, args: of.handles.desk.top_up(*map(address_of, args)),
    ),
    Kind.REBALANCE: Act(
        4_000_000, Market.ABI, ("rebalance",), lambda of, args: of.handles.market.rebalance(*args)
    ),
    Kind.SWEEP: Act(
        SWEEP_GAS, MarginDesk.ABI, ("sweep",),
        lambda of, args: of.handles.desk.sweep(*map(address_of, args)),
    ),
    Kind.PROCESS: Act(
        PROCESS_GAS, Vault.ABI, ("process",), lambda of, args: of.handles.vault.process(*args)
    ),
    Kind.POKE: Act(3_000_000, Vault.ABI, ("poke",), lambda of, _: of.handles.vault.poke()),
    Kind.POST: Act(3_000_000, VolSurface.ABI, ("post", "post_all"), _post),
    Kind.WATCH: Act(
        1_000_000, ChainlinkSpot.ABI, ("watch",), lambda of, _: of.handles.spot.watch()
    ),
    Kind.REMARK: Act(
        10_000_000, StressTest.ABI, ("remark",), lambda of, _: of.handles.stress.remark()
    ),
    Kind.DELEVER: Act(
        DELEVER_GAS, MarginDesk.ABI, ("delever",),
        lambda of, args: of.handles.desk.delever(*map(address_of, args)),
    ),
    Kind.BOUNTY: Act(
        4_000_000, Bounty.ABI, ("rebalance",),
        lambda of, args: of.handles.bounty.rebalance(args[0], of.account, 0),
    ),
    Kind.STAMP: Act(2_000_000, Bounty.ABI, ("stamp",), lambda of, _: of.handles.bounty.stamp()),
    Kind.SHIFT: Act(
        shifts.GAS, MarginDesk.ABI, ("shift",),
        lambda of, args: of.handles.desk.shift(address_of(args[0]), address_of(args[1]), args[2]),
    ),
    Kind.COLLATERAL: Act(
        STRAY_GAS, STRAY, ("settle_collateral",),
        lambda of, args: of.stray(address_of(args[0]), address_of(args[1])),
    ),
}  # fmt: skip
GAS = {kind: act.gas for kind, act in ACTS.items()}
SELECTORS = frozenset(
    "0x" + form.selector.hex()
    for act in ACTS.values()
    for name in act.functions
    for form in act.abi.functions[name]
)
"""The first four bytes of each, as a node writes them."""


def limit_of(kind: Kind, snapshot: Snapshot | None) -> int:
    """Of one that is sent, for which the caps pay: of a mark by what there is to mark, of which all takes
    5,000,000 over four venues. Where nothing tells low NAV, the breaker looks for who had gas to be told it:
    8,100,000."""
    if kind is not Kind.REMARK or snapshot is None:
        return GAS[kind]
    if snapshot.unsettled or snapshot.places_down:
        return GAS[kind]
    nodes = sum(len(each.strikes) for each in snapshot.expiries)
    return max(4_000_000, 2_000_000 + 32_000 * nodes)
