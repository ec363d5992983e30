"""A copy of the checkout in which one worker breaks contracts and runs tests, in children of its own.

The worker has loaded what takes seconds to load; each mutant is a fork of it. Artifacts are shared with
the checkout: they are kept by the contents of what a contract imports.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import pickle
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from mutation.own_tests import LAWS, WHOLE

COPIED = ("contracts", "tests", "tandem", "keeper", "scripts", "bench", "docs", "deployments")
FILES = ("pyproject.toml", "Makefile", "README.md", "CHANGELOG.md")
LINKED = ("node_modules", ".venv")
SHARED_CACHES = ("artifacts", "numba")
KILLED, SURVIVED, INVALID, SAME, LATE = "killed", "survived", "invalid", "same code", "killed late"
ALIVE = "lives its own"  # tests; the others were not asked
SLOW = "too slow"  # a stage did not end in its time: nobody knows
BROKE = "broke off"  # a stage ended otherwise than by a test, as without memory: nobody knows
NOTICED = 1  # pytest's word for a test that failed
ROOM = 2**20  # bytes of a contract's code, with every mutant in it
COMPILES, NO_COMPILE, EQUAL = 0, 70, 71
COMPILER = "vyper.exceptions."  # in what a test says: it had nothing to run


def make_sandbox(root: Path, where: Path) -> None:
    """The copy, new each time: sources may have changed."""
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in COPIED:
        if (root / name).is_dir():
            shutil.copytree(root / name, where / name, ignore=ignore)
    for name in FILES:
        shutil.copy(root / name, where / name)
    for path in sorted(where.rglob("*.vy*")):
        path.write_text(readers_of_the_switch(path.read_text()))
    for name in LINKED:
        (where / name).symlink_to(root / name)
    (where / ".cache").mkdir()
    for name in SHARED_CACHES:
        (root / ".cache" / name).mkdir(parents=True, exist_ok=True)
        (where / ".cache" / name).symlink_to(root / ".cache" / name)


def readers_of_the_switch(text: str) -> str:
    """A Vyper source, line by line, whose pure functions may read the block."""
    return text.replace("@pure\n", "@view\n")


def switch_on(number: int) -> None:
    """In a child: every chain of the tests has this block.difficulty, and room for larger contracts."""
    import pyrevm
    from eth.vm.execution_context import ExecutionContext
    from eth.vm.forks.shanghai import computation as shanghai
    from eth.vm.forks.spurious_dragon import computation as spurious_dragon

    word = number.to_bytes(32, "big")
    pyrevm.BlockEnv = partial(pyrevm.BlockEnv, prevrandao=word)
    pyrevm.CfgEnv = partial(pyrevm.CfgEnv, limit_contract_code_size=ROOM)
    of_py_evm = (
        (ExecutionContext, "mix_hash", property(lambda _: word)),
        (spurious_dragon, "EIP170_CODE_SIZE_LIMIT", ROOM),
        (shanghai, "MAX_INITCODE_SIZE", ROOM),
    )
    for place, name, value in of_py_evm:
        setattr(place, name, value)


def keep_compilations(where: Path) -> None:
    """What tests compile for themselves is kept, by all there is to compile, for the next child."""
    from vyper.cli import vyper_compile

    compile_files, folder = vyper_compile.compile_files, where / ".cache" / "compiled"
    folder.mkdir()

    def kept(files: list[str], *args: Any, **options: Any) -> Any:
        digest = hashlib.sha256(repr((files, args, options)).encode())
        for path in [*map(Path, files), *sorted((where / "contracts").rglob("*.vy*"))]:
            digest.update(path.read_bytes())
        stored = folder / digest.hexdigest()
        if not stored.exists():
            partial_ = stored.with_suffix(f".{os.getpid()}")
            partial_.write_bytes(pickle.dumps(compile_files(files, *args, **options)))
            partial_.replace(stored)
        return pickle.loads(stored.read_bytes())  # noqa: S301 - written just above

    vyper_compile.compile_files = kept


def in_a_child(work: Callable[[], int], seconds: float, log: Path) -> int | None:
    """What the work returns, done in a fork; None where it took longer than this. Its words go to a file."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        code = 99
        try:
            with log.open("w") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
                code = work()
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(code)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, 9)
    os.waitpid(child, 0)
    return None


PRELOADED = (
    "boa", "hypothesis", "numpy", "pyrevm", "pytest", "scipy.stats", "vyper.compiler",
    "tandem.protocol.tandem",
)  # fmt: skip


def preload() -> None:
    """What every child needs and no mutant changes, the recipes of all venues with it."""
    from tandem import venues

    for name in PRELOADED:
        importlib.import_module(name)
    for name in venues.names():
        venues.recipe(name)


def code_without_hash(bytecode: bytes) -> bytes:
    """Bytecode up to the metadata in which the compiler keeps the sources' hash."""
    length = int.from_bytes(bytecode[-2:], "big")
    return bytecode[: max(len(bytecode) - length - 2, 0)]


def write_out() -> int:
    """In a child: the library's hot functions written out again, from the library with the mutant."""
    from scripts.inline_vyper import main

    try:
        return main([])
    except Exception:
        return NO_COMPILE


def type_check(name: str) -> int:
    """In a child: whether the mutant passes the compiler's first half, which takes a second."""
    from vyper.cli.vyper_compile import compile_files

    from tandem.engine.artifacts import CONTRACTS

    (path,) = CONTRACTS.rglob(f"{name}.vy")
    try:
        compile_files([str(path)], ["abi"], paths=[str(CONTRACTS.parent)])
    except Exception:
        return NO_COMPILE
    return 0


def compile_check(
    names: tuple[str, ...], before: dict[str, bytes], contracts: Path | None = None
) -> int:
    """In a child: whether the mutant compiles, and to other code than before. contracts: ours where not
    said."""
    from tandem.engine.artifacts import CONTRACTS, compile_vyper, look_again

    look_again()  # the parent has compiled what is not broken
    try:
        made = {n: compile_vyper(n, contracts or CONTRACTS).bytecode for n in names}
    except Exception:
        return NO_COMPILE
    same = all(code_without_hash(code) == before[n] for n, code in made.items())
    return EQUAL if same else COMPILES


def files_of(places: tuple[str, ...]) -> list[Path]:
    """Each test file once, in the order of the places: beside a file of its own pytest leaves the rest
    of a folder out."""
    found: dict[Path, None] = {}
    for place in map(Path, places):
        found |= dict.fromkeys(sorted(place.rglob("test_*.py")) if place.is_dir() else [place])
    return list(found)


def run_tests(
    places: tuple[str, ...],
    hurry: bool,
    *,
    number: int = 0,
    without: tuple[str, ...] = (),
    stop: bool = True,
) -> int:
    """In a child: pytest's exit status, 0 where every test passed. places: folders and files, or tests
    by name. number: the switch. without: tests left out. stop: at the first that fails."""
    import pytest

    from tandem.engine.artifacts import look_again

    look_again()
    switch_on(number)
    sys.argv = ["pytest"]
    more = ["--hypothesis-seed=0"] if hurry else []
    more += ["-x"] if stop else []
    more += [f"--deselect={test}" for test in without]
    more += ["-m", WHOLE] if any(place.startswith(LAWS) for place in places) else []
    quiet = ["-q", "--no-header", "--tb=line", "-p", "no:cacheprovider", "-p", "no:ape_test"]
    named = any("::" in place for place in places)
    return int(pytest.main([*quiet, *more, *(places if named else map(str, files_of(places)))]))
