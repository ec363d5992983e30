"""The check of measures fails on what is too long and does not say why, and counts what it says."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

import pytest

CHECK = run_path(str(Path(__file__).resolve().parents[3] / "scripts" / "check_measures.py"))


def over(text: str) -> list[str]:
    return list(CHECK["faults"]("a.py", text))


def function(lines: int, docstring: str = "", decorator: str = "") -> str:
    """`lines` with its `def`, without docstring and decorator."""
    doc = f'    """{docstring}"""\n' if docstring else ""
    return f"{decorator}def f():\n{doc}" + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ("x = 1\n" * 300, False),
        ("x = 1\n" * 301, True),
        ('"""Longer than a file should be: a table."""\n' + "x = 1\n" * 301, False),
        (function(40), False),
        (function(41), True),
        (function(40, "It does\n    this."), False),
        (function(41, "It does\n    this."), True),
        (function(41, "Longer\n    than others: a table."), False),
        (function(40, decorator="@given(\n    1,\n)\n"), False),
        (function(41, decorator="@click.command()\n"), False),
        (function(42, decorator="@click.command()\n"), True),
        ("class A:\n    async def f(self):\n" + "        x = 1\n" * 40, True),
    ],
)
def test_what_is_over_its_measure_says_why(text: str, fails: bool) -> None:
    assert bool(over(text)) is fails


@pytest.mark.parametrize(
    ("lines", "why", "fails"),
    [
        (449, "", False),
        (450, "", True),
        (450, "@dev Longer\n     than 450 lines: all of it.\n", False),
    ],
)
def test_a_contract_that_is_over_its_measure_says_why(lines: int, why: str, fails: bool) -> None:
    text = f'"""@title A {" ".join(why.split())}"""\n' + "x = 1\n" * lines
    assert bool(list(CHECK["fault_of"]("A.vy", text))) is fails
