"""Mutants of a source that stands here: what is changed, what never is, and what a score means."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

SOURCE = '''# pragma version 0.4.3
"""
@notice A limit of 5 >= 3 stands in words only.
"""
DAY: constant(uint256) = 86400
total: public(uint256)


@external
def take(amount: uint256, by: address) -> bool:
    """
    @notice Not 1 + 1.
    """
    assert amount <= self.total, "token: balance >= 1"
    self.total -= amount
    log Taken(amount=amount)
    self._tell(by, amount)  # 2 > 1
    self.total = min(amount, self.total)
    return True
'''


@pytest.fixture
def mutation(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from mutation import mutants, report

    yield mutants, report
    for name in [n for n in sys.modules if n.partition(".")[0] == "mutation"]:
        del sys.modules[name]


def test_each_kind_of_mutant_is_made_and_nothing_in_words(mutation):
    mutants, _ = mutation
    found = {(m.line, m.new.strip()) for m in mutants.mutants_of("T.vy", SOURCE)}
    assert found == {
        (5, "DAY: constant(uint256) = 86401"),
        (14, 'assert amount < self.total, "token: balance >= 1"'),
        (14, "pass"),
        (15, "self.total += amount"),
        (15, "pass"),
        (16, "pass"),
        (17, "self._tell(amount, by)  # 2 > 1"),
        (17, "pass"),
        (18, "self.total = max(amount, self.total)"),
        (18, "pass"),
        (19, "return False"),
    }


def test_two_changes_that_read_the_same_are_told_apart(mutation):
    mutants, report = mutation
    twice = [
        m for m in mutants.mutants_of("T.vy", SOURCE + "    return True\n") if m.kind == "constant"
    ]
    assert [(m.line, m.nth) for m in twice if m.was == "return True"] == [(19, 0), (20, 1)]
    assert len({report.key_of(m) for m in twice}) == len(twice)


def test_a_mutant_changes_its_own_line_alone_and_only_if_it_still_stands_there(mutation):
    mutants, _ = mutation
    for mutant in mutants.mutants_of("T.vy", SOURCE):
        changed = mutant.applied(SOURCE)
        pairs = zip(SOURCE.splitlines(), changed.splitlines(), strict=True)
        assert [n for n, (a, b) in enumerate(pairs, 1) if a != b] == [mutant.line]
        with pytest.raises(ValueError, match="no longer reads"):
            mutant.applied("\n" + SOURCE)


def test_the_interval_is_wilson_s(mutation):
    """Reference: 82 of 100, by hand (0.733, 0.883); none of none says nothing."""
    _, report = mutation
    low, high = report.interval(82, 100)
    assert (low, high) == pytest.approx((0.7333, 0.8830), abs=5e-4)
    assert report.interval(0, 0) == (0.0, 1.0)
    assert report.interval(20, 20)[1] == pytest.approx(1.0)
    assert report.interval(20, 20)[0] == pytest.approx(0.839, abs=1e-3)
