"""A statement without its test, and a test that names what nobody stated, are both found."""

from __future__ import annotations

import re

import pytest

from scripts.check_statements import (
    check,
    check_mentions,
    read_tests,
    requirements_in,
    statements_in,
    with_columns,
)

PROTOCOL = """# The protocol
| **HG-1** | After an open the residual is small. |
| **MP-1 guard** | Opens are not paused. |
| **HG-2** *(planned)* | A bounty. |

**AV-1** This table says what works.
"""
PAGE = """| id | The protocol … | learnt from | today | tests |
|---|---|---|---|---|
| R1 | hedges | hope | held | [one](../tests/test_one.py) |
| R2 | pays | greed | in part: no bounty | [one](../tests/test_one.py) |
| R3 | rests | haste | to come | – |
"""
TESTS = """
@pytest.mark.proves("HG-1")
def test_r01_r02_an_open_is_hedged():
    pass

class Machine:
    @pytest.mark.proves("MP-1", "AV-1")
    @invariant()
    def the_laws_hold(self):
        pass
"""


def findings(protocol: str = PROTOCOL, page: str = PAGE, tests: str = TESTS) -> str:
    return "\n".join(check(protocol, page, list(read_tests(tests, "tests/test_one.py"))))


def test_statements_and_requirements_are_read() -> None:
    assert statements_in(PROTOCOL) == {"HG-1": False, "MP-1": False, "HG-2": True, "AV-1": False}
    assert {id: row.today for id, row in requirements_in(PAGE).items()} == {
        "R1": "held",
        "R2": "in part",
        "R3": "to come",
    }


def test_where_everything_is_proved_nothing_is_found() -> None:
    assert findings() == ""


@pytest.mark.parametrize("id", ["HG-1", "MP-1", "AV-1"])
def test_a_statement_that_no_test_names_is_found(id: str) -> None:
    bare = re.sub(rf'"{id}"(, )?', "", TESTS)
    assert f"no test proves {id}" in findings(tests=bare)


def test_a_marker_on_what_nothing_runs_proves_nothing() -> None:
    helper = '\n@pytest.mark.proves("HG-1")\ndef helper():\n    pass\n'
    assert "helper is no test and no law" in findings(tests=TESTS + helper)


@pytest.mark.parametrize("mark", ["skip", "xfail(strict=True, reason='not yet')"])
def test_a_test_that_may_fail_proves_nothing(mark: str) -> None:
    text = findings(tests=TESTS.replace("def test_r01", f"@pytest.mark.{mark}\ndef test_r01"))
    assert "no test proves HG-1" in text
    assert "it proves nothing" in text
    assert "R1 is held, and no test names it" in text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ('"HG-9"', "proves HG-9, which docs/protocol.md does not state"),
        ('"HG-2"', "proves HG-2, which is planned"),
        ("WHICH", "proves WHICH, which docs/protocol.md does not state"),
    ],
)
def test_a_marker_that_names_no_statement_is_found(name: str, message: str) -> None:
    assert message in findings(tests=TESTS.replace('"HG-1"', f'"HG-1", {name}'))


def test_a_statement_in_a_tests_name_is_found() -> None:
    text = findings(tests=TESTS + "\ndef test_hg1_an_open_is_hedged():\n    pass\n")
    assert "name it by the marker" in text
    assert "marker" not in findings(tests=TESTS + "\ndef test_st0_of_nothing():\n    pass\n")


def test_a_requirement_in_a_tests_name_that_the_page_lacks_is_found() -> None:
    text = findings(tests=TESTS + "\ndef test_r41_tea_is_served():\n    pass\n")
    assert "names R41, which docs/requirements.md does not have" in text


def test_what_is_held_has_a_test_and_what_is_to_come_has_none() -> None:
    assert "R2 is in part, and no test names it" in findings(tests=TESTS.replace("_r02", ""))
    assert "R3 is to come, and a test names it" in findings(tests=TESTS.replace("_r02", "_r02_r03"))
    assert "R3 says neither" in findings(page=PAGE.replace("to come", "soon"))


def test_the_column_of_tests_is_the_tests() -> None:
    stale = PAGE.replace("[one](../tests/test_one.py)", "–", 1)
    assert "R1 lists other tests than name it" in findings(page=stale)
    assert with_columns(stale, list(read_tests(TESTS, "tests/test_one.py"))) == PAGE


def test_an_id_that_stands_twice_is_found() -> None:
    assert "HG-1 stands here 2 times" in findings(protocol=PROTOCOL + "| **HG-1** | Again. |\n")
    assert "R1 stands here 2 times" in findings(page=PAGE + PAGE.splitlines()[2] + "\n")


def test_pages_without_a_statement_are_not_taken_for_proved() -> None:
    assert "nothing to prove was found" in findings(protocol="", tests="")


def test_a_page_that_mentions_what_nobody_states_is_found() -> None:
    text = "As `HG-1` says, and `HG-7` does not; EIP-712 is no statement."
    assert list(check_mentions(text, "docs/adr/0001.md", statements_in(PROTOCOL))) == [
        "docs/adr/0001.md:1: names HG-7, which docs/protocol.md does not state"
    ]
