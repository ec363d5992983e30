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
BLOCKS = "tandem_index_blocks b ON b.market = e.market AND b.number = e.block"
EVENTS, PEOPLE = "tandem_index_events e", "tandem_index_people p"
SAME = "e.market = p.market AND e.block = p.block AND e.log_index = p.log_index"
MANY = 20_000
"""Rows of an account, as a keeper's own, from which on those of a kind are looked through for it."""
IS_MANY = f"SELECT 1 FROM {PEOPLE} WHERE p.market = ? AND p.account = ? LIMIT 1 OFFSET {MANY}"  # noqa: S608 - ours


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
    is_many = wanted.kinds and wanted.account and store.ask(IS_MANY, (store.market, wanted.account))
    found = store.ask(*_query(store.market, wanted, by_kind=bool(is_many)))
    rows, is_more = found[: wanted.limit], len(found) > wanted.limit
    return {
        "events": [_row(each) for each in rows],
        "next": f"{rows[-1][0]}-{rows[-1][1]}" if is_more else None,
    }


def _query(market: str, wanted: Wanted, *, by_kind: bool = False) -> tuple[str, Sequence[Any]]:
    """A row more than is wanted says whether there are more. Of several kinds the newest of each are found by
    themselves: kinds of which there are few would be looked for among all others. by_kind: an account's are
    looked for among those of a kind, not the other way round."""
    found = [_part(market, wanted, kind, by_kind) for kind in wanted.kinds or ("",)]
    parts = [f"SELECT * FROM ({part}) k{n}" for n, (part, _) in enumerate(found)]  # noqa: S608 - ours
    values = [value for _, each in found for value in each]
    query = f"{' UNION ALL '.join(parts)} ORDER BY 1 DESC, 2 DESC LIMIT ?"
    return query, (*values, wanted.limit + 1)


def _part(market: str, wanted: Wanted, kind: str, by_kind: bool) -> tuple[str, Sequence[Any]]:
    """Of one kind, or of all. What stands first is looked at first, in SQLite too, which would else go
    through all events and ask whose each is; it has the places and the order."""
    listed = [EVENTS, PEOPLE] if by_kind else [PEOPLE, EVENTS] if wanted.account else [EVENTS]
    of, tables = listed[0][-1], f"{' CROSS JOIN '.join(listed)} JOIN {BLOCKS}"
    tests = [f"{of}.market = ?", f"{of}.block BETWEEN ? AND ?"]
    low, high = wanted.low, wanted.high  # as near as they may be: from there on all are looked at
    low, high = max(low, (wanted.after or (low,))[0]), min(high, (wanted.before or (high,))[0])
    values: list[Any] = [market, low, high]
    if wanted.account:
        tests += [SAME, "p.account = ?"]
        values.append(wanted.account)
    if kind:
        tests.append("e.kind = ?")
        values.append(kind)
    for place, side in ((wanted.before, "<"), (wanted.after, ">")):
        if place is not None:
            tests.append(f"({of}.block, {of}.log_index) {side} (?, ?)")
            values += place
    order = f"ORDER BY {of}.block DESC, {of}.log_index DESC LIMIT ?"
    query = f"SELECT {COLUMNS} FROM {tables} WHERE {' AND '.join(tests)} {order}"  # noqa: S608 - names of ours
    return query, (*values, wanted.limit + 1)


def _row(found: Sequence[Any]) -> dict[str, Any]:
    block, index, tx, address, kind, name, topics, data, args, hashed, time = found
    return {
        "block": block, "hash": hashed, "time": time, "index": index, "tx": tx, "address": address,
        "kind": kind, "name": name, "topics": topics.split(","), "data": data, "args": json.loads(args),
    }  # fmt: skip
