"""The whole command line, found by looking at it: a new command, option or plug-in is fuzzed too.

A case is one command line in a process of its own. Whatever is typed, the process must end in one of
the ways that `tandem.terminal.ending` lists, say no traceback, say what to do next where it could not
do its work, and leave no process behind.
"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import click

from tandem.plugins import find
from tandem.terminal.group import GROUP

ENDINGS = {0, 1, 2, 129, 130, 143}
TAG = "FUZZ_CASE"
SECRET = "topsecretkey"
PATIENCE, MOMENT = 60.0, 2.0
"""Seconds in which a process ends once it is told to (a run finishes its price first), its children then."""

GOOD = {
    "series": "ETH-27MAR26-3000-6000-C",
    "size": "1",
    "file": "options.csv",
    "recipe": "recipe.toml",
    "prices": "prices.csv",
}
"""What an argument of this name is given when it is another's turn to be hostile."""

NUMBERS = ("", "-1", "0", "nan", "-inf", "1e400", "9" * 40, "1,5", "½", "0x10", "1e-30")
TEXTS = (
    "",
    "x",
    "-",
    "--",
    "\x1b[31mred",
    "日本",
    "A" * 5_000,
    "'; drop",
    "../../x",
    "\udcff",
    "0x",
)
TIMES = ("", "-1", "0", "now", "1e30", "9" * 30, "2025-13-45", "99999-01-01", "1970-01-01")
NODES = (
    f"http://user:{SECRET}@127.0.0.1:99999",
    f"http://127.0.0.1:1/v3/{SECRET}",
    f"ftp://127.0.0.1/{SECRET}",
    f"http://[::1/{SECRET}",
    SECRET,
    f"http://127.0.0.1:1/?key={SECRET},http://127.0.0.1:0/{SECRET}",
    "",
    "http://é.invalid/\x7f",
)
PATHS = (
    "",
    "/",
    ".",
    "/dev/null" if os.geteuid() else "null-device",
    "/dev/full" if os.geteuid() else "full-device",
    "/dev/null/below",
    "/nowhere/at/all",
    "/proc/self/mem",
    "n" * 300,
    "empty",
    "binary",
    "prices.csv/below",
    "name with\nnewline",
    "\udcff\udcfe",
    "milliseconds.csv",
    "far.csv",
    "1970.csv",
    "one.csv",
    "prices.csv",
    "bad.toml",
    "array.json",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One command line."""

    words: tuple[str, ...]
    hostile: str = ""
    """The option or argument that carries the hostile value."""

    def __str__(self) -> str:
        return " ".join(word[:30] for word in self.words).encode("ascii", "replace").decode()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a case."""

    case: Case
    code: int
    stdout: str
    stderr: str
    orphans: list[int] = field(default_factory=list)

    def check(self) -> None:
        """Every case's law."""
        shown = f"{self.case}\n{self.code}\n{self.stdout[-2_000:]}\n{self.stderr[-4_000:]}"
        assert self.code in ENDINGS, shown
        assert "Traceback" not in self.stdout + self.stderr, shown
        assert not self.orphans, shown
        if self.code == 2:
            assert "error: " in self.stderr, shown
            assert "what to do next: " in self.stderr, shown
        if self.case.hostile == "--rpc":
            assert SECRET not in self.stdout + self.stderr, shown


def commands() -> dict[tuple[str, ...], click.Command]:
    """Every command that can be typed, by its words."""
    found: dict[tuple[str, ...], click.Command] = {}
    for name, plug_in in find(GROUP).items():
        _walk((name,), plug_in.load(), found)
    return found


def _walk(
    words: tuple[str, ...], command: click.Command, found: dict[tuple[str, ...], click.Command]
) -> None:
    found[words] = command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            _walk((*words, name), inner, found)


def plain(words: tuple[str, ...], command: click.Command) -> Case:
    """The command with good arguments and no options."""
    given = [GOOD.get(p.name or "", "1") for p in _arguments(command)]
    return Case((*words, *given))


def connects(command: click.Command) -> bool:
    """Whether it looks at a chain of somebody else's, so that more of it is reached beside a market."""
    return any(param.name == "rpc" for param in command.params)


def cases(chosen: Callable[[click.Command], bool] = lambda _: True) -> Iterator[Case]:
    """Every chosen command with one hostile value at a time, for each option and argument."""
    for words, command in filter(lambda found: chosen(found[1]), commands().items()):
        yield Case((*words, "--help"))
        yield Case((*words, "--no-such-option"))
        yield Case((*words, "one", "too", "many", "four", "five"))
        good = [GOOD.get(p.name or "", "1") for p in _arguments(command)]
        for place, argument in enumerate(_arguments(command)):
            for value in hostile(argument):
                given = [*good[:place], value, *good[place + 1 :]]
                yield Case((*words, "--", *given), argument.name or "")
        for option in command.params:
            if isinstance(option, click.Option) and not option.is_eager:
                for value in hostile(option):
                    words_of = [option.opts[0], *([] if option.is_flag else [value])]
                    yield Case((*words, *words_of, *good), option.opts[0])


def _arguments(command: click.Command) -> list[click.Parameter]:
    return [p for p in command.params if isinstance(p, click.Argument)]


def hostile(param: click.Parameter) -> Sequence[str]:
    """Values that a parameter of this type must survive."""
    if isinstance(param, click.Option) and param.is_flag:
        return ("",)
    if param.name == "rpc":
        return NODES
    if isinstance(param.type, click.Path):
        return PATHS
    if isinstance(param.type, click.types.IntParamType | click.types.FloatParamType):
        return NUMBERS
    if param.type.name == "time":
        return TIMES
    return (*TEXTS, *NUMBERS)


def workplace(folder: Path) -> Path:
    """Files, good and bad, under the names that cases use."""
    header = "timestamp,open,high,low,close\n"

    def prices(name: str, times: Sequence[object]) -> None:
        rows = "".join(f"{t},2780,2790,2770,2785\n" for t in times)
        (folder / name).write_text(header + rows)

    first = 1_736_121_600
    prices("prices.csv", [first + 3_600 * i for i in range(3)])
    prices("milliseconds.csv", [1_000 * (first + 3_600 * i) for i in range(3)])
    prices("1970.csv", [3_600 * i for i in range(3)])
    prices("far.csv", ["1e30", "2e30", "3e30"])
    prices("one.csv", [first])
    (folder / "options.csv").write_text(
        "type,forward,strike,tau_seconds,vol,cap\ncall,2000,2100,2592000,0.8,\n"
    )
    (folder / "recipe.toml").write_text(
        "name = 'x'\nchain_id = 1\n[roles]\n[venue]\ndeploy = true\n"
    )
    (folder / "bad.toml").write_text("name = '../../x'\nchain_id = -1\nroles = 5\n[venue]\n")
    (folder / "array.json").write_text("[]")
    (folder / "empty").write_bytes(b"")
    if os.geteuid() == 0:  # devices of the test's own: what is wrong must not replace the machine's
        for name, minor in (("null-device", 3), ("full-device", 7)):
            os.mknod(folder / name, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
    (folder / "binary").write_bytes(b"PAR1\xff\xfe\x00 not a file of that kind")
    return folder


def environment(**more: str) -> dict[str, str]:
    """No settings of the person who tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    return kept | {"COLUMNS": "80"} | more


def start(
    case: Case, folder: Path, env: Mapping[str, str], stdout: IO[bytes] | int = subprocess.PIPE
) -> tuple[subprocess.Popen[bytes], str]:
    """The process and the tag that it and its children carry."""
    tag = uuid.uuid4().hex
    words = [os.fsencode(word) for word in case.words]
    command = [os.fsencode(sys.executable), b"-m", b"tandem", *words]
    process = subprocess.Popen(
        command, cwd=folder, env={**env, TAG: tag}, stdin=subprocess.DEVNULL, stdout=stdout,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    return process, tag


def finish(case: Case, process: subprocess.Popen[bytes], tag: str, limit: float) -> Done:
    """Wait; what is still at work after `limit` seconds is told to end."""
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"{case} does not end: {err.decode(errors='replace')}") from None
    left = survivors(tag)
    texts = [(raw or b"").decode(errors="replace") for raw in (out, err)]
    return Done(case, process.returncode, *texts, orphans=left)


def run(case: Case, folder: Path, env: Mapping[str, str], limit: float = 5.0) -> Done:
    process, tag = start(case, folder, env)
    return finish(case, process, tag, limit)


def tagged(tag: str) -> list[int]:
    """Processes that carry a tag now."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if tag.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def survivors(tag: str) -> list[int]:
    """Processes that still carry a tag a moment later: what ends with its parent, as Python's tracker of
    resources does, ends after it. They are ended, so that one failure leaves no others."""
    until = time.monotonic() + MOMENT
    while (found := tagged(tag)) and time.monotonic() < until:
        time.sleep(0.02)
    for number in found:
        with suppress(OSError):
            os.kill(number, signal.SIGKILL)
    return found


def until_it_listens(process: subprocess.Popen[bytes]) -> bool:
    """Until the process handles SIGTERM: before that it is Python that starts. False where it ended."""
    bit = 1 << (signal.SIGTERM - 1)
    while process.poll() is None:
        with suppress(OSError):
            status = Path(f"/proc/{process.pid}/status").read_text()
            caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
            if int(caught.split()[1], 16) & bit:
                return True
        time.sleep(0.002)
    return False
