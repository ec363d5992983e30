"""Who is told is told once: when it begins, again after hours, and when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from keeper.alerts.memory import Labels
from keeper.alerts.post import Letter, Tone
from keeper.alerts.rules import RUN_BOOK, rules
from keeper.alerts.watch import Watcher, together
from keeper.tables import FeeTable

LACKS: tuple[str, Labels] = ("tandem_margin_lacking_usd", ())


@dataclass
class Desk:
    """A watcher whose clock and figures are the test's."""

    now: float = 0.0
    figures: dict[tuple[str, Labels], float] = field(default_factory=dict)
    told: list[Letter] = field(default_factory=list)
    watcher: Watcher = field(init=False)

    def __post_init__(self) -> None:
        self.watcher = Watcher(
            rules(FeeTable()),
            lambda: self.figures,
            self.told.append,
            "local, 0xabc",
            remind_seconds=3_600,
            clock=lambda: self.now,
            utc=lambda: 0.0,
        )

    def passes(self, seconds: float) -> list[Letter]:
        """What is told while so much time passes."""
        before = len(self.told)
        end = self.now + seconds
        while self.now < end:
            self.now += 10
            self.watcher.look()
        return self.told[before:]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_lasts_is_told_when_it_has_held_and_then_by_the_hour(desk: Desk) -> None:
    assert not desk.passes(1_000)
    desk.figures = {LACKS: 12.5}
    assert not desk.passes(600)
    (first,) = desk.passes(60)
    assert first.title == "TandemMarginLacks: local, 0xabc"
    assert "12.50 USD" in first.text
    assert f"{RUN_BOOK}#tandemmarginlacks" in first.text
    assert first.tone is Tone.BAD
    assert not desk.passes(3_500)
    (again,) = desk.passes(120)
    assert "It has been so for 1.2 hours" in again.text
    desk.figures = {LACKS: 0.0}
    (over,) = desk.passes(60)
    assert over.tone is Tone.OVER
    assert "it is over" in over.text
    assert not desk.passes(7_200)


def test_what_passes_before_it_has_held_is_told_to_nobody(desk: Desk) -> None:
    for _ in range(5):
        desk.figures = {LACKS: 12.5}
        assert not desk.passes(500)
        desk.figures = {LACKS: 0.0}
        assert not desk.passes(50)


def test_what_comes_back_is_told_again(desk: Desk) -> None:
    for _ in range(2):
        desk.figures = {LACKS: 1.0}
        assert len(desk.passes(700)) == 1
        desk.figures = {LACKS: 0.0}
        assert len(desk.passes(700)) == 1


def test_of_two_nodes_each_has_its_own(desk: Desk) -> None:
    def nodes(a: float, b: float) -> dict[tuple[str, Labels], float]:
        return {
            ("tandem_node_up", (("node", "a"), ("place", "1"))): a,
            ("tandem_node_up", (("node", "b"), ("place", "2"))): b,
        }

    desk.figures = nodes(1, 1)
    desk.passes(700)
    desk.figures = nodes(0, 1)
    (first,) = desk.passes(700)
    assert first.title.startswith("TandemNodeAway a:")
    desk.figures = nodes(0, 0)
    (second,) = desk.passes(700)
    assert second.title.startswith("TandemNodeAway b:")


def test_a_figure_that_is_not_there_is_nothing_wrong(desk: Desk) -> None:
    desk.figures = {LACKS: 12.5}
    desk.passes(700)
    desk.figures = {}
    assert [letter.tone for letter in desk.passes(100)] == [Tone.OVER]


def test_what_ails_many_keepers_is_one_letter_that_names_them() -> None:
    """A node that is away would be a letter for each of a hundred markets."""
    away = [(who, Letter(f"TandemNoCycleSucceeds: {who}", "300 s", Tone.BAD)) for who in "abc"]
    other = ("b", Letter("TandemSurfaceOld: b", "old", Tone.WARN))
    one, two = together([*away, other])
    assert one.title == "TandemNoCycleSucceeds: 3 markets"
    assert "a, b, c" in one.text
    assert two == other[1]
