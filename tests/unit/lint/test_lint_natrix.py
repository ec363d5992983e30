"""An exception excuses what it names, nothing else, and is reported once it excuses nothing."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.lint_natrix import Issue, judge, parse, run

ANSWER = json.dumps(
    [
        {
            "file": "contracts/Vault.vy",
            "code": "NTX10",
            "message": "Function 'maxMint' argument 'receiver' is never used.",
            "start_position": [485, 12],
        }
    ]
)
UNUSED = Issue(
    "contracts/Vault.vy",
    485,
    "NTX10",
    "maxMint",
    "Function 'maxMint' argument 'receiver' is never used.",
)
VAULT = [Path("contracts/Vault.vy")]


def test_the_answer_is_read_and_an_empty_one_is_no_issue() -> None:
    assert parse(ANSWER) == [UNUSED]
    assert parse("No issues found.") == []


def test_an_issue_without_an_exception_is_reported() -> None:
    assert judge([UNUSED], VAULT, []) == [str(UNUSED)]
    assert judge([UNUSED], VAULT, [("Market.vy", "NTX10", "maxMint")]) == [str(UNUSED)]


def test_an_exception_excuses_by_function_or_by_file() -> None:
    assert judge([UNUSED], VAULT, [("Vault.vy", "NTX10", "maxMint")]) == []
    assert judge([UNUSED], VAULT, [("Vault.vy", "NTX10", "*")]) == []


def test_an_exception_that_excuses_nothing_is_reported_where_its_file_exists() -> None:
    stale = [("Vault.vy", "NTX5", "share")]
    assert judge([], VAULT, stale) == ["lint_natrix.py: Vault.vy NTX5 share excuses nothing now"]
    assert judge([], [], stale) == []


SOURCE = """# pragma version 0.4.3
struct Table:
    rows: uint256[{rows}]


@external
@view
def total(table: Table, unused: uint256) -> uint256:
    found: uint256 = 0
    copied: Table = table
    for row: uint256 in copied.rows:
        found += row
    return found
"""


def test_natrix_reads_a_file_here_as_it_does_from_its_command_line(tmp_path: Path) -> None:
    """Its two looks at a file, of what was written and of what was compiled, are of one compilation here."""
    small, large = tmp_path / "Small.vy", tmp_path / "Large.vy"
    small.write_text(SOURCE.format(rows=4))
    large.write_text(SOURCE.format(rows=1_000))
    assert [issue.rule for issue in run(small)] == ["NTX10"]
    assert {issue.rule for issue in run(large)} == {"NTX1", "NTX10"}


def test_a_module_that_uses_another_is_read_and_what_does_not_compile_is_reported(
    tmp_path: Path,
) -> None:
    (tmp_path / "held.vy").write_text("value: uint256\n")
    uses = tmp_path / "uses.vy"
    uses.write_text(
        "import held\nuses: held\n\n@internal\ndef f(unused: uint256):\n    held.value += 1\n"
    )
    broken = tmp_path / "Broken.vy"
    broken.write_text("@external\ndef f() -> uint256:\n    return self.nothing\n")
    assert [issue.rule for issue in run(uses)] == ["NTX10"]
    (found,) = run(broken)
    assert found.rule == "natrix"
    assert "could not read the file" in found.message
