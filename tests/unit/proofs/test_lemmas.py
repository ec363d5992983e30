"""Each lemma of docs/solvency.md is proved of the contracts as they are, and false of a broken copy."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from proofs import __main__ as prove
from proofs import lemma
from proofs.lemma import LEMMAS, Goal, Lemma, Verdict, refuted, show
from proofs.sources import Sources

ROOT = Path(__file__).resolve().parents[3]
STATEFUL = ROOT / "tests" / "stateful"


SLOW = {"SV-6"}
"""Half a minute; `make laws` has them, and CI."""


@pytest.mark.parametrize(
    "id",
    [
        pytest.param(found.id, marks=pytest.mark.laws if found.id in SLOW else ())
        for found in prove.lemmas()
    ],
)
def test_a_lemma_is_proved_and_its_copy_breaks_it(id: str) -> None:
    found = prove.outcome(LEMMAS[id], Sources())
    assert {g.verdict for g in found.goals} == {Verdict.PROVED}, found.goals
    assert found.is_sharp, found.broken


def laws() -> set[str]:
    """Names of the stateful machine's laws, each a triple of its name and two sides."""
    trees = [ast.parse((STATEFUL / f"{name}.py").read_text()) for name in ("laws", "gate_laws")]
    triples = [
        node.elts[0]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple) and len(node.elts) == 3
    ]
    return {str(first.value) for first in triples if isinstance(first, ast.Constant)}


@pytest.mark.parametrize("found", prove.lemmas(), ids=lambda found: found.id)
def test_a_lemma_is_a_law_of_the_stateful_machine_too(found: Lemma) -> None:
    assert found.laws
    assert set(found.laws) <= laws()


def test_the_page_has_every_lemma() -> None:
    page = prove.PAGE.read_text()
    assert prove.spliced(page) == page, "python -m proofs --write"


def test_the_page_names_the_lemma_of_every_door() -> None:
    page = prove.PAGE.read_text()
    for contract, doors in prove.doors.DOORS.items():
        for door, (id, _) in doors.items():
            line = next(
                row
                for row in page.splitlines()
                if f"{contract}." in row and f"`{door}`" in row.replace(f"{contract}.", "")
            )
            assert f"`{id}`" in line, door


def test_a_lemma_that_assumes_the_impossible_says_nothing() -> None:
    import z3

    x = z3.Int("x")
    assert show(Goal([x > 1, x < 1], x == 7)).verdict is Verdict.EMPTY
    assert show(Goal([x > 1], x > 0)).verdict is Verdict.PROVED
    assert show(Goal([x > 1], x > 2)).verdict is Verdict.FALSE


def test_what_is_too_hard_is_not_decided_whatever_else_the_machine_does() -> None:
    """A clock of a minute ended a proof of seven seconds on a machine that was busy with others."""
    import z3

    x, y, n = z3.Ints("x y n")
    hard = Goal([x > 1, y > 1, n > 2], x**n + y**n != (x + 1) ** n)
    assert show(hard, 100_000).verdict is Verdict.UNKNOWN


def test_a_copy_is_asked_until_one_goal_is_false_and_what_is_hard_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import z3

    monkeypatch.setattr(lemma, "GLANCE", 100_000)
    x, y, n = z3.Ints("x y n")
    true = Goal([x > 1], x > 0, "true")
    false = Goal([x > 1], x > 2, "false")
    hard = Goal([x > 1, y > 1, n > 2], x**n + y**n != (x + 1) ** n, "hard")
    assert [g.name for g in refuted([true, false, true])] == ["true", "false"]
    assert [g.name for g in refuted([true, hard, false])] == ["true", "hard", "false"]
    assert [g.verdict for g in refuted([true, true])] == [Verdict.PROVED] * 2


def test_a_passage_that_is_gone_is_named() -> None:
    with pytest.raises(LookupError, match="0 times, not once"):
        Sources().breaking("Vault.vy", "no such words", "")


def test_the_command_says_what_it_found() -> None:
    run = [sys.executable, "-m", "proofs"]
    done = subprocess.run(
        [*run, "--only", "SV-9", "--json"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0
    (said,) = json.loads(done.stdout)
    assert said["proved"]
    assert said["false_of_its_broken_copy"]
    unknown = subprocess.run([*run, "--only", "SV-99"], cwd=ROOT, capture_output=True, text=True)
    assert unknown.returncode == 2
    assert "there are SV-1" in unknown.stderr
