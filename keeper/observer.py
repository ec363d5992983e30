"""What a keeper sees at one block: the snapshot, and the facts that a snapshot does not hold.

A block is looked at once: whoever asks again before the next one gets the same answer. A call is
simulated only where the snapshot says that it can be due. Those conditions are the contracts' own,
widened where a snapshot knows less than the contract: one that is met may be refused, one that is
not met never hides an action.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from keeper import foresight
from keeper.acts import GAS
from keeper.before import Before
from keeper.bounties import of_bounty
from keeper.collateral import CollateralWatch
from keeper.execution.surface_desk import SurfaceDesk
from keeper.feed_watch import FeedWatch
from keeper.forecast import Forecaster
from keeper.foresight import Known, sign_of
from keeper.gate_marks import hour_anew, worst_anew
from keeper.own_marks import OwnMarks
from keeper.pace import hedge_room
from keeper.past import Past
from keeper.patience import Patience
from keeper.planner import Facts, Kind, PlannerSettings
from keeper.prices import Cost, Prices
from keeper.quoting import Quoting
from keeper.several import Several
from keeper.venue_fee import VenueFee
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Call
from tandem.errors import EngineError, Reverted
from tandem.feeds.realised import RealisedVol
from tandem.protocol.bindings.structs import Bounds, Snapshot
from tandem.protocol.handles import Handles
from tandem.protocol.reverts import in_words
from tandem.protocol.rounds import settlement_round
from tandem.protocol.waits import (
    CHUNK_SECONDS,
    CRUMBS,
    NO_CASH,
    processing,
    snapshot_of,
)
from tandem.units import DAY, HOUR, TO_WAD, WAD

NOT_CALM = "vault: not calm"


@dataclass(slots=True)
class Observer:
    """Looks at one market. prices: of what its keeper sends."""

    engine: BaseEngine
    handles: Handles
    settings: PlannerSettings
    prices: Prices = field(default_factory=Prices)
    desk: SurfaceDesk | None = None
    forecaster: Forecaster = field(default_factory=RealisedVol)
    past: Callable[[], Past] | None = None
    """What the price was before, of which the forecaster is told before it is told what is seen."""
    follow_realised: bool = False
    """Whether surfaces follow realised volatility; else they keep the level that it starts from."""
    several: Several = field(init=False)
    collateral: CollateralWatch = field(init=False)
    _feed: FeedWatch = field(init=False)
    _quoting: Quoting = field(init=False)
    _fee: VenueFee = field(init=False)
    _cost: Cost = field(default_factory=Cost)
    block: int = 0  # of what was seen last, by the node's number
    _seen: tuple[Hashable, Snapshot, Facts] | None = None
    _glimpse: tuple[Hashable, Snapshot] | None = None  # by the block's hash
    _bounds: dict[int, tuple[int, Bounds]] = field(default_factory=dict[int, tuple[int, Bounds]])
    _exits: int | None = None  # the first epoch of the exit queue, as last read
    patience: Patience = field(default_factory=Patience)
    marks: OwnMarks = field(default_factory=OwnMarks)
    _vol: float | None = None
    _before: Before = field(default_factory=Before)
    rounds: Past | None = field(default=None, init=False)
    """What `past` gave, once it is being read."""

    def __post_init__(self) -> None:
        self.several, self._feed = Several(self.handles), FeedWatch(self.handles)
        self.collateral = CollateralWatch(self.handles, self.prices)
        self._quoting = Quoting(self.handles, self.settings, self.prices, self.desk)
        self._fee = VenueFee(self.handles, self.several)

    def observe(self, account: str) -> tuple[Snapshot, Facts]:
        """Snapshot and facts of the latest block, as `account` sees them. It is the node's number of
        the block, because on some chains a contract sees another chain's."""
        with self.engine.looking(self.ahead()) as block:
            seen = self.engine.head, account, self.desk.demand if self.desk else None
            if self._seen is not None and self._seen[0] == seen:
                return self._seen[1:]
            snapshot = self._snapshot()
            self._check_time(snapshot, block)
            self.engine.foresee(lambda: self._likely(snapshot, account))
            facts = self._facts(snapshot, account)
            self.engine.confirm()
        self._seen, self.block, self._glimpse = (seen, snapshot, facts), block, None
        return snapshot, facts

    def _check_time(self, snapshot: Snapshot, block: int) -> None:
        """Raises EngineError where a node tells of a block as at another time than the block's own: a
        development node that is about to mine the next one does, and ages that are then taken are wrong."""
        if snapshot.timestamp != self.engine.time:
            raise EngineError(
                f"the node tells of block {block} as at {snapshot.timestamp}, "
                f"and its time is {self.engine.time}",
                "it passes once the next block is there; if it does not, ask another node",
            )

    def ahead(self) -> Iterator[Call]:
        """What is asked of a block before anything is known of it."""
        last, is_set = self._seen[1] if self._seen else None, self.several.is_known_set
        return foresight.first(self.handles, last, self.engine.time, self._overdue(), is_set)

    def glance(self, account: str) -> list[Call]:
        """What will be asked next of the block: for whoever asks for several markets at once."""
        snapshot = self._snapshot()
        self._glimpse = self.engine.head, snapshot
        return self._likely(snapshot, account)

    def _snapshot(self) -> Snapshot:
        seen = self._glimpse
        return seen[1] if seen and seen[0] == self.engine.head else snapshot_of(self.handles)

    def _overdue(self) -> int:
        return foresight.overdue(self._exits, self.settings.epochs, self.engine.time)

    def _likely(self, snapshot: Snapshot, account: str) -> list[Call]:
        now, signs = snapshot.timestamp, self._bounds
        bounded = frozenset(sign for sign in signs if now < signs[sign][0] + DAY)
        exits_wait = snapshot.funds.queued != 0
        known = Known(
            account, self.prices.base_fee(), bounded, self._exits, self._overdue(), self.settings.epochs,
            gate=self.settings.gate,
            marks_apart=self.marks.since(snapshot),
            sweep=sign_of(snapshot.position) not in bounded or self.may_sweep(snapshot),
            slices=self._quoting.may_be_due(snapshot, exits_wait=exits_wait),
        )  # fmt: skip
        moves = self.several.likely(snapshot, account, self._has_just_gone)
        strange = self.collateral.likely(snapshot)
        found = (
            foresight.likely(self.handles, snapshot, self._feed, known),
            self._fee.likely(snapshot),
        )
        return [*chain(*found), *moves, *strange]

    def _facts(self, snapshot: Snapshot, account: str) -> Facts:
        """Longer than a function should be: each fact is worked out once, and named where it goes."""
        h, gate = self.handles, self.settings.gate
        rounds = {e.expiry: settlement_round(h.feed, h.spot, e.expiry) for e in snapshot.unsettled}
        vol, apart = self._volatility(snapshot), self.marks.since(snapshot)
        first, epochs = self._first_exits(snapshot), self.settings.epochs
        exits, refused = processing(h.vault, account, epochs) if first else (0, "")
        waits, waiting = refused == NOT_CALM, bool(first) and snapshot.funds.queued >= CRUMBS
        dust = bool(first) and not exits and not waits and self._is_dust(snapshot, first)
        top_up, no_top_up, top_up_at = self.several.top_up(snapshot, account)
        binds = self._margin_binds(snapshot)
        gas, data = self.prices.gas(), self.prices.data_of_rebalance(h.market, account)
        bounty, stamp = of_bounty(h, snapshot, gas, self.prices.base_fee(), data)
        sweep, sweep_at = self.several.sweep(snapshot, account, is_likely=self.may_sweep(snapshot))
        delever, delever_at, shift = self.several.moves(snapshot, account, self._has_just_gone)
        return Facts(
            rounds={expiry: found for expiry, found in rounds.items() if found is not None},
            top_up=top_up,
            top_up_refused=in_words(no_top_up),
            top_up_at=top_up_at,
            shift=shift,
            stray=self.collateral.due(snapshot, self.several.adapters, account),
            delever=delever,
            delever_at=delever_at,
            sweep=sweep,
            sweep_at=sweep_at,
            feed_fails=self._feed.note(snapshot, account, GAS[Kind.WATCH]),
            worst_anew=worst_anew(h, snapshot, account, GAS[Kind.REMARK], apart) if gate else None,
            hour_anew=hour_anew(h, snapshot, apart) if gate else None,
            marks_apart=apart,
            bounty=bounty,
            stamp=stamp and not self._has_just_gone(snapshot),
            hedge_room=0 if binds else hedge_room(h, snapshot, self.settings.lot),
            margin_binds=binds,
            last_resort=self._last_resort(snapshot, account),
            exits=exits,
            exits_wait=waits,
            exits_refused=in_words(refused) if exits or dust or not waiting or refused else NO_CASH,
            exits_age=max(snapshot.timestamp - first * HOUR, 0) if first else 0,
            exits_apart=self.patience.since(snapshot, first),
            whole_at=self._whole_at(snapshot),
            dust=dust,
            slices=self._slices(snapshot, vol, account, exits_wait=bool(first)),
            surface_note=self.desk.notes() if self.desk else "",
            untraded=self._quoting.untraded(snapshot),
            realised_vol=vol,
            asset=h.asset,
            doubt=self._feed.doubt(snapshot),
            spot_refused=self._feed.refused(snapshot),
            gas_cost=self._cost.of(h, snapshot.spot, gas, data),
            venue_fee=self._fee.of(snapshot),
        )

    def _slices(
        self, snapshot: Snapshot, vol: float, account: str, *, exits_wait: bool
    ) -> dict[int, int]:
        level = vol if self.follow_realised else self.forecaster.start
        return self._quoting.slices(snapshot, level, account, exits_wait=exits_wait)

    def _volatility(self, snapshot: Snapshot) -> float:
        """The forecaster's, whom a price that the contracts do not believe teaches nothing."""
        if self.past is not None:
            self.rounds, self.past = self.past(), None
            self._before.begin(self.rounds)
        if snapshot.spot_fresh:
            self._vol = self._before.tell(self.forecaster, snapshot.timestamp, snapshot.spot / WAD)
        return self.forecaster.start if self._vol is None else self._vol

    def check(self) -> None:
        """Raises what the forecaster failed with since the last time."""
        self._before.check()

    # ---- what can be due
    def may_sweep(self, snapshot: Snapshot) -> bool:
        """Whether the account holds more than the router's most. Where nothing is open and somebody
        waits for his money, the router may ask for nothing, so anything is too much."""
        account, funds = snapshot.account, snapshot.funds
        most = self._bounds_of(snapshot.position, snapshot.timestamp).most
        if account.usable > account.need * most // WAD:
            return True
        flat = snapshot.position == 0 and snapshot.maxima == 0
        return flat and account.usable > 0 and bool(funds.queued + funds.exits + snapshot.claims)

    def _margin_binds(self, snapshot: Snapshot) -> bool:
        """Whether the hedge would have to be enlarged, and margin carries none of it (HG-21). The router is
        asked where it can: where what lies there and the floor do not carry the whole of it."""
        position, residual = snapshot.position, snapshot.stance.residual
        wanted = abs(position - residual)
        if not snapshot.spot_fresh or snapshot.is_venue_down or wanted <= abs(position):
            return False
        target = self._bounds_of(-residual, snapshot.timestamp).target
        backed = snapshot.account.usable + max(snapshot.floor, 0) * TO_WAD
        if backed * WAD >= target * (wanted * snapshot.spot // WAD):
            return False
        router = self.handles.router
        if router.is_jolted(residual < 0) or self._has_just_gone(snapshot):
            return False
        return router.pace(-residual, 0, snapshot.spot) < self.settings.lot * WAD

    def _bounds_of(self, position: int, now: int) -> Bounds:
        """The margin that a position of that sign needs, of today: when to ask the venue."""
        sign = sign_of(position)
        if sign not in self._bounds or now >= self._bounds[sign][0] + DAY:
            self._bounds[sign] = (now, self.handles.venue.bounds(sign))
        return self._bounds[sign][1]

    def _has_just_gone(self, snapshot: Snapshot) -> bool:
        """Whether a chunk went in the last minute."""
        return snapshot.timestamp < self.handles.router.ledger().time + CHUNK_SECONDS

    def _last_resort(self, snapshot: Snapshot, account: str) -> bool:
        """Whether a rebalance goes while spot is refused: once no feed is left, at the venue's index. A
        chunk a minute here too."""
        if snapshot.spot_fresh or snapshot.is_venue_down or not snapshot.position:
            return False
        if self._has_just_gone(snapshot):
            return False
        try:
            self.handles.market.rebalance(0).simulate(account, GAS[Kind.REBALANCE])
        except Reverted:
            return False
        return True

    def _first_exits(self, snapshot: Snapshot) -> int:
        """The first epoch of the exit queue where it has begun, else 0."""
        if not snapshot.funds.queued:
            return 0
        self._exits = first = self.handles.vault.queue().first
        return first if first * HOUR <= snapshot.timestamp else 0

    def _whole_at(self, snapshot: Snapshot) -> int | None:
        """When all that is open was last fresh together, where it is not now; else None."""
        return None if snapshot.surface_fresh else self.handles.surface.whole_at()

    def _is_dust(self, snapshot: Snapshot, first: int) -> bool:
        """Whether an epoch is worth nothing and so old that a call may not reach past what follows
        it: who has a single wei of a share may leave with it, each hour another."""
        late = foresight.overdue(first, self.settings.epochs, snapshot.timestamp)
        if not (snapshot.funds.nav and late):
            return False
        vault = self.handles.vault
        epoch = vault.epoch(first)
        return vault.convertToAssets(epoch.shares - epoch.burned) == 0
