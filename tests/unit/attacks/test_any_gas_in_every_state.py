"""AV-1: every function that anybody may call, in every state of the table, with every limit of gas.

What a state refuses is refused with any; what works is done whole, or not at all (choosing_gas.py).
"""

from __future__ import annotations

import pytest
from choosing_gas import last_of, wrong
from test_every_function_in_every_state import FUNCTIONS, STATES, become_due, under

pytestmark = pytest.mark.long


@pytest.mark.proves("AV-1")
@pytest.mark.parametrize("row", STATES)
def test_who_calls_chooses_nothing_by_his_gas(row: str) -> None:
    found = dict[str, list[str]]()
    for (part, fn), (act, _) in FUNCTIONS.items():
        with under(row) as (w, mid, uptime):
            become_due(w, fn, row)
            STATES[row](w, mid, uptime)
            found[f"{part}.{fn}"] = wrong(last_of(w, act))
    assert {name: each for name, each in found.items() if each} == {}
