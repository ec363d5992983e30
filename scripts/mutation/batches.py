"""Mutants of one source that share their contracts: each is tried with its switch on.

A test that fails without any mutant on these contracts (they are larger, and every switch costs gas) is
left out for them, and said. What cannot be switched, or does not compile together, is handed back.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from mutation.mutants import Mutant
from mutation.report import Outcome
from mutation.sandbox import (
    ALIVE,
    BROKE,
    COMPILER,
    INVALID,
    KILLED,
    LATE,
    NOTICED,
    SLOW,
    SURVIVED,
    in_a_child,
    run_tests,
    type_check,
)
from mutation.schemata import Unswitchable, switched
from mutation.trees import SWITCH, named
from mutation.versions import NoContract, is_declared, versions_of

FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/\S+?\.py(?:::.+?)?)(?: - .*)?$", re.MULTILINE)
KILLERS = 24  # tests that noticed a mutant most lately go first


class TogetherTooMuch(Exception):
    """The contracts with all of these do not compile; with fewer they may."""


class Batch:
    """Some mutants of a source, in one set of contracts."""

    def __init__(self, where: Path, mutants: list[Mutant], heads: Callable[[str], tuple[str, ...]]):
        self.where, self.contracts, self.heads = where, where / "contracts", heads
        self.log = where / "out.txt"
        self.mutants = dict(enumerate(mutants, 1))
        self.versions: dict[int, dict[str, str]] = {}
        self.coarse: set[int] = set()
        self.invalid: list[int] = []
        self.alone: list[int] = []
        self.originals: dict[str, str] = {}
        self.declared: list[
            Mutant
        ] = []  # what tests read of a constant's source is not what it gives
        self.passes: dict[str, bool] = {}  # a test, without any mutant
        self.swept: set[tuple[str, ...]] = set()

    # ------------------------------------------------------------ one set of sources

    def build(self) -> None:
        """Write the sources with every mutant that can be switched and is a contract."""
        for number, mutant in self.mutants.items():
            try:
                self.versions[number] = versions_of(self.contracts, mutant, number)
                if is_declared(self.contracts, mutant):
                    self.declared.append(mutant)
            except Unswitchable:
                self.alone.append(number)
            except NoContract:
                self.invalid.append(number)
        for file in {file for versions in self.versions.values() for file in versions}:
            self.originals[file] = (self.contracts / file).read_text()
        for number in [n for n in self.versions if self._is_left_unset(n)]:
            del self.versions[number]
            self.invalid.append(number)
        self._write(self._fitting(sorted(self.versions)))

    def restore(self) -> None:
        for file, text in self.originals.items():
            (self.contracts / file).write_text(text)

    def left_out(self, stages: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The tests that say nothing on these contracts, by their stages."""
        failing = [test for test, passes in self.passes.items() if not passes]
        return [tuple(t for t in failing if t.startswith(folders)) for folders in stages]

    def numbers(self) -> list[int]:
        return sorted(set(self.mutants) - set(self.alone) - set(self.invalid))

    def _write(self, numbers: list[int]) -> bool:
        """The sources with these switches; False where one of them, named by this, does not go."""
        by_file: dict[str, dict[int, str]] = defaultdict(dict)
        for number in numbers:
            for file, text in self.versions[number].items():
                by_file[file][number] = text
        done = {}
        for file, original in self.originals.items():
            done[file] = switched(original, by_file[file], frozenset(self.coarse))
        for file, text in done.items():
            (self.contracts / file).write_text(text)
        return True

    def _fitting(self, numbers: list[int]) -> list[int]:
        """Those of them that pass the compiler's first half together; each other one is judged."""
        if not numbers:
            return []
        while True:
            try:
                self._write(numbers)
                break
            except Unswitchable as found:
                number = found.args[0]
                if number not in numbers:
                    raise TogetherTooMuch from found
                numbers = [n for n in numbers if n != number]
                self._judge(number)
        if self._types():
            return numbers
        if len(numbers) == 1:
            return self._again(numbers[0])
        culprits = self._culprits(numbers)
        middle = len(numbers) // 2
        first = culprits or numbers[:middle]
        rest = [n for n in numbers if n not in first]
        fit = sorted(self._fitting(first) + self._fitting(rest))
        if len(fit) == len(numbers):
            raise TogetherTooMuch
        return fit if len(fit) == len(rest) or not fit else self._fitting(fit)

    def _again(self, number: int) -> list[int]:
        """One that does not go: as a whole statement, if it is a contract at all."""
        if number in self.coarse:
            self.alone.append(number)
            return []
        self._judge(number)
        if number in self.alone:
            self.alone.remove(number)
            self.coarse.add(number)
            return self._fitting([number])
        return []

    def _is_left_unset(self, number: int) -> bool:
        """Whether a constructor without a statement is no contract: what is set on one side of a switch
        counts as set."""
        mutant = self.mutants[number]
        made = named(self.originals[mutant.file]).get("FunctionDef __init__")
        inside = made is not None and made.lineno < mutant.line <= made.end_lineno
        return inside and mutant.kind == "dropped" and not self._is_contract(number)

    def _judge(self, number: int) -> None:
        """Alone, if it is a contract."""
        (self.alone if self._is_contract(number) else self.invalid).append(number)

    def _is_contract(self, number: int) -> bool:
        self.restore()
        mutant = self.mutants[number]
        changed = mutant.applied(self.originals[mutant.file])
        (self.contracts / mutant.file).write_text(changed)
        fits = self._types()
        self.restore()
        return fits

    def _types(self) -> bool:
        file = next(iter(self.mutants.values())).file
        heads = self.heads(file)
        return in_a_child(lambda: type_check(heads[0]), 120.0, self.log) == 0

    def _culprits(self, numbers: list[int]) -> list[int]:
        """Whose switches stand on the line that the compiler names."""
        text = self.log.read_text(errors="replace")
        shown = "\n".join(line for line in text.splitlines() if "---> " in line)
        found = {int(n) for n in re.findall(re.escape(SWITCH) + r" == (\d+)", shown)}
        some = [n for n in numbers if n in found]
        return some if len(some) < len(numbers) else []

    # ------------------------------------------------------------ tests

    def tried(
        self,
        number: int,
        stages: list[tuple[str, ...]],
        own: bool,
        killers: list[str],
        limit: float,
    ) -> str:
        """A mutant's verdict. killers: tests that go first, to which one that noticed it is added."""
        for place, folders in enumerate(stages[:1] if own else stages):
            mine = killers if place == 0 else []
            for first in (True, False):
                verdict = self._stage(number, folders, mine, limit, first=first)
                if verdict is not None:
                    return LATE if place and verdict == KILLED else verdict
        return ALIVE if own else SURVIVED

    def _stage(
        self,
        number: int,
        folders: tuple[str, ...],
        killers: list[str],
        limit: float,
        *,
        first: bool,
    ) -> str | None:
        """None where no test that passes without the mutant noticed it. first: of the killers alone."""
        while True:
            here = [k for k in killers if self.passes.get(k, True)]
            if first and not here:
                return None
            without = tuple(test for test, passes in self.passes.items() if not passes)
            places = tuple(here) if first else folders
            code = self._run(places, number, without, limit)
            if code == 0 or (first and code in (4, 5)):
                return None
            if code != NOTICED:
                return SLOW if code is None else BROKE
            found = FAILED.findall(self.log.read_text(errors="replace"))
            if not found:
                return BROKE
            if self._passes(found[0], folders, limit):
                if found[0] in killers:
                    killers.remove(found[0])
                killers[:] = [found[0], *killers][:KILLERS]
                return KILLED

    def _passes(self, test: str, folders: tuple[str, ...], limit: float) -> bool:
        """Whether a test passes on these contracts without any mutant."""
        if test not in self.passes:
            self.passes[test] = self._run((test,), 0, (), limit) == 0
            if not self.passes[test] and folders not in self.swept:
                self.swept.add(folders)
                self._run(folders, 0, (), limit, stop=False)
                failed = FAILED.findall(self.log.read_text(errors="replace"))
                self.passes |= dict.fromkeys(failed, False)
                print(f"left out on these contracts: {', '.join([test, *failed])}", flush=True)
        return self.passes[test]

    def _run(
        self,
        places: tuple[str, ...],
        number: int,
        without: tuple[str, ...],
        limit: float,
        stop: bool = True,
    ) -> int | None:
        """pytest's word, with this switch on. Raises TogetherTooMuch where there was nothing to run."""
        there = tuple(p for p in places if (self.where / p.partition("::")[0]).exists())
        code = in_a_child(
            lambda: run_tests(there, True, number=number, without=without, stop=stop),
            limit,
            self.log,
        )
        if code not in (0, None) and COMPILER in self.log.read_text(errors="replace"):
            raise TogetherTooMuch
        return code


def outcomes_of(
    batch: Batch,
    stages: list[tuple[str, ...]],
    own: bool,
    killers: list[str],
    limit: float,
) -> Iterator[Outcome]:
    """Each switched mutant's verdict; `batch.alone` are left. What it took to compile them counts for
    the first."""
    began = time.monotonic()
    batch.build()
    for number in batch.invalid:
        yield Outcome(batch.mutants[number], INVALID, 0.0)
    for number in batch.numbers():
        verdict = batch.tried(number, stages, own, killers, limit)
        yield Outcome(batch.mutants[number], verdict, time.monotonic() - began)
        began = time.monotonic()
