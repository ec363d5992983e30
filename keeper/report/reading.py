"""A market's own events in order, each once, and its state at a past block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from keeper.report.kept import Kept
from tandem.engine.base import Event
from tandem.engine.bound import Bound, Log
from tandem.engine.log_pages import pages, question, raw
from tandem.engine.node import NodeDownError
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError, Reverted
from tandem.model import svi
from tandem.model.svi import Slice
from tandem.protocol.bindings import bounty, margin_desk, market, vault, venue_set
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.protocol.waits import snapshot_of
from tandem.units import WAD

TRADES = (market.OptionMinted, market.OptionClosed, market.Settled)
"""What says which options are sold."""
OTHERS = (
    market.Hedged, margin_desk.Delevered, margin_desk.Shifted, bounty.BountyPaid, vault.Lent,
    vault.Restored, vault.Deposit, vault.EpochProcessed, vault.Marked,
)  # fmt: skip
LEGS = (venue_set.LegFilled, margin_desk.MarginToppedUp, margin_desk.MarginSwept)
"""What says, of several venues, at which."""
WIDEST = 50_000
"""Blocks whose logs are held at a time, whatever a node would answer."""
PARTS = 8
"""In how many parts a stretch is asked again whose logs explain less than its states say."""


class PastStateError(EngineError):
    """The node does not know what the market was at a past block."""


@dataclass(frozen=True, slots=True)
class Found:
    """One event, and where it stands in the chain."""

    block: int
    index: int
    hash: str
    event: Event

    @property
    def place(self) -> tuple[int, int]:
        """Equal for the same log, however often a node says it."""
        return self.block, self.index


@dataclass(frozen=True, slots=True)
class Held:
    """What lies at a venue. position: ETH, positive long; equity: USD, the position at spot."""

    position: float
    equity: float


@dataclass(frozen=True, slots=True)
class State:
    """The market at the end of a block. surface: as it was signed last; supply: as the token counts; legs: of
    several venues each that no guardian took down, by its adapter; gone: those that are written off."""

    block: int
    snapshot: Snapshot
    surface: Mapping[int, Slice]
    supply: int
    legs: Mapping[str, Held] = field(default_factory=dict[str, Held])
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chain:
    """One market, read back. adapters: of several venues the names by their addresses, in the order of the
    guardians' bits; empty where there is one. kept: what was read before, None for nothing."""

    engine: RemoteEngine
    handles: Handles
    adapters: Mapping[str, str] = field(default_factory=dict[str, str])
    kept: Kept | None = None

    @classmethod
    def of(
        cls, engine: RemoteEngine, handles: Handles, venues: Sequence[str], kept: Kept | None = None
    ) -> Self:
        """venues: their names. Which they are is asked of the chain where they are several."""
        if len(venues) < 2:
            return cls(engine, handles, kept=kept)
        places = venue_set.VenueSet(engine, handles.venue.address).venues()
        return cls(engine, handles, dict(zip(places, venues, strict=True)), kept)

    def events(
        self, first: int, last: int, *, trades_only: bool = False
    ) -> Iterator[tuple[int, list[Found]]]:
        """(last block of a page, its events): in order, each once, whatever order a node has them in."""
        where, topics = self._wanted(trades_only)
        there = (where, topics, first, last, WIDEST)
        listed = self.kept.pages(*there) if self.kept else pages(self.engine, *there)
        for end, found in listed:
            yield end, self._read(found)

    def again(self, first: int, last: int) -> list[Found]:
        """The same stretch asked in parts, and of two nodes where there are two: what one of them left out
        before is among it. What was kept of it goes."""
        if self.kept:
            self.kept.forget(first, last)
        where, topics = self._wanted(trades_only=False)
        width = max(-(-(last - first + 1) // PARTS), 1)
        found: list[dict[str, Any]] = []
        for start in range(first, last + 1, width):
            asked = question(where, topics, start, min(start + width - 1, last))
            for answer in self.engine.witnesses("eth_getLogs", [asked]):
                found += answer if isinstance(answer, list) else []
        return self._read(found)

    def state(self, block: int) -> State | None:
        """The market at the end of a block; None where the contracts themselves did not say. Raises
        PastStateError where the node has forgotten."""
        known = self.kept.answers(block) if self.kept else {}
        before = len(known)
        try:
            with self.engine.pinned(block), self.engine.recalling(known):
                state = self._state(block)
        except RpcError as error:
            raise PastStateError(
                f"the node has no state of block {block} ({error.message})",
                "name an archive node with --rpc for profit by cause; logs alone give what was paid",
            ) from error
        except NodeDownError:
            raise
        except (EngineError, Reverted):
            return None
        if self.kept and len(known) > before:
            self.kept.keep(block, known)
        return state

    def _state(self, block: int) -> State | None:
        h = self.handles
        snapshot, supply = snapshot_of(h), h.vault.totalSupply()
        if not snapshot.account_known:
            return None
        surface = {each.expiry: svi.unpack(each.last) for each in h.surface.slices()}
        return State(block, snapshot, surface, supply, self._legs(snapshot), self._gone(snapshot))

    def _legs(self, snapshot: Snapshot) -> dict[str, Held]:
        """At the price by which the snapshot values all of them together."""
        if not self.adapters or snapshot.is_venue_down:
            return {}
        spot, found = self.handles.desk.margin_spot(), dict[str, Held]()
        for place, adapter in enumerate(self.adapters):
            if place not in snapshot.places_down:
                there = HedgeVenue(self.engine, adapter).account(spot)
                found[adapter] = Held(there.position / WAD, there.equity / WAD)
        return found

    def _gone(self, snapshot: Snapshot) -> frozenset[str]:
        """Of several venues those of which neither margin nor position counts any more (VS-5)."""
        places, guardian = list(self.adapters), self.handles.guardian
        return frozenset(
            places[place] for place in snapshot.places_down if guardian.is_written_off(place)
        )

    def _wanted(self, trades_only: bool) -> tuple[list[str], Sequence[Sequence[str]]]:
        h = self.handles
        if trades_only:
            makers: Sequence[Bound] = (h.market,)
            kinds: Sequence[type[Log]] = TRADES
        else:
            makers, kinds = (h.market, h.desk, h.vault, h.bounty), (*TRADES, *OTHERS)
            if self.adapters:
                makers, kinds = (*makers, h.venue), (*kinds, *LEGS)
        return [each.address for each in makers], [[kind.TYPE.asked for kind in kinds]]

    def _read(self, found: Sequence[dict[str, Any]]) -> list[Found]:
        """Decoded, in order, without what a fork took back and what is said twice."""
        once = {
            (int(log["blockNumber"], 16), int(log["logIndex"], 16)): log
            for log in found
            if not log.get("removed")
        }
        return [
            Found(*place, str(log["transactionHash"]), event)
            for place, log in sorted(once.items(), key=lambda item: item[0])
            for event in self.engine.decode_logs([raw(log)])
        ]
