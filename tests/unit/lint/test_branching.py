"""Contracts that tell which way their decisions went: what is asked, and what a share means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

SOURCE = '''# pragma version 0.4.3
interface IFeed:
    def price() -> uint256: view


struct Seen:
    price: uint256


total: public(uint256)


@external
def take(feed: IFeed, amount: uint256) -> uint256:
    """
    @notice Only if 1 > 0.
    """
    assert staticcall feed.price() != 0, "token: no price"
    for _: uint256 in range(3):
        if amount > self.total and (
            amount != 7
        ):
            log Taken(amount=amount)
    return amount if amount < 5 else 5
'''


@pytest.fixture
def branching(scripts):
    from branching import decisions, report

    return decisions, report


def test_each_decision_is_asked_through_the_teller_and_nothing_else_changes(branching):
    decisions, _ = branching
    told, found = decisions.instrumented("T.vy", SOURCE, 4)
    assert [(d.line, d.kind, d.text) for d in found] == [
        (18, "assert", "staticcall feed.price() != 0"),
        (20, "if", "amount > self.total and ( amount != 7 )"),
        (24, "choice", "amount < 5"),
    ]
    assert 'assert self._told(4, staticcall feed.price() != 0), "token: no price"' in told
    assert "return amount if self._told(6, amount < 5) else 5" in told
    plain = told.replace(")", "")
    for number in (4, 5, 6):
        plain = plain.replace(f"self._told({number}, ", "", 1)
    assert plain.startswith(SOURCE.replace(")", "") + "\n\n@internal")


def test_no_decision_of_the_contracts_is_passed_over(branching):
    """As many as there are lines that begin with the words that ask."""
    decisions, _ = branching
    contracts = ROOT / "contracts"
    asks = re.compile(r"^ +(?:(?:if|elif) .*[:(]$|assert[ (])", re.MULTILINE)
    words = re.compile(r'"""[\s\S]*?"""')
    for path in contracts.rglob("*.vy"):
        text = path.read_text()
        _, found = decisions.instrumented(path.name, text, 0)
        asked = len(asks.findall(words.sub("", text)))
        assert sum(d.kind != "choice" for d in found) == asked, path


def test_the_page_is_of_the_contracts_as_they_are_but_for_a_fiftieth(branching):
    """Its share says nothing of ways that are there since: where as many are other ones as the goal leaves
    open, `make branches` is due again."""
    decisions, report = branching
    contracts, page = ROOT / "contracts", (ROOT / "docs/branches.md").read_text()
    rows = re.findall(r"^\| ([\w/]+\.vy) \| (\d+) \|", page, re.MULTILINE)
    told, now = {file: int(ways) for file, ways in rows}, dict[str, int]()
    for path in contracts.rglob("*.vy"):
        if path.parent.name != "mocks":
            found = decisions.instrumented(path.name, path.read_text(), 0)[1]
            now[str(path.relative_to(contracts))] = 2 * len(found)
    apart = sum(abs(now.get(file, 0) - told.get(file, 0)) for file in now.keys() | told.keys())
    assert apart <= (1 - report.GOAL) * sum(now.values()), f"{apart} ways are others"


def test_a_way_counts_unless_it_has_a_proof(branching, tmp_path):
    """Of three decisions six ways: four gone, one that nothing can go, one open; four of five."""
    decisions, report = branching
    _, found = decisions.instrumented("T.vy", SOURCE, 0)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/branches.json").write_text('{"T.vy: amount < 5 is true": "never less"}')
    ways = report.Ways.of(found, {0, 1, 3, 4}, tmp_path)
    assert [(way.holds, way.gone, way.why) for way in ways.all] == [
        (False, True, ""), (True, True, ""), (False, False, ""), (True, True, ""),
        (False, True, ""), (True, False, "never less"),
    ]  # fmt: skip
    assert ways.share == 4 / 5
    assert "| T.vy | 6 | 4 | 1 | 80.0% |" in ways.rows()
    assert [line for line in ways.lines() if line[:1] == "-"] == [
        "- `T.vy:20` `amount > self.total and ( amount != 7 )` is never false: no test goes there",
        "- `T.vy:24` `amount < 5` is never true: never less",
    ]
