"""What is said of each kind of act is said of all of them."""

from __future__ import annotations

import pytest

from keeper.acts import ACTS, GAS, SELECTORS
from keeper.planner import Kind


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_has_a_limit_of_gas_and_functions(kind: Kind) -> None:
    """A kind that lacks one would halt its market where it is due first. How each is called:
    tests/keeper/execution/test_what_a_person_sent.py."""
    assert GAS[kind] > 0
    assert all(name in ACTS[kind].abi.functions for name in ACTS[kind].functions)


def test_no_two_functions_are_told_apart_by_nothing() -> None:
    """Of the same four bytes one would be taken for the other."""
    forms = [
        form.selector
        for act in ACTS.values()
        for name in act.functions
        for form in act.abi.functions[name]
    ]
    assert len({*forms}) == len(forms) == len(SELECTORS)
