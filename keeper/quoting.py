"""What a market quotes by: whether its slices are due, asked of the desk with what the chain has and what a
post costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from keeper.execution.surface_desk import Demand, Posted, SurfaceDesk
from keeper.planner import PlannerSettings, mark_is_due
from keeper.prices import POST_GAS, Cost, Prices
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles


@dataclass(slots=True)
class Quoting:
    """Of one market. Without a desk nothing is due."""

    handles: Handles
    settings: PlannerSettings
    prices: Prices
    desk: SurfaceDesk | None
    posted: dict[int, Posted] = field(default_factory=dict[int, Posted])
    """By expiry, as last read."""
    _cost: Cost = field(default_factory=Cost)

    def may_be_due(self, snapshot: Snapshot, *, exits_wait: bool) -> bool:
        """Whether a slice is old enough for the chain to be asked about."""
        desk = self.desk
        if desk is None:
            return False
        demand = self._demand(desk, snapshot, exits_wait=exits_wait)
        return bool(desk.may_be_due(snapshot, self.posted, demand))

    def slices(
        self, snapshot: Snapshot, vol: float, account: str, *, exits_wait: bool
    ) -> dict[int, int]:
        """What the desk would post. It is asked by what was last read: a slice that has been posted
        since is younger, so nothing that is due is missed; what seems due is read again. vol: the level that
        a modelled surface goes by, 1/sqrt(year)."""
        desk = self.desk
        if desk is None:
            return {}
        demand = self._demand(desk, snapshot, exits_wait=exits_wait)

        @cache
        def cost() -> float:
            return self._post_cost(desk, snapshot.spot, account)

        late = desk.may_be_due(snapshot, self.posted, demand)
        if not late and not desk.moved(snapshot, self.posted, vol, demand, cost):
            return {}
        read = (Posted.of(listing, snapshot.timestamp) for listing in self.handles.surface.slices())
        self.posted = {p.expiry: p for p in read}
        return desk.due(snapshot, self.posted, vol, demand, cost)

    def untraded(self, snapshot: Snapshot) -> int:
        """How many of the expiries that this desk posts for nobody can trade, by what was last read: no slice
        was ever posted, or none that is young enough. 0 where it posts for no traders."""
        if self.desk is None or self.desk.demand is not Demand.TRADE:
            return 0
        return len(self.desk.too_old(snapshot, self.posted))

    def _post_cost(self, desk: SurfaceDesk, spot: int, account: str) -> float:
        """USD of a slice's transaction, its data too."""
        h = self.handles
        data = self.prices.data_of_post(h.surface, account, desk.signatures)
        return self._cost.of(h, spot, self.prices.gas(), data, POST_GAS)

    def _demand(self, desk: SurfaceDesk, snapshot: Snapshot, *, exits_wait: bool) -> Demand:
        """Who needs a surface: where nobody else does, a mark that is due."""
        needs_mark = exits_wait or mark_is_due(snapshot, self.settings)
        if desk.demand is Demand.NOBODY and needs_mark and not snapshot.unsettled:
            return Demand.MARK
        return desk.demand
