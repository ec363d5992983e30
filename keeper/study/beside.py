"""One study beside another, of other code: what is traded and paid at the same tracking error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keeper.study.measures import at_error
from keeper.study.table import Line, name


@dataclass(frozen=True, slots=True)
class Beside:
    """A line beside another study's policies at the line's own tracking error; None where no two of them
    enclose it."""

    line: str
    eth: float | None
    """Traded, over what they trade."""
    paid: float | None
    """Paid for it, over what they pay."""
    saved_day: float | None
    """USD a day."""

    @property
    def words(self) -> str:
        """A sentence."""
        if self.eth is None or self.paid is None or self.saved_day is None:
            return f"{self.line}: no two of the other study's policies enclose its error"
        return (
            f"{self.line}: {self.eth:.3f} of the ETH and {self.paid:.3f} of what it costs, "
            f"{self.saved_day:.0f} USD a day less at the same error"
        )


def against(found: Sequence[Line], others: Sequence[Line]) -> list[Beside]:
    """Each line beside another study's: its policies at the same point of the axes, over the same windows and
    seeds, are the frontier."""
    made: list[Beside] = []
    for line in found:
        same = [x for x in others if _conditions(x) == _conditions(line)]
        eth = at_error([(x.error, x.eth_day) for x in same], line.error)
        paid = at_error([(x.error, x.paid_day) for x in same], line.error)
        if eth is None or paid is None:
            made.append(Beside(name(line), None, None, None))
            continue
        made.append(
            Beside(name(line), line.eth_day / eth, line.paid_day / paid, paid - line.paid_day)
        )
    return made


def _conditions(x: Line) -> tuple[object, ...]:
    """What two studies must share to be compared."""
    return x.trades_per_day, x.vol_premium, x.informed, x.knowledge, x.reservation, x.replays
