"""What holding the hedge brought or took at each venue: what events settled, and what nobody booked yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tandem.engine.base import Receipt
from tandem.venues import Exchange, members


@dataclass(slots=True)
class Carry:
    """Received from each venue since the run began, by its name, USD; below 0 where it was paid."""

    exchange: Exchange
    trader: str
    total: dict[str, float] = field(default_factory=dict)
    _booked: dict[str, float] = field(default_factory=dict)
    _pending: dict[str, float] = field(default_factory=dict)

    def book(self, receipt: Receipt) -> None:
        """What a transaction settled."""
        for name, member, account in self._each():
            if paid := member.funding(receipt, account):
                self._booked[name] = self._booked.get(name, 0.0) + paid

    def take(self, *, held: bool, counts: bool) -> float:
        """What came in since the last time, of all venues together: settled, and what each would charge now
        less what it would have then. held: whether anything is. counts: whether it belongs to the total."""
        sum_ = 0.0
        for name, member, account in self._each():
            pending = member.owed_funding(account) if held else 0.0
            came = self._booked.pop(name, 0.0) - (pending - self._pending.get(name, 0.0))
            self._pending[name] = pending
            if counts:
                self.total[name] = self.total.get(name, 0.0) + came
            sum_ += came
        return sum_

    def _each(self) -> list[tuple[str, Exchange, str]]:
        return [
            (member.recipe.name, member, account)
            for member, account in members(self.exchange, self.trader)
        ]


def cents_of(total: Mapping[str, float], whole: float) -> dict[str, float]:
    """Each venue's in whole cents; the largest takes the rounding, so that they add up to `whole` USD."""
    if not total:
        return {}
    rounded = {name: round(value * 100) for name, value in total.items()}
    largest = max(rounded, key=lambda name: abs(rounded[name]))
    rounded[largest] += round(whole * 100) - sum(rounded.values())
    return {name: value / 100 for name, value in rounded.items()}
