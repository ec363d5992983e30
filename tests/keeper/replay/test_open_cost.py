"""What traders pay above the mark is a figure of every run: flow that does not look at prices would hide
a charge that nobody would pay."""

from __future__ import annotations

from typing import Any, cast

import pytest

from keeper.replay import headlines
from keeper.replay.inputs import settings_for
from keeper.replay.ledger import Ledger
from keeper.replay.run import replay
from tandem.feeds.path import PathSpec, demo
from tandem.units import HOUR, USD

START = PathSpec().start


def empty() -> Ledger:
    return Ledger(0.006, venue="0x0", exchange=cast("Any", None))


def test_it_is_all_that_left_traders_less_what_they_bought_is_worth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hedge and charges included: to the cent what the run's own list of opens says was paid."""
    bought: list[tuple[int, int]] = []
    keep = Ledger.bought

    def noted(self: Ledger, mark: int, paid: int) -> None:
        bought.append((mark, paid))
        keep(self, mark, paid)

    monkeypatch.setattr(Ledger, "bought", noted)
    candles = demo().window(START, START + 6 * HOUR)
    done = replay(settings_for(candles, visits=2, trades_per_day=96.0))
    paid = [event.amount for event in done.events if event.kind == "open"]
    assert paid == [pytest.approx(each / USD) for _, each in bought]
    assert len(paid) > 5
    assert all(0 < mark < each for mark, each in bought)
    marks = sum(mark for mark, _ in bought)
    assert done.summary["open_cost_over_mark"] == pytest.approx(
        (sum(each for _, each in bought) - marks) / marks, abs=1e-6
    )


def test_it_is_of_all_opens_together_and_nothing_of_none() -> None:
    ledger = empty()
    assert ledger.open_cost() is None
    ledger.bought(100 * USD, 112 * USD)
    ledger.bought(300 * USD, 320 * USD)
    assert ledger.open_cost() == 32 / 400


@pytest.mark.parametrize(
    ("cost", "said"), [(0.1173, "opens cost 11.7% above their mark"), (None, "")]
)
def test_the_report_says_it_beside_the_trades(
    simulated: Any, cost: float | None, said: str
) -> None:
    card = next(
        each
        for each in headlines.cards({**simulated.summary, "open_cost_over_mark": cost})
        if each.label == "Trades"
    )
    assert ("above their mark" in card.note) is bool(said)
    assert said in card.note
