"""What is said of a quote wherever one is shown."""

from __future__ import annotations

from tandem.protocol.deal import Quote
from tandem.terminal.common import sized


def part(q: Quote) -> str:
    """After the size that fills, where that is less than was asked for."""
    if not q.short:
        return ""
    return f": the part of {sized(q.asked, q.series.asset)} that floor and margin let go"
