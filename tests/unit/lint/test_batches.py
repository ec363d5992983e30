"""Mutants tried on contracts that they share: who noticed one, and what these contracts cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STAGES = [("tests/own",), ("tests/others",)]
SOURCE = """# pragma version 0.4.3

LIMIT: immutable(uint256)


@deploy
def __init__(limit: uint256):
    LIMIT = limit + 1


@external
@view
def half(amount: uint256) -> uint256:
    return amount // 2


@external
@view
def limit() -> uint256:
    return LIMIT
"""


@pytest.fixture
def machine(scripts):
    from mutation import batches, mutants

    return batches, mutants


@pytest.fixture
def batch(machine, tmp_path):
    """One whose tests are made up. `fails`: by switch, tests in their order; `runs`: what was asked for."""
    batches, mutants = machine
    (tmp_path / "contracts").mkdir()
    made = batches.Batch(tmp_path, mutants.mutants_of("T.vy", SOURCE), lambda _: ("T",))
    made.fails, made.runs = {}, []

    def run(places, number, without, limit, stop=True):
        made.runs.append((places, number))
        failed = [
            test
            for test in made.fails.get(number, ()) + made.fails.get("always", ())
            if test.startswith(tuple(places)) and test not in without
        ]
        shown = [f"FAILED {test} - what it said" for test in failed]
        made.log.write_text("\n".join(["", *(shown[:1] if stop else shown), ""]))
        return 1 if failed else 0

    made._run = run
    return made


ONE, TWO = "tests/own/test_a.py::test_one", "tests/own/test_b.py::test_two[1 x-2]"
GAS = "tests/own/test_gas.py::test_gas"
OTHER = "tests/others/test_c.py::test_other"


def test_who_noticed_the_last_mutant_is_asked_first(machine, batch):
    killers: list[str] = []
    batch.fails = {1: (ONE,), 2: (TWO,), 3: (ONE, TWO)}
    assert [batch.tried(n, STAGES, True, killers, 1.0) for n in (1, 2, 3)] == ["killed"] * 3
    assert killers == [ONE, TWO]
    assert batch.runs[-1] == ((TWO, ONE), 3)


def test_a_test_that_fails_without_the_mutant_notices_none(machine, batch):
    """The contracts are larger, and every switch costs gas: a pin of gas fails on them as they are."""
    batch.fails = {"always": (GAS,), 2: (ONE,)}
    assert batch.tried(1, STAGES, True, [], 1.0) == "lives its own"
    assert batch.tried(2, STAGES, True, [], 1.0) == "killed"
    assert batch.left_out(STAGES) == [(GAS,), ()]


def test_others_are_asked_where_own_tests_pass(machine, batch):
    killers: list[str] = []
    batch.fails = {1: (OTHER,)}
    assert batch.tried(1, STAGES, False, killers, 1.0) == "killed late"
    assert batch.tried(2, STAGES, False, killers, 1.0) == "survived"
    assert killers == []


@pytest.mark.parametrize(
    ("ends", "verdict"), [(None, "too slow"), (-9, "broke off"), (3, "broke off")]
)
def test_a_run_that_no_test_ended_is_no_kill(machine, batch, ends, verdict):
    batch.log.touch()
    batch._run = lambda *_, **__: ends
    assert batch.tried(1, STAGES, True, [], 1.0) == verdict


def test_what_does_not_compile_is_said_and_what_cannot_be_switched_stands_alone(
    machine, batch, monkeypatch
):
    """Each is judged by itself: an immutable that is set in one branch is no contract, one that is not
    set at all neither."""
    (batch.contracts / "T.vy").write_text(SOURCE)
    monkeypatch.chdir(batch.where)
    monkeypatch.setattr(
        "tandem.engine.artifacts.CONTRACTS", batch.contracts
    )  # whose compiler's first half is asked
    batch.build()
    said = {batch.mutants[n].new.strip(): n for n in batch.mutants}
    assert [batch.mutants[n].new.strip() for n in batch.invalid] == ["pass"]
    assert batch.alone == []
    assert set(batch.numbers()) == set(said.values()) - set(batch.invalid)
    batch.restore()
    assert (batch.contracts / "T.vy").read_text() == SOURCE


@pytest.mark.parametrize("name", ["pyrevm", "boa"])
def test_a_switch_is_on_for_a_constructor_and_a_call_of_every_chain(machine, tmp_path, name):
    """And a contract may be larger than a chain allows: it holds every mutant."""
    from mutation import sandbox, schemata

    two = {1: SOURCE.replace("limit + 1", "limit - 1"), 2: SOURCE.replace("// 2", "* 2")}
    text = schemata.switched(SOURCE, two)
    long = "11" * 29_000
    (tmp_path / "T.vy").write_text(
        f'{text}\n\n@external\n@view\ndef long() -> Bytes[30000]:\n    return x"{long}"\n'
    )

    def says() -> int:
        from vyper.cli.vyper_compile import compile_files

        from tandem.engine import open_engine
        from tandem.engine.abi import Abi
        from tandem.engine.artifacts import Artifact

        compiled = next(iter(compile_files([str(tmp_path / "T.vy")], ["abi", "bytecode"]).values()))
        code = bytes.fromhex(compiled["bytecode"].removeprefix("0x"))
        artifact = Artifact("T", Abi(compiled["abi"]), code)
        found = []
        for number in (0, 1, 2, 3):
            sandbox.switch_on(number)
            with open_engine(name) as engine:
                made = engine.deploy(artifact, 10, sender=engine.accounts[0])
                found.append((made.call("limit"), made.call("half", 8)))
        print(len(code), found)
        return 0 if found == [(11, 4), (9, 4), (11, 16), (11, 4)] and len(code) > 24_576 else 1

    log = tmp_path / "out.txt"
    assert sandbox.in_a_child(says, 60.0, log) == 0, log.read_text()
