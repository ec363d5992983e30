"""What a keeper does where there are several hedge venues: margin for the one that takes it, and moving a
part of the hedge where that is due. With one venue it asks for margin, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tandem.engine.abi import checksum
from tandem.engine.base import Call
from tandem.engine.bound import Prepared
from tandem.errors import Reverted
from tandem.protocol import shifts
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.handles import Handles
from tandem.protocol.shifts import Cheaper, Shift

TOP_UP_GAS, DELEVER_GAS = 3_000_000, 4_000_000
SWEEP_GAS = 4_000_000
SWEEP_SECONDS = 600
NOT_DUE = ("margin: no delever due", "margin: top up instead")
"""Why nothing is lowered where nothing has to be."""


def may_delever(snapshot: Snapshot) -> bool:
    """Whether a hedge may have to be lowered. Under the least for the position alone is under the least with
    headroom, so that a top-up is due as well; but none is where an account is under water for good."""
    return bool(snapshot.position and (snapshot.may_lack or snapshot.account.bankrupt))


def would(account: str, call: Prepared[int], gas: int) -> int:
    """What a call would return now, 0 where it would be refused."""
    try:
        return call.simulate(account, gas)
    except Reverted:
        return 0


def address_of(place: int) -> str:
    """An address that an intent's arguments name as a number."""
    return checksum(f"0x{place:040x}")


@dataclass(slots=True)
class Several:
    """The venues as a keeper sees them."""

    handles: Handles
    _is_set: bool | None = None
    _swept_at: int = 0
    """When each venue was last asked for what it holds too much."""
    _cheaper: Cheaper = field(default_factory=Cheaper)

    @property
    def is_known_set(self) -> bool:
        """Whether it was asked, and is one."""
        return bool(self._is_set)

    def likely(
        self, snapshot: Snapshot, account: str, waits: Callable[[Snapshot], bool]
    ) -> Iterator[Call]:
        """What will be asked by this snapshot."""
        if self._is_set is None:
            yield Call(self.handles.router, "IS_SET", (), None)
        if self._is_set and self._looks_for_sweeps(snapshot):
            desk = self.handles.desk
            yield from (desk.sweep(address_of(p)).by(account, SWEEP_GAS) for p in self._places())
        if self._is_set and self._may_shift(snapshot) and not waits(snapshot):
            yield from shifts.likely(self.handles)

    @property
    def is_set(self) -> bool:
        """Asked once: a deployment has one venue, or several."""
        if self._is_set is None:
            self._is_set = self.handles.router.IS_SET()
        return self._is_set

    def top_up(self, snapshot: Snapshot, account: str) -> tuple[int, str, tuple[int, ...]]:
        """What a top-up would bring now, the reason by which it would be refused, and the venue of several
        that takes it where the first that lacks margin does not. Nothing where none lacks any."""
        if snapshot.is_venue_down or not snapshot.may_lack:
            return 0, "", ()
        desk = self.handles.desk
        try:
            sent, reason = desk.top_up().simulate(account, TOP_UP_GAS), ""
        except Reverted as refused:
            sent, reason = 0, refused.reason
        if sent:
            return sent, "", ()
        for place in self._places():
            if sent := would(account, desk.top_up(address_of(place)), TOP_UP_GAS):
                return sent, "", (place,)
        return 0, reason, ()

    def sweep(
        self, snapshot: Snapshot, account: str, *, is_likely: bool
    ) -> tuple[int, tuple[int, ...]]:
        """What a sweep would bring home now, and of several the venue that it is of where the call that names
        none is refused, as for what another one answers: asked every ten minutes, whatever the account comes
        to. is_likely: whether the account holds more than its most."""
        if is_likely and (amount := self._swept(account)):
            return amount, ()
        if not (self.is_set and self._looks_for_sweeps(snapshot)):
            return 0, ()
        self._swept_at = snapshot.timestamp
        for place in self._places():
            if amount := self._swept(account, address_of(place)):
                return amount, (place,)
        return 0, ()

    def _looks_for_sweeps(self, snapshot: Snapshot) -> bool:
        return not snapshot.is_venue_down and snapshot.timestamp >= self._swept_at + SWEEP_SECONDS

    def _swept(self, account: str, *venue: str) -> int:
        return would(account, self.handles.desk.sweep(*venue), SWEEP_GAS)

    def moves(
        self, snapshot: Snapshot, account: str, waits: Callable[[Snapshot], bool]
    ) -> tuple[int | None, tuple[int, ...], Shift | None]:
        """The order of a delever, None where it would be refused, and the venue of several whose it is where
        the first that is due refuses; and what is due to move from one venue to another. waits: whether a
        minute's chunk has just gone."""
        lacks = may_delever(snapshot)
        may_shift = self.is_set and self._may_shift(snapshot)
        if snapshot.is_venue_down or not (lacks or may_shift) or waits(snapshot):
            return None, (), None
        delever, at = self._delever(account) if lacks else (None, ())
        moves = (
            shifts.due(
                self.handles,
                account,
                cheaper=self._cheaper,
                now=snapshot.timestamp,
                lacks_margin=delever is not None,
            )
            if may_shift
            else None
        )
        return delever, at, moves

    @staticmethod
    def _may_shift(snapshot: Snapshot) -> bool:
        return snapshot.spot_fresh and not snapshot.is_venue_down

    def _delever(self, account: str) -> tuple[int | None, tuple[int, ...]]:
        desk = self.handles.desk
        try:
            return desk.delever().simulate(account, DELEVER_GAS), ()
        except Reverted as refused:
            if refused.reason in NOT_DUE:
                return None, ()
        for place in self._places():
            try:
                return desk.delever(address_of(place)).simulate(account, DELEVER_GAS), (place,)
            except Reverted:
                continue
        return None, ()

    def adapters(self) -> Sequence[str]:
        """Those of all venues, of those that are down too."""
        h = self.handles
        return VenueSet.of(h.venue).venues() if self.is_set else (h.venue.address,)

    def _places(self) -> list[int]:
        """The venues of a set that are up, as numbers."""
        if not self.is_set:
            return []
        h = self.handles
        return [int(each, 16) for each in VenueSet(h.router.engine, h.venue.address).venues_up()]
