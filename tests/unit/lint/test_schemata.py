"""Many mutants in one source: with a mutant's switch on it is that mutant, with none it is itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCE = '''# pragma version 0.4.3
interface Feed:
    def price() -> uint256: view

event Taken:
    amount: uint256

FEED: immutable(Feed)
total: uint256
spent: HashMap[address, uint256[4]]


@deploy
def __init__(feed: Feed):
    FEED = feed


@external
def take(amount: uint256, by: address, ahead: bool) -> (uint256, bool):
    """
    @notice Not 1 + 1.
    """
    assert staticcall FEED.price() >= amount and amount * 2 <= self.total, "none: 1 >= 0"
    price: uint256 = staticcall FEED.price() + 3  # of 4 < 5
    for i: uint256 in range(4):
        if amount > price + i:
            self.spent[by][i + 0] += amount
        elif not ahead:
            continue
        else:
            self.total = min(
                amount,  # the lesser
                self.total - 1,
            )
    log Taken(amount=amount - self._half(amount, price))
    return self.total // 2, ahead or amount == 7


@internal
@view
def _half(amount: uint256, other: uint256) -> uint256:
    return amount // 2 if amount < other else other
'''


@pytest.fixture
def machine(scripts):
    from mutation import mutants, schemata, trees

    return mutants, schemata, trees


def alike(trees, one: str, other: str, number: int | None) -> bool:
    """Whether the first reads as the other one with this switch on."""
    mine, wanted = trees.named(one), trees.named(other)
    return all(trees.shape(mine[k], number) == trees.shape(n) for k, n in wanted.items())


def test_each_number_is_its_mutant_and_any_other_the_source(machine):
    mutants, schemata, trees = machine
    drawn = dict(enumerate(mutants.mutants_of("T.vy", SOURCE), 1))
    assert len(drawn) == 31
    versions = {number: mutant.applied(SOURCE) for number, mutant in drawn.items()}
    text = schemata.switched(SOURCE, versions)
    for number, version in versions.items():
        assert alike(trees, text, version, number), drawn[number]
        assert not alike(trees, text, SOURCE, number), drawn[number]
    assert alike(trees, text, SOURCE, 0)
    assert alike(trees, text, SOURCE, 10**6)


def test_all_of_a_source_of_ours_go_in_together(machine):
    mutants, schemata, trees = machine
    source = (ROOT / "contracts/modules/underwriting.vy").read_text()
    drawn = mutants.mutants_of("modules/underwriting.vy", source)
    inside = [m for m in drawn if "constant(" not in m.old]
    versions = {number: mutant.applied(source) for number, mutant in enumerate(inside, 1)}
    text = schemata.switched(source, versions)
    assert all(alike(trees, text, version, number) for number, version in versions.items())
    assert alike(trees, text, source, 0)


def test_the_smallest_expression_is_chosen_and_a_statement_where_there_is_none(machine):
    _, schemata, _ = machine

    def switched(old: str, new: str) -> str:
        done = schemata.switched(SOURCE, {9: SOURCE.replace(old, new)})
        return "\n".join(line for line in done.splitlines() if line not in SOURCE.splitlines())

    on = "if block.difficulty == 9"
    assert switched("price() + 3", "price() + 4").strip() == (
        f"price: uint256 = staticcall FEED.price() + ((4) {on} else 3)  # of 4 < 5"
    )
    assert switched("self._half(amount, price)", "self._half(price, amount)").strip() == (
        f"log Taken(amount=amount - self._half(((price) {on} else amount),"
        f" ((amount) {on} else price)))"
    )
    assert switched("+= amount", "-= amount").splitlines()[0].strip() == f"{on}:"
    assert switched("range(4)", "range(5)").strip() == (
        f"for i: uint256 in range(((5) {on} else 4)):"
    )


def test_a_whole_statement_where_its_expressions_are_not_to_be_chosen(machine):
    """The bound of a loop is no value: the compiler refuses the expression, and takes two loops."""
    _, schemata, trees = machine
    new = SOURCE.replace("range(4)", "range(5)")
    done = schemata.switched(SOURCE, {9: new}, frozenset({9}))
    assert re.search(r"if block\.difficulty == 9:\n +for i: uint256 in range\(5\)", done)
    assert alike(trees, done, new, 9)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("uint256[4]]", "uint256[5]]"),
        ("ahead: bool)", "ahead: bool = True)"),
        ("total: u", "all: u"),
    ],
)
def test_what_is_declared_cannot_be_chosen_at_run_time(machine, old, new):
    _, schemata, _ = machine
    with pytest.raises(schemata.Unswitchable) as found:
        schemata.switched(SOURCE, {4: SOURCE.replace(old, new), 5: SOURCE.replace("+ 3", "+ 4")})
    assert found.value.args == (4,)


def test_what_is_written_is_proved(machine, monkeypatch):
    """A switch in a wrong place would give a verdict of something else."""
    _, schemata, _ = machine
    new = SOURCE.replace("+ 3", "+ 4")
    monkeypatch.setattr(schemata, "source_of", lambda node: "5")
    with pytest.raises(schemata.Unswitchable):
        schemata.switched(SOURCE, {1: new})


LIBRARY = {
    "lib/terms.vy": (
        "DAY: constant(uint256) = 86_400\nWEEK: constant(uint256) = 7 * DAY\n\n\n"
        "@internal\n@pure\ndef late(by: uint256) -> bool:\n    return by > WEEK\n"
    ),
    "One.vy": (
        "from .lib import terms\n\nMOST: constant(uint256) = 2 * terms.DAY\n\n\n"
        "@external\n@view\ndef least() -> uint256:\n    return MOST + terms.WEEK\n"
    ),
    "Two.vy": "@external\n@view\ndef two() -> uint256:\n    return 2\n",
}


@pytest.fixture
def library(machine, tmp_path):
    from mutation import versions

    for place, text in LIBRARY.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(text)
    (mutant,) = (
        m for m in machine[0].mutants_of("lib/terms.vy", LIBRARY["lib/terms.vy"]) if m.line == 1
    )
    return versions, tmp_path, mutant


def test_a_constant_s_uses_are_chosen_wherever_it_is_used(library):
    versions, contracts, mutant = library
    found = versions.versions_of(contracts, mutant, 3)
    assert found.keys() == {"lib/terms.vy", "One.vy"}
    assert (
        "DAY__3: constant(uint256) = 86401\nWEEK__3: constant(uint256) = 7 * DAY__3\n"
        in (found["lib/terms.vy"])
    )
    assert "return by > WEEK__3" in found["lib/terms.vy"]
    assert "\nDAY: constant(uint256) = 86_400\n" in found["lib/terms.vy"]
    assert "MOST__3: constant(uint256) = 2 * terms.DAY__3\n" in found["One.vy"]
    assert "return MOST__3 + terms.WEEK__3" in found["One.vy"]


def test_a_constant_that_a_storage_s_length_is_made_of_cannot_be_chosen(library):
    versions, contracts, mutant = library
    one = contracts / "One.vy"
    one.write_text(LIBRARY["One.vy"].replace("\n\n\n", "\n\nkept: uint256[MOST]\n\n\n", 1))
    with pytest.raises(versions.Unswitchable):
        versions.versions_of(contracts, mutant, 3)
