"""Of a test with many cases some are played at every change, the same ones, and all in `make long`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import drawn, leave_samples


@given(st.text(max_size=20), st.integers(1, 300), st.integers(1, 80))
def test_as_many_as_were_asked_for_are_drawn_and_always_the_same(
    name: str, cases: int, keep: int
) -> None:
    kept = drawn(name, cases, keep)
    assert len(kept) == min(cases, keep)
    assert kept <= set(range(cases))
    assert kept == drawn(name, cases, keep)


class Case(SimpleNamespace):
    """As much of a pytest item as is asked."""

    def __init__(self, nodeid: str, **marks: tuple[Any, ...]) -> None:
        super().__init__(nodeid=nodeid, marks=marks)

    def get_closest_marker(self, name: str) -> Any:
        return SimpleNamespace(args=self.marks[name]) if name in self.marks else None

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.marks[mark.name] = mark.args


def test_what_is_not_drawn_is_long_and_what_was_is_counted_by_nobody() -> None:
    """One test's cases say nothing of another's; one that is asked for by its name is alone, and played."""
    many: list[Any] = [Case(f"t.py::many[{n}]", sampled=(3,)) for n in range(10)]
    away: list[Any] = [Case("t.py::many[away]", sampled=(3,), long=())]
    alone: list[Any] = [Case("t.py::alone[7]", sampled=())]
    plain: list[Any] = [Case(f"t.py::plain[{n}]") for n in range(4)]
    leave_samples([*many, *away, *alone, *plain])
    assert sum("long" in each.marks for each in many) == 7
    assert not any("long" in each.marks for each in (*alone, *plain))
