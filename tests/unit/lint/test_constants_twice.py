"""A number that a contract has and the toolchain needs stands in both, and is one number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from keeper import planner, prices
from tandem.client import bounty, breaker, gate, listing, room
from tandem.protocol import outside, rounds, series, terms, views, waits

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"

TWICE = [
    (bounty.RAMP_SECONDS, "Bounty", "RAMP"),
    (prices.REBALANCE_GAS, "Bounty", "GAS"),
    (outside.DATA_BYTES, "Bounty", "BYTES"),
    (breaker.DISTRESS, "Breaker", "DISTRESSED"),
    (terms.EIGHTHS, "Breaker", "EIGHTHS"),
    (terms.EIGHTHS, "lib/terms", "EIGHTHS"),
    (gate.DRIFT, "lib/gate_word", "DRIFT"),
    (listing.MOST_STRIKES, "lib/book_words", "MAX_NODES"),
    (listing.MOST_STRIKE, "lib/book_words", "MAX_STRIKE"),
    (series.MAX_NODES, "lib/book_words", "MAX_NODES"),
    (series.MAX_EXPIRIES, "modules/book", "SLOTS"),
    (room.LEAST, "modules/limits", "MIN_UNITS"),
    (views.LEAST_LIFE, "Risk", "MIN_LIFE"),
    (waits.WAIT_SECONDS, "lib/pacing", "PATIENCE"),
    (waits.RELIEF_SECONDS, "lib/pacing", "RELIEF"),
    (waits.AVERAGED_SECONDS, "lib/pacing", "AVERAGED"),
    (waits.CHUNK_SECONDS, "lib/pacing", "MINUTE"),
    (rounds.PHASE_SHIFT, "oracles/ChainlinkSpot", "PHASE_SHIFT"),
    (rounds.HINT_SHIFT, "oracles/ChainlinkSpot", "HINT_SHIFT"),
    (rounds.SOURCE_SHIFT, "oracles/ChainlinkSpot", "SOURCE_SHIFT"),
    (rounds.MOST_GAPS, "oracles/ChainlinkSpot", "MAX_GAP"),
    (rounds.MOST_PHASES, "oracles/ChainlinkSpot", "MAX_GAP"),
]


def constant(source: str, name: str) -> int:
    """A number as a contract's text has it."""
    text = (CONTRACTS / f"{source}.vy").read_text()
    pattern = rf"^{name}: (?:public\()?constant\(u?int\d+\)\)? = ([0-9_* +-]+?)(?:  #.*)?$"
    (found,) = re.findall(pattern, text, re.MULTILINE)
    return int(eval(compile(ast.parse(found.strip(), mode="eval"), source, "eval")))  # noqa: S307


@pytest.mark.parametrize(
    ("ours", "source", "name"), TWICE, ids=[f"{source}.{name}" for _, source, name in TWICE]
)
def test_the_toolchains_number_is_the_contracts(ours: int, source: str, name: str) -> None:
    assert ours == constant(source, name)


def test_the_jumps_are_those_of_the_contracts_and_in_their_order() -> None:
    factors = constant("lib/stress", "FACTORS")
    assert tuple((factors >> 8 * n & 255) - 100 for n in range(8)) == gate.JUMPS


def test_the_keeper_marks_the_gate_before_opens_are_refused() -> None:
    assert constant("lib/gate_word", "HOUR") > planner.GATE_SECONDS
    assert 2 * constant("lib/purses", "HOUR") > planner.OWN_SECONDS + planner.BLOCK_SECONDS
    assert 1 / constant("lib/gate_word", "DRIFT") > planner.GATE_DRIFT
