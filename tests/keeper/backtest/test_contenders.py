"""Policies as they are typed: what is calibrated, what is run by a twin, and what is refused by name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from keeper.backtest import contenders, objects, twins
from keeper.backtest.contenders import PolicySpecError, Range
from keeper.backtest.episodes import Episodes
from keeper.backtest.twins import Costs
from keeper.policy import Decision, MarketState, create
from tandem.errors import ConfigError, TandemError
from tandem.plugins import PlugInBrokenError

RICH = Costs(nav=1e6)


def test_threshold_is_calibrated_where_nothing_is_said() -> None:
    made = contenders.parse("threshold", Costs(cost=7e-4))
    assert made.swept == Range("risk_aversion", 0.05, 50_000.0)
    assert made.settings(9.0) == {"cost": 7e-4, "risk_aversion": 9.0}


def test_a_setting_that_is_given_stays() -> None:
    made = contenders.parse(" threshold: risk_aversion=5 , cost=0.001", Costs())
    assert made.swept is None
    assert made.settings(None) == {"risk_aversion": 5.0, "cost": 1e-3}


def test_a_range_is_calibrated() -> None:
    made = contenders.parse("clock:hours=2..96", Costs())
    assert made.swept == Range("hours", 2.0, 96.0)
    assert made.settings(12.0) == {"hours": 12.0}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no policy is called"),
        ("never", "no policy is called"),
        ("threshold:risk", "is no setting"),
        ("threshold:risk aversion=5", "is no setting"),
        ("threshold:risk_aversion=5,risk_aversion=6", "is no setting"),
        ("threshold:risk_aversion=five", "'five' is no number"),
        ("threshold:risk_aversion=nan", "'nan' is no number"),
        ("threshold:risk_aversion=inf", "'inf' is no number"),
        ("threshold:risk_aversion=9..2", "range above 0 that rises"),
        ("threshold:risk_aversion=0..2", "range above 0 that rises"),
        ("threshold:risk_aversion=2..", "'' is no number"),
        ("threshold:risk_aversion=2..9,cost=1e-4..1e-3", "more than one range"),
        ("threshold:risk_aversion=-1", "risk_aversion = -1.0 is not"),
        ("threshold:cost=2", "cost = 2.0 is not"),
        ("threshold:width=2", "does not take these settings"),
        ("clock:hours=0", "hours = 0.0 is not"),
        ("clock:hours=2..1e7", "hours = 10000000.0 is not"),
        ("whalley-wilmott", "give --nav"),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(TandemError, match=named) as refused:
        contenders.parse(text, Costs())
    assert refused.value.hint
    assert isinstance(refused.value, ConfigError | PolicySpecError) or "policy" in str(
        refused.value
    )


@pytest.mark.parametrize(
    "text", ["threshold:risk_aversion=7", "clock:hours=6", "whalley-wilmott", "clock:phase_hours=3"]
)
def test_hedges_are_those_of_the_policy_with_its_settings(text: str, made: Episodes) -> None:
    some = made.part(slice(0, 2))
    found = contenders.parse(text, RICH).hedges(some, RICH, None)
    expected = {
        "threshold:risk_aversion=7": lambda: twins.threshold(some, RICH, 7.0, RICH.cost),
        "clock:hours=6": lambda: twins.clock(some, 6, RICH),
        "whalley-wilmott": lambda: twins.whalley_wilmott(some, RICH),
        "clock:phase_hours=3": lambda: objects.hedges(
            some, RICH, lambda: create("clock", phase_hours=3.0)
        ),
    }[text]()
    np.testing.assert_array_equal(found, expected)


@dataclass(frozen=True)
class Everything:
    """Another package's policy: hedges all of it past a residual."""

    past: float = 1.0

    def decide(self, state: MarketState) -> Decision:
        if abs(state.residual) <= self.past:
            return Decision(None, "inside")
        return Decision(0.0, "past")


def test_a_policy_of_another_package_is_run_as_its_object(
    made: Episodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_of = {"everything": Everything}
    monkeypatch.setattr(contenders, "create", lambda name, **given: made_of[name](**given))
    some, asked = made.part(slice(0, 3)), list[None]()
    policy = contenders.parse("everything:past=0.5..20", Costs())
    hedges = policy.hedges(some, Costs(), 5.0, lambda: asked.append(None))
    assert len(asked) == 3
    gaps = np.abs(hedges - some.delta)
    assert gaps.max() <= 5.0 / 50
    changed = np.diff(hedges, axis=1, prepend=0.0) != 0.0
    np.testing.assert_allclose(gaps[changed], 0.0, atol=1e-12)
    assert 3 < changed.sum() < 0.3 * changed.size
    assert math.isclose(policy.settings(5.0)["past"], 5.0)


@dataclass(frozen=True)
class Nonsense:
    """One that is broken. answer: what it decides, or raises."""

    answer: Any

    def decide(self, state: MarketState) -> Decision:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer", ["yes", Decision(math.nan, ""), RuntimeError("boom"), SystemExit(0)], ids=repr
)
def test_a_policy_that_answers_nothing_sensible_is_named_and_nothing_is_judged(
    made: Episodes, answer: Any
) -> None:
    """One that answered no number was compared with clocks, and one that ended the process did so."""
    with pytest.raises(PlugInBrokenError, match="the policy Nonsense"):
        objects.hedges(made.part(slice(0, 1)), Costs(), lambda: Nonsense(answer))


@pytest.mark.parametrize("name", ["clock", "threshold", "whalley-wilmott"])
def test_a_hint_is_a_policy_that_can_be_calibrated(name: str) -> None:
    """It named "setting", which no policy has."""
    swept = contenders.parse(contenders.with_a_range(name), RICH).swept
    assert swept is not None
    assert (swept.low, swept.high) == (1.0, 50.0)


@dataclass(frozen=True)
class Beyond:
    """One that wants `times` the residual there is, whatever the contract says to that."""

    times: float

    def decide(self, state: MarketState) -> Decision:
        return Decision(self.times * state.residual, "beyond")


@pytest.mark.parametrize("times", [-1.0, 2.0, 1e300])
def test_what_the_contract_refuses_is_no_cheaper_on_paper(made: Episodes, times: float) -> None:
    """A keeper stops at zero where a policy would cross it or go on; a back-test did as it was told, and
    judged what nobody can do. Nor does anybody hedge inside of the contract's own trigger, or stop where
    residual and target make less than its band."""
    some = made.part(slice(0, 2))
    for costs in (Costs(), RICH):
        expected = objects.hedges(some, costs, lambda: Beyond(0.0))
        np.testing.assert_array_equal(objects.hedges(some, costs, lambda: Beyond(times)), expected)
    for i in range(len(some)):
        for t in range(1, int(some.life[i])):
            state = objects.state_of(some, RICH, i, t, float(expected[i, t - 1]))
            residual = 50.0 * (float(expected[i, t]) - float(some.delta[i, t]))
            if expected[i, t] != expected[i, t - 1]:
                assert abs(state.residual) >= state.min_trigger
                assert abs(state.residual) + abs(residual) >= 0.5 * state.hard_band
