"""The breaker: why opens and deposits stop by themselves, and how wild the market is."""

from __future__ import annotations

from dataclasses import replace

from tandem.protocol.bindings.structs import BreakerState
from tandem.units import DAY

REASONS = (
    "the price jumped",
    "floor or budget cannot give the next top-up",
    "the venue lost what no price explains",
    "a share fell",
    "funding drained",
)
"""By bit, as contracts/Breaker.vy has them."""

DISTRESS = 2


def now(state: BreakerState, timestamp: int) -> BreakerState:
    """The state as the next look finds it, before it sees anything: sums of a day leak by the time since the
    last look, and of a share's highest prices those of the last day are left (`Breaker._highest`)."""
    left = DAY - min(max(timestamp - state.time, 0), DAY)
    share, share_time, then = state.share, state.share_time, state.next
    if timestamp > share_time + DAY:
        share = then if timestamp <= state.next_time + DAY else 0
        share_time, then = state.next_time, 0
    return replace(
        state, lost=state.lost * left // DAY, drained=state.drained * left // DAY,
        share=share, share_time=share_time, next=then,
    )  # fmt: skip


def reasons(state: BreakerState) -> tuple[str, ...]:
    """Why it stands, in words; none where it does not."""
    return tuple(text for bit, text in enumerate(REASONS) if state.reasons >> bit & 1)


def line(state: BreakerState, timestamp: int) -> str:
    """One line for people."""
    wild = f"; bands x {1 + state.wildness / 8:g}, sizes by as much" if state.wildness else ""
    if not state.time:
        return "has not looked yet: the first mark of the gate is its first look"
    if not state.reasons:
        return f"quiet, looked {timestamp - state.time:,} s ago{wild}"
    if state.reasons == DISTRESS:
        return f"opens stop: {REASONS[1]}; LPs who come in, or the next expiry, end it{wild}"
    left = state.until - timestamp
    ends = f"for {left:,} s more at least" if left > 0 else "until it looks again (`tandem remark`)"
    return f"TRIPPED: {', '.join(reasons(state))}; opens and deposits stop {ends}{wild}"
