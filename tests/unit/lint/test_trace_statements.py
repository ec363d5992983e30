"""The page that leads from each statement to its code and its tests, on statements made up here."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

PROTOCOL = "| **HG-1** | A. |\n| **SH-5** | B. |\n| **HG-14** *(planned)* | C. |\n"


@pytest.fixture
def trace(scripts):
    import trace_statements

    return trace_statements


def marked(trace, text: str) -> list:
    return list(trace.read_tests(text, "tests/unit/test_x.py"))


BOTH = '@proves("HG-1", "SH-5")\ndef test_a(): ...\n'
VOID = '@xfail\n@proves("SH-5")\ndef test_b(): ...\n'


def test_each_statement_that_is_not_planned_has_a_row(trace):
    page = trace.page(PROTOCOL, marked(trace, BOTH), {"SV-7": ("HG-1",), "SV-8": ("HG-11",)})
    rows = [line for line in page.splitlines() if line.startswith(("| HG", "| SH"))]
    assert [line.split(" | ")[0] for line in rows] == ["| HG-1", "| SH-5"]
    assert "[x](../tests/unit/test_x.py)" in rows[0]
    assert rows[0].endswith("| [SV-7](solvency.md) |")
    assert "contracts/modules/hedges.vy" in rows[0]
    assert rows[1].endswith("| – |")


@pytest.mark.parametrize(
    ("text", "missing"), [(BOTH, []), (VOID, ["HG-1", "SH-5"]), ("", ["HG-1", "SH-5"])]
)
def test_a_statement_without_a_test_is_a_finding(trace, text, missing):
    tests = marked(trace, text)
    wanted = trace.page(PROTOCOL, tests, {})
    found = trace.findings(PROTOCOL, tests, wanted, wanted)
    assert found == [f"docs/traceability.md: {id} has no test" for id in missing]


def test_a_page_that_lags_is_a_finding(trace):
    tests = marked(trace, BOTH)
    wanted = trace.page(PROTOCOL, tests, {})
    assert trace.findings(PROTOCOL, tests, wanted + "x", wanted) == [
        "docs/traceability.md: lags behind the tests: run make generate"
    ]


def test_the_page_is_written_and_every_file_that_it_names_is_there(trace):
    assert trace.main([]) == 0
