"""The second word works as the first does: a Guardian compiled with fields in it (R24)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from guardian_bench import DELAY, env
from quick_chain import reverts

from scripts import generate_terms
from tandem.engine.artifacts import compile_vyper
from tandem.protocol import terms

ROOT = Path(__file__).resolve().parents[3]
LAST = "bounty"  # from here on left out: a word has sixteen places, and three are needed
TAKEN = terms.FIELDS[LAST].index - 16
UP, DOWN, NEITHER = (16 + TAKEN + place for place in range(3))
FIELD = '\n[limits.{0}]\ndefault = 500\nleast = 100\nmost = 65_535\nunit = "1"\ntighter = "{1}"\nwhy = "."\n'
KEPT = terms.defaults()[1] & ((1 << 16 * TAKEN) - 1)
START = KEPT + sum(500 << 16 * (TAKEN + place) for place in range(3))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The Guardian's own source, under a table with three other fields at its end."""
    root = tmp_path_factory.mktemp("table")
    shutil.copytree(ROOT / "contracts", root / "contracts")
    table, found, _ = (ROOT / generate_terms.TABLE).read_text().partition(f"[limits.{LAST}]")
    assert found
    more = "".join(FIELD.format(f"probe_{way}", way) for way in ("up", "down", "none"))
    fields = generate_terms.read(table + more)
    file = root / "contracts/lib/terms.vy"
    file.write_text(generate_terms.splice(file.read_text(), generate_terms.vyper(fields)))
    return compile_vyper("Guardian", root / "contracts")


@pytest.fixture
def guardian(compiled: Any, roles: dict[str, str]) -> Iterator[Any]:
    with env.anchor():
        people = ([roles["guardian"]], [roles["lister"]], [roles["signer"]])
        yield env.load(
            compiled,
            roles["owner"],
            *people,
            DELAY,
            [terms.defaults()[0], START],
            roles["owner"],
            0,
        )


def limits(guardian: Any) -> list[int]:
    return [(guardian.limits() >> 16 * place) & 0xFFFF for place in range(16)]


def after(**changes: int) -> list[int]:
    places = {"up": 0, "down": 1, "neither": 2}
    values = [(START >> 16 * place) & 0xFFFF for place in range(16)]
    for name, amount in changes.items():
        values[TAKEN + places[name]] = amount
    return values


def test_r24_a_second_word_starts_as_the_deployment_says(guardian):
    assert limits(guardian) == after()
    assert list(guardian.words()) == [guardian.terms(), guardian.limits()]
    assert guardian.term(UP) == (500, 100, 65_535, True, False)
    assert guardian.term(DOWN) == (500, 100, 65_535, False, True)
    assert guardian.term(NEITHER) == (500, 100, 65_535, False, False)


@pytest.mark.proves("PW-1")
def test_r24_a_limit_tightens_at_once_and_leaves_the_first_word_alone(guardian, roles):
    guardian.set_term(UP, 65_535, sender=roles["owner"])
    event = guardian.get_logs()[-1]
    assert (event.field, event.before, event.amount) == (UP, 500, 65_535)
    assert event.word == guardian.limits()
    guardian.set_term(DOWN, 100, sender=roles["owner"])
    assert limits(guardian) == after(up=65_535, down=100)
    assert guardian.terms() == terms.defaults()[0]


@pytest.mark.parametrize(
    ("field", "amount", "name"),
    [(UP, 499, "up"), (DOWN, 501, "down"), (NEITHER, 499, "neither"), (NEITHER, 501, "neither")],
)
def test_r24_a_limit_loosens_after_the_delay(guardian, roles, field, amount, name):
    guardian.set_term(field, amount, sender=roles["owner"])
    assert limits(guardian) == after()
    assert guardian.queued(field)[0] == amount
    env.time_travel(seconds=DELAY - 10)
    with reverts("guardian: too early"):
        guardian.apply(field, sender=roles["owner"])
    env.time_travel(seconds=10)
    guardian.apply(field, sender=roles["owner"])
    assert limits(guardian) == after(**{name: amount})
    assert guardian.terms() == terms.defaults()[0]


def test_r24_a_change_of_the_first_word_leaves_the_second_alone(guardian, roles):
    guardian.set_term(7, 50, sender=roles["owner"])
    guardian.pause(sender=roles["guardian"])
    assert list(guardian.words()) == [terms.defaults(max_trade=50, flags=1)[0], START]


@pytest.mark.parametrize("field", [UP, DOWN, NEITHER])
def test_r24_a_limit_keeps_its_bounds(guardian, roles, field):
    for amount in (99, 65_536):
        with reverts("guardian: out of bounds"):
            guardian.set_term(field, amount, sender=roles["owner"])


@pytest.mark.parametrize("field", [NEITHER + 1, 33, 47, 255, 256, 2**255])
def test_r24_places_without_a_field_are_no_terms(guardian, roles, field):
    with reverts("guardian: unknown field"):
        guardian.set_term(field, 0, sender=roles["owner"])
    with reverts("guardian: unknown field"):
        guardian.term(field)
