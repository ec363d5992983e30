"""The breaker: why opens and deposits stop by themselves, and how wild the market is."""

from __future__ import annotations

from tandem.protocol.bindings.structs import BreakerState

REASONS = (
    "the price jumped",
    "floor or budget cannot give the next top-up",
    "the venue lost what no price explains",
    "a share fell",
    "funding drained",
)
"""By bit, as contracts/Breaker.vy has them."""

DISTRESS = 2


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
