"""Writes down what the keeper did, from its receipts: the ledger's flows, and a line per event."""

from __future__ import annotations

from dataclasses import dataclass, field

from keeper.planner import Kind
from keeper.replay.ledger import Ledger
from tandem.engine.base import Receipt
from tandem.errors import Reverted
from tandem.units import UNIT, USD, WAD


@dataclass(slots=True)
class Scribe:
    """Is told of every intent and of what came of it."""

    ledger: Ledger
    _refused: dict[str, str] = field(default_factory=dict)

    def took(
        self, time: int, kind: str, outcome: Receipt | Reverted, args: tuple[int, ...] = ()
    ) -> None:
        """One intent: mined, or refused; what is refused again for the same reason is one line. Slices that
        are refused together are tried one by one, and count then."""
        if isinstance(outcome, Reverted) and kind == Kind.POST and len(args) > 2:
            return
        if isinstance(outcome, Reverted):
            self.ledger.posts += kind == Kind.POST
            who = "surface" if kind == Kind.POST else f"keeper {kind}"
            if self._refused.get(kind) != outcome.reason:
                self.ledger.note(time, "refused", f"{who}: {outcome.reason}")
            self.ledger.refused[f"{who}: {outcome.reason}"] += 1
            self._refused[kind] = outcome.reason
            return
        self._refused.pop(kind, None)
        self.ledger.read(outcome, kind)
        self.ledger.posts += len(outcome.events("SlicePosted"))
        for text, amount in self._lines(Kind(kind), outcome):
            name = "exit" if kind == Kind.PROCESS else kind
            self.ledger.note(time, name, text, amount, outcome.gas_used)

    def _lines(self, kind: Kind, receipt: Receipt) -> list[tuple[str, float]]:
        """(text, amount) of what a reader wants to know of it."""
        match kind:
            case Kind.TOP_UP:
                moved = [log["amount"] / USD for log in receipt.events("MarginToppedUp")]
                return [(f"margin topped up by {usd:,.0f} USD", usd) for usd in moved]
            case Kind.SWEEP:
                moved = [log["amount"] / USD for log in receipt.events("MarginSwept")]
                return [(f"margin swept home: {usd:,.0f} USD", usd) for usd in moved]
            case Kind.PROCESS:
                aside = [log["assets"] / USD for log in receipt.events("EpochProcessed")]
                return [(f"exits processed: {usd:,.0f} USD set aside", usd) for usd in aside]
            case Kind.DELEVER:
                return _lowered(receipt)
            case Kind.SHIFT:
                sizes = [log["size"] / WAD for log in receipt.events("Shifted")]
                return [
                    (f"{size:.3f} ETH of the hedge move between venues", size) for size in sizes
                ]
            case Kind.REBALANCE | Kind.BOUNTY:
                return _orders(receipt)
            case Kind.SETTLE:
                return _settlements(receipt)
            case Kind.POST | Kind.POKE | Kind.WATCH | Kind.REMARK | Kind.STAMP | Kind.COLLATERAL:
                return []


def _orders(receipt: Receipt) -> list[tuple[str, float]]:
    lines: list[tuple[str, float]] = []
    for log in receipt.events("Hedged"):
        order = log["order"] / WAD
        before, after = log["residual_before"] / WAD, log["residual_after"] / WAD
        if order:
            done = f"{'buy' if order > 0 else 'sell'} {abs(order):.3f} ETH: "
            text = f"{done}residual {before:+.3f} to {after:+.3f}, "
        else:  # HG-17
            text = f"the pool's average has to follow first: residual {before:+.3f}, "
        lines.append((f"{text}hard band {log['hard_band'] / WAD:.3f}", order))
    return lines


def _lowered(receipt: Receipt) -> list[tuple[str, float]]:
    lines: list[tuple[str, float]] = []
    for log in receipt.events("Delevered"):
        order, left = log["order"] / WAD, log["position"] / WAD
        lines.append((f"margin is short: {order:+.3f} ETH, the hedge is {left:+.3f}", order))
    return lines


def _settlements(receipt: Receipt) -> list[tuple[str, float]]:
    lines: list[tuple[str, float]] = []
    for log in receipt.events("Settled"):
        paid, units = log["payouts"] / USD, log["units"] / UNIT
        text = f"{units:g} ETH of options settle at {log['price'] / WAD:,.2f}"
        lines.append((f"{text}; {paid:,.2f} USD set aside", paid))
    return lines
