"""Every statement of docs/protocol.md is proved by a test, and every requirement that is said to be
held in docs/requirements.md; nothing names what neither page has. Reads text, imports nothing.

    check_statements.py              what is wrong, one line each; fails if anything is
    check_statements.py HG-1 R7      the tests that name these, for pytest's command line
    check_statements.py --write      bring the tests' column of docs/requirements.md up to date

A test names the statements it proves by a marker, `@pytest.mark.proves("HG-1", "HG-2")`, and so does
a rule or an invariant of a stateful test. It names a requirement in its own name: `test_r07_…`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROTOCOL, REQUIREMENTS = "docs/protocol.md", "docs/requirements.md"

# A statement stands at the head of a table row or of a paragraph.
STATEMENT = re.compile(
    r"^(?:\| )?\*\*([A-Z]{2}-\d+)(?: [^*]+)?\*\*( \*\(planned\)\*)?", re.MULTILINE
)
# | id | what | learnt from | today | tests |
REQUIREMENT = re.compile(
    r"^\| (R\d+) \|(.*)\| (held|in part|to come)([^|]*)\| ([^|]*) \|$", re.MULTILINE
)
ROW = re.compile(r"^\| (R\d+) \|", re.MULTILINE)
IN_NAME = re.compile(r"^test_((?:r\d+_)+)")
# How hypothesis knows the steps and the laws of a state machine.
LAWS = {"initialize", "invariant", "rule"}
# Markers under which a test may pass whatever the code does.
VOID = {"skip", "xfail"}


@dataclass(frozen=True, slots=True)
class Test:
    """A test or a law: where it is, and what it says that it proves."""

    file: str
    name: str
    line: int
    is_law: bool
    statements: tuple[str, ...]
    requirements: tuple[str, ...]
    void: bool

    @property
    def node(self) -> str:
        """What pytest is told to run it; of a law, the file of its machine."""
        return self.file if self.is_law else f"{self.file}::{self.name}"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row of docs/requirements.md."""

    today: str
    tests: str


def _word(node: ast.expr) -> str:
    """The last word of a decorator: `rule` of `@rule(…)`, `proves` of `@pytest.mark.proves(…)`."""
    if isinstance(node, ast.Call):
        return _word(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _proved(function: ast.FunctionDef) -> tuple[str, ...]:
    """The statements that a function's markers name; what is no plain string names nothing."""
    marks = [d for d in function.decorator_list if _word(d) == "proves"]
    arguments = [a for m in marks for a in (m.args if isinstance(m, ast.Call) else [m])]
    return tuple(
        a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else ast.unparse(a)
        for a in arguments
    )


def read_tests(text: str, file: str) -> Iterator[Test]:
    """The tests and laws of a file, and every other function that is marked as one."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef):
            continue
        words = {_word(d) for d in node.decorator_list}
        is_law = bool(words & LAWS)
        if not (is_law or node.name.startswith("test_") or "proves" in words):
            continue
        found = IN_NAME.match(node.name)
        numbers = re.findall(r"\d+", found[1]) if found else []
        yield Test(
            file,
            node.name,
            node.lineno,
            is_law,
            _proved(node),
            tuple(f"R{int(n)}" for n in numbers),
            bool(words & VOID),
        )


def statements_in(text: str) -> dict[str, bool]:
    """Statement -> whether it is only planned."""
    return {found[1]: bool(found[2]) for found in STATEMENT.finditer(text)}


def requirements_in(text: str) -> dict[str, Requirement]:
    return {found[1]: Requirement(found[3], found[5]) for found in REQUIREMENT.finditer(text)}


def twice(ids: list[str], page: str) -> list[str]:
    return [f"{page}: {id} stands here {n} times" for id, n in Counter(ids).items() if n > 1]


def check_test(test: Test, statements: dict[str, bool], requirements: set[str]) -> Iterator[str]:
    """What a test says that is not so."""
    at = f"{test.file}:{test.line}: {test.name}"
    for id in test.statements:
        if id not in statements:
            yield f"{at} proves {id}, which {PROTOCOL} does not state"
        elif statements[id]:
            yield f"{at} proves {id}, which is planned: state it, or do not name it"
    for id in test.requirements:
        if id not in requirements:
            yield f"{at} names {id}, which {REQUIREMENTS} does not have"
    if test.statements and not (test.is_law or test.name.startswith("test_")):
        yield f"{at} is no test and no law of a state machine: nothing runs it"
    if test.statements and test.void:
        yield f"{at} may fail or is skipped: it proves nothing"
    series = {id.split("-")[0].lower() for id in statements}
    found = re.match(r"test_([a-z]{2})\d+_", test.name)
    if found and found[1] in series and not test.void:
        yield f"{at} has a statement in its name: name it by the marker `proves`"


def check(protocol: str, page: str, tests: list[Test]) -> Iterator[str]:
    """What is wrong between the two pages and the tests."""
    statements, requirements = statements_in(protocol), requirements_in(page)
    yield from twice([found[1] for found in STATEMENT.finditer(protocol)], PROTOCOL)
    yield from twice(rows := ROW.findall(page), REQUIREMENTS)
    for id in sorted({*rows} - {*requirements}):
        yield f'{REQUIREMENTS}: {id} says neither "held" nor "in part" nor "to come"'
    if not statements or not requirements:
        yield f"{PROTOCOL} or {REQUIREMENTS}: nothing to prove was found"
    for test in tests:
        yield from check_test(test, statements, {*rows})
    proving = [test for test in tests if not test.void]
    named = {id for test in proving for id in test.statements}
    for id, planned in statements.items():
        if not planned and id not in named:
            yield f"{PROTOCOL}: no test proves {id}"
    named = {id for test in proving for id in test.requirements}
    for id, row in requirements.items():
        if (row.today == "to come") == (id in named):
            yield f"{REQUIREMENTS}: {id} is {row.today}, and {'a' if id in named else 'no'} test names it"
        if row.tests != column(id, tests):
            yield f"{REQUIREMENTS}: {id} lists other tests than name it: run make format"


def check_mentions(text: str, file: str, statements: dict[str, bool]) -> Iterator[str]:
    """Statements that a page or a comment names and nobody states."""
    series = "|".join(sorted({id.split("-")[0] for id in statements}))
    for number, line in enumerate(text.splitlines(), 1):
        for id in re.findall(rf"\b(?:{series})-\d+\b", line) if series else []:
            if id not in statements:
                yield f"{file}:{number}: names {id}, which {PROTOCOL} does not state"


def column(id: str, tests: list[Test]) -> str:
    """Links to the files whose tests name a requirement."""
    files = sorted({test.file for test in tests if id in test.requirements})
    return ", ".join(f"[{Path(f).stem.removeprefix('test_')}](../{f})" for f in files) or "–"


def with_columns(page: str, tests: list[Test]) -> str:
    """docs/requirements.md with the tests that there are."""
    return REQUIREMENT.sub(
        lambda row: f"{page[row.start() : row.start(5)]}{column(row[1], tests)} |", page
    )


def main(arguments: list[str]) -> int:
    sources = {
        str(path.relative_to(ROOT)): path.read_text()
        for folder, kind in (("tests", "*.py"), ("docs", "*.md"))
        for path in sorted((ROOT / folder).rglob(kind))
    }
    tests = [
        t for file, text in sources.items() if file.endswith(".py") for t in read_tests(text, file)
    ]
    protocol, page = sources[PROTOCOL], sources[REQUIREMENTS]
    if arguments == ["--write"]:
        (ROOT / REQUIREMENTS).write_text(with_columns(page, tests))
        return 0
    if arguments:
        wanted = {*arguments}
        named = sorted({t.node for t in tests if wanted & {*t.statements, *t.requirements}})
        print(*named or [f"no test names {' or '.join(arguments)}"])
        return 0 if named else 1
    findings = [*check(protocol, page, tests)]
    example = "tests/unit/lint/test_check_statements.py"
    for file, text in sources.items():
        if file != example:
            findings += check_mentions(text, file, statements_in(protocol))
    print(*findings, sep="\n", end="\n" if findings else "")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
