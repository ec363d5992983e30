"""A market's own events in order, each once, and its state at a past block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.engine.abi import EventType
from tandem.engine.base import Event
from tandem.engine.bound import Bound
from tandem.engine.log_pages import pages, question, raw
from tandem.engine.node import NodeDownError
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError, Reverted
from tandem.model import svi
from tandem.model.svi import Slice
from tandem.protocol.bindings import bounty, margin_desk, market, vault
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.protocol.waits import snapshot_of

TRADES = (market.OptionMinted, market.OptionClosed, market.Settled)
"""What says which options are sold."""
OTHERS = (
    market.Hedged, margin_desk.Delevered, margin_desk.Shifted, bounty.BountyPaid, vault.Lent,
    vault.Restored, vault.Deposit, vault.EpochProcessed, vault.Marked,
)  # fmt: skip
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
class State:
    """The market at the end of a block. surface: as it was signed last; supply: as the token counts."""

    block: int
    snapshot: Snapshot
    surface: Mapping[int, Slice]
    supply: int


@dataclass(frozen=True, slots=True)
class Chain:
    """One market, read back."""

    engine: RemoteEngine
    handles: Handles

    def events(
        self, first: int, last: int, *, trades_only: bool = False
    ) -> Iterator[tuple[int, list[Found]]]:
        """(last block of a page, its events): in order, each once, whatever order a node has them in."""
        where, topics = self._wanted(trades_only)
        for end, found in pages(self.engine, where, topics, first, last, WIDEST):
            yield end, self._read(found)

    def again(self, first: int, last: int) -> list[Found]:
        """The same stretch asked in parts, and of two nodes where there are two: what one of them left out
        before is among it."""
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
        h = self.handles
        try:
            with self.engine.pinned(block):
                snapshot, supply = snapshot_of(h), h.vault.totalSupply()
                surface = {each.expiry: svi.unpack(each.last) for each in h.surface.slices()}
        except RpcError as error:
            raise PastStateError(
                f"the node has no state of block {block} ({error.message})",
                "name an archive node with --rpc for profit by cause; logs alone give what was paid",
            ) from error
        except NodeDownError:
            raise
        except (EngineError, Reverted):
            return None
        return State(block, snapshot, surface, supply)

    def _wanted(self, trades_only: bool) -> tuple[list[str], Sequence[Sequence[str]]]:
        h = self.handles
        makers: Sequence[Bound] = (
            (h.market,) if trades_only else (h.market, h.desk, h.vault, h.bounty)
        )
        kinds = TRADES if trades_only else (*TRADES, *OTHERS)
        return [each.address for each in makers], [[_topic(kind.TYPE) for kind in kinds]]

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


def _topic(kind: EventType) -> str:
    return "0x" + kind.topic.hex()
