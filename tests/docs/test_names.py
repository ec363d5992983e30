"""What pages name of the code is there: contracts' functions, reasons of refusals, files, tests, statements.
Decisions (docs/adr) are of their day, and may name what went since."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("[!m]*.md")), *sorted((ROOT / "docs" / "guide").glob("*.md")),
]  # fmt: skip
"""But the one of mutants, which names lines of contracts as they were."""
CONTRACTS = {path.stem: path for path in sorted((ROOT / "contracts").rglob("[A-Z]*.vy"))}
FUNCTION = re.compile(r"`([A-Z]\w+)\.(\w+)(?:\([^`]*\))?`")
REASON = re.compile(r"`([a-z]+: [a-z][^`.\n]*)`")
FOLDERS = "docs|tests|scripts|tandem|keeper|contracts|app|bench|proofs|deployments"
FILE = re.compile(rf"`((?:{FOLDERS})/[\w./-]*\w)`")
WRITTEN = re.compile(r"deployments/[\w-]+\.json")
"""By `tandem deploy apply`, when it is run."""
TEST = re.compile(r"`(test_\w+)(\.py)?`")
STATEMENT = re.compile(r"`((?:UN|MP|HG|LM|VS|BK|FL|GT|BR|PR|SF|SH|ST|AV|PW|SV)-\d+)`")


@cache
def functions(contract: str) -> frozenset[str]:
    """What a contract's text lets others call: its own, its public variables, and what it exports."""
    text = CONTRACTS[contract].read_text(encoding="utf-8")
    own = re.findall(r"^(?:def )?(\w+)(?:\(|: public\()", text, re.MULTILINE)
    exported = re.findall(r"^exports: (\(.*?^\)|\w+\.\w+)", text, re.MULTILINE | re.DOTALL)
    return frozenset(own) | {name for each in exported for name in re.findall(r"\w+\.(\w+)", each)}


@cache
def reasons() -> frozenset[str]:
    """Of all contracts, adapters too."""
    texts = (path.read_text(encoding="utf-8") for path in ROOT.glob("contracts/**/*.vy"))
    return frozenset(found for text in texts for found in re.findall(r'"([a-z]+: [^"]+)"', text))


@cache
def known_tests() -> tuple[frozenset[str], frozenset[str]]:
    """Names of tests, and of their files."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/*.py")}
    named = re.findall(r"^ *(?:async )?def (test_\w+)", "\n".join(files.values()), re.MULTILINE)
    return frozenset(named), frozenset(files)


@cache
def statements() -> frozenset[str]:
    pages = "".join((ROOT / "docs" / f"{name}.md").read_text() for name in ("protocol", "solvency"))
    return frozenset(re.findall(r"\*\*([A-Z]{2}-\d+)", pages))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_names_of_the_code_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {where: functions(where) for where in CONTRACTS}
    called = {(c, f) for c, f in FUNCTION.findall(text) if c in known and f != "vy"}
    assert {(c, f) for c, f in called if f not in known[c]} == set()
    assert set(REASON.findall(text)) <= reasons() | {"module: reason"}
    files = {each for each in FILE.findall(text) if not WRITTEN.fullmatch(each)}
    assert {each for each in files if not (ROOT / each).exists()} == set()
    names, stems = known_tests()
    wanted = {test for test, ending in TEST.findall(text) if not ending and not test.endswith("_")}
    assert wanted - names - stems == set()
    assert {test for test, ending in TEST.findall(text) if ending} - stems == set()
    assert set(STATEMENT.findall(text)) - statements() == set()
