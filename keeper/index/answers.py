"""What an index answers with: pages of rows, and how far it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keeper.index.asked import Wanted
from keeper.index.rows import Block
from keeper.index.store import Store

COLUMNS = "e.block, e.log_index, e.tx, e.address, e.kind, e.name, e.topics, e.data, e.args, b.hash, b.time"
JOINED = (
    " FROM tandem_index_events e JOIN tandem_index_blocks b"
    " ON b.market = e.market AND b.number = e.block"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the index is. head: the chain's last block as it was seen at `seen`, seconds of this machine's
    clock; fault: why the last look failed, "" where it did not."""

    chain_id: int
    market: str
    name: str
    first: int
    tip: Block
    head: int
    seen: float
    fault: str

    def as_json(self, now: float) -> dict[str, Any]:
        return {
            "chain_id": self.chain_id, "market": self.market, "name": self.name, "first": self.first,
            "block": self.tip.number, "hash": self.tip.hash, "time": self.tip.time, "head": self.head,
            "behind": max(self.head - self.tip.number, 0), "age_seconds": round(max(now - self.seen, 0.0), 1),
            "fault": self.fault,
        }  # fmt: skip


def page(store: Store, wanted: Wanted) -> dict[str, Any]:
    """Rows newest first, and `next`: what `before` is for the page after it, None where there is none. Raises
    StoreError."""
    query, values = _query(store.market, wanted)
    found = store.ask(query, values)
    rows, is_more = found[: wanted.limit], len(found) > wanted.limit
    return {
        "events": [_row(each) for each in rows],
        "next": f"{rows[-1][0]}-{rows[-1][1]}" if is_more else None,
    }


def _query(market: str, wanted: Wanted) -> tuple[str, Sequence[Any]]:
    """A row more than is wanted says whether there are more."""
    joined, tests, values = JOINED, ["e.market = ?"], list[Any]([market])
    if wanted.account:
        joined += (
            " JOIN tandem_index_people p ON p.market = e.market AND p.block = e.block"
            " AND p.log_index = e.log_index"
        )
        tests.append("p.account = ?")
        values.append(wanted.account)
    if wanted.kinds:
        tests.append(f"e.kind IN ({', '.join('?' * len(wanted.kinds))})")
        values += wanted.kinds
    tests.append("e.block BETWEEN ? AND ?")
    values += [wanted.low, wanted.high]
    for place, side in ((wanted.before, "<"), (wanted.after, ">")):
        if place is not None:
            tests.append(f"(e.block, e.log_index) {side} (?, ?)")
            values += place
    values.append(wanted.limit + 1)
    order = " ORDER BY e.block DESC, e.log_index DESC LIMIT ?"
    return f"SELECT {COLUMNS}{joined} WHERE {' AND '.join(tests)}{order}", values


def _row(found: Sequence[Any]) -> dict[str, Any]:
    block, index, tx, address, kind, name, topics, data, args, hashed, time = found
    return {
        "block": block, "hash": hashed, "time": time, "index": index, "tx": tx, "address": address,
        "kind": kind, "name": name, "topics": topics.split(","), "data": data, "args": json.loads(args),
    }  # fmt: skip
