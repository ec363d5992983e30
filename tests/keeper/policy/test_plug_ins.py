"""Policies are found by name, built in or as entry points of other packages."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pytest

from keeper import policy
from keeper.policy.built_in.threshold import ThresholdPolicy
from keeper.policy.built_in.whalley_wilmott import WhalleyWilmottPolicy
from tandem import plugins
from tandem.plugins import PlugInBrokenError, PlugInClashError, PlugInUnknownError


def plug(monkeypatch: pytest.MonkeyPatch, *pairs: tuple[str, str]) -> None:
    """As if another package were installed with these entry points."""
    points = tuple(EntryPoint(name, value, policy.GROUP) for name, value in pairs)

    def more(**selected: Any) -> Any:
        return (*entry_points(**selected), *points)

    monkeypatch.setattr(plugins, "entry_points", more)


def test_the_default_is_the_closed_form() -> None:
    assert isinstance(policy.create(), ThresholdPolicy)
    assert policy.create("threshold", cost=2e-3) == ThresholdPolicy(cost=2e-3)


def test_a_plug_in_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, ("mine", "keeper.policy.built_in.whalley_wilmott:WhalleyWilmottPolicy"))
    assert "mine" in policy.names()
    assert isinstance(policy.create("mine"), WhalleyWilmottPolicy)


def test_an_unknown_policy_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PlugInUnknownError, match="threshold"):
        policy.create("luck")


def test_two_policies_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    value = "keeper.policy.built_in.whalley_wilmott:WhalleyWilmottPolicy"
    plug(monkeypatch, ("threshold", value))
    with pytest.raises(PlugInClashError):
        policy.create("threshold")
    plug(monkeypatch, ("mine", value), ("mine", "keeper.policy.built_in.clock:FixedClockPolicy"))
    with pytest.raises(PlugInClashError):
        policy.create("mine")


@pytest.mark.parametrize(
    "value", ["no.such.module:Policy", "keeper.policy.types:Nothing", "builtins:dict"]
)
def test_a_broken_plug_in_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    plug(monkeypatch, ("mine", value))
    with pytest.raises(PlugInBrokenError, match="mine"):
        policy.create("mine")


def test_a_wrong_setting_is_refused_by_name() -> None:
    with pytest.raises(PlugInBrokenError, match="colour"):
        policy.create("threshold", colour="red")
