"""The same trades as the page quotes them and as the library does, of one block."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tandem.client import Client
from tandem.errors import Reverted
from tandem.protocol.deal import Quote, Wanted, quotes

PARTS = {
    "mark": "mark", "spread": "spread", "fee": "fee", "charge": "capital_charge", "carry": "carry",
    "hedgeCost": "hedge_cost", "total": "total", "units": "size",
}  # fmt: skip
Compared = list[tuple[Wanted, Quote | Reverted, dict[str, Any]]]


def of_one_block(
    page: Callable[..., str], url: str, file: Path, client: Client, wanted: Sequence[Wanted]
) -> Compared:
    """page: runs a file of the page's, with arguments, and returns what it prints."""
    asked = json.dumps([[str(w.series.id), w.units, w.is_close] for w in wanted])
    said = json.loads(page("tests/quotes.ts", url, str(file), asked))
    engine = client.session.engine
    with engine.pinned(said["block"]):
        answers = quotes(engine, client.session.on, wanted)
    return list(zip(wanted, answers, said["said"], strict=True))


def agreed(compared: Compared) -> int:
    """How many of them are quoted, each part to the last unit; what is refused is so by the same words."""
    quoted = 0
    for wanted, answer, said in compared:
        if isinstance(answer, Reverted):
            assert said["refused"] == answer.reason, wanted
            continue
        quoted += 1
        assert "quote" in said, (wanted, said)
        for theirs, ours in PARTS.items():
            assert int(said["quote"][theirs]) == getattr(answer, ours).scaleb(6), (wanted, theirs)
        assert int(said["quote"]["order"]) == answer.hedge_order.scaleb(18), wanted
    return quoted
