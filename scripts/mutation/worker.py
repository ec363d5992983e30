"""One worker: a sandbox, and what a mutant meets in it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from mutation.batches import Batch, TogetherTooMuch, outcomes_of
from mutation.mutants import Mutant
from mutation.own_tests import stages
from mutation.report import Outcome
from mutation.sandbox import (
    ALIVE,
    BROKE,
    COMPILER,
    EQUAL,
    INVALID,
    KILLED,
    LATE,
    NO_COMPILE,
    NOTICED,
    SAME,
    SLOW,
    SURVIVED,
    code_without_hash,
    compile_check,
    in_a_child,
    keep_compilations,
    make_sandbox,
    preload,
    run_tests,
    type_check,
    write_out,
)

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "mutants"
WRITTEN_OUT = "contracts/lib/inlined.vy"  # the library's hot functions, by scripts/inline_vyper.py
# Seconds of one stage, compiling included; gas ends every loop of a contract, so this is the machine's.
PATIENCE = 1_200.0
LAWS = 900.0
Stages: TypeAlias = Sequence[tuple[str, ...]]


def deployables(file: str) -> tuple[str, ...]:
    """The contracts that are made of a source."""
    from tandem.engine.artifacts import CONTRACTS, sources_of

    changed = (CONTRACTS / file).resolve()
    heads = [p for p in sorted(CONTRACTS.rglob("*.vy")) if p.stem[:1].isupper()]
    return tuple(p.stem for p in heads if "mocks" not in p.parts and changed in sources_of(p))


class Worker:
    """One sandbox and what is done in it."""

    def __init__(self, number: int, laws: bool, own: bool = False) -> None:
        self.where = CACHE / f"worker-{number}"
        self.laws, self.own = laws, own
        make_sandbox(ROOT, self.where)
        os.chdir(self.where)
        os.environ["PYTHONPATH"] = str(self.where)
        for name in [n for n in sys.modules if n.partition(".")[0] == "tandem"]:
            del sys.modules[name]
        sys.path[:0] = [str(self.where)]
        preload()
        keep_compilations(self.where)
        self.killers: dict[tuple[str, ...], list[str]] = {}  # by the own tests of a source

    def try_many(self, mutants: list[Mutant]) -> Iterator[Outcome]:
        """Mutants of one source, as many as go in one set of contracts; the others one by one."""
        batch = Batch(self.where, mutants, deployables)
        met = stages(mutants[0].file, self.laws)
        killers = self.killers.setdefault(met[0], [])
        done: list[Outcome] = []
        try:
            for outcome in outcomes_of(batch, met, self.own, killers, PATIENCE):
                done.append(outcome)
                if outcome.verdict not in (SURVIVED, ALIVE):
                    yield outcome
        except TogetherTooMuch:
            batch.restore()
            known = {outcome.mutant for outcome in done}
            left = [m for m in mutants if m not in known]
            if len(left) == 1:
                yield self.try_one(left[0])
            else:
                yield from self.try_many(left[: len(left) // 2])
                yield from self.try_many(left[len(left) // 2 :])
        else:
            batch.restore()
            for number in batch.alone:
                yield self.try_one(batch.mutants[number])
        batch.restore()
        for outcome in done:
            if outcome.verdict in (SURVIVED, ALIVE):
                known = None if outcome.mutant in batch.declared else outcome.verdict
                yield self.try_one(outcome.mutant, known, outcome.seconds, batch.left_out(met))

    def try_one(
        self,
        mutant: Mutant,
        known: str | None = None,
        spent: float = 0.0,
        left: Stages = (),
    ) -> Outcome:
        """In contracts of its own. known: what its tests said of it already, in so many seconds, but for
        those that are left."""
        began = time.monotonic()
        target = self.where / "contracts" / mutant.file
        original = target.read_text()
        written, before = self.where / WRITTEN_OUT, (self.where / WRITTEN_OUT).read_text()
        try:
            verdict = self._verdict(mutant, target, original, known, left)
        finally:
            target.write_text(original)
            written.write_text(before)
        return Outcome(mutant, verdict, spent + time.monotonic() - began)

    def _verdict(
        self, mutant: Mutant, target: Path, original: str, known: str | None, left: Stages
    ) -> str:
        from tandem.engine.artifacts import compile_vyper, sources_of

        names = deployables(mutant.file)
        before = {name: code_without_hash(compile_vyper(name).bytecode) for name in names}
        target.write_text(mutant.applied(original))
        log = self.where / "out.txt"
        inlined = target in sources_of(self.where / WRITTEN_OUT)
        if inlined and in_a_child(write_out, PATIENCE, log) != 0:
            return INVALID
        if in_a_child(lambda: type_check(names[0]), PATIENCE, log) != 0:
            return INVALID
        verdict = self._tried(left if known else stages(mutant.file, self.laws), log)
        if verdict not in (SURVIVED, ALIVE, INVALID):
            return verdict
        # What no test can notice is asked last: generating code is what takes long.
        code = in_a_child(lambda: compile_check(names, before), PATIENCE, log)
        if verdict == INVALID != {NO_COMPILE: INVALID}.get(code or 0):
            raise RuntimeError(f"{mutant} compiles, its tests do not: see {log}")
        return {EQUAL: SAME, NO_COMPILE: INVALID}.get(code or 0, verdict)

    def _tried(self, met: Stages, log: Path) -> str:
        """The verdict of the tests, stage by stage."""
        for place, folders in enumerate(met[:1] if self.own else met):
            there = tuple(f for f in folders if (self.where / f.partition("::")[0]).exists())
            if not there:
                continue
            limit = LAWS if "tests/stateful" in folders else PATIENCE
            code = in_a_child(lambda t=there: run_tests(t, True), limit, log)
            if code is None:
                return SLOW
            if code != 0 and COMPILER in log.read_text(errors="replace"):
                return INVALID  # what types allow, and code generation does not
            if code not in (0, NOTICED):
                return BROKE
            if code == NOTICED:
                return KILLED if place == 0 else LATE
        return ALIVE if self.own else SURVIVED
