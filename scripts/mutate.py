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
import sys
import time
from collections import Counter
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random

from mutation.mutants import Mutant, first_of_each, mutants_of
from mutation.report import Outcome, keep, undecided, write_page
from mutation.worker import WRITTEN_OUT, Worker, deployables

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = ("mocks/", "interfaces/", WRITTEN_OUT.removeprefix("contracts/"))
TOGETHER = 40  # mutants of a source in one set of contracts


def all_mutants(only: str) -> list[Mutant]:
    """Every mutant of every source whose path begins so."""
    contracts = ROOT / "contracts"
    found: list[Mutant] = []
    for path in sorted(contracts.rglob("*.vy")):
        file = str(path.relative_to(contracts))
        if not file.startswith(SKIPPED) and (file.startswith(only) or path.stem.startswith(only)):
            found += mutants_of(file, path.read_text())
    return found


def together(mutants: list[Mutant], jobs: int) -> list[list[Mutant]]:
    """Those of a source, so many at a time; in as many sets at least as there are workers."""
    files: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        files.setdefault(mutant.file, []).append(mutant)
    some = TOGETHER if len(files) >= jobs else min(TOGETHER, max(len(mutants) // jobs, 1))
    return [found[at : at + some] for found in files.values() for at in range(0, len(found), some)]


def _work(
    number: int,
    laws: bool,
    own: bool,
    mutants: list[list[Mutant]],
    queue: multiprocessing.Queue[Outcome | None],
    stop: Event,
) -> None:
    """stop: set by the first worker that breaks off, so that the others go no further."""
    try:
        worker = Worker(number, laws, own)
        for some in mutants:
            for outcome in worker.try_many(some):
                queue.put(outcome)
                if stop.is_set():
                    return
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
    sets = together(mutants, jobs)
    shares = [sets[job::jobs] for job in range(jobs)]
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
