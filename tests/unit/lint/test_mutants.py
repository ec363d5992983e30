"""Mutants of a source that stands here: what is changed, what never is, and what a score means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tandem.engine import artifacts

ROOT = Path(__file__).resolve().parents[3]
HALF = """# pragma version 0.4.3


@external
@view
def half(amount: uint256) -> uint256:
    return amount // 2
"""

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
def mutation(scripts):
    from mutation import mutants, report

    return mutants, report


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


def test_so_many_of_each_source_in_an_order_of_its_own(mutation):
    """More of each go on where fewer ended, and what other sources are asked for changes nothing."""
    mutants, _ = mutation
    some, others = mutants.mutants_of("T.vy", SOURCE), mutants.mutants_of("U.vy", SOURCE)
    few = mutants.first_of_each(others + some, 3, 5)
    more = mutants.first_of_each(some, 6, 5)
    assert [m.file for m in few] == ["U.vy"] * 3 + ["T.vy"] * 3
    assert more[:3] == few[3:]
    assert len(set(more)) == 6
    assert mutants.first_of_each(some, 100, 5) != some
    assert sorted(map(str, mutants.first_of_each(some, 100, 5))) == sorted(map(str, some))
    assert mutants.first_of_each(some, 6, 6) != more


def test_a_source_that_was_changed_is_compiled_anew(scripts, tmp_path, monkeypatch):
    """Its digest was kept, so every mutant in contracts of its own was tried as the text without it, and
    every survivor taken for the same code."""
    from mutation.sandbox import COMPILES, EQUAL, code_without_hash, compile_check

    source = tmp_path / "contracts" / "Half.vy"
    source.parent.mkdir()
    source.write_text(HALF)
    monkeypatch.setattr(artifacts, "CACHE", tmp_path / "compiled")
    before = {"Half": code_without_hash(artifacts.compile_vyper("Half", source.parent).bytecode)}
    assert compile_check(("Half",), before, source.parent) == EQUAL
    source.write_text(HALF.replace("// 2", "// 3"))
    assert compile_check(("Half",), before, source.parent) == COMPILES


@pytest.fixture
def kept(mutation, tmp_path):
    """Five mutants of one source as they were drawn: two live, one of them its own tests alone, and one
    took too long."""
    mutants, report = mutation
    (tmp_path / "docs").mkdir()
    drawn = mutants.mutants_of("T.vy", SOURCE)[:5]
    words = (report.KILLED, report.LATE, report.SURVIVED, report.ALIVE, report.SLOW)
    report.keep(tmp_path, [report.Outcome(m, v, 1.0) for m, v in zip(drawn, words, strict=True)])
    return report, tmp_path, drawn


def test_what_has_a_verdict_is_passed_over_and_what_took_too_long_has_none(kept):
    report, root, drawn = kept
    assert list(filter(report.undecided(root, True), drawn)) == drawn[4:]
    assert list(filter(report.undecided(root, False), drawn)) == drawn[3:]


def test_a_test_written_afterwards_does_not_change_what_was_drawn(kept):
    """The score of a contract weighs its sources by how many mutants they have; a survivor that has a
    test since is killed now and was not as drawn. Who lives its own tests counts as one until the others are
    asked: left out, a score would be of those whose own tests had noticed them."""
    report, root, drawn = kept
    report.keep(root, [report.Outcome(drawn[2], report.KILLED, 1.0)])
    report.keep(root, [report.Outcome(drawn[3], report.LATE, 1.0)])
    two = {"file": "U.vy", "was": "", "reads": ""}
    known = report.verdicts(root) | {
        "u": two | {"verdict": report.SURVIVED},
        "v": two | {"verdict": report.SURVIVED, "why": "the same"},
        "w": two | {"verdict": report.ALIVE},
    }
    lines = report.table(known, {"T.vy": 30, "U.vy": 10}, {"C": ("T.vy", "U.vy")}).splitlines()
    assert lines[2] == "| C | 2 of 2 | 6 | 40 | 56.2% | 22% – 85% | 75.0% |"
    (source,) = (line for line in lines if line.startswith("| T.vy | 4"))
    assert source == "| T.vy | 4 | 30 | 75% | 30% – 95% | 100% | 2 | 0 | 0 |"
    (source,) = (line for line in lines if line.startswith("| U.vy | 2"))
    assert source == "| U.vy | 2 | 10 | 0% | 0% – 66% | 0% | 0 | 1 | 1 |"


def test_who_lived_its_own_tests_and_dies_by_a_new_one_counts_as_a_survivor_drawn(kept):
    """Whether the others would have noticed was not asked."""
    report, root, drawn = kept
    report.keep(root, [report.Outcome(drawn[3], report.KILLED, 1.0)])
    entry = report.verdicts(root)[report.key_of(drawn[3])]
    assert (entry["verdict"], entry["first"]) == (report.KILLED, report.SURVIVED)


def test_who_lives_its_own_tests_again_keeps_what_the_others_said(kept):
    """Asked again with `--own`, a mutant that others notice, or a survivor that is explained, is decided."""
    report, root, drawn = kept
    before = report.verdicts(root)
    report.keep(root, [report.Outcome(mutant, report.ALIVE, 1.0) for mutant in drawn[1:4]])
    assert report.verdicts(root) == before


def test_a_file_that_goes_first_leaves_none_of_its_folder_out(mutation, tmp_path):
    from mutation.sandbox import files_of

    quick, slow, other = (tmp_path / f"test_{name}.py" for name in ("quick", "a_slow", "other"))
    for path in (quick, slow, other, tmp_path / "bench.py"):
        path.touch()
    assert files_of((str(quick), str(tmp_path))) == [quick, slow, other]
    assert files_of((str(tmp_path), str(quick))) == [slow, other, quick]


def test_every_test_of_a_contract_s_own_is_there(mutation):
    """What is not there is passed over in silence: a file that was renamed, or a source that was moved."""
    from mutation.own_tests import ALL, LATER, LAWS, OWN

    told = (*OWN.values(), *LATER.values())
    named = {*ALL, *LAWS, *(place for places in told for place in places)}
    assert sorted(place for place in named if not (ROOT / place).exists()) == []
    starts, contracts = (*OWN, *LATER), ROOT / "contracts"
    assert [start for start in starts if not list(contracts.glob(f"{start}*"))] == []


def test_what_a_venue_is_made_of_meets_that_venues_tests(mutation):
    """The second venue's modules met the first one's tests, which run none of them: what lived said nothing.
    A folder's name is its adapter's: AaveVenue.vy, tests/unit/aave_venue; and that of the lender's for
    each of its exchanges: MorphoV4Venue.vy, tests/unit/morpho_venue."""
    from mutation.own_tests import stages

    folder = ROOT / "contracts" / "venues"
    sources = {path.stem: path.read_text() for path in folder.glob("*.vy")}

    def parts(name):
        found = re.findall(r"^from \. import (\w+)$", sources[name], re.MULTILINE)
        return {name}.union(*(parts(each) for each in found))

    adapters = [name for name in sources if name.endswith("Venue")]
    assert len(adapters) > 1
    for adapter in adapters:
        lender = re.sub(r"(V\d)?Venue$", "", adapter).lower()
        own = f"tests/unit/{lender}_venue"
        for part in parts(adapter):
            first, then = stages(f"venues/{part}.vy")
            assert any(test.startswith(own) for test in first), part
            assert "tests/venues" in then, part


@pytest.mark.parametrize("source", ["lib/gate_word.vy", "lib/losses.vy", "modules/jump_gate.vy"])
def test_the_gates_word_meets_the_gates_tests(mutation, source):
    """lib/gate_word met the tests of prices."""
    from mutation.own_tests import stages

    assert "tests/unit/jump_gate" in stages(source)[0]


SEVERAL = [f"lib/{name}.vy" for name in ("believed", "split", "carry", "purses", "against")]


@pytest.mark.parametrize(
    "source",
    ["VenueSet.vy", "Splitter.vy", "VenueLens.vy", "MarginDesk.vy", *SEVERAL],
)
def test_what_several_venues_are_made_of_meets_their_tests(mutation, source):
    """The largest of them met the Market's tests, which have one venue."""
    from mutation.own_tests import stages

    assert any(test.startswith("tests/unit/venue_set") for test in stages(source)[0])


def test_every_contract_that_is_deployed_has_tests_of_its_own(mutation):
    from mutation.own_tests import OWN

    for path in (ROOT / "contracts").glob("*.vy"):
        assert any(path.name.startswith(start) for start in OWN), path.name


@pytest.fixture
def mutate(mutation):
    import mutate

    return mutate


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [(0, "survived"), (1, "killed"), (None, "too slow"), (-9, "broke off"), (99, "broke off")],
)
def test_a_stage_that_no_test_ended_is_no_kill(mutation, monkeypatch, tmp_path, ends, verdict):
    """A child that ran out of memory noticed nothing; before, every end but 0 was a kill."""
    from mutation import worker

    one = worker.Worker.__new__(worker.Worker)
    one.where, one.laws, one.own = tmp_path, False, False
    monkeypatch.setattr(worker, "in_a_child", lambda *_: ends)
    (tmp_path / "out.txt").touch()
    (tmp_path / "tests").mkdir()
    assert one._tried([("tests",)], tmp_path / "out.txt") == verdict


def test_a_worker_that_breaks_off_ends_the_run(mutate, monkeypatch):
    """Before, nobody heard of it: the run waited for its last word."""

    class Breaks:
        def __init__(self, number, laws, own):
            raise RuntimeError(number)

    monkeypatch.setattr(mutate, "Worker", Breaks)
    with pytest.raises(SystemExit, match="a worker broke off"):
        mutate.run([], 2, False)


def test_the_mutants_of_a_source_go_together_and_every_worker_has_some(mutate):
    """Contracts are compiled once for a set; with fewer sources than workers a source is shared out."""
    one = mutate.mutants_of("T.vy", SOURCE)
    other = mutate.mutants_of("U.vy", SOURCE)
    both = mutate.together(one + other, 2)
    assert both == [one, other]
    halves = mutate.together(one, 2)
    assert [len(some) for some in halves] == [5, 5, 1]
    assert [m for some in halves for m in some] == one
