"""A policy with a memory is asked once about a state, and again about the next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from keeper.policy import Decision, MarketState
from keeper.policy.once import Once

STATE = MarketState(
    time=0, spot=2_500.0, book_delta=1.0, gamma=1e-3, vega=0.0, hedge=-1.0, residual=0.0,
    hard_band=1.0, min_trigger=0.1, nav=1e6, gross_units=10.0, gas_cost=0.1, realised_vol=0.6,
    sigma_atm=0.6, tau_weighted=0.1,
)  # fmt: skip


@dataclass
class Counting:
    asked: list[int] = field(default_factory=list)

    def decide(self, state: MarketState) -> Decision:
        self.asked.append(state.time)
        return Decision(float(len(self.asked)), "count")


def test_the_same_state_gets_the_same_answer_and_is_asked_about_once() -> None:
    policy = Counting()
    once = Once(policy)
    again = replace(STATE)
    assert [once.decide(s).target_residual for s in (STATE, again, STATE)] == [1.0, 1.0, 1.0]
    later = replace(STATE, time=1)
    assert [once.decide(s).target_residual for s in (later, later)] == [2.0, 2.0]
    assert policy.asked == [0, 1]
