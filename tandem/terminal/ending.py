"""How every command ends: exit codes, errors, signals, closed pipes and full disks, in one place.

| code | meaning |
|---|---|
| 0 | done; whoever read the output has stopped reading; or what goes on until it is told to end was told so |
| 1 | something that was looked at is wrong (doctor, verify, --check), or a keeper met what nobody foresaw |
| 2 | the command could not do its work: the error says why and what to do next |
| 129 | its terminal was closed (SIGHUP), as where a connection is lost; what there was is kept |
| 130 | Ctrl-C (SIGINT) cut it short; what there was is kept |
| 143 | SIGTERM did; what was started is ended |

`run`, `sign`, `ui`, `up` and `index` go on until they are told to end: once they are up, any of these signals
is that, and they end with 0. Before, as while a node is looked for, it cuts them short. Under nohup a
terminal that is closed is no signal.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

import click

from tandem.errors import Reverted, TandemError, UnforeseenError
from tandem.foreign import lines as lines_of
from tandem.terminal.stdout import ours

EXIT_FAULT = 1
EXIT_ERROR = 2
AGAIN_SECONDS = 0.02
UNBROKEN = ("importlib._bootstrap", "_frozen_importlib", "numba.", "llvmlite.")
"""Modules whose work is finished before a signal is heard. What is being imported may catch everything,
and the signal is lost; a compiler left halfway fails with an error of its own, or crashes the process."""

_heard: list[int] = []
"""The signal by which this command ends, once it has come."""

_closed: list[int] = []
"""Streams whose terminal was closed."""

_asked: list[int] = []
"""The signal that asked it to end with what there is."""


@contextmanager
def orderly(*, last: bool) -> Generator[None]:
    """Run a command inside: whatever happens, it ends as the table above says. last: the process
    does nothing after it, so that a signal that comes too late changes nothing."""
    _heard.clear()
    _asked.clear()
    before = _catch_signals()
    sys.unraisablehook = _once_more
    _print_anything()
    try:
        yield
        _flush()
    except SystemExit as ended:
        _flush_quietly()
        _say(*_notes(ended))
        raise
    except click.exceptions.Exit as ended:
        _flush_quietly()
        raise SystemExit(ended.exit_code) from None
    except Exception as error:
        if is_unread(error):
            hush()
            raise SystemExit(0) from None
        if cut := _signal_under(error):
            _flush_quietly()
            _say(*_notes(cut), *_notes(error))
            raise cut from None
        if not isinstance(error, (TandemError, click.ClickException, click.Abort, OSError)):
            raise
        _fail(error)
    except BaseException:
        if not _heard:  # else a native library's panic, which is no Exception, forgot what it met
            raise
        _flush_quietly()
        raise Signalled(_heard[-1]) from None
    finally:
        if before:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if last else handler)
        if not last:
            sys.unraisablehook = sys.__unraisablehook__


def _words(error: BaseException) -> tuple[str, str]:
    """What happened, and what to do next."""
    if isinstance(error, Reverted) and not error.hint:
        from tandem.protocol.reverts import explain  # not before it is needed: it loads the venue

        known = explain(error)
        return f"{error.message}: {known.what}", known.todo
    if isinstance(error, TandemError):
        return error.message, error.hint
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "tandem"
        return error.format_message(), f"`{path} --help` says what it takes"
    if isinstance(error, click.ClickException):
        return error.format_message(), "correct what was given"
    if isinstance(error, click.Abort):
        return "the question was not answered", "answer it on a terminal, or pass --yes"
    name = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{name}{why}", "make room or name another place, then run it again"


def code_of(error: BaseException) -> int:
    """By which a command ends that could not do its work."""
    return EXIT_FAULT if isinstance(error, UnforeseenError) else EXIT_ERROR


def _fail(error: BaseException) -> NoReturn:
    message, hint = _words(error)
    _flush_quietly()
    todo = [f"what to do next: {hint}"] if hint else []
    _say(f"error: {message}", *_notes(error), *todo)
    raise SystemExit(code_of(error))


def _notes(error: BaseException) -> list[str]:
    """What was left undone where it happened, such as a transaction that no block has taken yet."""
    return [f"note: {note}" for note in getattr(error, "__notes__", [])]


def _say(*lines: str) -> None:
    with suppress(OSError):
        for line in lines:
            click.echo(lines_of(line), err=True)


# ---------------------------------------------------------------- signals


def unless_ignored(*numbers: signal.Signals) -> list[signal.Signals]:
    """Of these signals those that are heard: nohup has a process ignore SIGHUP, and so it stays."""
    return [n for n in numbers if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]


def ending_signals() -> list[signal.Signals]:
    """The signals by which a command ends."""
    return unless_ignored(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def ends_by(end: Callable[[], object]) -> None:
    """From now on those signals are how the command is meant to end: they call `end`, which tells it so and
    waits for nothing."""

    def told(number: int, _: FrameType | None) -> None:
        let_go_after(number)
        end()

    for each in ending_signals():
        signal.signal(each, told)


def let_go_after(number: int) -> None:
    """What is said to a terminal that was closed goes nowhere from then on. Kernel and shell both tell of it,
    so that it is heard once."""
    if number == signal.SIGHUP:
        signal.signal(number, signal.SIG_IGN)
        _let_go()


def _let_go() -> None:
    """Point what writes to a terminal that was closed at nothing. Such a one fails even to write no byte."""
    for stream in (1, 2):
        try:
            os.write(stream, b"")
        except OSError as error:
            if error.errno == errno.EIO:
                _closed.append(stream)
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def asked_to_end(number: int) -> None:
    """This signal asked for what there is."""
    _asked.append(number)
    let_go_after(number)


def cut_short() -> SystemExit:
    """What a command raises that was asked to end, once what there is is told and kept."""
    return SystemExit(128 + (_asked[-1] if _asked else signal.SIGINT))


def _catch_signals() -> dict[signal.Signals, signal._HANDLER]:  # pyright: ignore[reportPrivateUsage]
    """They unwind the stack, so that nodes and files that were opened are closed."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    return {each: signal.signal(each, _end) for each in ending_signals()}


class Signalled(SystemExit):
    """What a signal raises wherever the process happens to be."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number


def _signal_under(error: BaseException) -> Signalled | None:
    """The signal that an error came of: what is unwound halfway may fail with one of its own."""
    met = [error]
    for each in met:  # a library in another language knows its error's cause and no context
        if isinstance(each, Signalled):
            return each
        met += [x for x in (each.__cause__, each.__context__) if x is not None and x not in met]
    return None


def _end(number: int, frame: FrameType | None) -> None:
    if _must_finish(frame):
        _send_again(number)
        return
    signal.signal(number, signal.SIG_DFL)  # a second one does not wait
    let_go_after(number)
    _heard.append(number)
    raise Signalled(number)


def _must_finish(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__")).startswith(UNBROKEN):
            return True
        frame = frame.f_back
    return False


def _once_more(lost: sys.UnraisableHookArgs) -> None:
    """A signal that met the process inside a callback from C is dropped there by Python: it is sent
    again, a moment later."""
    if not isinstance(lost.exc_value, Signalled):
        sys.__unraisablehook__(lost)
        return
    signal.signal(lost.exc_value.number, _end)
    _send_again(lost.exc_value.number)


def _send_again(number: int) -> None:
    """By the kernel's timer: to start a thread takes locks, which whoever was interrupted may hold."""
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), number))
    signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)


# ---------------------------------------------------------------- output


def say_at_once(text: str) -> None:
    """On stderr, past buffers and locks, which whoever was interrupted may hold."""
    with suppress(OSError):
        os.write(2, f"{text}\n".encode())


def _print_anything() -> None:
    """What a terminal's encoding lacks is shown as a question mark, and is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _flush() -> None:
    if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stdout.flush()


def _flush_quietly() -> None:
    """Before an exit that is decided already: what cannot be said any more is not said."""
    try:
        _flush()
    except OSError:
        hush()


def is_unread(error: BaseException) -> bool:
    """Whether nobody reads any more what could not be written: a pipe's reader left, or a terminal was closed
    and no signal told of it, as where its shell ended before."""
    if isinstance(error, BrokenPipeError):
        return True
    if not isinstance(error, OSError) or error.errno != errno.EIO:
        return False
    _let_go()
    return bool(_closed)  # not whether this one did: two threads may have failed together


def hush() -> None:
    """Nobody reads any more: Python's own flush at the exit must find a place to go."""
    if isinstance(sys.__stdout__, io.TextIOWrapper) and ours() is sys.__stdout__:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
