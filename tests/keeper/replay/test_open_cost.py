"""What traders pay above the mark is a figure of every run: flow that does not look at prices would hide
a charge that nobody would pay."""

from __future__ import annotations

from typing import Any, cast

import pytest

from keeper.replay import headlines, traders
from keeper.replay.inputs import settings_for
from keeper.replay.ledger import Ledger
from keeper.replay.run import replay
from tandem.feeds.flow import FlowSpec
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


def opens(**asked: Any) -> Any:
    """Summary of a morning of trades, and of the book that it inherits, which is bought at any price."""
    candles = demo().window(START, START + 6 * HOUR)
    return replay(settings_for(candles, **{"visits": 2, "trades_per_day": 144.0} | asked)).summary


def test_who_looks_at_prices_leaves_what_is_dearer_than_his_bound() -> None:
    """With a bound of nothing nobody buys, for a mint costs more than its mark; with one that nothing reaches
    all do; between them some, and those pay less above the mark than who takes any price."""
    free, none, wide, some = (opens(reservation=mean) for mean in (None, 0.0, 100.0, 0.1))
    assert free["opens_too_dear"] == wide["opens_too_dear"] == 0
    assert wide | {"reservation": None, "wall_s": 0} == free | {"wall_s": 0}
    assert none["open_cost_over_mark"] == opens(trades_per_day=0.0)["open_cost_over_mark"]
    assert none["opens_too_dear"] > 10
    assert 0 < some["opens_too_dear"] < none["opens_too_dear"]
    assert some["open_cost_over_mark"] < free["open_cost_over_mark"]


def test_an_open_is_too_dear_by_all_that_would_leave_its_trader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hedge included: what was looked at is what is paid, but for the second until it is mined."""
    seen: list[tuple[int, int, float, bool]] = []
    real = traders._is_dear

    def noted(cost: int, mark: int, intent: Any) -> bool:
        seen.append((cost, mark, intent.most_above, real(cost, mark, intent)))
        return seen[-1][-1]

    paid: list[int] = []
    keep = Ledger.bought

    def bought(self: Ledger, mark: int, cost: int) -> None:
        paid.append(cost)
        keep(self, mark, cost)

    monkeypatch.setattr(traders, "_is_dear", noted)
    monkeypatch.setattr(Ledger, "bought", bought)
    opens(reservation=0.15)
    assert all(dear is (cost > mark * (1 + most)) for cost, mark, most, dear in seen)
    taken = [cost for cost, _, _, dear in seen if not dear]
    assert paid[FlowSpec().standing :] == [pytest.approx(cost, rel=1e-5) for cost in taken]
    assert {dear for *_, dear in seen} == {True, False}
