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


def vyper(lines: int, docstring: str = "") -> str:
    """The same of a contract, with what is not its own before and behind it."""
    doc = f'    """\n    @notice {docstring}\n    """\n' if docstring else ""
    body = "    x: uint256 = 1\n\n" + "    x = 1  # why\n" * (lines - 3)
    behind = "\n\n# ---- what follows\n\n\n@internal\ndef g():\n    pass\n"
    return f"@internal\n@pure\ndef f():\n{doc}{body}{behind}"


@pytest.mark.parametrize(
    ("name", "lines", "why", "fails"),
    [
        ("A.vy", 449, "", False),
        ("A.vy", 450, "", True),
        ("A.vy", 450, "@dev Longer\n     than 450 lines: all of it.\n", False),
        ("a.vy", 249, "", False),
        ("a.vy", 250, "", True),
        ("a.vy", 250, "@dev Longer\n     than 250 lines: all of it.\n", False),
    ],
)
def test_a_contract_or_module_that_is_over_its_measure_says_why(
    name: str, lines: int, why: str, fails: bool
) -> None:
    text = f'"""@title A {" ".join(why.split())}"""\n' + "# x\n" * lines
    assert bool(list(CHECK["faults_of"](name, text))) is fails


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        (vyper(40), False),
        (vyper(41), True),
        (vyper(40, "Do this.\n    @dev And that."), False),
        (vyper(41, "Do this.\n    @dev And that."), True),
        (vyper(41, "Do this.\n    @dev Longer\n         than others: a table."), False),
    ],
)
def test_a_function_of_a_contract_that_is_over_its_measure_says_why(text: str, fails: bool) -> None:
    assert bool(list(CHECK["faults_of"]("a.vy", text))) is fails
