"""Break the contracts, one small thing at a time, and see whether a test notices: `make mutate`.

    mutate.py --sample 40 --seed 1            mutants drawn over all contracts
    mutate.py --only OptionToken --sample 0   every mutant of the sources that begin so
    mutate.py --each 6 --own --more --write   the first 6 of each source's order; later 12, 20
    mutate.py … --write                       bring docs/mutation.md's table up to date
    mutate.py … --laws                        survivors meet the stateful laws too (at night)

A mutant first meets its contract's own tests, then the others'. One that does not compile, or compiles
to the same code, does not count; nor does one whose tests did not end in their time, or broke off.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random

from mutation.mutants import Mutant, first_of_each, mutants_of
from mutation.own_tests import stages
from mutation.report import Outcome, keep, undecided, write_page
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
    make_sandbox,
    preload,
    run_tests,
    type_check,
    write_out,
)

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "mutants"
WRITTEN_OUT = "contracts/lib/inlined.vy"  # the library's hot functions, by scripts/inline_vyper.py
SKIPPED = ("mocks/", "interfaces/", WRITTEN_OUT.removeprefix("contracts/"))
PATIENCE = (
    600.0  # seconds of one stage; gas ends every loop of a contract, so this is the machine's
)
LAWS = 900.0


def all_mutants(only: str) -> list[Mutant]:
    """Every mutant of every source whose path begins so."""
    contracts = ROOT / "contracts"
    found: list[Mutant] = []
    for path in sorted(contracts.rglob("*.vy")):
        file = str(path.relative_to(contracts))
        if not file.startswith(SKIPPED) and (file.startswith(only) or path.stem.startswith(only)):
            found += mutants_of(file, path.read_text())
    return found


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

    def try_one(self, mutant: Mutant) -> Outcome:
        began = time.monotonic()
        target = self.where / "contracts" / mutant.file
        original = target.read_text()
        written, before = self.where / WRITTEN_OUT, (self.where / WRITTEN_OUT).read_text()
        try:
            verdict = self._verdict(mutant, target, original)
        finally:
            target.write_text(original)
            written.write_text(before)
        return Outcome(mutant, verdict, time.monotonic() - began)

    def _verdict(self, mutant: Mutant, target: Path, original: str) -> str:
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
        verdict = self._tried(mutant, log)
        if verdict not in (SURVIVED, ALIVE, INVALID):
            return verdict
        # What no test can notice is asked last: generating code is what takes long.
        code = in_a_child(lambda: compile_check(names, before), PATIENCE, log)
        if verdict == INVALID != {NO_COMPILE: INVALID}.get(code or 0):
            raise RuntimeError(f"{mutant} compiles, its tests do not: see {log}")
        return {EQUAL: SAME, NO_COMPILE: INVALID}.get(code or 0, verdict)

    def _tried(self, mutant: Mutant, log: Path) -> str:
        """The verdict of the tests, stage by stage."""
        met = stages(mutant.file, self.laws)
        for place, folders in enumerate(met[:1] if self.own else met):
            there = tuple(f for f in folders if (self.where / f).exists())
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


def _work(
    number: int,
    laws: bool,
    own: bool,
    mutants: list[Mutant],
    queue: multiprocessing.Queue[Outcome | None],
    stop: Event,
) -> None:
    """stop: set by the first worker that breaks off, so that the others go no further."""
    try:
        worker = Worker(number, laws, own)
        for mutant in mutants:
            if stop.is_set():
                break
            queue.put(worker.try_one(mutant))
    except BaseException:
        stop.set()
        raise
    finally:
        queue.put(None)


def run(
    mutants: list[Mutant], jobs: int, laws: bool, write: bool = False, own: bool = False
) -> list[Outcome]:
    """Every mutant, spread over the workers; each verdict is printed, and kept, as it comes. Raises
    SystemExit once a worker broke off: what it was about to say would count for nothing."""
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[Outcome | None] = context.Queue()
    stop = context.Event()
    shares = [mutants[job::jobs] for job in range(jobs)]
    workers = [
        context.Process(target=_work, args=(job, laws, own, share, queue, stop))
        for job, share in enumerate(shares)
    ]
    for worker in workers:
        worker.start()
    outcomes: list[Outcome] = []
    left, began = len(workers), time.monotonic()
    while left:
        outcome = queue.get()
        if outcome is None:
            left -= 1
            continue
        outcomes.append(outcome)
        if write:
            keep(ROOT, [outcome])
        rate = 60 * len(outcomes) / (time.monotonic() - began)
        print(f"{outcome.verdict:12} {outcome.seconds:5.1f} s  {outcome.mutant}  [{rate:.0f}/min]")
        sys.stdout.flush()
    if stop.is_set():
        raise SystemExit("a worker broke off; what stopped it stands above")
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutate", description=__doc__)
    parser.add_argument("--only", default="", help="sources that begin so, commas between")
    parser.add_argument("--sample", type=int, default=40, help="how many (0: all; default 40)")
    parser.add_argument("--each", type=int, default=0, help="how many of every source instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--laws", action="store_true", help="survivors meet the stateful laws too")
    parser.add_argument(
        "--own", action="store_true", help="own tests alone; who lives stays undecided"
    )
    parser.add_argument("--more", action="store_true", help="only those without a kept verdict")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    parser.add_argument(
        "--write", action="store_true", help="keep the verdicts and docs/mutation.md"
    )
    asked = parser.parse_args()
    found = (m for part in asked.only.split(",") for m in all_mutants(part))
    mutants = list(dict.fromkeys(found))  # once each, whatever the parts share
    if not mutants:
        parser.error(f"no source begins with {asked.only!r}")
    if asked.each:
        mutants = first_of_each(mutants, asked.each, asked.seed)
    elif 0 < asked.sample < len(mutants):
        mutants = Random(asked.seed).sample(mutants, asked.sample)
    if asked.more:
        mutants = list(filter(undecided(ROOT, asked.own), mutants))
    if asked.list:
        print(*mutants, sep="\n")
        return 0
    outcomes = run(mutants, max(asked.jobs, 1), asked.laws, asked.write, asked.own)
    print(json.dumps(Counter(o.verdict for o in outcomes)))
    if asked.write:
        there = Counter(m.file for m in all_mutants(""))
        made_of: dict[str, tuple[str, ...]] = {}
        for file in there:
            for name in deployables(file):
                made_of[name] = (*made_of.get(name, ()), file)
        write_page(ROOT, there, made_of)
    return 0


if __name__ == "__main__":
    sys.exit(main())
