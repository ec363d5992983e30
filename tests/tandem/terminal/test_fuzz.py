"""Whatever is typed, and however it ends: no traceback, no lost result, no orphan process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .surface import (
    Case,
    cases,
    commands,
    environment,
    finish,
    plain,
    run,
    start,
    until_it_listens,
)
from .warm import Warm

SAMPLE = 24

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def sample() -> list[Case]:
    """One case of each command first, so that none goes unseen, then others; the same each time."""
    drawn = random.Random(6)
    everything = list(cases())
    drawn.shuffle(everything)
    firsts: dict[str, Case] = {}
    for case in everything:
        if case.hostile:
            firsts.setdefault(case.words[0], case)
    chosen = list(firsts.values())
    rest = [case for case in everything if case not in chosen]
    return [*chosen, *rest[: max(SAMPLE - len(chosen), 0)]]


@pytest.mark.sampled(10)
@pytest.mark.parametrize("case", sample(), ids=str)
def test_a_hostile_word_ends_in_words(case: Case, folder: Path, loaded: Warm) -> None:
    loaded.run(case, folder, environment(), limit=2.0).check()


# ---------------------------------------------------------------- signals

EVERYONE = [plain(words, command) for words, command in commands().items()]
LONG_ONES = [Case(("replay",)), Case(("demo",)), Case(("replay", "--engine", "anvil"))]


def _interrupted(case: Case, folder: Path, env: dict[str, str], seed: int) -> None:
    drawn = random.Random(f"{case}{seed}")
    number = drawn.choice((signal.SIGTERM, signal.SIGINT))
    process, tag = start(case, folder, env)
    if until_it_listens(process):
        time.sleep(drawn.uniform(0.0, 4.0))
        process.send_signal(number)
    done = finish(case, process, tag, limit=60.0)
    done.check()
    assert done.code in {0, 1, 2, 128 + number}, done


@pytest.mark.sampled
@pytest.mark.parametrize("case", LONG_ONES, ids=str)
def test_a_signal_ends_a_run_and_what_it_started(case: Case, folder: Path) -> None:
    _interrupted(case, folder, environment(), seed=0)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("case", [*EVERYONE, *LONG_ONES[1:]], ids=str)
def test_a_signal_at_any_time_ends_every_command(
    case: Case, folder: Path, market: dict[str, str], seed: int
) -> None:
    settings = market | {"TANDEM_JOURNAL": str(folder / "journal.sqlite")}
    _interrupted(case, folder, environment(**settings), seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_a_signal_while_machine_code_is_made_for_the_first_time_ends_it_too(
    folder: Path, seed: int
) -> None:
    settings = environment(NUMBA_CACHE_DIR=str(folder / "cache"))
    _interrupted(Case(("price", "options.csv")), folder, settings, seed)


# ---------------------------------------------------------------- pipes, disks, encodings


def _into_nobody(case: Case, folder: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as stdout:
        process, tag = start(case, folder, environment(), stdout)
    finish(case, process, tag, limit=5.0).check()


def _into_a_full_disk(case: Case, folder: Path) -> None:
    with Path("/dev/full").open("wb") as stdout:
        process, tag = start(case, folder, environment(), stdout)
    done = finish(case, process, tag, limit=5.0)
    done.check()
    assert done.code != 0, "what could not be printed was taken for printed"


PRINTERS = [Case(("--help",)), Case(("price", "options.csv")), Case(("config", "show", "--json"))]


@pytest.mark.sampled
@pytest.mark.parametrize("case", PRINTERS, ids=str)
def test_a_reader_that_leaves_is_no_error(case: Case, folder: Path) -> None:
    _into_nobody(case, folder)


@pytest.mark.sampled
@pytest.mark.parametrize("case", PRINTERS, ids=str)
def test_a_disk_that_is_full_is_named(case: Case, folder: Path) -> None:
    _into_a_full_disk(case, folder)


@pytest.mark.long
@pytest.mark.parametrize("case", EVERYONE, ids=str)
def test_no_command_minds_a_reader_that_leaves(case: Case, folder: Path) -> None:
    _into_nobody(case, folder)


@pytest.mark.sampled
@pytest.mark.parametrize("case", PRINTERS, ids=str)
def test_a_terminal_that_knows_no_letters_but_ascii_is_enough(case: Case, folder: Path) -> None:
    done = run(case, folder, environment(PYTHONIOENCODING="ascii", LC_ALL="C"))
    done.check()
    assert done.code == 0


@pytest.mark.long
@pytest.mark.parametrize("case", EVERYONE, ids=str)
def test_every_command_writes_to_such_a_terminal(case: Case, folder: Path) -> None:
    run(case, folder, environment(PYTHONIOENCODING="ascii", LC_ALL="C")).check()


def test_a_report_is_written_though_nobody_reads_the_lines(folder: Path) -> None:
    case = Case(("replay", "--prices", "prices.csv", "--verbose", "--report", "deep/report.html"))
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as stdout:
        process, tag = start(case, folder, environment(), stdout)
    finish(case, process, tag, limit=120.0).check()
    assert "Plotly.newPlot" in (folder / "deep" / "report.html").read_text(encoding="utf-8")


def test_a_process_without_output_or_input_ends_in_order(folder: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", "exec tandem config show >&- 2>&- <&-"], cwd=folder, env=environment(),
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0


@pytest.mark.parametrize("command", [[sys.executable, "-m", "tandem"], ["tandem"]], ids=" ".join)
def test_ctrl_c_before_the_command_line_is_loaded_ends_it_without_a_word(
    command: list[str], tmp_path: Path
) -> None:
    """It reaches the process in the first import of the command line."""
    stub = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(300)\n"
    (tmp_path / "rich_click.py").write_text(stub)
    done = subprocess.run(
        command, env=environment(PYTHONPATH=str(tmp_path)), capture_output=True, check=False,
        timeout=120, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")
