"""An exception excuses what it names, nothing else, and is reported once it excuses nothing."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.lint_natrix import Issue, judge, parse

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
